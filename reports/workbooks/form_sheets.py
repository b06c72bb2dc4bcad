"""The forms that are lists: lines met before, documents, questions. A head of labels, an example, a row an entry.

In: the rows of a `Book`, the declared form. Out: the sheet of each. Columns that are not asked are grey and locked;
the row whose number says "Example" is made up, and no reader takes it for an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.declarations.catalogue import Column
from pipelines.supplied.answer_form import DOCUMENTS, EXAMPLE, LINES, REPLIES, SHEETS, form
from reports.workbooks.records import Book
from reports.workbooks.sheets import FIRST_FREE, begin, finish, height_of
from reports.workbooks.styles import kind_of, look_of, validation

AREA = "area_code"


@dataclass(frozen=True)
class Layout:
    """How one list looks: hint, widths of its columns, example and height of a row."""

    hint: str
    widths: tuple[float, ...]
    example: Mapping[str, str | int]
    landscape: bool = False
    height: float = 18.0


LAYOUTS: Mapping[str, Layout] = {
    LINES: Layout(
        hint="One row for each budget line and year, in \u00a3 thousand. The row 'Example' is made up.",
        widths=(10, 12, 54, 16, 16, 12, 14),
        example={
            "financial_year": "2011-12", "line": "Home care: reablement service", "amount_gbp_thousand": 640,
            "document": 4, "page": "Appendix B, 3", "paper_date": "28 Feb 2011",
        },
        landscape=True,
    ),
    DOCUMENTS: Layout(
        hint="Name each paper once; the other sheets refer to it by its number. The row 'Example' is made up.",
        widths=(10, 37, 40, 14, 28, 11),
        example={
            "kind": "Budget report", "title": "Revenue budget 2011-12, report to council", "paper_date": "28 Feb 2011",
            "where_held": "Enclosed, budget-report.pdf", "held": "yes",
        },
        landscape=True,
    ),
    REPLIES: Layout(
        hint="A short reply is enough; name the document that shows it. The row 'Example' is made up.",
        widths=(10, 38, 34, 42, 14, 9),
        example={
            "question": "Which services were bought with the NHS money?", "would_answer": "The schedule of schemes",
            "reply": "Reablement and two extra social workers in hospital.", "document": 3, "page": "7",
        },
        landscape=True,
        height=62.0,
    ),
}  # fmt: skip


def form_sheet(workbook: Any, name: str, book: Book, looks: Mapping[str, Any], *, years: Sequence[str]) -> None:
    """Write the sheet of one form."""
    layout, columns = LAYOUTS[name], [column for column in form(name).columns if column.name != AREA]
    sheet = begin(workbook, SHEETS[name], book, looks, heading=form(name).title, widths=layout.widths)
    sheet.write_string(FIRST_FREE, 0, layout.hint, looks["hint"])
    head = FIRST_FREE + 1
    sheet.set_row(
        head, height_of((column.label, width - 1) for column, width in zip(columns, layout.widths, strict=True))
    )
    sheet.set_row(head + 1, _needed(columns, layout.example, layout))
    for place, column in enumerate(columns):
        sheet.write_string(head, place, column.label, looks["head"])
        value = EXAMPLE if column.name == "number" else layout.example.get(column.name, "")
        if isinstance(value, str):
            sheet.write_string(head + 1, place, value, looks["example"])
        else:
            sheet.write_number(head + 1, place, value, looks["example_amount"])
    first = head + 2
    for row, entry in enumerate(book.rows[name], start=first):
        sheet.set_row(row, _needed(columns, entry, layout))
        for place, column in enumerate(columns):
            _cell(sheet, row, place, column, entry.get(column.name, ""), looks)
    last = first + len(book.rows[name]) - 1
    for place, column in enumerate(columns):
        if last >= first and column.asked and (rule := validation(column, years=years)):
            sheet.data_validation(first, place, last, place, rule)
    sheet.freeze_panes(head + 1, 1)
    finish(
        sheet, book, last_row=max(last, head + 1), last_column=len(columns) - 1, landscape=layout.landscape,
        repeat=(head, head),
    )  # fmt: skip


def _needed(columns: Sequence[Column], entry: Mapping[str, str | int], layout: Layout) -> float:
    """Points a row needs to show what it holds, and to leave room for what is asked."""
    texts = (str(entry.get(column.name, "")) for column in columns)
    return height_of(zip(texts, layout.widths, strict=True), least=layout.height)


def _cell(sheet: Any, row: int, place: int, column: Column, value: str | int, looks: Mapping[str, Any]) -> None:
    if column.asked:
        sheet.write_blank(row, place, None, looks[look_of(column)])
    elif kind_of(column) == "number":
        sheet.write_number(row, place, int(value), looks["given_number"])
    else:
        sheet.write_string(row, place, str(value), looks["given"])
