"""From a recognised file to records and lines: which cells the column map names, what each says, and the finished form.

In: a book and what it was taken for. Out: the parts of a `FormData` that every shape has in common; `RowReader`
accounts for the rows. A cell that is not understood is set aside with its place.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from pipelines.cell_values import MISSING, fold, parse_number, text_of
from pipelines.declarations.catalogue import Source, Table, map_of
from pipelines.errors import InputError, Place
from pipelines.financial_year import of_month
from pipelines.read.read_tabular import WHOLE_FILE, Book, Row, column_letter
from pipelines.shape import locate
from pipelines.shape.form_data import FormData, LineData
from pipelines.shape.recognise import Recognised
from pipelines.shape.row_reader import RowReader


def sheet_for(book: Book, source: Source, role: str) -> str:
    """The one sheet that plays a role; hidden sheets play none.

    Raises InputError when no sheet does, when several do, and when a formula of the sheet has no stored value.
    """
    if book.sheet_names == (WHOLE_FILE,):
        return WHOLE_FILE
    declared = source.sheets.get(role, ".*")
    pattern = re.compile(declared, re.IGNORECASE)
    fitting = [name for name in book.sheet_names if pattern.fullmatch(name.strip())]
    if len(fitting) > 1:
        fitting = [name for name in fitting if _has_headers(book, name, source)] or fitting[:1]
    if len(fitting) > 1:
        raise InputError(
            f"{len(fitting)} sheets could be read: '" + "' and '".join(fitting) + "'",
            place=Place(book.name),
            expected=f"one sheet that matches '{declared}'",
            do="Take out the one that is not published; nothing is guessed between two.",
        )
    if not fitting:
        hidden = [name for name in book.hidden_sheets if pattern.fullmatch(name.strip())]
        raise InputError(
            f"no sheet matches '{declared}'" + (f"; sheet '{hidden[0]}' would, but it is hidden" if hidden else ""),
            place=Place(book.name),
            expected="a sheet of that name: only it is read of this publication",
            do="Give the publication's whole workbook; the sheets found are: " + ", ".join(book.sheet_names),
        )
    refuse_unvalued(book, fitting[0])
    return fitting[0]


def _has_headers(book: Book, sheet: str, source: Source) -> bool:
    """True when the headers by which the source is known stand among the first rows of a sheet."""
    found = {fold(cell) for row in book.head(sheet) for cell in row}
    return all(fold(head) in found for head in (*source.recognise.get("headers", ()), source.id_header) if head)


def refuse_unvalued(book: Book, sheet: str) -> None:
    """Refuse, with InputError, a sheet in which a formula has no stored value: a program wrote it, nobody opened it."""
    cells = book.not_shown[sheet].unvalued if sheet in book.not_shown else []
    if cells:
        more = f", and {len(cells) - 1:,} more" if len(cells) > 1 else ""
        raise InputError(
            f"cell {cells[0]} holds a formula without a value{more}",
            place=Place(book.name, sheet),
            expected="the value beside each formula",
            do="Open the file and save it in a spreadsheet program, which works the values out.",
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
    """Turn record dictionaries into the form's key columns, one value per record, empty where a record lacks the key.

    The month of a title becomes a key if the table has it; where the year is 'any', it is derived from the month.
    """
    for record in records:
        if month and "month" in table.key:
            record.setdefault("month", month)
        if "month" in record and form.financial_year == "any":
            record.setdefault("financial_year", of_month(record["month"]))
    names = list(dict.fromkeys(name for record in records for name in record))
    form.records = {name: [record.get(name, "") for record in records] for name in names}


def take_cells(line: LineData, reader: RowReader, cells: list[Any], at: tuple[int, int], kind: str) -> None:
    """Append a value to a line: one cell, or several added up (missing if any of them is).

    `at` is the 1-based (row, column) of the first cell, (0, 0) when the record has none. A cell that is not
    understood is set aside and its value left missing.
    """
    row, column = at
    reads = [read_value(cell, kind, line.scale, reader.missing) for cell in cells]
    for cell, (_, _, understood) in zip(cells, reads, strict=True):
        if not understood:
            reader.value_aside(cell, line, Place(reader.form.file_name, line.sheet, row, column_letter(column)))
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
    """Locators of the lines that exist in `year`, by line index, each with its cell of the column map."""
    found: dict[int, locate.Locator] = {}
    for index, text in year_columns(source, year).items():
        line = source.lines[index]
        cell = Place(map_of(source), row=line.row, column=year if year in line.locators else "any")
        locator = locate.parse_locator(text, roles=roles_of(source), shape=source.shape)
        found[index] = replace(locator, cell=str(cell))
    return found


def cell_at(row: Row, index: int) -> Any:
    """The cell at a 0-based column, or None outside the row."""
    return row[index] if 0 <= index < len(row) else None


def is_blank(row: Row) -> bool:
    """True when no cell of the row says anything."""
    return not any(text_of(cell) for cell in row)


def empty_lines(taken: Recognised, chosen: dict[int, locate.Locator], sheets: dict[str, str]) -> dict[int, LineData]:
    """Lines without values yet, by line index. `sheets` gives the sheet name of every role the locators use."""
    made: dict[int, LineData] = {}
    for index, locator in chosen.items():
        line = taken.source.lines[index]
        scale = taken.source.scale_of(line)
        made[index] = LineData(line.dims, line.column, sheets[locator.role], [], [], [], [], scale=scale)
    return made


def id_column(rows: list[Row], taken: Recognised) -> int:
    """0-based column of the authority's code or name; -1 when the source has none."""
    source = taken.source
    if "id_column" in source.options:
        return int(source.options["id_column"]) - 1
    if not source.id_header:
        return -1 if source.id_system == "none" else 0
    found = locate.header_row(rows, source.id_header)
    return found[1] if found else 0
