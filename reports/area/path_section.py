"""The path that is judged: yearly changes of own-funded spend beside the steps of NHS money, for each window.

In: rows of table `yearly_change` for one area and window. Out: a `WindowPart` with a chart and the same numbers in a
table. A year that is part of a later change keeps its row and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from reports.charts import yearly_path
from reports.words.frame import short_window, window_words
from reports.words.narrative import decimal, is_missing
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Figure, WindowPart

COLUMNS = (
    Column("Year", short=True),
    Column("Actual", numeric=True),
    Column("Expected", numeric=True),
    Column("Unexplained", numeric=True),
    Column("By chance", numeric=True),
    Column("If replaced", numeric=True),
)
MEANINGS = (
    "Judged own-funded spend, per cent (natural log), constant prices. Unexplained: actual less expected. By chance: "
    "its usual size. If replaced: less the step of NHS money. In the chart the average council is nought."
)
FIGURES = ("actual_percent", "expected_percent", "unexplained_percent", "noise_percent", "step_percent")


def judged(rows: Sequence[Row]) -> list[Row]:
    """The changes that are judged: those that cover a year or more and hold a figure."""
    return [row for row in rows if row["spans"] and not is_missing(row["unexplained_percent"])]


def _year(row: Row) -> Cell:
    spans = row["spans"] or 0
    return Cell(str(row["financial_year"]), small=f"over {spans} years" if spans > 1 else "")


def _cells(row: Row) -> tuple[Cell, ...]:
    if not row["spans"]:
        return (_year(row), *(Cell("[x]") for _ in FIGURES))
    taken = row["step_percent"]
    figures = (*(row[name] for name in FIGURES[:4]), None if is_missing(taken) else 0.0 - taken)
    return (_year(row), *(Cell(decimal(figure, places=1)) for figure in figures))


def _said(rows: Sequence[Row]) -> str:
    """The year of the largest step of NHS money, and what own spend did then, in one sentence."""
    stepped = [row for row in rows if not is_missing(row["step_percent"])]
    top = max(stepped, key=lambda row: (row["step_percent"], str(row["financial_year"])), default=None)
    if top is None or top["step_percent"] <= 0:
        return ""
    change = top["unexplained_percent"]
    return (
        f"NHS money rose most in {top['financial_year']}, by {decimal(top['step_percent'], places=1)}% of own spend, "
        f"which then {'rose' if change >= 0 else 'fell'} by {decimal(abs(change), places=1)}% against expected."
    )


def path_parts(rows: Mapping[str, Sequence[Row]], *, name: str, average: float) -> tuple[WindowPart, ...]:
    """Each window's part, `rows` being its changes; the first that has a table says what its columns mean."""
    first = next((window for window, changes in rows.items() if judged(changes)), "")
    return tuple(
        path_part(window, changes, name=name, average=average, meanings=MEANINGS if window == first else "")
        for window, changes in rows.items()
    )


def path_part(window: str, rows: Sequence[Row], *, name: str, average: float, meanings: str = "") -> WindowPart:
    """The window's chart and table; the empty state says why there is none."""
    heading, identity, held = window_words(window), f"path-{window.lower()}", judged(rows)
    if not held:
        return WindowPart(id=identity, heading=heading, empty="No path of yearly changes was judged in this window.")
    bridged = "" if all(row["spans"] for row in rows) else " [x]: part of a later change, or not held."
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Yearly changes, {short_window(window)}",
        columns=COLUMNS,
        rows=tuple(_cells(row) for row in rows),
        note=f"{meanings}{bridged}".strip(),
    )
    figure = None
    if len(held) >= 2:
        figure = Figure(
            id=f"{identity}-chart",
            title="What is not explained of each year's change",
            subtitle="Per cent. Grey: by chance. Diamonds: full replacement.",
            description=f"{name}: what is not explained of each year's change, {heading}. The table gives every year.",
            chart=partial(
                yearly_path.draw,
                [
                    {
                        "year": str(row["financial_year"]),
                        "change": round(float(row["unexplained_percent"]), 3),
                        "noise": None if is_missing(row["noise_percent"]) else round(float(row["noise_percent"]), 3),
                        "replaced": 0.0 - round((1.0 - average) * float(row["step_percent"] or 0.0), 3),
                    }
                    for row in held
                ],
            ),
        )
    return WindowPart(id=identity, heading=heading, sentence=_said(held), figure=figure, table=table)
