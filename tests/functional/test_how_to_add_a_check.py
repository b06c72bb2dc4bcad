"""The how-to for a new check, followed literally in a copy of the repository: every command is typed as it stands there
and must print what the page says; every block of YAML is written where the page says.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from followed_page import BLOCK, COMMAND, LEFT_OUT, differences

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "how-to" / "add-a-check.md"
DRIVER = """
import contextlib, io, json, sys
from pathlib import Path
from audit.commands.cli import main

suite, done = Path("expectations/suites/ro3.yaml"), []
for kind, text in json.load(sys.stdin):
    if kind == "write":  # in the place of the entry at the end, comments included; one line replaces its like
        held = suite.read_text(encoding="utf-8")
        at = max(held.rfind("# A new check on table ro3"), held.rfind("- code: RO3-RUNNING-SIGN"))
        old = "  on_failure: mark" + chr(10)
        entry = text if text.startswith("- code") else held[at:].replace(old, text)
        suite.write_text(held[:at] + entry, encoding="utf-8")
        continue
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(text)
    done.append([code, said.getvalue()])
json.dump(done, sys.stdout)
"""


def steps() -> tuple[list[tuple[str, Any]], list[tuple[str, list[str]]]]:
    """What the page asks for, in its order; and each command with the lines it is said to print."""
    wanted: list[tuple[str, Any]] = []
    printed: list[tuple[str, list[str]]] = []
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "yaml":
            wanted.append(("write", text))
            continue
        for line in text.splitlines():
            if line.startswith(COMMAND):
                wanted.append(("run", shlex.split(line.removeprefix(COMMAND))))
                printed.append((line, []))
            else:
                printed[-1][1].append(line)
    return wanted, printed


def test_the_how_to_followed_literally_in_a_copy_of_the_repository_prints_what_it_says(tmp_path: Path) -> None:
    for name in ("audit", "expectations", "pipelines", "reports", "data"):
        left = shutil.ignore_patterns("runs", "raw", "evaluation") if name == "data" else None
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=left)
    wanted, printed = steps()
    done = subprocess.run(
        [sys.executable, "-c", DRIVER], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        input=json.dumps(wanted), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    wrong = {
        command: missing
        for (command, expected), (_, said) in zip(printed, told, strict=True)
        if (missing := differences([line.rstrip() for line in said.strip("\n").splitlines()], expected))
    }
    assert not wrong, json.dumps(wrong, indent=1)
    assert [code for code, _ in told] == [0, 0, 0, 0, 10, *[0] * (len(told) - 5)]


def test_a_line_that_is_not_printed_and_a_line_too_many_are_both_noticed() -> None:
    assert differences(["a", "b", "c"], ["a", LEFT_OUT, "c"]) == []
    assert differences(["a", "b", "c"], ["a", "c", LEFT_OUT]) == ["c"]
    assert differences(["a", "b", "c"], ["a"]) == ["the command printed more: b"]
    assert differences(["a 1 b"], ["a 1 ..."]) == []
