"""The plan of an answer: items in rows under their labels, years in columns, a block for each window.

In: a sheet that was taken for the plan. Out: its entries and given cells, each with window and year. Refused: a block,
an item or a year that is gone or stands twice, and a year that is not of the window. Columns are read by their heads,
wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.declarations.catalogue import Column
from pipelines.supplied.answer_form import CHECK, EXAMPLE, GIVEN, PLAN, asked, form
from pipelines.supplied.answers.answer_records import Entry, Expected, address
from pipelines.supplied.answers.form_cells import Sheet, close, give, label, take, year_of
from pipelines.supplied.answers.sheet_marks import Cell
from pipelines.supplied.cell_grammar import SHOWN, Fault

PUT_BACK = "Put it back as it was sent, or fill in the form anew."


@dataclass(frozen=True)
class Block:
    """The rows of a window: head row, last row, the column of labels, the column of each year, and other heads."""

    window: str
    head: int
    last: int
    labels: int
    years: dict[str, int]


def items() -> dict[str, Column]:
    """Every item of the plan by its folded label."""
    given = [form(PLAN).column(name) for name in GIVEN]
    return {label(column.label): column for column in (*given, *asked(PLAN))}


def read_plan(sheet: Sheet, expected: Expected) -> None:
    """Read all blocks of the plan into the sheet's file."""
    beside: list[Cell] = []
    blocks = _blocks(sheet, expected)
    for block in blocks:
        _read_block(sheet, block, beside)
    for window in expected.windows:
        held = [block for block in blocks if block.window == window]
        if not held:
            sheet.refuse(Fault(f"the block of {window} is gone", f"a head that begins with {window}", PUT_BACK), (1, 1))
        for block in held[1:]:
            what = f"the block of {window} stands twice: in row {held[0].head} too"
            sheet.refuse(Fault(what, "each block once", PUT_BACK), (block.head, block.labels))
    close(sheet, beside=beside)


def _blocks(sheet: Sheet, expected: Expected) -> list[Block]:
    heads: list[Block] = []
    for number in range(1, len(sheet.rows) + 1):
        first = next((at for at in _columns(sheet, number) if sheet.value(number, at) != ""), 0)
        text = str(sheet.value(number, first))
        window = next((name for name in expected.windows if re.match(rf"{re.escape(name)}\b", text)), "")
        if window and any(year_of(sheet.value(number, at)) for at in _columns(sheet, number) if at > first):
            years = _years(sheet, (number, first), expected.windows[window], window)
            heads.append(Block(window, number, 0, first, years))
    ends = [block.head - 1 for block in heads[1:]] + [len(sheet.rows)]
    return [
        Block(block.window, block.head, last, block.labels, block.years)
        for block, last in zip(heads, ends, strict=True)
    ]


def _columns(sheet: Sheet, row: int) -> range:
    return range(1, len(sheet.rows[row - 1]) + 1)


def _years(sheet: Sheet, head: Cell, right: tuple[str, ...], window: str) -> dict[str, int]:
    """The column of each year of a block; what is wrong with its head is named."""
    years: dict[str, int] = {}
    row, labels = head
    example = 0
    for column in _columns(sheet, row):
        if column <= labels:
            continue
        example = example or column * (label(sheet.value(row, column)) == label(EXAMPLE))
        year = year_of(sheet.value(row, column))
        if year and year not in right:
            what, wanted = f"{year} is no year of {window}", "one of " + ", ".join(right)
            sheet.refuse(Fault(what, wanted, PUT_BACK), (row, column))
        elif year in years:
            what = f"{year} stands twice: in {address(row, years[year])} too"
            sheet.refuse(Fault(what, "each year once", PUT_BACK), (row, column))
        elif year:
            years[year] = column
    for year in right:
        if year not in years:
            sheet.refuse(Fault(f"the column of {year} is gone", "each year of the window", PUT_BACK), head)
    places = [years[year] for year in right if year in years]
    usual = bool(places) and places == list(range(places[0], places[0] + len(places)))
    if places and not (usual and labels == 1 and example < min(places)):
        sheet.remark("columns stand in another order or place; they were read by their heads", "Look at them.", at=head)
    return years


def _read_block(sheet: Sheet, block: Block, beside: list[Cell]) -> None:
    known = items()
    rows: dict[str, int] = {}
    for row in range(block.head + 1, block.last + 1):
        text = label(sheet.value(row, block.labels))
        column = known.get(text)
        if column and column.name in rows:
            what = f"'{column.label}' stands twice: in row {rows[column.name]} too"
            sheet.refuse(Fault(what, "each item once", PUT_BACK), (row, block.labels))
        elif column:
            rows[column.name] = row
            _read_item(sheet, block, column, row)
        else:
            _unknown_row(sheet, block, row)
        if text != label(CHECK):
            beside += _outside(sheet, block, row)
    beside += _outside(sheet, block, block.head)
    for column in known.values():
        if column.name in rows:
            continue
        at, what = (block.head, block.labels), f"the row '{column.label}' of {block.window} is gone"
        if column.asked:
            sheet.refuse(Fault(what, "every item that is asked for", PUT_BACK), at)
        else:
            sheet.remark(what, "Its figures are not compared.", at=at)


def _read_item(sheet: Sheet, block: Block, column: Column, row: int) -> None:
    for year, at in sorted(block.years.items()):
        where = Entry(PLAN, "", None, "", "", window=block.window, year=year)
        (take if column.asked else give)(sheet, column, (row, at), where)


def _unknown_row(sheet: Sheet, block: Block, row: int) -> None:
    """Name a row that holds something under the years but no label of the form."""
    text = str(sheet.value(row, block.labels))
    if label(text) == label(CHECK):
        return
    at = next((at for at in sorted(block.years.values()) if sheet.filled(row, at)), 0)
    if at:
        what = f"the row '{text[:SHOWN]}' is no item of the form; it is not read"
        sheet.remark(what, "Put what it says in the row 'Note'.", at=(row, at))


def _outside(sheet: Sheet, block: Block, row: int) -> Iterator[Cell]:
    """Filled cells right of the first year that stand under no year and under no example."""
    if not block.years:
        return
    inside = set(block.years.values())
    for column in _columns(sheet, row):
        head = sheet.value(block.head, column)
        apart = column > min(inside) and column not in inside and label(head) != label(EXAMPLE)
        if apart and not year_of(head) and sheet.filled(row, column):
            yield row, column
