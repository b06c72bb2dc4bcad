"""The command `completion`: what bash, zsh or fish needs to complete commands and options, printed.

In: the name of a shell. Out: its script, made from the parser itself by shtab, so that it knows every option there is.
Refuses (DefinitionError) where shtab is not installed.
"""

from __future__ import annotations

import argparse
from typing import Any

from pipelines.errors import EXIT_OK, DefinitionError

SHELLS = ("bash", "zsh", "fish")
HOW = """Put it where the shell looks, for example:
  bash  ringfence completion bash > ~/.local/share/bash-completion/completions/ringfence
  zsh   ringfence completion zsh > ~/.zfunc/_ringfence   (with ~/.zfunc in fpath, before compinit)
  fish  ringfence completion fish > ~/.config/fish/completions/ringfence.fish"""
FILES = ("FILE", "FILE.json")
FOLDERS = ("DIR", "RUN", "RUN1", "RUN2", "TO")


def add_commands(commands: Any) -> None:
    """Declare the command."""
    made = commands.add_parser("completion", epilog=HOW, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.set_defaults(handler=_completion)
    made.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")


def _completion(asked: argparse.Namespace) -> int:
    from audit.commands.line.parsing import parser

    try:
        import shtab
    except ImportError as error:
        raise DefinitionError("shtab is not installed", do="Install it: pip install shtab.") from error
    whole = parser(listed=True)
    for action in _actions(whole):
        if action.metavar in FILES or action.metavar in FOLDERS:
            action.complete = shtab.FILE if action.metavar in FILES else shtab.DIRECTORY
    print(shtab.complete(whole, asked.shell))
    return EXIT_OK


def _actions(parser: argparse.ArgumentParser) -> list[Any]:
    """Every option and argument of a parser and of those below it."""
    found: list[Any] = []
    for action in parser._actions:  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the library tells them no other way
        found.append(action)
        if isinstance(action.choices, dict):
            found += [inner for below in action.choices.values() for inner in _actions(below)]
    return found
