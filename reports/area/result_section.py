"""The result: headline sentence, grade in words, and the measures behind it, one column per window.

In: rows of tables `flag` and `area_score` for one area. Out: `Headline` records and a table. Flagged, not flagged,
cannot tell and not assessed can never be mistaken for each other; a watch-list area is shown without rank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipelines.declarations.table_words import GRADES, NOT_ASSESSED, RANKED
from reports.words.frame import GRADE_STYLES, window_words
from reports.words.narrative import (
    MISSING,
    STABLE,
    decimal,
    interval,
    is_missing,
    less_or_more,
    missing_headline,
    ordinal,
    outcome,
    percent,
    probability,
    prose_gbp,
    sentence,
    thousand,
)  # fmt: skip
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Headline

Found = Sequence[Row | None]


def headline(area: Row, window: str, flag: Row | None, *, after: str = "") -> Headline:
    """One window's headline sentence and grade; `after` follows the reason."""
    grade = str(flag["grade"]) if flag else NOT_ASSESSED
    text = sentence(flag["headline"]) if flag else ""
    years = str(flag["years"] or "") if flag else ""
    reason = f"{sentence(flag['reason'])} {after}".strip() if flag else ""
    return Headline(
        window=window_words(window), outcome=outcome(grade), style=GRADE_STYLES.get(grade, "grade-absent"),
        text=text or missing_headline(str(area["area_name"]), years), reason=reason,
    )  # fmt: skip


def in_grade_order(heads: Sequence[Headline]) -> tuple[Headline, ...]:
    """The most serious result first, windows of one result in their own order."""
    order = [outcome(grade) for grade in GRADES]
    return tuple(sorted(heads, key=lambda head: order.index(head.outcome)))


def is_ranked(flag: Row | None) -> bool:
    """Whether a result has a rank: grades A and B."""
    return flag is not None and flag["grade"] in RANKED


def rank_words(flag: Row | None, score: Row | None) -> str:
    """A rank with its stability, for grades A and B only."""
    if not is_ranked(flag) or score is None or is_missing(score["rank"]):
        return "not ranked"
    said = f"{ordinal(int(score['rank']))} of {int(score['of'])}"
    if is_missing(score["stability"]):
        return said
    return f"{said}; {STABLE.format(percent(score['stability']))}"


def yes_no(value: Any) -> str:
    """Yes, no or missing."""
    return MISSING if value is None else "yes" if value else "no"


def _transfer(flag: Row) -> str:
    error = flag["transfer_error_share"]
    doubt = "" if is_missing(error) or not error else f"; may be {percent(error)} off for public health alone"
    return f"{thousand(flag['transfer_gbp'])} ({flag['transfer_basis'] or 'basis not stated'}{doubt})"


def _less(value: float | None) -> str:
    """The gap in £ thousand with its direction in a word."""
    if value is None or is_missing(value):
        return MISSING
    return f"{thousand(abs(value))} {'less' if value >= 0 else 'more'} than expected"


def _with_interval(flag: Row, point: str, ends: str) -> str:
    """A rate with its interval; "[x]" where a run of an earlier version holds none."""
    value, lower, upper = (flag.get(name) for name in (point, f"{ends}_lower", f"{ends}_upper"))
    return MISSING if is_missing(value) else f"{decimal(value)} ({interval(lower, upper)})"


def _effort(flag: Row) -> str:
    """Maintenance of effort, in which money received is called what it is: income as a return books it."""
    return sentence(flag["maintenance_of_effort"]).replace("NHS money received", "NHS income booked")


MATERIAL = "Material"
LINES: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("Gap: expected less actual own-funded spend", lambda flag: _less(flag["gap_gbp"])),
    ("90% interval of the gap", lambda flag: less_or_more(flag["gap_lower_gbp"], flag["gap_upper_gbp"], thousand)),
    ("Smallest amount that could have been seen", lambda flag: thousand(flag["minimum_detectable_gbp"])),
    ("NHS money allocated: rise over the window", _transfer),
    (
        "Shortfall per pound of NHS money (90% interval)",
        lambda flag: _with_interval(flag, "gap_per_pound", "gap_per_pound"),
    ),
    ("Displacement rate (90% interval)", lambda flag: _with_interval(flag, "displacement_rate", "displacement")),
    ("q-value: p-value adjusted for all areas", lambda flag: probability(flag["q_value"])),
    (MATERIAL, lambda flag: yes_no(flag["material"])),
    ("Maintenance of effort (arithmetic)", lambda flag: _effort(flag) or MISSING),
    ("The year before the money", lambda flag: sentence(flag["anticipation"]) or MISSING),
    ("Data quality", lambda flag: str(flag["data_quality"] or MISSING)),
)
NOTE = (
    "Shortfall per pound: gap / rise in NHS money allocated, the ends of the gap's interval divided by the same. "
    "Displacement rate: that ratio drawn towards councils of the same class and fiscal stress, because one council's "
    "figures are noisy. Both are relative to the average council; 0 is fully additional, 1 is pound for pound."
)


def _label(label: str, settings: Mapping[str, Any]) -> str:
    """A line's label; that of materiality with its thresholds as the run used them."""
    pounds, share = (settings.get(f"grades.{name}") for name in ("material_gbp", "material_share_of_gross"))
    if label != MATERIAL or pounds is None or share is None:
        return label
    return f"{MATERIAL}: at least {prose_gbp(pounds)} and {percent(share)} of gross spending"


def result_table(
    windows: Sequence[str], flags: Found, scores: Found, settings: Mapping[str, Any] | None = None
) -> DataTable:
    """One column per window, one row per measure; `flags` and `scores` are in the windows' order."""
    ranks = [rank_words(flag, score) for flag, score in zip(flags, scores, strict=True)]
    rows = [
        ("Result", [outcome(str(flag["grade"])) if flag else outcome(None) for flag in flags]),
        ("Rank and stability", ranks),
        *(
            (_label(label, settings or {}), [said(flag) if flag else MISSING for flag in flags])
            for label, said in LINES
        ),
    ]
    return DataTable(
        id="result-table",
        caption="Result by window (money in £ thousand, cash)",
        columns=(Column("Measure"), *(Column(window_words(window)) for window in windows)),
        rows=tuple((Cell(label), *(Cell(value) for value in values)) for label, values in rows),
        note=NOTE,
    )
