"""Propose the map column of a new year from the years a map holds, by likeness of headers.

In: an opened book and what it was taken for. Out: for each line of the map the locator proposed and how it was found,
and the headers that no line uses. Alike are headers that are equal without capitals, footnote marks, and what stands in
brackets or after "total of lines"; else the nearest by difflib's ratio, if it is near and no second one is as near.
Only grids are matched by header; other shapes keep the latest year's locators, and reading them tells what is wrong.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
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
PART = " | "
"""Between the parts of a header that stands in several rows."""
MATCHED_BY_HEADER = ("grid", "hexjson", "stata")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_LINES = re.compile(r"\(?\s*total of lines.*", re.IGNORECASE)
_LETTERS = re.compile(r"[^a-z0-9]+")
_YEARS = re.compile(r"\b(?:19|20)\d\d(?:-\d\d)?\b")


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


def undated(header: str) -> str:
    """A header without capitals, punctuation and years."""
    return " ".join(_LETTERS.sub(" ", _YEARS.sub(" ", fold(header).replace("'", ""))).split())


def plain(header: str) -> str:
    """The same without what stands in brackets or after "total of lines"."""
    return undated(_BRACKETS.sub(" ", _LINES.sub(" ", fold(header))))


def nearest_year(years: Iterable[str], year: str) -> str:
    """The year of a map that is nearest to `year`, the earlier one of two; empty where the map has none."""
    return min(years, key=lambda held: (abs(int(held[:4]) - int(year[:4])), held), default="")


def moved(text: str, before: str, year: str) -> str:
    """A locator that names its own year (2018-19, 2018, or 18 after letters), for another year."""
    for old, new in ((before, year), (before[:4], year[:4])):
        if old in text:
            return text.replace(old, new)
    return re.sub(rf"(?<=[A-Za-z]){before[2:4]}(?=[A-Za-z])", year[2:4], text)


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
        cells = ((line, line.locators.get(basis, "")) for line in source.lines)
        return Proposal(
            year, basis, tuple(Proposed(line, text, text, SAME if text else ABSENT) for line, text in cells), ()
        )
    if year in source.options.get("hidden", ()):
        book = book.with_hidden()
    found = _Matching(source, basis, year, _sheets(book, source, basis, year))
    for before in sorted(held, key=lambda one: (abs(int(one[:4]) - int(year[:4])), one)):
        found.take_worded_as(before)
    found.take_alike()
    return Proposal(year, basis, found.proposed(), found.unused())


def _sheets(book: Book, source: Source, basis: str, year: str) -> dict[str, _Sheet]:
    """The sheets that the basis year reads, by role; those that are not there are left out, but for the main one."""
    sheets = {"main": _sheet(book, source, "main", year)}
    for role in sorted({locator.role for locator in locators_of(source, basis).values()} - {"main"}):
        with suppress(InputError):  # its lines are gone
            sheets[role] = _sheet(book, source, role, year)
    return sheets


def _sheet(book: Book, source: Source, role: str, year: str) -> _Sheet:
    name = sheet_for(book, source, role)
    rows, place = book.rows(name), Place(book.name, name)
    folded = locate.read_headers(rows, source, year, place).texts
    in_parts = "parts" in {**source.header, **source.header.get("years", {}).get(year, {})}
    row = None if in_parts or not source.id_header else locate.header_row(rows, source.id_header)
    if row is None:
        return _Sheet(folded, folded)
    printed = [" ".join(str(cell or "").split()) for cell in rows[row[0]][: len(folded)]]
    return _Sheet([*printed, *[""] * (len(folded) - len(printed))], folded)


class _Matching:
    """Lines and the columns found for them; no two lines share one."""

    def __init__(self, source: Source, basis: str, year: str, sheets: dict[str, _Sheet]) -> None:
        self._source, self._basis, self._year, self._sheets = source, basis, year, sheets
        self._found: dict[int, Proposed] = {}
        self._taken: set[tuple[str, int]] = set()

    def _parsed(self, text: str) -> locate.Locator:
        return locate.parse_locator(text, roles=roles_of(self._source), shape=self._source.shape)

    def _column(self, text: str) -> tuple[str, int] | None:
        """Sheet role and column of a locator, the first one of a range; None where it names none."""
        locator = self._parsed(text)
        sheet = self._sheets.get(locator.role)
        if sheet is None:
            return None
        heads = locate.Headers(sheet.folded, 0, Place(""))
        try:
            if locator.last:
                heads.find(locator, locator.last)
            return locator.role, heads.find(locator)
        except InputError:
            return None

    def _take(self, index: int, text: str, how: str) -> bool:
        """Give a line its column, if there is one and no other line has it."""
        column = self._column(text)
        if column is None or column in self._taken:
            return False
        line = self._source.lines[index]
        self._taken.add(column)
        self._found[index] = Proposed(line, line.locators.get(self._basis, ""), text, how)
        return True

    def _open(self) -> list[tuple[int, Line]]:
        return [(index, line) for index, line in enumerate(self._source.lines) if index not in self._found]

    def take_worded_as(self, before: str) -> None:
        """Lines that stand in the file as they are worded in the map's year `before`, or so but for the year."""
        for index, line in self._open():
            text = line.locators.get(before, "")
            held = line.locators.get(self._basis, "")
            how = SAME if before == self._basis else RENAMED if held else BACK
            if text and not self._take(index, text, how):
                self._take(index, moved(text, before, self._year), RENAMED if held else BACK)

    def take_alike(self) -> None:
        """Lines of the basis year whose header is one of those left when both are plain, or is near one alone."""
        for index, line in self._open():
            before = line.locators.get(self._basis, "")
            locator = self._parsed(before)
            sheet = self._sheets.get(locator.role)
            if not before or sheet is None or locator.last or locator.text.startswith("/"):
                continue
            head, how = self._alike(locator.text, locator.role, sheet)
            if head:
                several = f"#{locator.nth or 1}" if sheet.folded.count(fold(head)) > 1 else ""
                self._take(index, (f"{locator.role}: " if locator.role != "main" else "") + head + several, how)

    def _alike(self, text: str, role: str, sheet: _Sheet) -> tuple[str, str]:
        """The header meant, and how it was found; empty where none is, or where two are as near. What is only near has
        as many parts.
        """
        left: dict[str, str] = {}
        for place, head in enumerate(sheet.folded):
            if head and (role, place) not in self._taken:
                left.setdefault(head, sheet.printed[place])
        for bare in (undated, plain):
            equal = [head for head in left if bare(head) == bare(text)]
            if equal:
                return (left[equal[0]], RENAMED) if len(equal) == 1 else ("", "")
        wanted, parts = plain(text), text.count(PART)
        compared = difflib.SequenceMatcher(None, "", wanted)
        ratios = [(0.0, ""), (0.0, "")]
        for head in (one for one in left if one.count(PART) == parts):
            compared.set_seq1(plain(head))
            ratios.append((compared.ratio(), head))
        (first, head), (second, _) = sorted(ratios, reverse=True)[:2]
        return (left[head], ALIKE) if first >= NEAR and first - second >= AHEAD else ("", "")

    def proposed(self) -> tuple[Proposed, ...]:
        """Every line of the map in its order."""
        made: list[Proposed] = []
        for index, line in enumerate(self._source.lines):
            before = line.locators.get(self._basis, "")
            made.append(self._found.get(index) or Proposed(line, before, "", GONE if before else ABSENT))
        return tuple(made)

    def unused(self) -> tuple[str, ...]:
        """Headers of the main sheet that no line uses and that name no council."""
        sheet, source = self._sheets["main"], self._source
        keys = {fold(key.header) for key in source.keys} | {fold(source.id_header)}
        keys.add(fold(source.options.get("ons_header", "")))
        left = (
            sheet.printed[place]
            for place, head in enumerate(sheet.folded)
            if head and head not in keys and ("main", place) not in self._taken
        )
        return tuple(dict.fromkeys(left))
