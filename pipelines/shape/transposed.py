"""Transposed files: one column per authority, lines picked by the label columns on the left.

In: a book and what it was taken for. Out: a filled `FormData`.
"""

from __future__ import annotations

import re

from pipelines.areas.authorities import ENGLAND, Directory
from pipelines.cell_values import fold
from pipelines.declarations.catalogue import Table, map_of
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import Book, Row
from pipelines.shape import locate
from pipelines.shape.form_data import FormData
from pipelines.shape.recognise import Recognised
from pipelines.shape.row_reader import RowReader
from pipelines.shape.standardise import cell_at, empty_lines, finish_keys, locators_of, new_form, sheet_for, take_cells
from pipelines.shape.stated_unit import refuse_other_unit, taken_as


def _label_rows(rows: list[Row], heads: locate.Headers, labels: int, *, fill: bool) -> list[list[str]]:
    made, last = list[list[str]](), [""] * labels
    for row in rows[heads.data_from :]:
        texts = [fold(cell_at(row, index)) for index in range(labels)]
        if fill:
            texts = [text or before for text, before in zip(texts, last, strict=True)]
        last = texts
        made.append(texts)
    return made


def _line_rows(locator: locate.Locator, texts: list[list[str]], heads: locate.Headers, labels: int) -> list[int]:
    names = {head: index for index, head in enumerate(heads.texts[:labels])}
    for name, _ in locator.where:
        if fold(name) not in names:
            raise InputError(
                f"label column '{name}' is not there",
                place=heads.place,
                expected=", ".join(filter(None, names)),
                do=f"Correct {locator.cell}.",
            )
    where = [(names[fold(name)], locate.matcher(value)) for name, value in locator.where]
    found = [
        number
        for number, row in enumerate(texts, heads.data_from + 1)
        if all(fits(row[column]) for column, fits in where)
    ]
    if locator.total and found:
        return found
    described = " & ".join(f"{name}={value}" for name, value in locator.where)
    if not found or (len(found) > 1 and not locator.nth) or locator.nth > len(found):
        raise InputError(
            f"line '{described}' matches {len(found)} rows",
            place=heads.place,
            expected="one row",
            do=f"Correct {locator.cell}, or say which there with #1, #2 ...",
        )
    return [found[max(locator.nth, 1) - 1]]


def read_transposed(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    """One record per authority column of the main sheet; further sheets are joined to it by E-code.

    Columns stand for rows in the account. A line whose labels match no row, or several, is a problem of the form and is
    left out. Raises InputError when a sheet or the header row is not there.
    """
    source, form = taken.source, new_form(book, taken)
    chosen = locators_of(source, taken.financial_year)
    sheets = {
        role: sheet_for(book, source, role) for role in sorted({locator.role for locator in chosen.values()} | {"main"})
    }
    labels, fill = int(source.options["label_columns"]), bool(source.options.get("fill_labels"))
    reader = RowReader(taken, form, who, sheets["main"])
    columns: dict[str, dict[str, int]] = {}
    at: dict[int, list[int]] = {}
    for role, sheet in sheets.items():
        rows = book.rows(sheet)
        heads = locate.read_headers(rows, source, taken.financial_year, Place(book.name, sheet))
        refuse_other_unit(rows[: heads.data_from], taken_as(source, table, list(chosen)), heads.place, map_of(source))
        texts = _label_rows(rows, heads, labels, fill=fill)
        columns[role] = _authority_columns(heads, labels, reader if role == "main" else None, taken, who)
        for index, locator in chosen.items():
            if locator.role == role:
                try:
                    at[index] = _line_rows(locator, texts, heads, labels)
                except InputError as error:
                    form.problems.append(error)
    lines = empty_lines(taken, {index: chosen[index] for index in sorted(at)}, sheets)
    for index, line in lines.items():
        role, kind = chosen[index].role, table.column(line.column).type
        rows = [book.rows(sheets[role])[number - 1] for number in at[index]]
        for code in columns["main"]:
            column = columns[role].get(code, -1)
            cells = [cell_at(row, column) for row in rows] if column >= 0 else []
            take_cells(line, reader, cells, (at[index][0], column + 1) if cells else (0, 0), kind)
            line.added.append(max(len(cells), 1))
    finish_keys(form, [{"authority_code": code} for code in columns["main"]], table, taken.month)
    form.lines = list(lines.values())
    return form


def _authority_columns(
    heads: locate.Headers, labels: int, reader: RowReader | None, taken: Recognised, who: Directory
) -> dict[str, int]:
    columns: dict[str, int] = {}
    england = re.compile(taken.source.england or "england", re.IGNORECASE)
    for column, head in enumerate(heads.texts[labels:], labels):
        if not head:
            continue
        if reader is None:
            found = who.find(taken.source.id_system, head)
            code = ENGLAND if england.fullmatch(head) else found.code if found else None
        else:
            reader.form.count(read=1)
            code = reader.authority(head, [head], heads.data_from)
            if code is not None and reader.first_seen((code,), (column,), heads.data_from):
                reader.form.count(kept=1)
        if code is not None:
            columns.setdefault(code, column)
    return columns
