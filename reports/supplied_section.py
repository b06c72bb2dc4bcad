"""What the area says and promised: its response, known explanations and plans, as supplied; and criteria as questions.

In: `Supplied`. Out: `WindowPart` and `Question` records. Text is printed as it was supplied; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.user_tables import Supplied
from reports.view_models import Cell, Column, DataTable, Question, WindowPart

NO_RESPONSE = (
    "None recorded. A dated comment of the authority, sent to whoever published this run, would be shown here."
)


def responses_part(supplied: Supplied, code: str) -> WindowPart:
    """Comments of bodies, newest first; or what would be shown."""
    rows = supplied.of("responses", code)
    heading = "Comments received"
    if not rows:
        return WindowPart(id="response-comments", heading=heading, empty=NO_RESPONSE)
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
    return WindowPart(id="response-comments", heading=heading, table=table)


def plans_part(supplied: Supplied, code: str) -> WindowPart:
    """Joint plans: who signed, national conditions, stated use; or what would show them."""
    rows = supplied.of("plans", code)
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


def known_part(supplied: Supplied, code: str) -> WindowPart | None:
    """Explanations known from documents; None where none is recorded."""
    rows = supplied.of("known_explanations", code)
    if not rows:
        return None
    table = DataTable(
        id="known-table",
        caption="Explanations supplied, unedited and not tested",
        columns=(Column("Years", short=True), Column("Explanation"), Column("Document")),
        rows=tuple(
            (Cell(f"{row['first_year']} to {row['last_year']}"), Cell(row["explanation"]), Cell(row["document"]))
            for row in rows
        ),
    )
    return WindowPart(id="look-alikes-known", heading="Known from documents", table=table)


def criteria_questions(supplied: Supplied, years: Sequence[str]) -> tuple[Question, ...]:
    """Questions of the criteria in force in any of `years`, each with its source."""
    return tuple(
        Question(text=row["ask"], document=f"{row['document']} (criterion: {row['source']})")
        for row in supplied.criteria
        if any(row["first_year"] <= year <= row["last_year"] for year in years)
    )
