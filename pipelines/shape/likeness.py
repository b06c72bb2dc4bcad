"""Why a file fits no source, in the words of what is nearest: a renamed header, a title that is not there, semicolons.

In: an opened book, what recognition saw of it, and the declared sources. Out: a sentence for the refusal. Nothing is
taken for anything here: a likeness is told, never used.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from pipelines.cell_values import fold, text_of
from pipelines.declarations.catalogue import Source
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import Book

SHOWN = 4
FEWEST = 3
"""Semicolons in a line from which on it is one of columns between semicolons."""


def refuse_semicolons(book: Book) -> None:
    """Refuse, with InputError, a text whose columns stand between semicolons."""
    if book.form != "csv":
        return
    lines = [",".join(map(text_of, row)) for row in book.head(book.sheet_names[0]) if any(map(text_of, row))]
    several = [line for line in lines if line.count(";") >= FEWEST and line.count(";") > line.count(",")]
    if len(several) * 2 > len(lines):
        raise InputError(
            "its columns are separated by semicolons",
            place=Place(book.name),
            expected="commas or tabs between columns, and a point before decimals",
            do="Save it as CSV (comma delimited) in a spreadsheet set to English, or get the publisher's own file.",
        )


def nearest(text: str, headers: frozenset[str], declared: Iterable[Source]) -> str:
    """The source that a file is most like, with the one thing that is not there; empty where none is near."""
    best, told = 0.0, ""
    for source in sorted(declared, key=lambda source: source.code):
        pattern = source.recognise.get("text", "")
        titled = bool(pattern) and re.search(pattern, text, re.IGNORECASE) is not None
        wanted: list[str] = list(source.recognise.get("headers", ()))
        absent = [head for head in wanted if fold(head) not in headers]
        score = (1.0 if titled else 0.0) + (1 - len(absent) / len(wanted) if wanted else 0.0)
        if score <= best or not (titled or len(wanted) - len(absent) >= 2):
            continue
        best = score
        if absent:
            near = difflib.get_close_matches(fold(absent[0]), sorted(headers), n=1, cutoff=0.6)
            told = f"it is most like '{source.code}' ({source.title}), but header '{absent[0]}' is not there"
            told += f"; the nearest is '{near[0]}'" if near else ""
        else:
            told = f"it has the headers of '{source.code}' ({source.title}), but not its title"
    return told


def unseen(book: Book) -> str:
    """What of a workbook is hidden and therefore not read, in words; empty where nothing is."""
    said = [f"sheet '{name}'" for name in book.hidden_sheets]
    for sheet in book.sheet_names:
        columns, rows = book.hidden_columns(sheet), len(book.hidden_rows(sheet))
        said += [f"columns {columns} of sheet '{sheet}'"] if columns else []
        said += [f"{rows:,} rows of sheet '{sheet}'"] if rows else []
    return f"; hidden, and so not read: {', '.join(said[:SHOWN])}" if said else ""
