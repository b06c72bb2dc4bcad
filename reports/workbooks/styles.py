"""How cells look and what may be typed into them: pale yellow is filled in, grey is given, white explains.

In: a workbook of XlsxWriter, columns of a form. Out: its formats by name, and the validation of a column. Print is
black on white; nothing is told by colour alone, since grey cells are locked and yellow ones are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.declarations.catalogue import Column
from pipelines.supplied.answer_form import AMOUNT

FIRST_DAY, LAST_DAY = "2000-01-01", "2035-12-31"
MOST_DOCUMENTS = 99
LONGEST_REPLY = 4000
BORDER = {"border": 1, "border_color": "#8C8C8C"}
FILL_IN = {"bg_color": "#FFF8DC", "locked": False, "valign": "top", "text_wrap": True, **BORDER}
GIVEN = {"bg_color": "#EDEDED", "valign": "top", "text_wrap": True, **BORDER}
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "area": {"bold": True, "font_size": 13},
    "mark": {"font_color": "#595959"},
    "hint": {"italic": True},
    "heading": {"bold": True, "font_size": 13, "valign": "bottom"},
    "text": {"text_wrap": True, "valign": "top"},
    "step": {"text_wrap": True, "valign": "top", "indent": 1},
    "blank": {"text_wrap": True, "valign": "top", "bold": True, "locked": False},
    "head": {"bold": True, "bg_color": "#D6E0EA", "text_wrap": True, "valign": "top", **BORDER},
    "year": {"bold": True, "bg_color": "#D6E0EA", "align": "right", "valign": "top", **BORDER},
    "label": {"text_wrap": True, "valign": "top", **BORDER},
    "check": {"num_format": "#,##0;-#,##0;0", "valign": "top", "italic": True, **BORDER},
    "given": GIVEN,
    "given_amount": {**GIVEN, "num_format": "#,##0;-#,##0;0"},
    "given_value": {**GIVEN, "num_format": "#,##0;-#,##0;0", "align": "right", "indent": 1},
    "given_number": {**GIVEN, "align": "center"},
    "example": {"italic": True, "font_color": "#595959", "valign": "top", "text_wrap": True, **BORDER},
    "example_amount": {"italic": True, "font_color": "#595959", "valign": "top", "num_format": "#,##0", **BORDER},
    "ask_amount": {**FILL_IN, "num_format": "#,##0;-#,##0;0"},
    "ask_date": {**FILL_IN, "num_format": "d mmm yyyy", "align": "right"},
    "ask_number": {**FILL_IN, "num_format": "0", "align": "right"},
    "ask_code": {**FILL_IN, "num_format": "@"},
    "ask_text": FILL_IN,
}


def formats(workbook: Any) -> dict[str, Any]:
    """The formats of a workbook by name."""
    return {
        name: workbook.add_format({"font_name": "Calibri", "font_size": 11, **look}) for name, look in LOOKS.items()
    }


def kind_of(column: Column) -> str:
    """What is typed into a column: amount, date, number, choice, code (kept as text: "12-14" is no date) or text."""
    if column.unit == AMOUNT:
        return "amount"
    if column.name == "paper_date":
        return "date"
    if column.type == "int":
        return "number"
    if column.enum:
        return "choice"
    return "code" if column.name in ("financial_year", "page") else "text"


def look_of(column: Column) -> str:
    """The name of the format of a column's cells to fill in."""
    kind = kind_of(column)
    return f"ask_{'text' if kind == 'choice' else kind}"


def validation(column: Column, *, years: Sequence[str] = ()) -> dict[str, Any] | None:
    """What a spreadsheet lets people type into a column, with the message it shows; None where any text will do."""
    from datetime import date

    kind = kind_of(column)
    if kind == "amount":
        return {
            "validate": "decimal", "criteria": ">=", "value": 0, "input_title": "\u00a3 thousand",
            "input_message": "\u00a3 thousand, in cash, without signs or words. Leave empty what is not known.",
            "error_title": "An amount in \u00a3 thousand",
            "error_message": "A number from 0 is expected. Leave the cell empty where it is not known.",
        }  # fmt: skip
    if kind == "date":
        return {
            "validate": "date", "criteria": "between", "minimum": date.fromisoformat(FIRST_DAY),
            "maximum": date.fromisoformat(LAST_DAY), "input_title": "A day",
            "input_message": "The day the paper is dated, for example 28/02/2011.",
            "error_title": "A day", "error_message": "A day between 2000 and 2035 is expected, for example 28/02/2011.",
        }  # fmt: skip
    if kind == "number":
        return {
            "validate": "integer", "criteria": "between", "minimum": 1, "maximum": MOST_DOCUMENTS,
            "input_title": "A document", "input_message": "Its number on the sheet 'Documents'.",
            "error_title": "A document",
            "error_message": f"The number of a document is expected: a whole number from 1 to {MOST_DOCUMENTS}.",
        }  # fmt: skip
    if kind == "choice" or (column.name == "financial_year" and years):
        source = list(column.enum) or list(years)
        return {
            "validate": "list", "source": source, "error_title": "A choice",
            "error_message": "One of these is expected: " + ", ".join(source),
        }  # fmt: skip
    if column.name == "reply":
        return {
            "validate": "length", "criteria": "<=", "value": LONGEST_REPLY, "error_title": "A long reply",
            "error_message": f"At most {LONGEST_REPLY:,} characters: enclose a document and name it.",
        }  # fmt: skip
    return None
