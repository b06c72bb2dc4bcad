"""The form that a request sends and an answer fills in: its sheets, its marks, and what is asked on each.

In: the declared tables of the forms (`pipelines/tables/answer_*.toml`, where columns with `asked` are filled in). Out:
names that the writer of workbooks and the reader of answers share. Nothing is read or written here.

A workbook has a sheet for each form. Its first three rows are a heading, the area as "Name (code)", and the mark with
the layout's number. On the plan items stand in rows under their labels and years in columns, in a block for each
window whose head begins with the window's name; the other forms have a head of labels and a row an entry. What stands
in a column headed "Example", or in a row numbered so, is no answer. As CSV every form is a file of its own, headed by
the names of the columns.
"""

from __future__ import annotations

from pipelines.declarations.catalogue import Column, Table, tables

MARK = "ringfence request, layout"
LAYOUT = 1
EXAMPLE = "Example"
CHECK = "Check: total less own spend less transfer (should be 0)"
"""Label of a row of formulas on the plan; like text in the first column with nothing beside it, it is no answer."""
PLAN, LINES, DOCUMENTS, REPLIES = "answer_plan", "answer_line", "answer_document", "answer_reply"
SHEETS = {PLAN: "Plan", LINES: "Lines met before", DOCUMENTS: "Documents", REPLIES: "Questions"}
FILES = {
    PLAN: "answer.csv",
    LINES: "answer-lines.csv",
    DOCUMENTS: "answer-documents.csv",
    REPLIES: "answer-replies.csv",
}
AMOUNT = "gbp_thousand"
GIVEN = ("own_returned_gbp_thousand", "own_returned_cells", "nhs_money_gbp_thousand", "nhs_money_basis")
"""Columns of the plan that the request fills in."""


def form(name: str) -> Table:
    """The declared table of a form."""
    return tables()[name]


def asked(name: str) -> tuple[Column, ...]:
    """The columns of a form that are filled in, in their order."""
    return tuple(column for column in form(name).columns if column.asked)


def mark(run_id: str) -> str:
    """The third row of every sheet."""
    return f"{MARK} {LAYOUT}, run {run_id}"


def area_line(code: str, name: str) -> str:
    """The second row of every sheet."""
    return f"{name} ({code})"
