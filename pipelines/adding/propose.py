"""Propose the map column of a new year from the years a map holds, by likeness of headers.

In: an opened book and what it was taken for. Out: for each line of the map the locator proposed and how it was found,
and the headers that no line uses. Alike are headers that are equal without capitals, footnote marks, and what stands in
brackets or after "total of lines"; else the nearest by difflib's ratio, if it is near and no second one is as near.
Only grids are matched by header; other shapes keep the latest year's locators, and reading them tells what is wrong.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from pipelines.cell_values import fold
from pipelines.declarations.catalogue import Line, Source
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import Book
from pipelines.shape import locate
from pipelines.shape.recognise import Recognised
from pipelines.shape.standardise import locators_of, roles_of, sheet_for

SAME, RENAMED, ALIKE, BACK, GONE, ABSENT = "same", "renamed", "alike", "back", "gone", "absent"
"""How a line was found: as in the year before, worded otherwise, only alike, as in an earlier year, no more; and a
line that neither the year before nor this one holds."""
NEAR, AHEAD = 0.85, 0.04
"""The least ratio of a header that is alike, and by how much it must be ahead of the next."""
MATCHED_BY_HEADER = ("grid", "hexjson", "stata")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LINES = re.compile(r"\(?\s*total of lines.*", re.IGNORECASE)
_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Proposed:
    """A line of the map: its locator in the year it is taken from, the one proposed, and how that was found."""

    line: Line
    before: str
    found: str
    how: str


@dataclass(frozen=True)
class Proposal:
    """The proposed column of a year, taken from `basis`; `unused` are headers that no line names."""

    year: str
    basis: str
    lines: tuple[Proposed, ...]
    unused: tuple[str, ...]

    def with_column(self, source: Source) -> Source:
        """The source with the proposed column in its map."""
        lines = tuple(
            replace(one.line, locators={**one.line.locators, **({self.year: one.found} if one.found else {})})
            for one in self.lines
        )
        return replace(source, lines=lines)


@dataclass(frozen=True)
class _Sheet:
    """The headers of a sheet, as they are printed and folded."""

    printed: list[str]
    folded: list[str]


def plain(header: str) -> str:
    """A header without capitals, brackets, footnote marks, punctuation and "total of lines"."""
    return " ".join(_LETTERS.sub(" ", _BRACKETS.sub(" ", _LINES.sub(" ", fold(header).replace("'", "")))).split())


def nearest_year(years: Iterable[str], year: str) -> str:
    """The year of a map that is nearest to `year`, the earlier one of two; empty where the map has none."""
    return min(years, key=lambda held: (abs(int(held[:4]) - int(year[:4])), held), default="")


def propose(book: Book, taken: Recognised) -> Proposal:
    """The column of the year that `book` was taken for. Raises InputError when a sheet or its header row is not there.

    The years of the map may not hold that year already.
    """
    source, year = taken.source, taken.financial_year
    held = [one for one in source.years if one not in ("any", year)]
    basis = nearest_year(held, year)
    if not basis:
        raise InputError(
            f"the map of '{source.code}' holds no year to begin from",
            place=Place(book.name),
            do="Write its first column by hand: docs/how-to/add-a-source-and-a-table.md.",
        )
    if source.shape not in MATCHED_BY_HEADER:
        kept = (
            Proposed(line, text := line.locators.get(basis, ""), text, SAME if text else ABSENT)
            for line in source.lines
        )
        return Proposal(year, basis, tuple(kept), ())
    if year in source.options.get("hidden", ()):
        book = book.with_hidden()
    sheets = {"main": _sheet(book, source, "main", year)}
    for role in sorted({locator.role for locator in locators_of(source, basis).values()} - {"main"}):
        with suppress(InputError):  # its lines are gone
            sheets[role] = _sheet(book, source, role, year)
    order = sorted(held, key=lambda one: (abs(int(one[:4]) - int(year[:4])), one))
    lines = tuple(_line(line, basis, order, source, sheets) for line in source.lines)
    named = {fold(locate.parse_locator(one.found, roles=roles_of(source), shape=source.shape).text) for one in lines}
    keys = {fold(key.header) for key in source.keys} | {
        fold(source.id_header),
        fold(source.options.get("ons_header", "")),
    }
    unused = [text for text, head in zip(sheets["main"].printed, sheets["main"].folded, strict=True) if head]
    return Proposal(year, basis, lines, tuple(dict.fromkeys(text for text in unused if fold(text) not in named | keys)))


def _sheet(book: Book, source: Source, role: str, year: str) -> _Sheet:
    name = sheet_for(book, source, role)
    rows, place = book.rows(name), Place(book.name, name)
    heads = locate.read_headers(rows, source, year, place)
    printed = list(heads.texts)
    row = locate.header_row(rows, source.id_header) if source.id_header and "parts" not in source.header else None
    if row:
        printed = [" ".join(str(cell or "").split()) for cell in rows[row[0]][: len(printed)]]
        printed += [""] * (len(heads.texts) - len(printed))
    return _Sheet(printed, heads.texts)


def _line(line: Line, basis: str, order: Sequence[str], source: Source, sheets: dict[str, _Sheet]) -> Proposed:
    before = line.locators.get(basis, "")
    tried = list(dict.fromkeys(line.locators[year] for year in order if year in line.locators))
    for text in tried:  # as it is worded in some year, the nearest first
        if _there(text, source, sheets):
            return Proposed(line, before, text, SAME if text == before else RENAMED if before else BACK)
    role = locate.parse_locator(before, roles=roles_of(source), shape=source.shape).role
    for text in tried if before else ():
        locator = locate.parse_locator(text, roles=roles_of(source), shape=source.shape)
        sheet = sheets.get(locator.role)
        if sheet is None or locator.role != role or locator.last or locator.text.startswith("/"):
            continue
        prefix = f"{locator.role}: " if locator.role != "main" else ""
        found, how = _alike(plain(locator.text), sheet)
        if found:
            several = sheet.folded.count(fold(found)) > 1
            return Proposed(line, before, f"{prefix}{found}" + (f"#{locator.nth or 1}" if several else ""), how)
    return Proposed(line, before, "", GONE if before else ABSENT)


def _there(text: str, source: Source, sheets: dict[str, _Sheet]) -> bool:
    """True where a locator names one column, or two that enclose a range."""
    locator = locate.parse_locator(text, roles=roles_of(source), shape=source.shape)
    sheet = sheets.get(locator.role)
    if sheet is None:
        return False
    heads = locate.Headers(sheet.folded, 0, Place(""))
    try:
        heads.find(locator)
        if locator.last:
            heads.find(locator, locator.last)
    except InputError:
        return False
    return True


def _alike(wanted: str, sheet: _Sheet) -> tuple[str, str]:
    """The one header that is equal to `wanted` when both are plain, or is nearest; and how it was found. Empty where
    none is, or where two are as near.
    """
    printed = {head: text for head, text in zip(reversed(sheet.folded), reversed(sheet.printed), strict=True) if head}
    equal = [head for head in printed if plain(head) == wanted]
    if equal:
        return (printed[equal[0]], RENAMED) if len(equal) == 1 else ("", "")
    compared = difflib.SequenceMatcher(None, "", wanted)
    ratios: list[tuple[float, str]] = []
    for head in printed:
        compared.set_seq1(plain(head))
        ratios.append((compared.ratio(), head))
    (first, head), (second, _) = sorted([*ratios, (0.0, ""), (0.0, "")], reverse=True)[:2]
    return (printed[head], ALIKE) if first >= NEAR and first - second >= AHEAD else ("", "")
