"""Packs in their folders: files chosen, folders that are there already refused, each put in place in one step.

In: `AreaRequest`s and the folder to write to. Out: one folder an area. A folder that is there already is never written
over: all such are named before anything is written. A pack is made under a temporary name and renamed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from pipelines import lasting
from pipelines.errors import InputError, Place
from reports.requests.forms import COMMENT, asked_files, book_of, form_files
from reports.requests.letter_words import Letter, comment_letter, papers_letter
from reports.requests.print_letter import letter_html, letter_text
from reports.requests.request import AreaRequest
from reports.workbooks.request_book import request_workbook

SUFFIX = "-comment"
NAMED = 10
Files = Mapping[str, str | bytes]


def _letters(letter: Letter) -> dict[str, str]:
    return {"letter.html": letter_html(letter), "letter.txt": letter_text(letter)}


def papers_pack(request: AreaRequest) -> Files:
    """The files of a pack that asks for papers."""
    workbook = {"request.xlsx": request_workbook(book_of(request))}
    return {**_letters(papers_letter(request)), **form_files(request), **workbook}


def comment_pack(request: AreaRequest) -> Files:
    """The files of a pack that asks for a comment; the working papers are put beside them."""
    return {**_letters(comment_letter(request)), **asked_files(request, COMMENT)}


def folder_of(to: Path, code: str, *, comment: bool) -> Path:
    """Where an area's pack lies."""
    return to / f"{code}{SUFFIX if comment else ''}"


def refuse_existing(folders: Iterable[Path]) -> None:
    """Raise InputError naming every folder that is there already."""
    there = [folder for folder in folders if folder.exists() or folder.is_symlink()]
    if there:
        named = ", ".join(folder.name for folder in there[:NAMED])
        more = f" and {len(there) - NAMED} more" if len(there) > NAMED else ""
        many = "a pack is" if len(there) == 1 else f"{len(there)} packs are"
        raise InputError(
            f"{many} there already and may hold an answer: {named}{more}",
            place=Place(str(there[0].parent)),
            do="Name another folder with --to, or move them away. Nothing was written.",
        )


def _nothing_more(_folder: Path) -> None:
    """Nothing is put beside the files."""


def write_pack(folder: Path, files: Files, *, beside: Callable[[Path], object] = _nothing_more) -> None:
    """Write one pack; `beside` puts more into the folder before it is renamed. Raises InputError where it cannot."""
    part = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for name in sorted(files):
            held = files[name]
            (part / name).write_bytes(held if isinstance(held, bytes) else held.encode("utf-8"))
        beside(part)
        lasting.put_in_place(part, folder)
    except OSError as error:
        raise InputError(
            f"the pack cannot be written: {error.strerror or error}",
            place=Place(str(folder)),
            do="Make room, or name another folder with --to.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
