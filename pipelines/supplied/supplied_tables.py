"""Tables that users supply: what bodies said and promised, what documents explain, and the criteria in force.

In: CSV files of `data/reference/`, one for each declared table of layer "supplied", and those of the working folder
that add to them. Out: the same rows as tables of a
run. Refused, with file, row and column: another header, a row of another length, a needed cell that is empty, a value
that is not of the declared form, an area, year or day that does not exist, and two rows with one key. A file that is
not there is refused too: an empty one has a header.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pipelines.declarations.catalogue import tables
from pipelines.declarations.declared_files import named
from pipelines.errors import DefinitionError, InputError, Place, UserError
from pipelines.places import REFERENCE
from pipelines.supplied.strict_rows import MEND, Line, strict_rows
from pipelines.working_folder import with_own

LAYER = "supplied"
OURS = ("criteria", "published_shares")


def names() -> tuple[str, ...]:
    """The declared tables that users supply."""
    return tuple(name for name, table in tables().items() if table.layer == LAYER)


def _cells(path: Path) -> list[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines(keepends=True), strict=True))


def read_supplied_table(name: str, areas: Collection[str], folder: Path = REFERENCE) -> list[Line]:
    """One file's rows, sorted by key. Raises DefinitionError (what comes with us) or InputError."""
    key, first = tables()[name].key, dict[tuple[Any, ...], str]()
    found: list[Line] = []
    for path in with_own(folder / f"{name}.csv"):
        for row in _rows_of(path, name, areas):
            told = first.setdefault(tuple(row[column] for column in key), named(path))
            if told != named(path):
                what = f"the key {', '.join(str(row[column]) for column in key)[:80]} stands in {told} too"
                raise InputError(what, place=Place(named(path)), expected="each key once", do=MEND)
            found.append(row)
    return sorted(found, key=lambda row: tuple(row[column] for column in key))


def _rows_of(path: Path, name: str, areas: Collection[str]) -> list[Line]:
    """The rows of one file."""
    table, refusal = tables()[name], DefinitionError if name in OURS else InputError

    def refuse(what: str, *, row: int | None = None, expected: str = "") -> UserError:
        return refusal(what, place=Place(f"{name}.csv", row=row), expected=expected, do=MEND)

    try:
        lines = _cells(path)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise refuse(
            f"the file cannot be read ({error.__class__.__name__})", expected="UTF-8 CSV with a header"
        ) from error
    if not lines or tuple(lines[0]) != table.column_names:
        raise refuse("the header is another", row=1, expected=",".join(table.column_names))
    rows, problems = strict_rows(name, lines, file=f"{name}.csv", areas=areas)
    if problems:
        first = problems[0]
        raise refusal(first.what, place=first.place, expected=first.expected, do=first.do)
    return [row for _, row in rows]


def write_supplied(tables_folder: Path, folder: Path = REFERENCE) -> dict[str, int]:
    """Write the supplied tables beside the others of a run; the number of rows of each. Raises as reading does."""
    from pipelines.declarations.parquet import read_table, write_table

    areas = set(read_table(tables_folder, "area", ["area_code"])["area_code"])
    held = {name: read_supplied_table(name, areas, folder) for name in names()}
    for name, rows in held.items():
        columns = tables()[name].column_names
        write_table(name, {column: [row[column] for row in rows] for column in columns}, tables_folder)
    return {name: len(rows) for name, rows in held.items()}
