"""Tables that users supply: what bodies said and promised, what documents explain, and the criteria in force.

In: CSV files of `data/reference/`, one for each declared table of layer "supplied". Out: the same rows as tables of a
run. Refused, with file, row and column: another header, a row of another length, a needed cell that is empty, a value
that is not of the declared form, an area, year or day that does not exist, and two rows with one key. A file that is
not there is refused too: an empty one has a header.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from pipelines.cell_values import hidden_in
from pipelines.declarations.catalogue import Column, Table, sources, tables
from pipelines.errors import DefinitionError, InputError, Place, UserError
from pipelines.financial_year import parse_year, shift
from pipelines.places import REFERENCE

LAYER = "supplied"
OURS = ("criteria", "published_shares")
LONGEST = 4000
FIRST_YEAR, YEARS_AHEAD = "2007-08", 2
YEAR_COLUMNS = ("financial_year", "first_year", "last_year")
DAY_COLUMNS = ("date", "signed_on")
Line = Mapping[str, str]
Fault = tuple[str, str]


def names() -> tuple[str, ...]:
    """The declared tables that users supply."""
    return tuple(name for name, table in tables().items() if table.layer == LAYER)


def last_year() -> str:
    """The last year that may be named: two after the last of any declared return."""
    return shift(max(year for source in sources().values() for year in source.years if year != "any"), YEARS_AHEAD)


def _real_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _fault(column: Column, value: str, areas: Collection[str], latest: str) -> Fault | None:
    """What is wrong with a cell and what is expected, if anything is."""
    if not value.strip():
        return ("the cell is empty", "a value") if column.required else None
    if hidden := hidden_in(value):
        return f"it holds the character {hidden}", "text that can be printed"
    found = f"found '{value[:60]}'"
    if column.enum and value not in column.enum:
        return found, "one of " + ", ".join(column.enum)
    if column.pattern and not re.fullmatch(column.pattern, value):
        return found, f"text of the form {column.pattern}"
    if column.name == "area_code" and value not in areas:
        return f"'{value}' is no area", "a code of data/reference/area.csv"
    if column.name in YEAR_COLUMNS and not (parse_year(value) == value and FIRST_YEAR <= value <= latest):
        return f"'{value}' is no year that is known", f"a financial year from {FIRST_YEAR} to {latest}"
    if column.name in DAY_COLUMNS and not _real_day(value):
        return f"there is no day '{value}'", "a day written 2026-05-01"
    if len(value) > LONGEST:
        return f"the text has {len(value):,} characters", f"at most {LONGEST:,}"
    return None


def _cells(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines(keepends=True), strict=True))


def read_supplied_table(name: str, areas: Collection[str], folder: Path = REFERENCE) -> list[Line]:
    """One file's rows, sorted by key. Raises DefinitionError (what comes with us) or InputError."""
    table, latest = tables()[name], last_year()

    def refuse(what: str, *, row: int | None = None, column: str = "", expected: str = "") -> UserError:
        refusal = DefinitionError if name in OURS else InputError
        return refusal(
            what,
            place=Place(f"{name}.csv", row=row, column=column),
            expected=expected,
            do="Mend the row and run again.",
        )

    try:
        lines = _cells(folder / f"{name}.csv")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise refuse(
            f"the file cannot be read ({error.__class__.__name__})", expected="UTF-8 CSV with a header"
        ) from error
    if not lines or tuple(lines[0]) != table.column_names:
        raise refuse("the header is another", row=1, expected=",".join(table.column_names))
    rows: dict[tuple[str, ...], Line] = {}
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(table.columns):
            raise refuse(f"the row has {len(cells)} cells", row=number, expected=f"{len(table.columns)} cells")
        row = dict(zip(table.column_names, cells, strict=True))
        for column in table.columns:
            if fault := _fault(column, row[column.name], areas, latest):
                raise refuse(fault[0], row=number, column=column.name, expected=fault[1])
        if "first_year" in row and row["last_year"] < row["first_year"]:
            what = f"{row['last_year']} lies before {row['first_year']}"
            raise refuse(what, row=number, column="last_year", expected="the first year or a later one")
        key = _key(table, row)
        if key in rows:
            raise refuse(f"the key {', '.join(key)[:80]} stands twice", row=number, expected="each key once")
        rows[key] = row
    return [rows[key] for key in sorted(rows)]


def _key(table: Table, row: Line) -> tuple[str, ...]:
    return tuple(row[column] for column in table.key)


def write_supplied(tables_folder: Path, folder: Path = REFERENCE) -> dict[str, int]:
    """Write the supplied tables beside the others of a run; the number of rows of each. Raises as reading does."""
    from pipelines.declarations.parquet import read_table, write_table

    areas = set(read_table(tables_folder, "area", ["area_code"])["area_code"])
    held = {name: read_supplied_table(name, areas, folder) for name in names()}
    for name, rows in held.items():
        columns = tables()[name].column_names
        write_table(name, {column: [row[column] for row in rows] for column in columns}, tables_folder)
    return {name: len(rows) for name, rows in held.items()}
