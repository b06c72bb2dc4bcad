"""Rows of a declared table from the lines of a CSV, read strictly, with every problem at once.

In: the lines (header first) of one declared table, and the areas there are. Out: rows by their row number, and an
InputError with file, row and column for each thing that is wrong. A row with a problem is not among the rows. Refused:
unknown and missing columns, a row of another length, a needed cell that is empty, a value that is not of the declared
form, an area, year or day that does not exist, and two rows with one key.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from pipelines.cell_values import hidden_in
from pipelines.declarations.catalogue import Column, Table, sources, tables
from pipelines.errors import InputError, Place
from pipelines.financial_year import parse_year, shift
from pipelines.supplied.cell_grammar import LONGEST, Fault, found, number

FIRST_YEAR, YEARS_AHEAD = "2007-08", 2
YEAR_COLUMNS = ("financial_year", "first_year", "last_year")
DAY_COLUMNS = ("date", "signed_on")
BOOLEANS = {"true": True, "false": False}
MEND = "Mend the row and run again."
Line = Mapping[str, Any]
"""A row: text as it stands; numbers and true or false as such, None where there is none."""


def last_year() -> str:
    """The last year that may be named: two after the last of any declared return."""
    return shift(max(year for source in sources().values() for year in source.years if year != "any"), YEARS_AHEAD)


def strict_rows(
    name: str, lines: list[list[str]], *, file: str, areas: Collection[str], twice: bool = False
) -> tuple[list[tuple[int, Line]], list[InputError]]:
    """(row number, row) of every good row of table `name`, and all problems. Rows without any entry are passed over.

    With `twice` rows of one key are all given, for callers that judge them.
    """
    table = tables()[name]
    heads = [cell.strip() for cell in lines[0]] if lines else []
    problems = _of_header(table, heads, file)
    if problems:
        return [], problems
    latest = last_year()
    rows: list[tuple[int, Line]] = []
    seen: dict[tuple[str, ...], int] = {}
    for at, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        place = Place(file, row=at)
        if len(cells) != len(heads):
            problems.append(_problem(Fault(f"the row has {len(cells)} cells", f"{len(heads)} cells"), place))
            continue
        held = dict(zip(heads, cells, strict=True))
        row, wrong = _row(table, held, areas=areas, latest=latest, place=place)
        problems += wrong
        if wrong:
            continue
        key = tuple(held[column] for column in table.key)
        if not twice and key in seen:
            what = f"the key {', '.join(key)[:80]} stands twice: in row {seen[key]} too"
            problems.append(_problem(Fault(what, "each key once"), place))
            continue
        seen[key] = at
        rows.append((at, row))
    return rows, problems


def _problem(fault: Fault, place: Place, column: str = "") -> InputError:
    where = Place(place.file, row=place.row, column=column)
    return InputError(fault.what, place=where, expected=fault.expected, do=MEND)


def _of_header(table: Table, heads: list[str], file: str) -> list[InputError]:
    unknown = [head for head in heads if head not in table.column_names]
    missing = [name for name in table.column_names if name not in heads]
    double = sorted({head for head in heads if head in table.column_names and heads.count(head) > 1})
    said = [f"'{head[:40]}' is no column of it" for head in unknown]
    said += [f"column '{head}' is missing" for head in missing]
    said += [f"column '{head}' stands twice" for head in double]
    expected = ",".join(table.column_names)
    return [_problem(Fault(f"the header is another: {what}", expected), Place(file, row=1)) for what in said]


def _row(
    table: Table, held: dict[str, str], *, areas: Collection[str], latest: str, place: Place
) -> tuple[Line, list[InputError]]:
    row: dict[str, Any] = {}
    problems: list[InputError] = []
    for column in table.columns:
        value = _value(column, held[column.name], areas, latest)
        if isinstance(value, Fault):
            problems.append(_problem(value, place, column.name))
        else:
            row[column.name] = value
    if not problems and "first_year" in row and row["last_year"] < row["first_year"]:
        what = f"{row['last_year']} lies before {row['first_year']}"
        problems.append(_problem(Fault(what, "the first year or a later one"), place, "last_year"))
    return row, problems


def _value(column: Column, text: str, areas: Collection[str], latest: str) -> Any:
    if not text.strip():
        if column.required:
            return Fault("the cell is empty", "a value")
        return text if column.type == "string" else None
    if hidden := hidden_in(text):
        return Fault(f"it holds the character {hidden}", "text that can be printed")
    if column.type == "string":
        return _of_text(column, text, areas, latest) or text
    if column.type == "bool":
        said = BOOLEANS.get(text.strip().lower())
        return Fault(found(text), "true or false") if said is None else said
    return _of_number(column, text.strip())


def _of_number(column: Column, text: str) -> float | int | Fault:
    value = number(text)
    if isinstance(value, Fault):
        return value
    if column.type == "int" and value != int(value):
        return Fault(found(text), "a whole number")
    if column.min is not None and value < column.min:
        return Fault(found(text), f"a number from {column.min:g} up")
    if column.max is not None and value > column.max:
        return Fault(found(text), f"a number up to {column.max:g}")
    return int(value) if column.type == "int" else value


def _of_text(column: Column, text: str, areas: Collection[str], latest: str) -> Fault | None:
    """What is wrong with a text, if anything is."""
    if column.enum and text not in column.enum:
        return Fault(found(text), "one of " + ", ".join(column.enum))
    if column.pattern and not re.fullmatch(column.pattern, text):
        return Fault(found(text), f"text of the form {column.pattern}")
    if column.name == "area_code" and text not in areas:
        return Fault(f"'{text}' is no area", "a code of data/reference/area.csv")
    if column.name in YEAR_COLUMNS and not (parse_year(text) == text and FIRST_YEAR <= text <= latest):
        return Fault(f"'{text}' is no year that is known", f"a financial year from {FIRST_YEAR} to {latest}")
    if column.name in DAY_COLUMNS and not _real_day(text):
        return Fault(f"there is no day '{text}'", "a day written 2026-05-01")
    if len(text) > LONGEST:
        return Fault(f"the text has {len(text):,} characters", f"at most {LONGEST:,}")
    return None


def _real_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
