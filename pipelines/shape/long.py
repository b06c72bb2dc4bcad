"""Long files: one row per authority and item, picked by conditions on label columns; and lookups, whose rows are
counted.

In: a book and what it was taken for. Out: a filled `FormData`.
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines.areas.authorities import Directory
from pipelines.cell_values import fold, text_of
from pipelines.declarations.catalogue import Table, map_of
from pipelines.errors import Place
from pipelines.read.read_tabular import Book, Row
from pipelines.shape import locate
from pipelines.shape.form_data import FormData, LineData
from pipelines.shape.recognise import Recognised
from pipelines.shape.row_reader import PARSERS, RowReader
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
from pipelines.shape.stated_unit import refuse_other_unit, taken_as


def _matching(row: Row, where: list[tuple[int, Callable[[str], bool]]]) -> bool:
    return all(fits(fold(cell_at(row, column))) for column, fits in where)


def read_long(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    """One record per authority (and keys of the row); a line takes the row, or adds up the rows, its conditions pick.

    Rows that no line asks for are out of scope. Raises InputError when the sheet, the header row or a column is not
    there.
    """
    source, form = taken.source, new_form(book, taken)
    chosen = locators_of(source, taken.financial_year)
    sheet = sheet_for(book, source, "main")
    rows, place = book.rows(sheet), Place(book.name, sheet)
    heads = locate.read_headers(rows, source, taken.financial_year, place)
    refuse_other_unit(rows[: heads.data_from], taken_as(source, table, list(chosen)), place, map_of(source))
    identity = id_column(rows, taken)
    reader = RowReader(taken, form, who, sheet)
    reader.hidden_rows(book.hidden_rows(sheet), heads.data_from, identity)
    keys = heads.find_keys(source)
    columns = heads.find_all(chosen)
    where = {
        index: [
            (heads.find(locate.Locator("main", name, 0), name), locate.matcher(value)) for name, value in locator.where
        ]
        for index, locator in chosen.items()
    }
    records: dict[tuple[str, ...], dict[str, str]] = {}
    found: dict[tuple[tuple[str, ...], int], list[int]] = {}
    for number, row in enumerate(rows[heads.data_from :], heads.data_from + 1):
        if is_blank(row):
            continue
        form.count(read=1)
        wanted = [index for index, conditions in where.items() if _matching(row, conditions)]
        if not wanted:
            form.count(out_of_scope=1)
            continue
        code = reader.authority(cell_at(row, identity), row, number)
        extra = reader.keys(row, keys, number) if code is not None else None
        if code is None or extra is None:
            continue
        key = (code, *extra.values())
        single = [index for index in wanted if not chosen[index].total]
        content = tuple(text_of(cell_at(row, columns[index])) for index in single)
        if single and not reader.first_seen((*key, str(single)), content, number):
            continue
        form.count(kept=1)
        records.setdefault(key, {"authority_code": code, **extra})
        for index in wanted:
            found.setdefault((key, index), []).append(number)
    lines = empty_lines(taken, chosen, {"main": sheet})
    for index, line in lines.items():
        kind = table.column(line.column).type
        for key in records:
            numbers = found.get((key, index), [])
            cells = [cell_at(rows[number - 1], columns[index]) for number in numbers]
            take_cells(line, reader, cells, (numbers[0], columns[index] + 1) if numbers else (0, 0), kind)
            line.added.append(max(len(numbers), 1))
    finish_keys(form, list(records.values()), table, taken.month)
    form.lines = list(lines.values())
    return form


def read_counted(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    """One record per combination of the key columns, sorted; its only line is the number of rows that have it.

    A row with a code missing is quarantined. Raises InputError when the sheet, the header row or a key column is not
    there.
    """
    source, form = taken.source, new_form(book, taken)
    sheet = sheet_for(book, source, "main")
    rows = book.rows(sheet)
    heads = locate.read_headers(rows, source, taken.financial_year, Place(book.name, sheet))
    reader = RowReader(taken, form, who, sheet)
    keys = heads.find_keys(source)
    counts: dict[tuple[str, ...], list[int]] = {}
    for number, row in enumerate(rows[heads.data_from :], heads.data_from + 1):
        if is_blank(row):
            continue
        form.count(read=1)
        values = tuple(PARSERS[key.parse](cell_at(row, position)) or "" for key, position in keys)
        if not all(values):
            reader.aside("LOAD-KEY", "a code is missing", number, "/".join(values))
            continue
        form.count(kept=1)
        counts.setdefault(values, [0, number])[0] += 1
    ordered = sorted(counts)
    line = LineData(
        source.lines[0].dims,
        source.lines[0].column,
        sheet,
        [float(counts[key][0]) for key in ordered],
        [""] * len(ordered),
        [counts[key][1] for key in ordered],
        [keys[0][1] + 1] * len(ordered),
    )
    finish_keys(
        form, [dict(zip((key.column for key, _ in keys), values, strict=True)) for values in ordered], table, ""
    )
    form.lines = [line]
    return form
