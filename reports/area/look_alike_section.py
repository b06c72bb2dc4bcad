"""Explanations to rule out, each with its own test result.

In: rows of table `look_alike` for one area and window. Out: a `WindowPart`. Positive, negative and not tested are
kept apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.words.explanation_links import page_of_test
from reports.words.frame import window_words
from reports.words.narrative import plain_code, sentence
from reports.words.read_run import Row
from reports.words.sign_words import with_directions
from reports.words.view_models import Cell, Column, DataTable, WindowPart

WORDS = {
    "positive": "Positive: may explain it",
    "negative": "Negative: not seen above the limit",
    "not tested": "Not tested",
}
ORDER = ("positive", "not tested", "negative")


def look_alike_part(window: str, rows: Sequence[Row]) -> WindowPart:
    """The window's tests, those that may explain the result first."""
    heading, identity = window_words(window), f"look-alikes-{window.lower()}"
    if not rows:
        return WindowPart(
            id=identity, heading=heading, empty="No tests of other explanations were recorded for this window."
        )
    ordered = sorted(
        rows, key=lambda row: (ORDER.index(str(row["result"])) if str(row["result"]) in ORDER else 3, str(row["test"]))
    )
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Explanations to rule out, {heading}",
        columns=(Column("Explanation"), Column("Result"), Column("What the test found")),
        rows=tuple(
            (
                Cell(str(row["label"] or plain_code(str(row["test"]))), href=page_of_test(str(row["test"]))),
                Cell(WORDS.get(str(row["result"]), "Not tested")),
                Cell(sentence(with_directions(str(row["detail"] or ""))) or "No detail recorded."),
            )
            for row in ordered
        ),
    )
    return WindowPart(id=identity, heading=heading, table=table)
