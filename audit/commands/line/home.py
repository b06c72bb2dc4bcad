"""Which working folder a command works in: known before the options are declared, as their defaults come from it.

In: the arguments. Out: the same without `--home`, and the working folder in force. Refused, once the command is known:
a folder that is none, one of another layout, and a command that would write into an installed copy of the program.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pipelines.errors import UserError
from pipelines.places import INSTALLED
from pipelines.working_folder import HOME, find, in_force, no_home, refuse_installed, use

OPTION = "--home"
HELP = f"working folder, made by `ringfence init` (default {HOME}, else the nearest from the current folder upwards)"
WRITTEN = ("out", "tables", "to", "html")
"""Options that name what a command writes."""
WITHOUT = ("init", "doctor")
"""Commands that work without a working folder: one makes it, the other tells of it."""


def take_home(arguments: list[str]) -> tuple[list[str], UserError | None]:
    """(arguments without the working folder, why it cannot be used); what was found is put in force."""
    named, rest, words = None, list[str](), list(arguments)
    while words:
        word = words.pop(0)
        if word == "--":
            rest += [word, *words]
            break
        if word.startswith(f"{OPTION}="):
            named = word.removeprefix(f"{OPTION}=")
        elif word == OPTION and words:
            named = words.pop(0)
        else:
            rest.append(word)
    try:
        use(find(named))
    except UserError as error:
        use(None)
        return rest, error
    return rest, None


def check_home(asked: argparse.Namespace, wrong: UserError | None) -> None:
    """Raise what is wrong with the working folder; InputError where a command needs one, or would write into ours."""
    try:
        if wrong is not None and asked.command != "init":
            raise wrong
        for name in WRITTEN:
            if isinstance(path := getattr(asked, name, None), Path):
                refuse_installed(path)
        if INSTALLED and in_force() is None and asked.command not in WITHOUT and getattr(asked, "out", ".") is None:
            raise no_home()
    except UserError:
        vars(asked).pop("ended", None)  # no status file is written where no run may be
        raise
