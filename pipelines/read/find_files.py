"""The files of a folder, in a fixed order, and everything in it that may not be read.

In: a folder, or several. Out: plain files, and one InputError for each thing that is none: a link wherever it leads, a
pipe, socket or device, a name with control characters, a folder that cannot be looked into or is named like a file.
Links are never followed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipelines.cell_values import is_hidden
from pipelines.declarations.extract_names import METADATA
from pipelines.declarations.limits import Limits, limits, too_large
from pipelines.errors import InputError, Place

LIST = "SOURCES.csv"  # read beside the files, so no link or pipe either
PASSED_OVER = (LIST, "README.md", ".gitkeep")
LOCK_OF_EXCEL = "~$"
LISTED = 5
FILES_END_WITH = (".csv", ".json", ".ods", ".pdf", ".txt", ".xls", ".xlsb", ".xlsm", ".xlsx", ".zip")
KINDS = {
    stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket", stat.S_IFBLK: "a device", stat.S_IFCHR: "a device",
}  # fmt: skip


@dataclass
class Found:
    """What a folder holds: the plain files, sorted by path, and one error for each thing that may not be read."""

    files: list[Path] = field(default_factory=list[Path])
    problems: list[InputError] = field(default_factory=list[InputError])


def printable(name: str) -> str:
    """A name fit for a message: what cannot be printed is written as an escape."""
    return "".join(mark if not is_hidden(mark) else f"\\u{ord(mark):04x}" for mark in name)


def survey(folder: Path, *, allowed: Limits | None = None) -> Found:
    """All data files below `folder`, and all problems. Raises InputError for a missing, unreadable or empty folder."""
    allowed = allowed or limits()
    if not folder.is_dir():
        raise InputError(
            "it is not a folder" if folder.exists() else "the folder does not exist",
            place=Place(printable(str(folder))),
            expected="a folder of returns",
            do="Check the path.",
        )
    found = Found()
    inside = folder.resolve()
    for number, (path, entry) in enumerate(_walk(folder, found, allowed), start=1):
        if number > allowed.folder_files:
            what = f"the folder holds more than {allowed.folder_files:,} files"
            raise too_large(what, name=printable(str(folder)), limit="folder.files", allowed=allowed.folder_files)
        problem = _problem(path, entry, folder, inside)
        if problem:
            found.problems.append(problem)
        else:
            found.files.append(path)
    if not found.files and not found.problems:
        raise InputError(
            "the folder holds no files",
            place=Place(printable(str(folder))),
            expected="published files, or our extracts",
            do="Put the files there, or name another folder (a run without --returns uses the embedded figures).",
        )
    found.files.sort()
    found.problems.sort(key=str)
    return found


def find_files(folder: Path, *, allowed: Limits | None = None) -> list[Path]:
    """All data files below `folder`, sorted by path.

    Raises InputError for a missing, unreadable or empty folder, and for one that holds anything that may not be read:
    the first is named with its reason, the others after it.
    """
    found = survey(folder, allowed=allowed)
    if found.problems:
        first, *others = found.problems
        more = "; also: " + "; ".join(f"{one.place}: {one.what}" for one in others[:LISTED]) if others else ""
        more += f"; and {len(others) - LISTED} more" if len(others) > LISTED else ""
        raise InputError(first.what + more, place=first.place, expected=first.expected, do=first.do)
    return found.files


def _walk(folder: Path, found: Found, allowed: Limits) -> Iterator[tuple[Path, os.DirEntry[str]]]:
    """Every entry that is not a folder, nor hidden, nor passed over; folders that cannot be read become problems."""
    waiting, most, looked_at = [(folder, 0)], 2 * allowed.folder_files, 0
    while waiting:
        here, depth = waiting.pop()
        try:
            with os.scandir(here) as entries:
                listed = sorted(islice(entries, most + 1), key=lambda entry: entry.name)
        except OSError as error:
            refusal = InputError(
                f"the folder cannot be read ({error.strerror})",
                place=Place(_named(here, folder)),
                do="Check its permissions.",
            )
            if here == folder:
                raise refusal from error
            found.problems.append(refusal)
            continue
        looked_at += len(listed)
        if looked_at > most:
            what = f"the folder holds more than {most:,} things"
            raise too_large(what, name=printable(str(folder)), limit="folder.files", allowed=allowed.folder_files)
        for entry in listed:
            metadata = entry.name.endswith(METADATA) and entry.is_file(follow_symlinks=False)
            listing = entry.name == LIST and not entry.is_file(follow_symlinks=False)
            passed = entry.name.startswith((".", LOCK_OF_EXCEL)) or entry.name in PASSED_OVER
            if metadata or (passed and not listing):
                continue
            path = here / entry.name
            if not entry.is_dir(follow_symlinks=False):
                yield path, entry
            elif entry.name.lower().endswith(FILES_END_WITH):
                found.problems.append(
                    InputError(
                        "it is a folder, but its name is that of a file",
                        place=Place(_named(path, folder)),
                        expected="a plain file",
                        do="Put the file there, or rename the folder.",
                    )
                )
            elif depth < allowed.folder_depth:
                waiting.append((path, depth + 1))
            else:
                what = "folders stand within folders too deeply"
                name = _named(path, folder)
                refusal = too_large(what, name=name, limit="folder.depth", allowed=allowed.folder_depth)
                found.problems.append(refusal)


def _named(path: Path, folder: Path) -> str:
    return printable(str(path) if path == folder else str(path.relative_to(folder)))


def _problem(path: Path, entry: os.DirEntry[str], folder: Path, inside: Path) -> InputError | None:
    """Why an entry may not be read, or None."""
    name, do = _named(path, folder), "Remove it from the folder, or put the file itself there."
    if entry.is_symlink():
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return InputError("it is a link that leads nowhere", place=Place(name), expected="a plain file", do=do)
        way = "to another file of the folder" if target.is_relative_to(inside) else "out of the folder"
        return InputError(f"it is a link that leads {way}", place=Place(name), expected="a plain file", do=do)
    if any(map(is_hidden, str(path.relative_to(folder)))):
        return InputError(
            "its name holds control characters",
            place=Place(name),
            expected="a name that can be printed",
            do="Rename it.",
        )
    if not entry.is_file(follow_symlinks=False):
        kind = stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)
        return InputError(f"it is {KINDS.get(kind, 'no file')}", place=Place(name), expected="a plain file", do=do)
    return None
