"""What the area says and promised: its response, known explanations and plans, as supplied; and criteria as questions.

In: rows of the tables that users supply (layer "supplied") for one area, and the criteria in force. Out: `WindowPart`
and `Question` records. Text is printed as it was supplied; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.england.criteria_page import in_force
from reports.words.enquiry_words import comment_sentence
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Question, WindowPart

NO_RESPONSE = (
    "None recorded. A dated comment of the authority, sent to whoever published this run, would be shown here."
)


def responses_part(rows: Sequence[Row], asked: Sequence[Row] = ()) -> WindowPart:
    """Comments of bodies, newest first, or what would be shown; before them when a comment was asked for."""
    heading = "Comments received"
    if not rows:
        return WindowPart(id="response-comments", heading=heading, sentence=comment_sentence(asked), empty=NO_RESPONSE)
    newest = sorted(rows, key=lambda row: (row["date"], row["body"]), reverse=True)
    table = DataTable(
        id="response-table",
        caption="Comments, unedited",
        columns=(Column("Date", short=True), Column("Body"), Column("Comment"), Column("Document")),
        rows=tuple(
            (Cell(row["date"]), Cell(row["body"]), Cell(row["comment"]), Cell(row["document"] or "none named"))
            for row in newest
        ),
    )
    return WindowPart(id="response-comments", heading=heading, sentence=comment_sentence(asked), table=table)


def plans_part(rows: Sequence[Row]) -> WindowPart:
    """Joint plans: who signed, national conditions, stated use; or what would show them."""
    heading = "Joint plans"
    if not rows:
        return WindowPart(
            id="response-plans",
            heading=heading,
            empty="No joint plan is recorded. The Better Care Fund plan signed off by the health and wellbeing board "
            "would show it.",
        )
    names = (
        "Protects social care",
        "Seven-day services",
        "Data sharing",
        "Joint assessment",
        "Stated use of the money",
    )
    columns = ("protects_social_care", "seven_day_services", "data_sharing", "joint_assessment", "stated_use")
    table = DataTable(
        id="plans-table",
        caption="Joint plans and national conditions, as recorded",
        columns=(
            Column("Financial year", short=True),
            Column("Signed off"),
            *(Column(name) for name in names),
            Column("Document"),
        ),
        rows=tuple(
            (
                Cell(row["financial_year"]),
                Cell(row["signed_by"] or "not stated", small=row["signed_on"]),
                *(Cell(row[column]) for column in columns),
                Cell(row["document"]),
            )
            for row in rows
        ),
    )
    return WindowPart(id="response-plans", heading=heading, table=table)


def known_table(rows: Sequence[Row]) -> DataTable | None:
    """Explanations known from documents; None where none is recorded."""
    if not rows:
        return None
    return DataTable(
        id="known-table",
        caption="Explanations supplied, unedited and not tested",
        columns=(Column("Years", short=True), Column("Explanation"), Column("Document")),
        rows=tuple(
            (Cell(f"{row['first_year']} to {row['last_year']}"), Cell(row["explanation"]), Cell(row["document"]))
            for row in rows
        ),
    )


def criteria_questions(criteria: Sequence[Row], windows: Sequence[Sequence[str]]) -> tuple[Question, ...]:
    """The question of the earliest criterion in force in each window's years; `criteria.html` has its source."""
    asked = (
        Question(text=row["ask"], document=str(row["document"]))
        for years in windows
        for row in in_force(criteria, years)[:1]
    )
    return tuple({question.text: question for question in asked}.values())
