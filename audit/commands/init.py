"""The command that lays out a working folder: where a user's files lie, and a page on what belongs where.

In: a folder that is not there, or is empty. Out: its folders, the file that marks it, a settings file that changes
nothing yet, and README.md; with `--figures` copies of the embedded returns and payments to add to. Refused: a folder
that holds anything, and one below an installed copy of the program. It is made whole under another name first.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pipelines.errors import InputError, Place
from pipelines.told import Planned, Told, does

TEXTS = Path(__file__).parent / "working_folder"
"""What is laid out: README.md and settings.toml as they stand."""


def add_commands(commands: Any) -> None:
    """Declare the command."""
    init: argparse.ArgumentParser = commands.add_parser("init")
    does(init, _init, _plan)
    init.add_argument("folder", type=Path, metavar="FOLDER", help="folder to make; nothing is overwritten")
    init.add_argument("--figures", action="store_true", help="copy the embedded figures into it, to add your own to")


def _init(asked: argparse.Namespace) -> Told:
    folder = lay_out(asked.folder, figures=asked.figures)
    page = folder / "README.md"
    lines = [f"Working folder {folder}. What goes where: {page}"]
    lines.append("Go there, or name it with --home; then `ringfence run` does the whole job.")
    return Told({"folder": folder, "page": page, "figures": asked.figures}, lines)


def _plan(asked: argparse.Namespace) -> Planned:
    folder = refuse_other_content(asked.folder)
    held = ", ".join([*(f"{name}/" for name in _folders()), *(path.name for path in sorted(TEXTS.iterdir()))])
    copied = len(_figures()) if asked.figures else 0
    figures = f", and copies of {copied} files of the embedded figures" if copied else ""
    return Planned([(folder, f"a working folder: {held}{figures}")])


def _folders() -> list[str]:
    """The folders that are laid out: those that a command of ours does not make."""
    from pipelines.working_folder import FOLDERS, MADE_BY_US

    return [name for name in FOLDERS if name not in MADE_BY_US]


def _figures() -> list[Path]:
    """The embedded returns and payments that can be copied."""
    from pipelines.places import DATA

    found = (path for name in ("returns", "payments") for path in sorted((DATA / name).iterdir()))
    return [path for path in found if path.is_file() and not path.name.startswith(".")]


def refuse_other_content(folder: Path) -> Path:
    """The full path of a folder. Raises InputError where something is there, or where nothing may be written."""
    from pipelines.working_folder import MARKER, refuse_installed

    folder = folder.absolute()
    refuse_installed(folder, do="Name a folder elsewhere.")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError("it is there and is no folder", place=Place(str(folder)), do="Name another one.")
    if folder.is_dir() and any(folder.iterdir()):
        what = "it is a working folder already" if (folder / MARKER).exists() else "the folder is not empty"
        do = "Use it as it is, or name another one; nothing is overwritten."
        raise InputError(what, place=Place(str(folder)), expected="a folder that is not there yet, or is empty", do=do)
    return folder


def lay_out(folder: Path, *, figures: bool = False) -> Path:
    """Make a working folder, whole or not at all. Returns its full path. Raises InputError where something is there."""
    import shutil

    from pipelines.lasting import part_of, put_in_place, remove
    from pipelines.working_folder import LAYOUT, MARKER

    folder = refuse_other_content(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = part_of(folder)
    remove(part)
    part.mkdir()
    for name in _folders():
        (part / name).mkdir()
    for path in sorted(TEXTS.iterdir()):
        shutil.copyfile(path, part / path.name)
    marker = "# Marks a working folder of ringfence, and how it is laid out. Settings belong in settings.toml.\n"
    (part / MARKER).write_text(f"{marker}layout = {LAYOUT}\n", encoding="utf-8")
    for path in _figures() if figures else ():
        shutil.copyfile(path, part / path.parent.name / path.name)
    put_in_place(part, folder)
    return folder.resolve()
