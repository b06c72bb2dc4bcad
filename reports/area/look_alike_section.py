"""Explanations to rule out, each with what its test found in each window and how much a positive tells.

In: rows of table `look_alike` for one area, and how much likelier each test fires where its change was planted. Out: a
`WindowPart`. Positive, not seen and not tested are kept apart; none changes a ratio, a band or a list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.words.explanation_links import page_of_test
from reports.words.frame import window_words
from reports.words.lead_words import Ratios, times_likelier
from reports.words.narrative import first_small, plain_code, sentence
from reports.words.read_run import Row
from reports.words.sign_words import with_directions
from reports.words.view_models import Cell, Column, DataTable, WindowPart

WORDS = {"positive": "Positive", "negative": "Not seen"}
NOT_TESTED = "Not tested"
MEDIAN = ", compared with the median area"
"""Said once, in the caption."""
NOTE = (
    "They change no ratio, band or list. How much a positive tells: how often the test fires where that change was "
    "planted, against elsewhere; about 1 tells nothing."
)


def label_of(row: Row) -> str:
    """A test's name in words."""
    return str(row["label"] or plain_code(str(row["test"])))


def is_tested(row: Row) -> bool:
    """Whether the figures for a test are held."""
    return str(row["result"]) in WORDS


def found_words(row: Row | None) -> str:
    """What a test found: the result first, then what was measured and from where it counts."""
    if row is None or not is_tested(row):
        return NOT_TESTED
    said = first_small(sentence(with_directions(str(row["detail"] or "no detail"))))
    return f"{WORDS[str(row['result'])]}: {said.replace(MEDIAN, '')}"


def untested_sentence(rows: Sequence[Row]) -> str:
    """The tests that no window's figures allow; empty where there is none."""
    held = {str(row["test"]) for row in rows if is_tested(row)}
    names = {str(row["test"]): first_small(label_of(row)) for row in rows if str(row["test"]) not in held}
    if not names:
        return ""
    return f"Not tested, for want of figures: {'; '.join(names.values())}."


def _tells(windows: Sequence[str], test: str, ratios: Mapping[str, Ratios]) -> str:
    told = [times_likelier(ratios[window].get((window, test))) or "not measured" for window in windows]
    return told[0] if len(set(told)) == 1 else "; ".join(told)


def look_alike_part(windows: Sequence[str], rows: Sequence[Row], ratios: Mapping[str, Ratios]) -> WindowPart:
    """All tests, those that may explain the result first. `ratios` are the likelihood ratios by window."""
    identity, heading = "look-alikes-tests", "Tests on the figures"
    if not rows:
        return WindowPart(id=identity, heading=heading, empty="No tests of other explanations were recorded.")
    by_test: dict[str, dict[str, Row]] = {}
    for row in rows:
        by_test.setdefault(str(row["test"]), {})[str(row["window"])] = row
    made = {test: found for test, found in by_test.items() if any(is_tested(row) for row in found.values())}

    def first(test: str) -> tuple[bool, str]:
        return all(row["result"] != "positive" for row in made[test].values()), test

    table = DataTable(
        id=f"{identity}-table",
        caption="What each test found, against the median area",
        columns=(
            Column("Explanation"), *(Column(window_words(window).partition(",")[0]) for window in windows),
            Column("How much a positive tells", numeric=True),
        ),
        rows=tuple(
            (
                Cell(label_of(next(iter(made[test].values()))), href=page_of_test(test)),
                *(Cell(found_words(made[test].get(window))) for window in windows),
                Cell(_tells(windows, test, ratios)),
            )
            for test in sorted(made, key=first)
        ),
        note=NOTE,
    )  # fmt: skip
    return WindowPart(id=identity, heading=heading, sentence=untested_sentence(rows), table=table if made else None)
