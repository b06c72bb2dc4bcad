"""Budget and outturn of an area, year by year: described, never judged.

In: rows of table `budget_outturn`. Out: a `WindowPart`. A budget is net of the NHS money that was planned, so it is no
plan without the transfer; what leaves it in most years says how much one year of an outturn can tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.words.narrative import decimal, thousand
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, WindowPart

SEVERAL = 3
"""Fewer years are no record."""


def budget_part(rows: Sequence[Row], name: str) -> WindowPart:
    """The area's budgets beside its outturns."""
    identity, heading = "recent-budgets", "Budget and outturn"
    if not rows:
        return WindowPart(id=identity, heading=heading, empty="No year is held with both budget and outturn.")
    held = sorted(rows, key=lambda row: str(row["financial_year"]))
    table = DataTable(
        id="budgets-table",
        caption="Own spend on adult social care: £ thousand, then outturn over budget in %",
        columns=(
            Column("Year", short=True),
            *(Column(label, numeric=True) for label in ("Budget", "Outturn", "Over", "Middle area")),
        ),
        rows=tuple(
            (
                Cell(str(row["financial_year"])),
                Cell(thousand(row["budget_gbp"])),
                Cell(thousand(row["outturn_gbp"])),
                Cell(decimal(100 * row["over_share"], places=1)),
                Cell(decimal(100 * row["middle_over_share"], places=1)),
            )
            for row in held
        ),
        note="Planned NHS money is netted off a budget. Cells: table budget_outturn of the run.",
    )
    return WindowPart(id=identity, heading=heading, sentence=_said(held, name), table=table)


def _said(held: Sequence[Row], name: str) -> str:
    if len(held) < SEVERAL:
        return ""
    over = sum(row["over_share"] > row["middle_over_share"] for row in held)
    return f"{name} spent more over its budget than the middle area in {over} of {len(held)} years."
