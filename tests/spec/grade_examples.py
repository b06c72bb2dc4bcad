"""The grades by example, as data: an area that meets every rule, and what changes when one thing changes.

In: nothing. Out: `STRONG`, `GRADES` (one row a rule) and their part of docs/method-by-example.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from audit.flags.flags import Numbers

STRONG = Numbers(
    unusable="",
    gap=9e6,
    gap_lower=4e6,
    gap_upper=14e6,
    transfer=10e6,
    gross=300e6,
    rate_lower=0.4,
    p_displacement=0.001,
    p_forest=0.001,
    q_strict=0.05,
    q_combined=0.05,
    stability=0.9,
    features_beyond=4,
    features=9,
    detectable=5e6,
    quality="good",
    look_alikes=(),
)
WEAK = {"q_strict": 0.9, "q_combined": 0.9, "p_displacement": 0.4, "p_forest": 0.4}
NOT_A = {"q_strict": 0.3}
NEITHER = {"q_strict": 0.3, "q_combined": 0.3}


@dataclass(frozen=True)
class GradeExample:
    """What differs from `STRONG`, in words and in numbers, the rule it shows and the grade."""

    what: str
    rule: str
    outcome: str
    change: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def numbers(self) -> Numbers:
        """The area."""
        return replace(STRONG, **self.change)


A, B, C = "A investigate", "B enquire", "C watch"
TELL, NONE, OUT = "cannot tell", "nothing found", "not assessed"
GRADES = (
    GradeExample("nothing", "every rule of grade A is met", A),
    GradeExample("q on the larger p-value 0.10", "A allows 0.10 and no more", A, {"q_strict": 0.10}),
    GradeExample("q on the larger p-value 0.11", "then B asks q on the combined p-value up to 0.20",
                 B, {"q_strict": 0.11}),
    GradeExample("the rate may be 0.20 (lower end of its interval)", "A asks more than 0.25", B, {"rate_lower": 0.2}),
    GradeExample("two features beyond the placebo 90th centile", "A asks three", B, {"features_beyond": 2}),
    GradeExample("stability 0.7", "A asks 0.8, B 0.6", B, {"stability": 0.7}),
    GradeExample("data quality fair", "A asks good", B, {"quality": "fair"}),
    GradeExample("neither q-value small enough", "C asks one p-value of at most 0.05, unadjusted", C, NEITHER),
    GradeExample("the same, only the forest's p-value small", "either p-value will do",
                 C, {**NEITHER, "p_displacement": 0.5}),
    GradeExample("the same, only the gap's p-value small", "either p-value will do", C, {**NEITHER, "p_forest": 0.5}),
    GradeExample("a gap of £0.9 million, gross £20 million", "A and B ask £1 million",
                 C, {"gap": 0.9e6, "gross": 20e6}),
    GradeExample("a gap of £2.9 million, gross £300 million", "A and B ask 1% of gross", C, {"gap": 2.9e6}),
    GradeExample("stability 0.5", "B asks 0.6", C, {"stability": 0.5}),
    GradeExample("a look-alike test positive", "an innocent explanation fits", TELL, {"look_alikes": ("demand_fell",)}),
    GradeExample("a look-alike positive where only B is met", "the same at every grade", TELL,
                 {**NOT_A, "look_alikes": ("demand_fell",)}),
    GradeExample("data quality poor", "poor data settle nothing", TELL, {"quality": "poor"}),
    GradeExample("no small p-value; the gap may be £14 million", "the whole transfer of £10 million may be displaced",
                 TELL, WEAK),
    GradeExample("no small p-value; the gap is at most £8 million", "it cannot be the whole transfer", NONE,
                 {**WEAK, "gap": 1e6, "gap_upper": 8e6}),
    GradeExample("no small p-value, no transfer", "nothing to compare the gap with", TELL,
                 {**WEAK, "gap": 1e6, "gap_upper": 8e6, "transfer": 0.0}),
    GradeExample("more spent than expected, yet the forest's p-value small", "C asks a gap above nought", NONE,
                 {**NEITHER, "gap": -1e6, "gap_lower": -3e6, "gap_upper": 1e6}),
    GradeExample("no figure in one year", "missing figures are never filled in", OUT,
                 {"unusable": "No figure for adult social care in 2011-12."}),
    GradeExample("expected spend could not be worked out", "no expectation, no grade", OUT, {"gap": float("nan")}),
)  # fmt: skip

INTRODUCTION = """
## Grades

An area whose own spend is £9 million below expectation (interval £4 to £14 million) while £10 million were passed, of
£300 million gross; q-values 0.05, both p-values 0.001, stability 0.9, four of nine features beyond the placebo 90th
centile, the rate at least 0.4, data quality good, no look-alike. Each row changes one thing; thresholds are the
defaults.

| what is different | rule | grade |
|---|---|---|"""


def lines() -> list[str]:
    """The part of the page."""
    return [INTRODUCTION, *(f"| {item.what} | {item.rule} | {item.outcome} |" for item in GRADES)]
