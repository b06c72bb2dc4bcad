"""The forms of an answer that have a row an entry: budget lines met before, documents, replies to questions.

In: a sheet that was taken for one of them. Out: its entries and given cells by the number of their row. Refused: a
column that is gone or stands twice, a filled row without a number, and a number that stands twice. Columns are read by
their heads; the row numbered "Example" is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.declarations.catalogue import Column
from pipelines.read.read_tabular import PROBE_ROWS
from pipelines.supplied.answer_form import EXAMPLE, form
from pipelines.supplied.answers.answer_records import Entry, address
from pipelines.supplied.answers.form_cells import Sheet, close, give, label, take
from pipelines.supplied.answers.read_plan import PUT_BACK
from pipelines.supplied.answers.sheet_marks import Cell
from pipelines.supplied.cell_grammar import Fault, found, whole

NUMBER = "number"


def columns_of(name: str) -> tuple[Column, ...]:
    """The columns that stand on the sheet of a form: all but the area's code, which stands above them."""
    return tuple(column for column in form(name).columns if column.label and column.name != "area_code")


def head_row(rows: list[list[object]], name: str) -> tuple[int, int]:
    """(row, labels found) of the row near the top that holds most labels of a form; (0, 0) without any."""
    labels = {label(column.label) for column in columns_of(name)}
    best = (0, 0)
    for number, row in enumerate(rows[:PROBE_ROWS], 1):
        held = len(labels & {label(cell) for cell in row})
        best = (number, held) if held > best[1] else best
    return best


def read_list(sheet: Sheet, name: str) -> None:
    """Read the rows of a form into the sheet's file."""
    head, _ = head_row(sheet.rows, name)
    at = _heads(sheet, name, head)
    numbers: dict[int, int] = {}
    beside: list[Cell] = []
    for row in range(head + 1, len(sheet.rows) + 1):
        if label(sheet.value(row, at.get(NUMBER, 0))) == label(EXAMPLE):
            continue
        number = _number(sheet, name, row, at, numbers)
        beside += _outside(sheet, row, at)
        if not number:
            continue
        for column in columns_of(name):
            where = Entry(name, "", None, "", "", number=number)
            if column.name in at and column.name != NUMBER:
                (take if column.asked else give)(sheet, column, (row, at[column.name]), where)
    close(sheet, beside=beside)


def _heads(sheet: Sheet, name: str, head: int) -> dict[str, int]:
    """The place of each column; what is gone, stands twice or was moved is named."""
    known = {label(column.label): column for column in columns_of(name)}
    at: dict[str, int] = {}
    for place in range(1, len(sheet.rows[head - 1]) + 1):
        column = known.get(label(sheet.value(head, place)))
        if column and column.name in at:
            what = f"'{column.label}' stands twice: in {address(head, at[column.name])} too"
            sheet.refuse(Fault(what, "each column once", PUT_BACK), (head, place))
        elif column:
            at[column.name] = place
    for column in known.values():
        if column.name not in at:
            fault = Fault(f"the column '{column.label}' is gone", "every column of the form", PUT_BACK)
            sheet.refuse(fault, (head, 1))
    places = [at[column.name] for column in known.values() if column.name in at]
    if places and places != list(range(1, len(places) + 1)):
        what = "columns stand in another order or place; they were read by their heads"
        sheet.remark(what, "Look at them.", at=(head, min(places)))
    return at


def _number(sheet: Sheet, name: str, row: int, at: dict[str, int], numbers: dict[int, int]) -> int:
    """The number of a row; 0 for a row that says nothing, or whose number is wrong and named."""
    place = at.get(NUMBER, 0)
    cell = sheet.value(row, place)
    filled = any(
        sheet.filled(row, at[column.name]) for column in columns_of(name) if column.asked and column.name in at
    )
    number = whole(cell)
    if isinstance(number, Fault):
        if filled:
            sheet.read.filled += 1
            what = "the row has entries but no number" if cell == "" else f"the number of the row: {found(cell)}"
            fault = Fault(what, "a whole number from 1 up", "Number the row; each number once.")
            sheet.refuse(fault, (row, max(place, 1)))
        return 0
    if number in numbers:
        what = f"the number {number} stands twice: in row {numbers[number]} too"
        sheet.refuse(Fault(what, "each number once", "Number the rows one by one."), (row, place))
        return 0
    numbers[number] = row
    return number


def _outside(sheet: Sheet, row: int, at: dict[str, int]) -> Iterator[Cell]:
    inside = set(at.values())
    for column in range(1, len(sheet.rows[row - 1]) + 1):
        if column not in inside and column > min(inside, default=0) and sheet.filled(row, column):
            yield row, column
