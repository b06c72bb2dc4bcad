"""The file shapes: one row per authority (grid), one column per authority (transposed), one row per item (long), counted rows.

In: a book and what it was taken for. Out: a filled `FormData`. A new shape is the only reason to write Python for a new file.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines import locate
from pipelines.authorities import Directory
from pipelines.catalogue import Table
from pipelines.cell_values import fold, text_of
from pipelines.errors import InputError, Place
from pipelines.form_data import FormData, LineData
from pipelines.read_tabular import Book, Row
from pipelines.recognise import Recognised
from pipelines.standardise import (
    PARSERS, RowReader, finish_keys, locators_of, new_form, read_value, sheet_for, take_value,
)


def _cell(row: Row, index: int) -> Any:
    return row[index] if 0 <= index < len(row) else None


def _blank(row: Row) -> bool:
    return not any(text_of(cell) for cell in row)


def _empty_lines(taken: Recognised, chosen: dict[int, locate.Locator], sheets: dict[str, str]) -> dict[int, LineData]:
    lines = taken.source.lines
    return {
        index: LineData(lines[index].dims, lines[index].column, sheets[locator.role], [], [], [], [])
        for index, locator in chosen.items()
    }


def read_form(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    """Standardise a file by its source's shape. Raises InputError when its layout is not what the source declares."""
    reader = {"transposed": _transposed, "long": _long, "lookup_count": _counted}.get(taken.source.shape, _grid)
    form = reader(book, taken, table, who)
    form.counts.check(Place(form.file_name))
    if not form.size and not form.problems:
        raise InputError("no row of data was found", place=Place(form.file_name), expected=f"rows of {table.title}",
                         do="The file may be cut short.")
    return form


def _id_column(rows: list[Row], taken: Recognised) -> int:
    source = taken.source
    if "id_column" in source.options:
        return int(source.options["id_column"]) - 1
    if not source.id_header:
        return -1
    found = locate.header_row(rows, source.id_header)
    return found[1] if found else 0


def _total(row: Row, column: int, span: int, read: tuple[Any, str, bool], missing: dict[str, str]) -> tuple[Any, str, bool]:
    value, status, understood = read
    for index in range(column + 1, column + span):
        more, letter, known = read_value(_cell(row, index), "float", 1.0, missing)
        value = None if value is None or more is None else value + more
        status, understood = status or letter, understood and known
    return value, status, understood


def _grid(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    source, form = taken.source, new_form(book, taken)
    chosen = locators_of(source, taken.financial_year)
    sheets = {role: sheet_for(book, source, role) for role in {locator.role for locator in chosen.values()} | {"main"}}
    heads = {
        role: locate.read_headers(book.rows(sheet), source, taken.financial_year, Place(book.name, sheet)) for role, sheet in sheets.items()
    }
    positions = _positions(chosen, heads, form)
    reader = RowReader(taken, form, who, sheets["main"])
    kept = _grid_records(book.rows(sheets["main"]), heads["main"], positions, reader, taken)
    other = {role: _rows_by_id(book.rows(sheet), heads[role].data_from, taken) for role, sheet in sheets.items() if role != "main"}
    lines = _empty_lines(taken, {index: chosen[index] for index in positions}, sheets)
    missing, scale = source.options.get("missing", {}), float(source.options.get("scale", 1.0))
    for index, (role, column, span) in positions.items():
        kind, rows = table.column(source.lines[index].column).type, book.rows(sheets[role])
        lines[index].span = span
        for number, identity, _ in kept:
            at = number if role == "main" else other[role].get(identity, 0)
            row = rows[at - 1] if at else []
            cell = _cell(row, column)
            read = read_value(cell, kind, scale, missing)
            take_value(lines[index], reader, cell, _total(row, column, span, read, missing) if span > 1 else read, at, column + 1)
    finish_keys(form, [record for _, _, record in kept], table, taken.month)
    form.lines = list(lines.values())
    return form


def _positions(chosen: dict[int, locate.Locator], heads: dict[str, locate.Headers], form: FormData) -> dict[int, tuple[str, int, int]]:
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
    rows: list[Row], heads: locate.Headers, positions: dict[int, tuple[str, int, int]], reader: RowReader, taken: Recognised
) -> list[tuple[int, str, dict[str, str]]]:
    source, kept = taken.source, list[tuple[int, str, dict[str, str]]]()
    identity = _id_column(rows, taken)
    keys = [(key, heads.find(locate.Locator("main", key.header, 0), key.header)) for key in source.keys]
    ons = heads.find(locate.Locator("main", source.options["ons_header"], 0)) if "ons_header" in source.options and (
        fold(source.options["ons_header"]) in heads.texts) else -1
    footer = re.compile(source.options["footer"], re.IGNORECASE) if "footer" in source.options else None
    main = [column for role, column, _ in positions.values() if role == "main"]
    ended = False
    for offset, row in enumerate(rows[heads.data_from :]):
        number = heads.data_from + offset + 1
        if _blank(row):
            continue
        reader.form.count(read=1)
        ended = ended or bool(footer and footer.search(fold(_cell(row, 0))))
        if ended:
            reader.form.count(not_data=1)
            continue
        record: dict[str, str] = {}
        if source.id_system != "none":
            code = reader.authority(_cell(row, identity), row, number, _cell(row, ons) if ons >= 0 else None)
            if code is None:
                continue
            record["authority_code"] = code
        found = reader.keys(row, keys, number)
        if found is None:
            continue
        record |= found
        if reader.first_seen(tuple(record.values()), tuple(text_of(_cell(row, column)) for column in main), number):
            reader.form.count(kept=1)
            kept.append((number, fold(_cell(row, identity)) if identity >= 0 else str(number), record))
    return kept


