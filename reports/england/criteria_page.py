"""What had to be met for the money: the published criteria of each window, which are the same for every area.

In: tables `criteria`, `expected_spend` and `flag` of a run. Out: a `ProsePage` with a table for each window, and the
criteria in force in given years. A run without criteria is told so in words.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.words.frame import flag_windows, frame, window_words
from reports.words.narrative import join_words
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, ProsePage, ProseSection, WindowPart

PAGE = "criteria.html"
HEADING = "What had to be met for the money"
NONE_HELD = "This run holds no published criteria for these years."
COLUMNS = (Column("Years", short=True), Column("Criterion"), Column("Question"), Column("Document to ask for"))


def in_force(criteria: Sequence[Row], years: Sequence[str]) -> list[Row]:
    """The criteria in force in any of `years`, the earliest first."""
    found = [row for row in criteria if any(row["first_year"] <= year <= row["last_year"] for year in years)]
    return sorted(found, key=lambda row: (row["first_year"], row["code"]))


def _years(row: Row) -> str:
    first, last = row["first_year"], row["last_year"]
    return str(first) if first == last else f"{first} to {last}"


def criteria_part(criteria: Sequence[Row], years: Sequence[str], *, window: str) -> WindowPart:
    """Every criterion in force in the `years` of a window with its question, and the years for which none is held."""
    identity, heading = f"criteria-{window.lower()}", window_words(window)
    rows = in_force(criteria, years)
    if not rows:
        return WindowPart(id=identity, heading=heading, empty=NONE_HELD)
    without = [year for year in years if not any(row["first_year"] <= year <= row["last_year"] for row in rows)]
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Criteria in force: {heading}",
        columns=COLUMNS,
        rows=tuple(
            (
                Cell(_years(row)),
                Cell(row["criterion"], small=f"Source: {row['source']}"),
                Cell(row["ask"]),
                Cell(row["document"]),
            )
            for row in rows
        ),
        note="Only criteria with a named publication are held"
        + (f"; none is held for {join_words(without)}." if without else "."),
    )
    return WindowPart(id=identity, heading=heading, table=table)


def _years_of(run: Run, window: str) -> list[str]:
    """A window's years without its base years, as the run's expected spend has them."""
    rows = (row for row in run.rows("expected_spend") if row["window"] == window and not row["is_base"])
    return sorted({str(row["financial_year"]) for row in rows})


def criteria_page(run: Run) -> ProsePage:
    """The page of all criteria in force in the windows that were judged."""
    criteria, windows = run.rows("criteria"), flag_windows(run)
    parts = tuple(criteria_part(criteria, _years_of(run, window), window=window) for window in windows)
    return ProsePage(
        frame=frame(run, title=HEADING, here="criteria"),
        heading=HEADING,
        lead=(
            "NHS money came with criteria, the same for every area. Each is set beside the question that follows from "
            "it and the document that would answer.",
        )
        if any(part.table for part in parts)
        else (NONE_HELD,),
        sections=(ProseSection("criteria", "Criteria in force", parts=parts),) if parts else (),
    )
