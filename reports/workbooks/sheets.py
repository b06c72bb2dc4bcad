"""What every sheet of a request shares: three rows that name it, its protection, and how it prints.

In: a sheet of XlsxWriter. Out: the sheet, headed and set up. Sheets are protected without a password: it keeps given
cells from slips, and whoever has a reason can take it off. Columns and rows can be resized all the same.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipelines.supplied.answer_form import area_line, mark
from reports.workbooks.records import Book

A4 = 9
LINE = 15.0
"""Points a line of type takes at 11 points."""
FIRST_FREE = 3
"""The row below the three that name a sheet, from 0."""


def begin(
    workbook: Any, name: str, book: Book, looks: Mapping[str, Any], *, heading: str, widths: Sequence[float]
) -> Any:
    """A sheet with its first three rows and its columns' widths."""
    sheet = workbook.add_worksheet(name)
    for row, (text, look) in enumerate(
        ((heading, "title"), (area_line(book.area_code, book.area_name), "area"), (mark(book.run_id), "mark"))
    ):
        sheet.write_string(row, 0, text, looks[look])
    sheet.set_row(0, 24)
    sheet.set_row(1, 20)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    return sheet


def height_of(cells: Iterable[tuple[str, float]], *, least: float = LINE) -> float:
    """Points a row needs to show every text within the width of its column (in characters). Set on every row with
    wrapped text, because not every program measures rows when it opens a workbook.
    """
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return max(least, lines * LINE + 1.0)


def _lines(text: str, width: float) -> int:
    """Lines of a text: a column as wide as 97 digits holds about 115 letters of Calibri; a little of that is spare."""
    return max(1, len(textwrap.wrap(text, max(4, int(width * 1.12)))))


def finish(
    sheet: Any,
    book: Book,
    *,
    last_row: int,
    last_column: int,
    landscape: bool = False,
    repeat: tuple[int, int] | None,
    tall: int = 0,
) -> None:
    """Protect a sheet and set up its print: A4, one page wide, `tall` pages high (0 for any), rows repeated, pages
    numbered.
    """
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.set_paper(A4)
    if landscape:
        sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    sheet.fit_to_pages(1, tall)
    sheet.print_area(0, 0, last_row, last_column)
    if repeat:
        sheet.repeat_rows(*repeat)
    name = book.area_name.replace("&", "&&")
    sheet.set_footer(f"&L&9{name} ({book.area_code})&C&9ringfence run {book.run_id}&R&9Page &P of &N")
    sheet.hide_gridlines(2)
