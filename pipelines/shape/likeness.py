"""Why a file fits no source, in the words of what is nearest: renamed headers, a title that is not there, semicolons.

In: an opened book, what recognition saw of it, and the declared sources. Out: a sentence for the refusal. Nothing is
taken for anything here: a likeness is told, never used.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator

from pipelines.cell_values import fold, text_of
from pipelines.declarations.catalogue import Source
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import Book
from pipelines.shape.locate import parse_locator

SHOWN = 4
FEW = 2
MOST = 0.5
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


def nearest(text: str, headers: frozenset[str], book: Book, declared: Iterable[Source]) -> str:
    """The source that a file looks like, and each of its headers that is called otherwise or is not there.

    Empty where none is near: by its title, by two of the headers it is known by, or by most headers of its map.
    """
    best, looks_like, absent, titled = 0.0, None, list[str](), False
    for source in sorted(declared, key=lambda source: source.code):
        pattern = source.recognise.get("text", "")
        fits = bool(pattern) and re.search(pattern, text, re.IGNORECASE) is not None
        wanted: list[str] = list(source.recognise.get("headers", ()))
        missing = [head for head in wanted if fold(head) not in headers]
        mapped = _mapped(source)
        found = max((len(heads & headers) / len(heads) for heads in mapped), default=0.0)
        score = (1.0 if fits else 0.0) + (1 - len(missing) / len(wanted) if wanted else 0.0) + found
        if score > best and (fits or len(wanted) - len(missing) >= FEW or found > MOST):
            best, looks_like, absent, titled = score, source, missing, fits
    if looks_like is None:
        return ""
    but = _renamed(absent, headers, book, looks_like)
    if not titled and looks_like.recognise.get("text"):
        but.append("its title is not there" if but else "its title is another")
    return f"it looks like '{looks_like.code}' ({looks_like.title}), but " + ", and ".join(but)


def _mapped(source: Source) -> list[frozenset[str]]:
    """The headers that the column map gives, folded, year by year; years with fewer than a few are left out."""
    roles = frozenset(source.sheets) | {"main"}
    by_year: dict[str, set[str]] = {}
    for line in source.lines:
        for year, text in line.locators.items():
            by_year.setdefault(year, set()).add(fold(parse_locator(text, roles=roles, shape=source.shape).text))
    return [frozenset(heads) for heads in by_year.values() if len(heads) > FEW]


def _renamed(absent: list[str], headers: frozenset[str], book: Book, source: Source) -> list[str]:
    """What became of each header that is not there: the like one beside those that are, or nothing known."""
    known = {fold(head) for head in source.recognise.get("headers", ())} | set().union(*_mapped(source))
    known |= {fold(key.header) for key in source.keys} | {fold(source.id_header)}
    row = max(_rows(book), key=lambda cells: len(known & set(cells)), default=[])
    others = [cell for cell in row if cell and cell not in known]
    said: list[str] = []
    for head in absent:
        among, wanted = others or sorted(headers - known), fold(head)
        near = [other for other in among if wanted in other] or difflib.get_close_matches(wanted, among, 1, 0.6)
        alone = others if len(others) == len(absent) == 1 else []
        now = (near or alone)[:1]
        said.append(f"header '{head}' is now '{now[0]}'" if now else f"header '{head}' is not there")
    return said


def _rows(book: Book) -> Iterator[list[str]]:
    for sheet in book.sheet_names:
        for row in book.head(sheet):
            yield [fold(cell) for cell in row]


def unseen(book: Book) -> str:
    """What of a workbook is hidden and therefore not read, in words; empty where nothing is."""
    said = [f"sheet '{name}'" for name in book.hidden_sheets]
    for sheet in book.sheet_names:
        columns, rows = book.hidden_columns(sheet), len(book.hidden_rows(sheet))
        said += [f"columns {columns} of sheet '{sheet}'"] if columns else []
        said += [f"{rows:,} rows of sheet '{sheet}'"] if rows else []
    return f"; hidden, and so not read: {', '.join(said[:SHOWN])}" if said else ""
