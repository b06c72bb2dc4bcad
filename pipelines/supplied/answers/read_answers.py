"""A folder of answers read back: every file below it by its content, every problem at once.

In: a folder, the windows and the areas there are. Out: a `Supplied`. Refused is only a folder that is none, or that
holds more than the limits allow; everything else is a problem of its file. Links are not followed, hidden files and
locks of open files are passed over, and nothing is written into the folder. Each file is read in a process of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipelines.cell_values import is_hidden
from pipelines.declarations.limits import Limits, limits, too_large
from pipelines.errors import InputError, Place
from pipelines.read.find_files import LOCK_OF_EXCEL, printable
from pipelines.read.read_apart import read_apart
from pipelines.supplied.answers.answer_records import Expected, FileRead, Problem
from pipelines.supplied.answers.put_together import Supplied, put_together
from pipelines.supplied.answers.read_answer_file import area_of_folder

__all__ = ["Supplied", "answer_paths", "read_answers"]

READER = "pipelines.supplied.answers.read_answer_file:read_answer_file"


def read_answers(
    folder: Path, *, windows: Mapping[str, tuple[str, ...]], areas: Mapping[str, str], workers: int
) -> Supplied:
    """What the folder supplies. Raises InputError for a folder that cannot be read or holds too many files."""
    allowed, expected = limits(), Expected(dict(areas), dict(windows))
    reads: dict[str, FileRead] = {}
    paths: dict[Path, str] = {}
    for path, problem in _found(folder, allowed):
        name = printable(path.relative_to(folder).as_posix())
        if problem:
            reads[name] = FileRead(area=area_of_folder(path, folder, expected), problems=[problem])
        else:
            paths[path] = name
    results = read_apart(list(paths), READER, allowed=allowed, workers=workers, more=(expected, str(folder)))
    for path, result in results.items():
        reads[paths[path]] = _result(result, area_of_folder(path, folder, expected))
    return put_together(reads, expected)


def answer_paths(folder: Path) -> dict[str, Path]:
    """The plain files below the folder by their printed names. Raises InputError as `read_answers` does."""
    found = _found(folder, limits())
    return {printable(path.relative_to(folder).as_posix()): path for path, problem in found if problem is None}


def _found(folder: Path, allowed: Limits) -> list[tuple[Path, Problem | None]]:
    """Every file below the folder, sorted, with what keeps it from being read. Raises InputError for the folder."""
    if not folder.is_dir():
        what = "it is not a folder" if folder.exists() else "the folder does not exist"
        raise InputError(
            what, place=Place(printable(str(folder))), expected="a folder of answers", do="Check the path."
        )
    found: list[tuple[Path, Problem | None]] = []
    for one in _files(folder, allowed):
        found.append(one)
        if len(found) > allowed.folder_files:
            what = f"the folder holds more than {allowed.folder_files:,} files"
            raise too_large(what, name=printable(str(folder)), limit="folder.files", allowed=allowed.folder_files)
    return found


def _result(result: FileRead | InputError, area: str) -> FileRead:
    """What a reader gave; a file over which it died is one problem."""
    if isinstance(result, FileRead):
        return result
    read = FileRead(area=area)
    read.problems.append(Problem(result.what, result.expected, result.do))
    return read


def _files(folder: Path, allowed: Limits) -> Iterator[tuple[Path, Problem | None]]:
    """Every file below a folder, sorted, with the problem that keeps it from being read, if there is one."""
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        try:
            with os.scandir(here) as entries:
                listed = sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            if here == folder:
                what = f"the folder cannot be read ({error.strerror})"
                raise InputError(what, place=Place(printable(str(folder))), do="Check its permissions.") from error
            yield here, Problem(f"the folder cannot be read ({error.strerror})", do="Check its permissions.")
            continue
        for entry in listed:
            path = here / entry.name
            if entry.name.startswith((".", LOCK_OF_EXCEL)):
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield path, _why_not(entry)
            elif depth < allowed.folder_depth:
                waiting.append((path, depth + 1))
            else:
                most = f"at most {allowed.folder_depth} within each other"
                yield path, Problem("folders stand within folders too deeply", most, "Move its files up.")


def _why_not(entry: os.DirEntry[str]) -> Problem | None:
    """What may not be read: a name that cannot be printed is refused, for it may be an answer; links are a remark."""
    if any(map(is_hidden, entry.name)):
        return Problem("its name holds control characters", "a name that can be printed", "Rename it.")
    if entry.is_symlink():
        what = "it is a link, and links are not followed"
    elif not entry.is_file(follow_symlinks=False):
        what = "it is no plain file"
    else:
        return None
    return Problem(what, "a plain file", "Put the file itself there if it is an answer.", refused=False)
