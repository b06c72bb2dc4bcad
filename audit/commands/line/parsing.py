"""The parser of the command line: commands in groups, and near words for what it does not know.

In: the words of a command line. Out: a parser that has imported the modules of the commands among them, and no other.
A word that is no command, option or choice ends with 2 and the nearest one there is.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from audit.commands.line.command_table import BY_NAME, COMMANDS, GROUPS, modules_of
from audit.commands.line.home import HELP, OPTION
from audit.commands.line.version import ShowVersion

ABOUT = "When NHS money was passed to a council for social care: did it fund integration, or did it backfill cuts?"
EXITS = """exit codes: 0 done, or nothing had changed; 2 the command line is wrong; 10 a setting or definition is wrong;
11 an input is missing or cannot be read; 12 a critical check failed, nothing published; 13 done, but rows were
quarantined (only with --strict); 14 verification found a difference; 70 our bug; 75 another run holds the lock;
143 told to stop, and stopped cleanly"""
WIDEST, INDENT, NAMES = 100, 2, 14


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest of the words there are, as a question; empty where none is near."""
    import difflib

    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""


class Parser(argparse.ArgumentParser):
    """A parser of the library that names the nearest word instead of all of them."""

    def parse_known_args(  # pyright: ignore[reportIncompatibleMethodOverride] - overloads say the same in four ways
        self, args: Any = None, namespace: Any = None
    ) -> Any:
        """The same, but that nothing is left over: what is not known ends the command."""
        asked, left = super().parse_known_args(args, namespace)
        if left:
            word = str(left[0])
            name = word.partition("=")[0]
            near = did_you_mean(name, self._option_string_actions) if word.startswith("-") else ""
            self.error(f"'{name if near else word}' is not known here" + (f"; {near}" if near else ""))
        return asked, left

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = list(BY_NAME) if action.dest == "command" else [str(choice) for choice in action.choices]
        what = "a command" if action.dest == "command" else f"one of {', '.join(known)}"
        near = did_you_mean(str(value), known)
        raise argparse.ArgumentError(
            None if action.dest == "command" else action,
            f"'{value}' is not {what}" + (f"; {near}" if near else "; see ringfence --help" * (len(known) > 9)),
        )


class _Commands:
    """Where a module declares its commands; what each does is told in the table of commands."""

    def __init__(self, made: Any, *, listed: bool) -> None:
        self.made, self.listed = made, listed

    def add_parser(self, name: str, **told: Any) -> argparse.ArgumentParser:
        """A command's own parser."""
        text = told.pop("help", "") or BY_NAME[name].text
        told |= {"help": text} if self.listed else {}
        parser: argparse.ArgumentParser = self.made.add_parser(name, **{"description": text, **told})
        return parser


def _paragraph(text: str, indent: int = 0) -> str:
    width = min(shutil.get_terminal_size().columns, WIDEST)
    return textwrap.fill(" ".join(text.split()), width, initial_indent=" " * indent, subsequent_indent=" " * indent)


def grouped_help() -> str:
    """All commands, in their groups, with what each does."""
    parts = [_paragraph(ABOUT)]
    for group in GROUPS:
        lines = [f"{group}:"]
        for one in (one for one in COMMANDS if one.group == group):
            told = _paragraph(one.text, INDENT + NAMES)
            lines.append(" " * INDENT + one.name.ljust(NAMES) + told.lstrip())
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def parser(words: Sequence[str] | None = None, *, listed: bool = False) -> argparse.ArgumentParser:
    """The parser with the commands among `words`, or all of them for None; `listed` once more, as the library does."""
    made = Parser(
        prog="ringfence",
        description=grouped_help(),
        epilog=_paragraph(EXITS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(OPTION, metavar="FOLDER", help=HELP)
    made.add_argument("--version", action=ShowVersion, help="print version, commit and release of the figures")
    told = "one of those above; `ringfence COMMAND --help` tells its options"
    commands = made.add_subparsers(dest="command", metavar="COMMAND", required=True, title="command", help=told)
    for name in modules_of(words):
        importlib.import_module(name).add_commands(_Commands(commands, listed=listed))
    return made
