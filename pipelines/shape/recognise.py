"""Say what a file is from its content: which declared source, for which year, and why; or why it is refused.

In: an opened book. Out: one `Recognised`. A file that fits no source, or more than one, is refused; a file name is
never consulted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipelines.cell_values import fold
from pipelines.declarations.catalogue import Source, map_of
from pipelines.errors import InputError, Place
from pipelines.financial_year import of_month, parse_month, parse_year
from pipelines.read.read_tabular import Book
from pipelines.shape.likeness import nearest, refuse_semicolons, unseen

TITLE_ROWS, TITLE_COLUMNS, TITLE_LENGTH = 15, 30, 2_000
RELEASE = re.compile(
    r"(last updated:? ?(?:on )?\d{1,2}(?:st|nd|rd|th)? \w+ \d{4}"
    r"|revised (?:on )?\d{1,2}(?:st|nd|rd|th)? \w+ \d{4}"
    r"|\b(?:final|provisional) release)"
)


@dataclass(frozen=True)
class Probe:
    """What recognition looks at: folded title text and the set of cells among the first rows."""

    text: str
    headers: frozenset[str]


@dataclass(frozen=True)
class Recognised:
    """A file taken for a source, with the year ('any' when the rows or the map carry it), month and release found."""

    source: Source
    financial_year: str
    month: str
    release: str
    why: str


def probe(book: Book) -> Probe:
    """Fold the sheet names and first rows of every sheet, once per file."""
    parts: list[str] = [fold(name) for name in book.sheet_names]
    headers: set[str] = set()
    for sheet in book.sheet_names:
        for index, row in enumerate(book.head(sheet)):
            cells = [fold(cell) for cell in row]
            headers.update(cells)
            if index < TITLE_ROWS:
                parts += [cell[:TITLE_LENGTH] for cell in cells[:TITLE_COLUMNS] if cell]
    return Probe(" | ".join(parts), frozenset(headers))


def _fits(source: Source, found: Probe) -> tuple[bool, str, re.Match[str] | None]:
    pattern = source.recognise.get("text")
    match = re.search(pattern, found.text, re.IGNORECASE) if pattern else None
    if pattern and not match:
        return False, "its title text is not there", None
    absent = [head for head in source.recognise.get("headers", ()) if fold(head) not in found.headers]
    if absent:
        return False, f"header '{absent[0]}' is not there", match
    reasons = [f"title text '{match[0].strip()[:80]}'"] if match else []
    if source.recognise.get("headers"):
        reasons.append("headers " + ", ".join(f"'{head}'" for head in source.recognise["headers"][:4]))
    return True, "; ".join(reasons), match


def _group(match: re.Match[str] | None, name: str) -> str:
    return (match.groupdict().get(name) or "") if match else ""


def _year_of(source: Source, match: re.Match[str] | None, month: str, place: Place) -> str:
    if "year" in source.recognise:
        return str(source.recognise["year"])
    if month:
        return of_month(month)
    found = _group(match, "year")
    year = parse_year(found, single=source.recognise.get("year_from", "start")) if found else None
    if year is None:
        raise InputError(
            f"taken for '{source.code}', but the financial year '{found}' cannot be read",
            place=place,
            expected="a year such as 2014-15",
        )
    return year


def recognise(book: Book, declared: dict[str, Source]) -> Recognised:
    """The source, year and release of a file. Raises InputError when no source fits or more than one does, and when its
    map does not have the year.
    """
    taken = taken_for(book, declared)
    source, year = taken.source, taken.financial_year
    if year not in source.years and "any" not in source.years:
        raise InputError(
            f"taken for '{source.code}' {year}, a year its column map does not have",
            place=Place(book.name),
            expected="one of " + ", ".join(source.years),
            do=f"`ringfence add-year FILE` proposes a column '{year}' for {map_of(source)} from the years it has.",
        )
    return taken


def taken_for(book: Book, declared: dict[str, Source]) -> Recognised:
    """The source, year and release of a file, whether its map has the year or not. Raises InputError when no source
    fits or more than one does.
    """
    place = Place(book.name)
    refuse_semicolons(book)
    found = probe(book)
    fitting = [
        (source, why, match) for source in declared.values() for fits, why, match in [_fits(source, found)] if fits
    ]
    if len(fitting) != 1:
        near = nearest(found.text, found.headers, book, declared.values())
        raise InputError(
            "the content fits no declared source" + (f": {near}" if near else "") + unseen(book)
            if not fitting
            else "the content fits several sources: " + ", ".join(source.code for source, _, _ in fitting),
            place=place,
            expected="a published return declared in pipelines/sources",
            do="Remove the file from the folder, put the header right in the source, or declare its source.",
        )
    source, why, match = fitting[0]
    month = _month_of(match, place)
    year = _year_of(source, match, month, place)
    pattern = source.options.get("release")
    release = re.search(pattern, found.text, re.IGNORECASE) if pattern else RELEASE.search(found.text)
    return Recognised(source, year, month, (release[1] if release else "").strip(), why)


def _month_of(match: re.Match[str] | None, place: Place) -> str:
    text = _group(match, "month")
    if not text:
        return ""
    month = parse_month(text)
    if month is None:
        raise InputError(f"the month '{text}' cannot be read", place=place, expected="a month such as April 2014")
    return month
