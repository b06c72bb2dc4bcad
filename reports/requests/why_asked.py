"""Why this council is asked, in plain words that allege nothing.

In: an area's flags, the run's list summaries, and how the area came to be asked. Out: sentences. A list always has the
same number of names, whatever the figures say, and the sentences say how few of them would be a council that replaced
its own money; an area drawn by lot is told that being drawn says nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.declarations.table_words import BOTH_LISTS, REVIEW_LIST, UNUSUAL_LIST
from reports.words.frame import window_words
from reports.words.read_run import Row

NAMED, LISTED, DRAWN = "named", "listed", "drawn"
"""How an area came to be asked: by its name, from a list, from a sample."""
NOTHING_ALLEGED = "Nothing is alleged by being asked; a flag is a prompt for enquiry."
PERMITTED = (
    "Protecting social care services was a permitted purpose of this money, so an answer that says so is a full answer."
)
WHY_PAPERS = (
    "Published returns show what was spent; they cannot show what would have been spent without the NHS money. Papers "
    "written before each year can."
)


def why_asked(flags: Sequence[Row], summaries: Sequence[Row], *, how: str) -> tuple[str, ...]:
    """The sentences, at least one."""
    if how == DRAWN:
        return (
            "The area was drawn by lot. Every area of England had a known chance of being drawn, so that what is found "
            "in those drawn can speak for all; being drawn says nothing of an area.",
        )
    made = [text for flag in flags for text in _of_window(flag, summaries)]
    if not made:
        return ("The area is on no list. It was chosen by the office that asks, to see papers beside the figures.",)
    return (*made, _good_answers(flags, summaries))


def _of_window(flag: Row, summaries: Sequence[Row]) -> list[str]:
    """What is said for one window; nothing where the area is on no list of it."""
    window, listed = str(flag["window"]), str(flag["list"])
    made: list[str] = []
    if listed in (REVIEW_LIST, BOTH_LISTS) and (row := _summary(summaries, window, REVIEW_LIST)):
        made.append(
            f"{window_words(window)}: the area is on the review list, which has {row['places']:,} names whatever the "
            f"figures say. If one council in ten had replaced its own money, {_about(row)} of them would be such "
            "councils."
        )
    if listed in (UNUSUAL_LIST, BOTH_LISTS) and (row := _summary(summaries, window, UNUSUAL_LIST)):
        made.append(
            f"{window_words(window)}: the area is on the unusual-pattern list, which has {row['places']:,} names "
            "whatever the figures say. It holds the areas whose figures differ most from those of all others, for "
            "which there are many reasons."
        )
    return made


def _about(row: Row) -> str:
    expected = row["expected_10"]
    return "some" if expected is None else f"about {max(1, round(expected))}"


def _good_answers(flags: Sequence[Row], summaries: Sequence[Row]) -> str:
    """Most on a list will have a good answer, unless the run itself expects otherwise."""
    windows = {str(flag["window"]) for flag in flags}
    review = [row for row in summaries if row["list"] == REVIEW_LIST and row["window"] in windows]
    most = all((row["expected_10"] or 0.0) * 2 < row["places"] for row in review)
    return f"{'Most' if most else 'Many'} councils on a list will have a good answer."


def _summary(summaries: Sequence[Row], window: str, name: str) -> Row | None:
    return next((row for row in summaries if row["window"] == window and row["list"] == name), None)
