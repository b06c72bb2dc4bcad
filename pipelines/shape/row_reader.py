"""Whom each row of a file is about, and the account of rows: kept, quarantined, out of scope or declared not data.

In: the cells of a row. Out: its authority and key values. A row that cannot be placed is set aside with its place and
the reason; problems do not stop at the first, they are collected so that one run tells the user all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pipelines.areas.authorities import ENGLAND, Authority, Directory
from pipelines.cell_values import fold, may_mean, slug, text_of
from pipelines.declarations.catalogue import Key
from pipelines.errors import InputError, Place
from pipelines.financial_year import parse_month, parse_year
from pipelines.read.read_tabular import Row, column_letter
from pipelines.shape.form_data import VALUE_RULE, FormData, LineData, SetAside
from pipelines.shape.names_and_codes import NAME_CELLS, another_named, name_in_code, named
from pipelines.shape.recognise import Recognised

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
        self.is_return = self.source.kind == "return"
        self.everything = self.source.options.get("scope") == "all"
        self.seen: dict[tuple[str, ...], tuple[Any, ...]] = {}
        markers: dict[str, str] = self.source.options.get("missing", {})
        self.missing = {marker.casefold(): letter for marker, letter in markers.items()}

    def aside(self, rule: str, reason: str, row: int, value: str, column: str = "") -> None:
        """Set a row aside."""
        place = Place(self.form.file_name, self.sheet, row, column)
        self.form.aside.append(SetAside(rule, reason, place, value=value))
        self.form.count(quarantined=1)

    def value_aside(self, cell: Any, line: LineData, place: Place) -> None:
        """Set the next value of a line aside: its cell is no number; what it may mean is said, never used."""
        reason = f"'{text_of(cell)}' is neither a number nor a known marker for a missing value"
        guess = may_mean(cell)
        self.form.aside.append(
            SetAside(
                VALUE_RULE, f"{reason}; {guess}" if guess else reason, place, value=text_of(cell), column=line.label,
                whole_row=False, record=len(line.values),
            )
        )  # fmt: skip

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
            meant = named(row[:NAME_CELLS], self.who) if self.is_return else []
            if meant:
                self._refuse_code(f"'{text}' is no code, but the row names {meant[0].name}", meant[0], number, text)
            else:
                self.form.count(not_data=1)
            return None
        found = self.who.find(self.source.id_system, text)
        cells = [name_in_code(cell), *(item for item in row[:NAME_CELLS] if item is not cell)]
        other = another_named(cells, found, self.who) if found and self.is_return else None
        if found and other:
            reason = f"code {text} is that of {found.name}, but the row names {other.name}"
            self._refuse_code(reason, other, number, text)
            return None
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

    def _refuse_code(self, reason: str, meant: Authority, number: int, text: str) -> None:
        """Set a row aside whose name and code do not agree, and refuse its form: either may be the wrong one."""
        self.aside("LOAD-NAME", reason, number, text)
        self.form.problems.append(
            InputError(
                reason,
                place=Place(self.form.file_name, self.sheet, number),
                expected=f"code and name of one authority (the code of {meant.name} is {meant.code})",
                do="Ask the publisher which is right; a new spelling belongs in data/reference/area_names.csv.",
            )
        )

    def _check_ons(self, ons: Any, known: frozenset[str], name: str, number: int) -> None:
        code = text_of(ons) if ons is not None else ""
        if code and known and code not in known:
            self.form.fixes.append(
                f"{name}: ONS code {code} in row {number} is not one of its codes; its E-code was followed"
            )

    def hidden_rows(self, rows: dict[int, Row], data_from: int, column: int) -> None:
        """Set the hidden rows below the header aside where they are an authority's; the others are not data."""
        for number, row in rows.items():
            if number <= data_from or not any(map(text_of, row)):
                continue
            self.form.count(read=1)
            text = text_of(row[column]) if 0 <= column < len(row) else ""
            found = self.who.find(self.source.id_system, text)
            if found is not None and (found.social_care or self.everything):
                reason = f"the row of {found.name} is hidden, and what is hidden is not published"
                self.aside("LOAD-HIDDEN", reason, number, text)
            else:
                self.form.count(not_data=1)

    def first_seen(self, key: tuple[str, ...], content: tuple[Any, ...], number: int) -> bool:
        """True for a new record.

        A row that comes again is quarantined: as a repeat if its content is the same, as a contradiction (which is a
        problem of the form as well) if not.
        """
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
