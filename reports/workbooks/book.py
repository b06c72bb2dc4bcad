"""What the workbooks of a run share: few looks, a first sheet that says what it is, and bytes without a clock.

In: `About`, and what is to be written. Out: a workbook of XlsxWriter, begun and ended. Texts are written as texts, so
nothing a file holds is run as a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reports.workbooks.book_records import About, Number

MADE = (2020, 1, 1)
ABOUT = "About"
POUNDS = "#,##0;\u2212#,##0;0"
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "bold": {"bold": True, "text_wrap": True, "valign": "top"},
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF1F3"},
    "text": {"text_wrap": True, "valign": "top"},
    "pounds": {"num_format": POUNDS, "valign": "top"},
    "sum": {"num_format": POUNDS, "bold": True, "top": 1},
    "total": {"bold": True, "top": 1},
    "ratio": {"num_format": "0.00;\u22120.00;0.00", "valign": "top"},
    "chance": {"num_format": "0%", "valign": "top"},
    "answer": {"bg_color": "#FFF8DC", "text_wrap": True, "valign": "top", "border": 1, "border_color": "#8C8C8C"},
}
Columns = Sequence[tuple[str, float]]


def workbook_bytes(about: About, write: Callable[[Any, Mapping[str, Any]], None]) -> bytes:
    """A workbook with the sheet `About` first; `write` adds the others."""
    from datetime import datetime
    from io import BytesIO

    from xlsxwriter import Workbook

    stream = BytesIO()
    workbook: Any = Workbook(stream, {"in_memory": True})
    workbook.set_properties(
        {
            "title": about.title, "subject": about.whom, "author": "ringfence",
            "comments": f"ringfence run {about.run_id}", "created": datetime(*MADE),
        }
    )  # fmt: skip
    looks = {name: workbook.add_format(dict(look)) for name, look in LOOKS.items()}
    sheet = workbook.add_worksheet(ABOUT)
    head(sheet, about.title, about.whom, looks, columns=(("", 26.0), ("", 96.0)))
    for row, (label, text) in enumerate(about.pairs, start=3):
        sheet.write_string(row, 0, label, looks["bold"])
        sheet.write_string(row, 1, text, looks["text"])
    set_up(sheet, about, landscape=False)
    write(workbook, looks)
    workbook.close()
    return stream.getvalue()


def head(sheet: Any, heading: str, below: str, looks: Mapping[str, Any], *, columns: Columns) -> None:
    """The first two rows of a sheet, and its columns' widths; a sheet's table begins in the fourth row."""
    sheet.write_string(0, 0, heading, looks["title"])
    sheet.write_string(1, 0, below)
    for place, (_, width) in enumerate(columns):
        sheet.set_column(place, place, width)


def column_heads(sheet: Any, row: int, columns: Columns, looks: Mapping[str, Any]) -> None:
    """The names of a table's columns, which stay in sight and are printed on every sheet of paper."""
    for place, (name, _) in enumerate(columns):
        sheet.write_string(row, place, name, looks["head"])
    sheet.freeze_panes(row + 1, 0)
    sheet.repeat_rows(row)


def set_up(sheet: Any, about: About, *, landscape: bool = True) -> None:
    """Paper: A4, one sheet wide, the run in the foot."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&9ringfence run {about.run_id}&R&9Page &P of &N")


def number(sheet: Any, row: int, column: int, value: Number, look: Any) -> None:
    """A number, or nothing where there is none."""
    if value is not None:
        sheet.write_number(row, column, value, look)


def told(value: Number) -> float | str:
    """What a formula's cell shows to readers that work nothing out."""
    return "" if value is None else value