def _rows_by_id(rows: list[Row], data_from: int, taken: Recognised) -> dict[str, int]:
    identity, found = _id_column(rows, taken), dict[str, int]()
    for number, row in enumerate(rows[data_from:], data_from + 1):
        found.setdefault(fold(_cell(row, identity)), number)
    return found


def _matching(row: Row, where: list[tuple[int, str]]) -> bool:
    return all(fold(_cell(row, column)) == wanted for column, wanted in where)


def _long(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    source, form = taken.source, new_form(book, taken)
    chosen = locators_of(source, taken.financial_year)
    sheet = sheet_for(book, source, "main")
    rows, place = book.rows(sheet), Place(book.name, sheet)
    heads = locate.read_headers(rows, source, taken.financial_year, place)
    identity = _id_column(rows, taken)
    reader = RowReader(taken, form, who, sheet)
    keys = [(key, heads.find(locate.Locator("main", key.header, 0), key.header)) for key in source.keys]
    columns = {index: heads.find(locator) for index, locator in chosen.items()}
    where = {
        index: [(heads.find(locate.Locator("main", name, 0), name), fold(value)) for name, value in locator.where]
        for index, locator in chosen.items()
    }
    records: dict[tuple[str, ...], dict[str, str]] = {}
    found: dict[tuple[tuple[str, ...], int], int] = {}
    for number, row in enumerate(rows[heads.data_from :], heads.data_from + 1):
        if _blank(row):
            continue
        form.count(read=1)
        wanted = [index for index, conditions in where.items() if _matching(row, conditions)]
        if not wanted:
            form.count(out_of_scope=1)
            continue
        code = reader.authority(_cell(row, identity), row, number)
        extra = reader.keys(row, keys, number) if code is not None else None
        if code is None or extra is None:
            continue
        key = (code, *extra.values())
        if reader.first_seen((*key, *(str(index) for index in wanted)), tuple(text_of(_cell(row, columns[i])) for i in wanted), number):
            form.count(kept=1)
            records.setdefault(key, {"authority_code": code, **extra})
            found |= {(key, index): number for index in wanted}
    lines = _empty_lines(taken, chosen, {"main": sheet})
    missing, scale = source.options.get("missing", {}), float(source.options.get("scale", 1.0))
    for index, line in lines.items():
        kind = table.column(line.column).type
        for key in records:
            number = found.get((key, index), 0)
            cell = _cell(rows[number - 1], columns[index]) if number else None
            take_value(line, reader, cell, read_value(cell, kind, scale, missing), number, columns[index] + 1 if number else 0)
    finish_keys(form, list(records.values()), table, taken.month)
    form.lines = list(lines.values())
    return form


def _label_rows(rows: list[Row], heads: locate.Headers, labels: int, *, fill: bool) -> list[list[str]]:
    made, last = list[list[str]](), [""] * labels
    for row in rows[heads.data_from :]:
        texts = [fold(_cell(row, index)) for index in range(labels)]
        if fill:
            texts = [text or before for text, before in zip(texts, last, strict=True)]
        last = texts
        made.append(texts)
    return made


def _transposed_row(locator: locate.Locator, texts: list[list[str]], heads: locate.Headers, labels: int) -> int:
    names = {head: index for index, head in enumerate(heads.texts[:labels])}
    for name, _ in locator.where:
        if fold(name) not in names:
            raise InputError(f"label column '{name}' is not there", place=heads.place, expected=", ".join(filter(None, names)))
    where = [(names[fold(name)], fold(value)) for name, value in locator.where]
    found = [index for index, row in enumerate(texts) if all(row[column] == wanted for column, wanted in where)]
    described = " & ".join(f"{name}={value}" for name, value in locator.where)
    if not found or (len(found) > 1 and not locator.nth) or locator.nth > len(found):
        raise InputError(f"line '{described}' matches {len(found)} rows", place=heads.place, expected="one row",
                         do="Correct the column map, or say which with #1, #2 ...")
    return found[max(locator.nth, 1) - 1] + heads.data_from + 1


def _transposed(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    source, form = taken.source, new_form(book, taken)
    chosen = locators_of(source, taken.financial_year)
    sheets = {role: sheet_for(book, source, role) for role in {locator.role for locator in chosen.values()} | {"main"}}
    labels, fill = int(source.options["label_columns"]), bool(source.options.get("fill_labels"))
    reader = RowReader(taken, form, who, sheets["main"])
    columns: dict[str, dict[str, int]] = {}
    at: dict[int, int] = {}
    for role, sheet in sheets.items():
        rows = book.rows(sheet)
        heads = locate.read_headers(rows, source, taken.financial_year, Place(book.name, sheet))
        texts = _label_rows(rows, heads, labels, fill=fill)
        columns[role] = _authority_columns(heads, labels, reader if role == "main" else None, taken, who)
        for index, locator in chosen.items():
            if locator.role == role:
                try:
                    at[index] = _transposed_row(locator, texts, heads, labels)
                except InputError as error:
                    form.problems.append(error)
    lines = _empty_lines(taken, {index: chosen[index] for index in at}, sheets)
    missing, scale = source.options.get("missing", {}), float(source.options.get("scale", 1.0))
    for index, line in lines.items():
        role, kind = chosen[index].role, table.column(line.column).type
        row = book.rows(sheets[role])[at[index] - 1]
        for code in columns["main"]:
            column = columns[role].get(code, -1)
            cell = _cell(row, column)
            take_value(line, reader, cell, read_value(cell, kind, scale, missing), at[index] if column >= 0 else 0, column + 1)
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
            code = "ENG" if england.fullmatch(head) else found.code if found else None
        else:
            reader.form.count(read=1)
            code = reader.authority(head, [head], heads.data_from)
            if code is not None and reader.first_seen((code,), (column,), heads.data_from):
                reader.form.count(kept=1)
        if code is not None:
            columns.setdefault(code, column)
    return columns


def _counted(book: Book, taken: Recognised, table: Table, who: Directory) -> FormData:
    source, form = taken.source, new_form(book, taken)
    sheet = sheet_for(book, source, "main")
    rows = book.rows(sheet)
    heads = locate.read_headers(rows, source, taken.financial_year, Place(book.name, sheet))
    reader = RowReader(taken, form, who, sheet)
    keys = [(key, heads.find(locate.Locator("main", key.header, 0), key.header)) for key in source.keys]
    counts: dict[tuple[str, ...], list[int]] = {}
    for number, row in enumerate(rows[heads.data_from :], heads.data_from + 1):
        if _blank(row):
            continue
        form.count(read=1)
        values = tuple(PARSERS[key.parse](_cell(row, position)) or "" for key, position in keys)
        if not all(values):
            reader.aside("LOAD-KEY", "a code is missing", number, "/".join(values))
            continue
        form.count(kept=1)
        counts.setdefault(values, [0, number])[0] += 1
    ordered = sorted(counts)
    line = LineData(source.lines[0].dims, source.lines[0].column, sheet, [float(counts[key][0]) for key in ordered], [""] * len(ordered),
                    [counts[key][1] for key in ordered], [keys[0][1] + 1] * len(ordered))
    finish_keys(form, [dict(zip((key.column for key, _ in keys), values, strict=True)) for values in ordered], table, "")
    form.lines = [line]
    return form
