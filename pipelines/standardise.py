"""From a recognised file to records and lines: who each row is about, which cells the column map names, what each cell says.

In: a book and what it was taken for. Out: a `FormData` in which every row read is kept, quarantined, out of scope or declared not data.
Problems do not stop at the first: they are collected so that one run tells the user all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pipelines import locate
from pipelines.authorities import ENGLAND, Directory
from pipelines.catalogue import Key, Source, Table
from pipelines.cell_values import MISSING, fold, parse_number, slug, text_of
from pipelines.errors import InputError, Place
from pipelines.financial_year import of_month, parse_month, parse_year
from pipelines.form_data import FormData, LineData, SetAside
from pipelines.read_tabular import WHOLE_FILE, Book, Row, column_letter
from pipelines.recognise import Recognised

PARSERS: dict[str, Callable[[Any], str | None]] = {
    "text": lambda cell: text_of(cell) or None,
    "slug": lambda cell: slug(cell) or None,
    "month": lambda cell: parse_month(text_of(cell)),
    "financial_year": lambda cell: parse_year(text_of(cell)),
    "financial_year_end": lambda cell: parse_year(text_of(cell), single="end"),
    "calendar_year": lambda cell: text_of(cell) if re.fullmatch(r"\d{4}", text_of(cell)) else None,
    "int": lambda cell: text_of(cell) if re.fullmatch(r"\d+", text_of(cell)) else None,
}


class RowReader:
    """Decides what each row is and accounts for it. One per file."""

    def __init__(self, taken: Recognised, form: FormData, who: Directory, sheet: str) -> None:
        self.source, self.form, self.who, self.sheet = taken.source, form, who, sheet
        self.accept = re.compile(self.source.id_accept, re.IGNORECASE) if self.source.id_accept else None
        self.england = re.compile(self.source.england, re.IGNORECASE) if self.source.england else None
        self.everything = self.source.options.get("scope") == "all"
        self.seen: dict[tuple[str, ...], tuple[Any, ...]] = {}
        markers: dict[str, str] = self.source.options.get("missing", {})
        self.missing = {marker.casefold(): letter for marker, letter in markers.items()}
        self.scale = float(self.source.options.get("scale", 1.0))

    def aside(self, rule: str, reason: str, row: int, value: str, column: str = "", *, whole: bool = True) -> None:
        place = Place(self.form.file_name, self.sheet, row, column)
        self.form.aside.append(SetAside(rule, reason, place, value=value, whole_row=whole))
        if whole:
            self.form.count(quarantined=1)

    def is_england(self, cell: Any, row: Row) -> bool:
        """True for the row of England's totals, which says so in its id or in one of its first six cells."""
        return self.england is not None and any(self.england.fullmatch(fold(item)) for item in (cell, *row[:6]))

    def identity(self, cell: Any, row: Row) -> str:
        """What joins the rows of one record over several sheets; empty when the row has no identity."""
        return ENGLAND if self.is_england(cell, row) else fold(cell)

    def authority(self, cell: Any, row: Row, number: int, ons: Any = None) -> str | None:
        """E-code of the row's authority, ENG for England, or None when the row has been accounted for otherwise."""
        text = text_of(cell)
        if self.is_england(cell, row):
            return ENGLAND
        if not text or (self.accept and not self.accept.fullmatch(text)):
            self.form.count(not_data=1)
            return None
        found = self.who.find(self.source.id_system, text)
        if found is None:
            reason = f"'{text}' is not a known authority"
            self.aside("LOAD-AUTHORITY", reason, number, text)
            self.form.problems.append(
                InputError(
                    reason,
                    place=Place(self.form.file_name, self.sheet, number),
                    expected="a code or name in data/reference/area_authority.csv",
                    do="Add the code there, or the spelling to data/reference/area_names.csv.",
                )
            )
            return None
        if not (found.social_care or self.everything):
            self.form.count(out_of_scope=1)
            return None
        self._check_ons(ons, found.ons_codes, found.name, number)
        return found.code

    def _check_ons(self, ons: Any, known: frozenset[str], name: str, number: int) -> None:
        code = text_of(ons) if ons is not None else ""
        if code and known and code not in known:
            self.form.fixes.append(
                f"{name}: ONS code {code} in row {number} is not one of its codes; its E-code was followed"
            )

    def first_seen(self, key: tuple[str, ...], content: tuple[Any, ...], number: int) -> bool:
        """True for a new record. A repeat is quarantined: said to be a repeat if its content is the same, a contradiction if not."""
        if key not in self.seen:
            self.seen[key] = content
            return True
        same = self.seen[key] == content
        named = "/".join(filter(None, key))
        reason = f"{named} stands twice, " + ("with the same content" if same else "with different content")
        self.aside("LOAD-REPEAT" if same else "LOAD-CONTRADICTION", reason, number, named)
        if not same:
            self.form.problems.append(
                InputError(
                    reason,
                    place=Place(self.form.file_name, self.sheet, number),
                    expected="one row for each authority",
                    do="Ask the publisher which row holds; the first was read.",
                )
            )
        return False

    def keys(self, row: Row, positions: list[tuple[Key, int]], number: int) -> dict[str, str] | None:
        """Key values standing in the row, or None when one cannot be read and the row was quarantined."""
        found: dict[str, str] = {}
        for key, position in positions:
            cell = row[position] if position < len(row) else None
            value = PARSERS[key.parse](cell)
            if value is None:
                reason = f"'{text_of(cell)}' cannot be read as {key.parse.replace('_', ' ')} for {key.column}"
                self.aside("LOAD-KEY", reason, number, text_of(cell), column_letter(position + 1))
                return None
            found[key.column] = value
        return found


