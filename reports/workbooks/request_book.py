"""A request's workbook: what to read first, the forms to fill in, and the published cells behind what is given.

In: a `Book`. Out: the bytes of an XLSX file, the same for the same book: the time of its making is a fixed day, and
the files inside carry none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipelines.supplied.answer_form import DOCUMENTS, LINES, REPLIES, area_line
from reports.workbooks.form_sheets import form_sheet
from reports.workbooks.plan_sheet import plan_sheet
from reports.workbooks.records import BLANK, HEADING, Book
from reports.workbooks.sheets import FIRST_FREE, begin, finish, height_of
from reports.workbooks.styles import formats

FRONT, CELLS = "Read first", "Cells"
TITLE = "Request for papers: adult social care and money from the NHS"
FRONT_WIDTH = 97.0
CELL_HEADS = (
    ("Evidence number", 10.0), ("Figure", 38.0), ("Year", 9.0), ("Value", 13.0), ("Unit", 12.0), ("Publication", 44.0),
    ("File", 17.0), ("Sheet", 22.0), ("Cell", 8.0),
)  # fmt: skip
HEIGHTS = {HEADING: 23.0, BLANK: 18.0}
GAP = 3.0
ONE_PAGE = 900.0
"""Points that a page of A4 holds where 11 points are printed as 9.3."""
MADE = (2020, 1, 1)


def request_workbook(book: Book) -> bytes:
    """The workbook."""
    from datetime import datetime
    from io import BytesIO

    from xlsxwriter import Workbook

    stream = BytesIO()
    workbook: Any = Workbook(stream, {"in_memory": True})
    workbook.set_properties(
        {
            "title": TITLE, "subject": area_line(book.area_code, book.area_name), "author": "ringfence",
            "comments": f"ringfence run {book.run_id}", "created": datetime(*MADE),
        }
    )  # fmt: skip
    looks = formats(workbook)
    _front(workbook, book, looks)
    plan_sheet(workbook, book, looks)
    years = tuple(given.year for block in book.blocks for given in block.years)
    for name in (LINES, DOCUMENTS, REPLIES):
        form_sheet(workbook, name, book, looks, years=years)
    _cells(workbook, book, looks)
    workbook.close()
    return stream.getvalue()


def _front(workbook: Any, book: Book, looks: Mapping[str, Any]) -> None:
    sheet = begin(workbook, FRONT, book, looks, heading=TITLE, widths=(FRONT_WIDTH,))
    row, total = FIRST_FREE, 60.0
    for line in book.front:
        sheet.write_string(row, 0, line.text, looks[line.kind])
        height = height_of([(line.text, FRONT_WIDTH)], least=HEIGHTS.get(line.kind, 0.0)) + GAP
        sheet.set_row(row, height)
        total += height
        row += 1
    finish(sheet, book, last_row=row - 1, last_column=0, repeat=None, tall=1 if total <= ONE_PAGE else 0)


def _cells(workbook: Any, book: Book, looks: Mapping[str, Any]) -> None:
    widths = [width for _, width in CELL_HEADS]
    sheet = begin(workbook, CELLS, book, looks, heading="Where the given figures stand", widths=widths)
    sheet.set_row(FIRST_FREE, height_of(CELL_HEADS))
    for place, (text, _) in enumerate(CELL_HEADS):
        sheet.write_string(FIRST_FREE, place, text, looks["head"])
    row = FIRST_FREE + 1
    for row, cell in enumerate(book.cells, start=FIRST_FREE + 1):
        texts = (cell.number, cell.figure, cell.year, "", cell.unit, cell.publication, cell.file, cell.sheet, cell.cell)
        sheet.set_row(row, height_of(zip(texts, widths, strict=True)))
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, looks["given"])
        if cell.value is None:
            sheet.write_blank(row, 3, None, looks["given"])
        else:
            sheet.write_number(row, 3, cell.value, looks["given_value"])
    sheet.freeze_panes(FIRST_FREE + 1, 0)
    finish(sheet, book, last_row=row, last_column=len(CELL_HEADS) - 1, landscape=True, repeat=(FIRST_FREE, FIRST_FREE))
