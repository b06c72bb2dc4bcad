"""Explanations to rule out, each with its own test result.

In: rows of table `look_alike` for one area and window, and how much likelier each test fires where its change was
planted. Out: a `WindowPart`. Positive, negative and not tested are kept apart; none changes a ratio, a band or a list.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.words.explanation_links import page_of_test
from reports.words.frame import window_words
from reports.words.lead_words import Ratios, times_likelier
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
LIKELIER = Column("Likelier to fire", numeric=True)


def look_alike_part(window: str, rows: Sequence[Row], ratios: Ratios) -> WindowPart:
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
        columns=(Column("Explanation"), Column("Result"), Column("What the test found"), LIKELIER),
        rows=tuple(
            (
                Cell(str(row["label"] or plain_code(str(row["test"]))), href=page_of_test(str(row["test"]))),
                Cell(WORDS.get(str(row["result"]), "Not tested")),
                Cell(sentence(with_directions(str(row["detail"] or ""))) or "No detail recorded."),
                Cell(times_likelier(ratios.get((window, str(row["test"])))) or "not measured"),
            )
            for row in ordered
        ),
        note="They annotate and never change a ratio, a band or a list. Likelier to fire: how much likelier the test "
        "is positive where that change was planted than where nothing was; about 1 tells nothing.",
    )
    return WindowPart(id=identity, heading=heading, table=table)
