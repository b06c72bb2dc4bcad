"""Grids: one row per record (an authority, or an authority in a month), columns found by header text, on one sheet or
several.

In: a book and what it was taken for. Out: a filled `FormData`.
"""

from __future__ import annotations

import re

from pipelines.areas.authorities import Directory
from pipelines.cell_values import fold, text_of
from pipelines.declarations.catalogue import Table, map_of
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import Book, Row
from pipelines.shape import locate
from pipelines.shape.form_data import FormData
from pipelines.shape.recognise import Recognised
from pipelines.shape.row_reader import RowReader
from pipelines.shape.standardise import (
    cell_at,
    empty_lines,
    finish_keys,
    id_column,
    is_blank,
    locators_of,
    new_form,
    sheet_for,
    take_cells,
)
from pipelines.shape.stated_unit import refuse_other_basis, refuse_other_unit, taken_as


def read_grid(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    """One record per row of the main sheet; further sheets are joined to it by the row's identity.

    A column that is missing or not unique is a problem of the form and its line is left out. Raises InputError when a
    sheet, the header row or a key column is not there.
    """
    source, form = taken.source, new_form(book, taken)
    chosen = locators_of(source, taken.financial_year)
    sheets = {
        role: sheet_for(book, source, role) for role in sorted({locator.role for locator in chosen.values()} | {"main"})
    }
    heads = {
        role: locate.read_headers(book.rows(sheet), source, taken.financial_year, Place(book.name, sheet))
        for role, sheet in sheets.items()
    }
    positions = _positions(chosen, heads, form)
    reader = RowReader(taken, form, who, sheets["main"])
    unit = taken_as(source, table, list(chosen))
    for role, sheet in sheets.items():
        refuse_other_unit(book.rows(sheet)[: heads[role].data_from], unit, Place(book.name, sheet), map_of(source))
    refuse_other_basis(book.rows(sheets["main"])[: heads["main"].data_from], source, Place(book.name, sheets["main"]))
    identity = id_column(book.rows(sheets["main"]), taken)
    reader.hidden_rows(book.hidden_rows(sheets["main"]), heads["main"].data_from, identity)
    kept = _grid_records(book.rows(sheets["main"]), heads["main"], positions, reader, taken)
    other = {
        role: _rows_by_id(book.rows(sheet), heads[role].data_from, taken, reader)
        for role, sheet in sheets.items()
        if role != "main"
    }
    lines = empty_lines(taken, {index: chosen[index] for index in positions}, sheets)
    for index, (role, column, span) in positions.items():
        kind, rows = table.column(source.lines[index].column).type, book.rows(sheets[role])
        lines[index].span = span
        for number, identity, _ in kept:
            at = number if role == "main" else other[role].get(identity, 0)
            row = rows[at - 1] if at else []
            cells = [cell_at(row, each) for each in range(column, column + span)]
            take_cells(lines[index], reader, cells, (at, column + 1 if at else 0), kind)
    finish_keys(form, [record for _, _, record in kept], table, taken.month)
    form.lines = list(lines.values())
    return form


def _positions(
    chosen: dict[int, locate.Locator], heads: dict[str, locate.Headers], form: FormData
) -> dict[int, tuple[str, int, int]]:
    positions: dict[int, tuple[str, int, int]] = {}
    for index, locator in chosen.items():
        try:
            first = heads[locator.role].find(locator)
            span = heads[locator.role].find(locator, locator.last) - first + 1 if locator.last else 1
        except InputError as error:
            form.problems.append(error)
        else:
            positions[index] = (locator.role, first, span)
    return positions


def _grid_records(
    rows: list[Row],
    heads: locate.Headers,
    positions: dict[int, tuple[str, int, int]],
    reader: RowReader,
    taken: Recognised,
) -> list[tuple[int, str, dict[str, str]]]:
    source, kept = taken.source, list[tuple[int, str, dict[str, str]]]()
    identity = id_column(rows, taken)
    keys = heads.find_keys(source)
    ons = (
        heads.find(locate.Locator("main", source.options["ons_header"], 0))
        if "ons_header" in source.options and (fold(source.options["ons_header"]) in heads.texts)
        else -1
    )
    footer = re.compile(source.options["footer"], re.IGNORECASE) if "footer" in source.options else None
    main = [column for role, column, _ in positions.values() if role == "main"]
    ended = False
    for offset, row in enumerate(rows[heads.data_from :]):
        number = heads.data_from + offset + 1
        if is_blank(row):
            continue
        reader.form.count(read=1)
        ended = ended or bool(footer and footer.search(fold(cell_at(row, 0))))
        if ended:
            reader.form.count(not_data=1)
            continue
        record: dict[str, str] = {}
        if source.id_system != "none":
            code = reader.authority(cell_at(row, identity), row, number, cell_at(row, ons) if ons >= 0 else None)
            if code is None:
                continue
            record["authority_code"] = code
        elif reader.accept and not reader.accept.fullmatch(text_of(cell_at(row, identity))):
            reader.form.count(not_data=1)
            continue
        found = reader.keys(row, keys, number)
        if found is None:
            continue
        record |= found
        if reader.first_seen(tuple(record.values()), tuple(text_of(cell_at(row, column)) for column in main), number):
            reader.form.count(kept=1)
            kept.append((number, reader.identity(cell_at(row, identity), row), record))
    return kept


def _rows_by_id(rows: list[Row], data_from: int, taken: Recognised, reader: RowReader) -> dict[str, int]:
    column, found = id_column(rows, taken), dict[str, int]()
    for number, row in enumerate(rows[data_from:], data_from + 1):
        identity = reader.identity(cell_at(row, column), row)
        if identity:
            found.setdefault(identity, number)
    return found
