"""The command line as such: groups, help lines, near words, the options every command has, completion."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.commands import cli
from audit.commands.line import json_page
from audit.commands.line.command_table import BY_NAME, COMMANDS, GROUPS
from audit.commands.line.parsing import parser

ROOT = Path(__file__).resolve().parents[4]
WRITES_NOTHING = {
    "answers", "doctor", "expectations history", "expectations suggest", "explain", "quarantine list",
    "quarantine show", "settings", "sources", "verify",
}  # fmt: skip
NO_ANSWER = {"completion"}


def subparsers(of: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = next((action.choices for action in of._actions if isinstance(action, argparse._SubParsersAction)), None)
    return dict(found or {})


def leaves(of: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    below = subparsers(of)
    if not below:
        yield " ".join(words), of
    for name, one in below.items():
        yield from leaves(one, (*words, name))


LEAVES = dict(leaves(parser()))


def options(of: argparse.ArgumentParser) -> set[str]:
    return {name for action in of._actions for name in action.option_strings}


def refused(*words: str) -> str:
    """What is said of a command line that ends with 2."""
    done = subprocess.run(
        [sys.executable, "-m", "audit.commands.cli", *words], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 2 and not done.stdout
    return done.stderr


def test_every_command_of_the_table_is_declared_by_its_module_and_no_other_is() -> None:
    assert set(subparsers(parser())) == set(BY_NAME)
    for command in COMMANDS:
        assert command.name in subparsers(parser([command.name]))


def test_help_tells_every_command_once_in_its_group() -> None:
    text = parser().format_help()
    parts = [text.index(f"\n{group}:\n") for group in GROUPS]
    assert parts == sorted(parts)
    for command in COMMANDS:
        assert text.count(f"\n  {command.name} ") == 1, command.name
    assert text.index("\n  explain ") > parts[1] > text.index("\n  run ")


@pytest.mark.parametrize("name", LEAVES)
def test_every_option_and_argument_says_what_it_is_for(name: str) -> None:
    without = [action.dest for action in LEAVES[name]._actions if not action.help]
    assert not without
    assert LEAVES[name].description or name.count(" ")


@pytest.mark.parametrize("name", sorted(set(LEAVES) - NO_ANSWER))
def test_every_command_answers_as_json_or_not_at_all_and_one_that_writes_tells_what_it_would(name: str) -> None:
    assert {"--json", "--quiet"} <= options(LEAVES[name])
    assert ("--dry-run" in options(LEAVES[name])) == (name not in WRITES_NOTHING)


def test_every_answer_has_a_schema_and_the_page_is_what_the_schema_says() -> None:
    assert set(json_page.schema()["answers"]) == set(LEAVES) - NO_ANSWER
    told = json_page.page()
    assert (ROOT / "docs" / "reference-json.md").read_text(encoding="utf-8") == told, (
        "run: python -m audit.commands.line.json_page"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("expalin", "Hull"), "'expalin' is not a command; did you mean explain?"),
        (("explain", "--otu", "x", "Hull"), "ringfence explain: error: '--otu' is not known here; did you mean --out?"),
        (("run", "--retunrs=x"), "'--retunrs' is not known here; did you mean --returns?"),
        (("quarantine", "lsit"), "did you mean list?"),
        (("request", "--list", "reviw"), "'reviw' is not one of review, unusual; did you mean review?"),
        (("doctor", "stray"), "ringfence doctor: error: 'stray' is not known here"),
        (("xyzzy",), "'xyzzy' is not a command; see ringfence --help"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest_there_is(words: tuple[str, ...], said: str) -> None:
    assert said in " ".join(refused(*words).split())


def test_a_command_imports_its_own_module_and_help_none() -> None:
    program = (
        "import sys\nfrom audit.commands.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    modules = {command.module for command in COMMANDS}

    def imported(*words: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", program, *words], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return modules & set(done.stderr.split())

    assert imported("--help") == set()
    assert imported("settings", "--help") == {"audit.commands.runs"}


def test_what_went_wrong_is_one_object_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["explain", "Hull", "--out", str(tmp_path), "--json"]) == 11
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (told["exit_code"], told["answer"], told["command"]) == (11, None, "explain")
    assert told["error"]["kind"] == "InputError" and told["error"]["what"] == "there is no run yet"
    assert told["error"]["message"] in printed.err


def test_quiet_prints_nothing_and_keeps_the_exit_code(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["settings", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert cli.main(["explain", "Hull", "--out", str(tmp_path), "--quiet"]) == 11
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_command_and_its_options(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(command.name in script for command in COMMANDS)
    assert "accept-revisions" in script and "dry-run" in script
    found = shutil.which(shell)
    if found and shell != "fish":
        done = subprocess.run([found, "-n"], input=script, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_bash_completes_commands_and_options_with_that_script(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    cli.main(["completion", "bash"])
    (tmp_path / "script").write_text(capsys.readouterr().out, encoding="utf-8")

    def completed(*words: str) -> list[str]:
        program = f"source {tmp_path}/script; COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; "
        program += '_shtab_ringfence; echo "${COMPREPLY[@]}"'
        done = subprocess.run([bash, "-c", program], capture_output=True, text=True, check=True)
        return done.stdout.split()

    assert completed("ringfence", "expl") == ["explain"]
    assert completed("ringfence", "run", "--dry") == ["--dry-run"]
    assert set(completed("ringfence", "quarantine", "")) >= {"list", "show", "release"}
