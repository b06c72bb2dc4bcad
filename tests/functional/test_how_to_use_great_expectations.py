"""The page for those who use Great Expectations already: its commands are typed as they stand there and must print what
it says. What the exported script prints is held against the project it would run; a test of the export runs it.
"""

from __future__ import annotations

import csv
import json
import shlex
import subprocess
import sys
from pathlib import Path

from followed_page import BLOCK, COMMAND, differences

from expectations.gx.export import OURS

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "how-to" / "already-use-great-expectations.md"
DRIVER = """
import contextlib, io, json, sys
from audit.commands.cli import main

done = []
for words in json.load(sys.stdin):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(words)
    done.append([code, said.getvalue()])
json.dump(done, sys.stdout)
"""


def printed() -> list[tuple[str, list[str]]]:
    """Each command of the page and the lines it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        for line in text.splitlines() if kind == "console" else ():
            if line.startswith("$ "):
                found.append((line, []))
            else:
                found[-1][1].append(line)
    return found


def test_the_page_followed_literally_prints_what_it_says_and_the_project_is_as_it_tells(tmp_path: Path) -> None:
    steps = printed()
    ours = [(line, lines) for line, lines in steps if line.startswith(COMMAND)]
    done = subprocess.run(
        [sys.executable, "-c", DRIVER], cwd=tmp_path, env={"PYTHONPATH": str(REPOSITORY), "PATH": ""},
        input=json.dumps([shlex.split(line.removeprefix(COMMAND)) for line, _ in ours]),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    wrong = {
        line: missing
        for (line, expected), (_, said) in zip(ours, told, strict=True)
        if (missing := differences([one.rstrip() for one in said.strip("\n").splitlines()], expected))
    }
    assert not wrong, json.dumps(wrong, indent=1)
    assert {code for code, _ in told} == {0}

    ((script, lines),) = [(line, lines) for line, lines in steps if not line.startswith(COMMAND)]
    project = tmp_path / "gx-export"
    assert script == "$ .venv/bin/python gx-export/run_in_gx.py"
    assert sorted(path.name for path in project.iterdir()) == sorted(OURS)
    with (project / "checks.csv").open(encoding="utf-8", newline="") as stream:
        checks = {row["code"]: row for row in csv.DictReader(stream)}
    suites = [json.loads(path.read_text(encoding="utf-8")) for path in (project / "gx" / "expectations").glob("*.json")]
    stored = [item for suite in suites for item in suite["expectations"]]
    failed = sum(row["outcome"] == "failed" for row in checks.values())
    assert lines[-1] == f"{len(stored)} expectations: {failed} failed"
    (example,) = [line for line in lines if line.startswith("warning ")]
    severity, code, rows = example.split()[:3]
    assert (checks[code]["severity"], checks[code]["rows_failed"]) == (severity, rows)
    assert example.endswith(next(item["notes"] for item in stored if item["meta"]["code"] == code))


def test_the_page_names_every_file_of_the_project() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert not [name for name in OURS if name != "README.md" and f"| `{name}" not in page]