def sheet_for(book: Book, source: Source, role: str) -> str:
    """The sheet that plays a role. Raises InputError when none does."""
    if book.sheet_names == (WHOLE_FILE,):
        return WHOLE_FILE
    pattern = re.compile(source.sheets.get(role, ".*"), re.IGNORECASE)
    for name in book.sheet_names:
        if pattern.fullmatch(name.strip()):
            return name
    raise InputError(
        f"no sheet matches '{source.sheets.get(role)}'",
        place=Place(book.name),
        expected="one of the sheets the source declares",
        do="The sheets found are: " + ", ".join(book.sheet_names),
    )


def read_value(cell: Any, kind: str, scale: float, missing: dict[str, str]) -> tuple[Any, str, bool]:
    """(value, status letter, understood) of a cell for a column of type `kind`."""
    if kind == "string":
        text = text_of(cell)
        marker = text.casefold()
        missing_mark = not text or (marker.startswith("[") and marker in MISSING)
        return (None, MISSING[marker], True) if missing_mark else (text, "", True)
    value, status, understood = parse_number(cell, missing=missing)
    return (value * scale if value is not None and scale != 1.0 else value), status, understood


def year_columns(source: Source, year: str) -> dict[int, str]:
    """Index of every mapped line that exists in `year` and its locator text."""
    found: dict[int, str] = {}
    for index, line in enumerate(source.lines):
        locator = line.locators.get(year) or line.locators.get("any")
        if locator:
            found[index] = locator
    return found


def new_form(book: Book, taken: Recognised) -> FormData:
    """An empty FormData for a file."""
    return FormData(
        source=taken.source.code,
        table=taken.source.table,
        financial_year=taken.financial_year,
        release=taken.release,
        file_name=book.name,
        sha256=book.sha256,
        input_sha256=book.sha256,
        records={},
        lines=[],
    )


def finish_keys(form: FormData, records: list[dict[str, str]], table: Table, month: str) -> None:
    """Turn record dictionaries into key columns; the month of a title becomes a key, the financial year of a month is derived."""
    for record in records:
        if month and "month" in table.key:
            record.setdefault("month", month)
        if "month" in record and form.financial_year == "any":
            record.setdefault("financial_year", of_month(record["month"]))
    names = list(dict.fromkeys(name for record in records for name in record))
    form.records = {name: [record.get(name, "") for record in records] for name in names}


def take_cells(line: LineData, reader: RowReader, cells: list[Any], at: tuple[int, int], kind: str) -> None:
    """Append a value to a line: one cell, or several added up (missing if any of them is). `at` is (row, column) of the first.

    A cell that is not understood is set aside and its value left missing.
    """
    row, column = at
    reads = [read_value(cell, kind, reader.scale, reader.missing) for cell in cells]
    for cell, (_, _, understood) in zip(cells, reads, strict=True):
        if not understood:
            reason = f"'{text_of(cell)}' is neither a number nor a known marker for a missing value"
            reader.aside("LOAD-VALUE", reason, row, text_of(cell), column_letter(column), whole=False)
    values = [value for value, _, _ in reads]
    missing = not values or any(value is None for value in values)
    line.values.append(None if missing else values[0] if len(values) == 1 else sum(values))
    line.statuses.append(next((status for _, status, _ in reads if status), "x" if missing else ""))
    line.rows.append(row)
    line.columns.append(column)


def roles_of(source: Source) -> frozenset[str]:
    """Sheet roles that a locator of this source may name."""
    return frozenset(source.sheets) | {"main"}


def locators_of(source: Source, year: str) -> dict[int, locate.Locator]:
    """Locators of the lines that exist in `year`, by line index."""
    return {
        index: locate.parse_locator(text, roles=roles_of(source), shape=source.shape)
        for index, text in year_columns(source, year).items()
    }


def cell_at(row: Row, index: int) -> Any:
    return row[index] if 0 <= index < len(row) else None


def is_blank(row: Row) -> bool:
    return not any(text_of(cell) for cell in row)


def empty_lines(taken: Recognised, chosen: dict[int, locate.Locator], sheets: dict[str, str]) -> dict[int, LineData]:
    lines = taken.source.lines
    return {
        index: LineData(lines[index].dims, lines[index].column, sheets[locator.role], [], [], [], [])
        for index, locator in chosen.items()
    }


def id_column(rows: list[Row], taken: Recognised) -> int:
    source = taken.source
    if "id_column" in source.options:
        return int(source.options["id_column"]) - 1
    if not source.id_header:
        return -1 if source.id_system == "none" else 0
    found = locate.header_row(rows, source.id_header)
    return found[1] if found else 0
