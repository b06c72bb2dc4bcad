"""The scheduler examples and the operations page name only what exists: commands, options, exit codes, variables."""

from __future__ import annotations

import ast
import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from audit.commands.line.parsing import parser
from audit.settings import load_settings
from pipelines import errors

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
OPERATIONS = ROOT / "docs" / "operations.md"
INSTALLED = "/usr/local/lib/ringfence"
COMMAND = re.compile(r"(?:bin/|`)ringfence\"? +([a-z][^&|;`\n]*)")
EXITS = sorted(value for name, value in vars(errors).items() if name.startswith("EXIT_"))


def commands(text: str) -> list[list[str]]:
    """Arguments of every ringfence command in a text; comments after them are left out."""
    return [shlex.split(found, comments=True) for found in COMMAND.findall(text)]


def understood(arguments: list[str]) -> bool:
    try:
        parser().parse_args(arguments)
    except SystemExit:
        return False
    return True


def unit(name: str) -> configparser.ConfigParser:
    made = configparser.ConfigParser(strict=False, interpolation=None)
    made.optionxform = str  # type: ignore[assignment,method-assign]
    made.read(EXAMPLES / name, encoding="utf-8")
    return made


def dag_strings() -> list[str]:
    """Every text in the DAG file, formatted ones with their named constant filled in."""
    tree = ast.parse((EXAMPLES / "ringfence_dag.py").read_text(encoding="utf-8"))
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "bin/ringfence" for part in node.values]
            found.append("".join(map(str, parts)).replace("'", ""))
    return found


@pytest.mark.parametrize("name", ["ringfence.cron", "ringfence.service", "Containerfile"])
def test_every_command_of_an_example_is_understood(name: str) -> None:
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    found = commands(text)
    if name == "Containerfile":
        found = [ast.literal_eval(re.findall(r"^CMD (.*)$", text, re.MULTILINE)[0])]
    assert found
    assert not [arguments for arguments in found if not understood(arguments)]


def test_every_command_of_the_operations_page_is_understood() -> None:
    found = commands(OPERATIONS.read_text(encoding="utf-8"))
    assert {"run", "verify", "diff", "prune", "doctor", "settings"} <= {arguments[0] for arguments in found}
    assert not [arguments for arguments in found if not understood(arguments)]


def test_a_command_that_is_not_there_is_seen() -> None:
    assert not understood(commands("15 2 * * * bin/ringfence runn --quiet && cat x")[0])
    assert not understood(commands("bin/ringfence prune --kep 3")[0])


def test_cron_lines_have_five_fields_and_then_a_command() -> None:
    lines = (EXAMPLES / "ringfence.cron").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#") and "=" not in line.split()[0]]
    assert entries
    for entry in entries:
        *fields, command = entry.split(maxsplit=5)
        assert all(re.fullmatch(r"\*|\d+", field) for field in fields), entry
        assert command.startswith(f"{INSTALLED}/.venv/bin/ringfence ")
        assert "%" not in command, "cron reads a percent sign as a new line"


def test_the_systemd_units_fit_together() -> None:
    service, timer = unit("ringfence.service")["Service"], unit("ringfence.timer")["Timer"]
    assert service["Type"] == "oneshot"
    assert service["ExecStart"] == f"{INSTALLED}/.venv/bin/ringfence run"
    assert timer["OnCalendar"]
    never_again = {int(code) for code in service["RestartPreventExitStatus"].split()}
    assert never_again == set(EXITS) - {errors.EXIT_OK, errors.EXIT_LOCKED}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not on this machine")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    program = tmp_path / ".venv" / "bin" / "ringfence"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name in ("ringfence.service", "ringfence.timer"):
        text = (EXAMPLES / name).read_text(encoding="utf-8").replace(INSTALLED, str(tmp_path))
        (tmp_path / name).write_text(text, encoding="utf-8")
    units = [str(tmp_path / name) for name in ("ringfence.service", "ringfence.timer")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) not in done.stderr, done.stderr


def test_the_airflow_dag_compiles_and_names_only_commands_that_exist() -> None:
    path = EXAMPLES / "ringfence_dag.py"
    text = path.read_text(encoding="utf-8")
    compile(text, path.name, "exec")
    found = [arguments for line in dag_strings() for arguments in commands(line)]
    assert [arguments[0] for arguments in found] == ["run", "prune"]
    assert all(map(understood, found))
    assert f"LOCKED = {errors.EXIT_LOCKED}\n" in text


def test_every_exit_code_stands_in_the_help_and_on_the_operations_page() -> None:
    told = re.sub(r"\s+", " ", parser().format_help())
    page = OPERATIONS.read_text(encoding="utf-8")
    for code in EXITS:
        assert re.search(rf"[:;] {code} ", told), f"{code} is not in ringfence --help"
        assert f"| {code} |" in page, f"{code} is not in docs/operations.md"


def test_every_environment_override_stands_on_the_operations_page() -> None:
    code = "".join(map(Path.read_text, (ROOT / "audit").rglob("*.py")))
    known = set(re.findall(r'from_environment\("(\w+)"\)', code))
    page = OPERATIONS.read_text(encoding="utf-8")
    assert {name for name in known if f"RINGFENCE_{name}" not in page} == set()
    assert known == {"ANSWERS", "RETURNS", "OUT", "SETTINGS", "PAYMENTS", "TRANSFERS"}
    assert "RINGFENCE_SET`" in page


def test_make_help_lists_every_target_of_the_operations_page() -> None:
    named = set(re.findall(r"`make ([a-z-]+)", OPERATIONS.read_text(encoding="utf-8")))
    done = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert named <= set(re.findall(r"make ([a-z-]+)", done.stdout))


def test_the_settings_of_the_operations_page_are_settings_there_are(tmp_path: Path) -> None:
    page = OPERATIONS.read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(re.findall(r"```toml\n(.*?)```", page, re.DOTALL)[0], encoding="utf-8")
    (line,) = re.findall(r'RINGFENCE_SET="([^"]*)"', page)
    changed = load_settings(path, also=line).changed_from(load_settings())
    assert {"lists.review", "limits.file.seconds", "limits.run.room_bytes", "quality.weights.RO3-SLIP"} >= set(changed)
    assert len(changed) >= 3
