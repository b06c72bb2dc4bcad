"""The result: headline sentence, grade in words, and the measures behind it, one column per window.

In: rows of tables `flag` and `area_score` for one area. Out: `Headline` records and a table. Flagged, not flagged,
cannot tell and not assessed can never be mistaken for each other; a watch-list area is shown without rank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reports.frame import GRADE_STYLES, window_words
from reports.narrative import (
    GRADES,
    MISSING,
    interval,
    is_missing,
    missing_headline,
    ordinal,
    outcome,
    percent,
    probability,
    sentence,
    thousand,
    thousand_interval,
)  # fmt: skip
from reports.read_run import Row
from reports.view_models import Cell, Column, DataTable, Headline

Found = Sequence[Row | None]


def headline(area: Row, window: str, flag: Row | None) -> Headline:
    """One window's headline sentence and grade."""
    grade = str(flag["grade"]) if flag else "not assessed"
    text = sentence(flag["headline"]) if flag else ""
    years = str(flag["years"] or "") if flag else ""
    return Headline(
        window=window_words(window), outcome=outcome(grade), style=GRADE_STYLES.get(grade, "grade-absent"),
        text=text or missing_headline(str(area["area_name"]), years), reason=sentence(flag["reason"]) if flag else "",
    )  # fmt: skip


def in_grade_order(heads: Sequence[Headline]) -> tuple[Headline, ...]:
    """The most serious result first, windows of one result in their own order."""
    order = [outcome(grade) for grade in GRADES]
    return tuple(sorted(heads, key=lambda head: order.index(head.outcome)))


def rank_words(flag: Row | None, score: Row | None) -> str:
    """A rank with its stability, for grades A and B only."""
    ranked = flag is not None and flag["grade"] in ("A investigate", "B enquire")
    if not ranked or score is None or is_missing(score["rank"]):
        return "not ranked"
    said = f"{ordinal(int(score['rank']))} of {int(score['of'])}"
    if is_missing(score["stability"]):
        return said
    return f"{said}; in the review list in {percent(score['stability'])} of runs"


def yes_no(value: Any) -> str:
    """Yes, no or missing."""
    return MISSING if value is None else "yes" if value else "no"


def _transfer(flag: Row) -> str:
    error = flag["transfer_error_share"]
    doubt = "" if is_missing(error) or not error else f", may be wrong by {percent(error)}"
    return f"{thousand(flag['transfer_gbp'])} ({flag['transfer_basis'] or 'basis not stated'}{doubt})"


LINES: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("Expected less actual own-funded spend", lambda flag: thousand(flag["gap_gbp"])),
    ("90% interval", lambda flag: thousand_interval(flag["gap_lower_gbp"], flag["gap_upper_gbp"])),
    ("Smallest amount that could have been seen", lambda flag: thousand(flag["minimum_detectable_gbp"])),
    ("NHS transfer over the window", _transfer),
    ("Displacement rate, 90% interval", lambda flag: interval(flag["displacement_lower"], flag["displacement_upper"])),
    ("Adjusted q-value", lambda flag: probability(flag["q_value"])),
    ("Above the materiality threshold", lambda flag: yes_no(flag["material"])),
    ("Maintenance of effort (arithmetic)", lambda flag: sentence(flag["maintenance_of_effort"]) or MISSING),
    ("The year before the money", lambda flag: sentence(flag["anticipation"]) or MISSING),
    ("Data quality", lambda flag: str(flag["data_quality"] or MISSING)),
)


def result_table(windows: Sequence[str], flags: Found, scores: Found) -> DataTable:
    """One column per window, one row per measure; `flags` and `scores` are in the windows' order."""
    ranks = [rank_words(flag, score) for flag, score in zip(flags, scores, strict=True)]
    rows = [
        ("Result", [outcome(str(flag["grade"])) if flag else outcome(None) for flag in flags]),
        ("Rank and stability", ranks),
        *((label, [said(flag) if flag else MISSING for flag in flags]) for label, said in LINES),
    ]
    return DataTable(
        id="result-table",
        caption="Result by window (money in £ thousand, cash)",
        columns=(Column("Measure"), *(Column(window_words(window)) for window in windows)),
        rows=tuple((Cell(label), *(Cell(value) for value in values)) for label, values in rows),
        note="Displacement rate: pounds of own-funded spend lower per pound received; 0 is fully additional, 1 is "
        "pound for pound.",
    )
