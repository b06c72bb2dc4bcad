"""What a reader must know beside a result: other explanations that tested positive, chance and power.

In: a row of table `flag`, the area's rows of `look_alike`, and a run. Out: sentences to print after the reason of a
result, and beside the counts of a window. Numbers come from the run; nothing is judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.declarations.table_words import BETTER_CARE_FUND, GRADE_C, NOT_ASSESSED, SECTION_256
from reports.words.evaluation_tables import three
from reports.words.narrative import is_missing, join_words, prose_gbp, sentence
from reports.words.read_run import Row, Run

PLANTED = {SECTION_256: "centre", BETTER_CARE_FUND: "fund_centre"}
"""The family of planted cases that each window's power is read from: a pound displaced for each pound."""
INTERVAL = re.compile(
    r"(?<=^The )90% (?=interval)|(?<=interval) of the gap, .*? than expected,| \(90% interval: [^)]*\)"
    r"|, so that can be neither shown nor ruled out"
)
"""What a reason says of the gap's interval and of its result, which have columns of their own in a list."""


@dataclass(frozen=True)
class LeadWords:
    """A window's sentences on chance and power, empty where the run holds no figures for them."""

    chance: str
    power: str


def lead_words(run: Run, window: str) -> LeadWords:
    """How many areas chance alone would give a p-value that low, and how much of what was planted was found."""
    flags = [row for row in run.rows("flag") if row["window"] == window and row["grade"] != NOT_ASSESSED]
    limit = (run.manifest.get("settings") or {}).get("grades.c_p")
    chance = ""
    if limit and flags:
        chance = (
            f"By chance alone a p-value of at most {limit:g} is expected in about {limit * len(flags):.0f} of "
            f"{len(flags):,} areas, so a C watch by itself is weak."
        )
    planted = [row for row in run.rows("evaluation_scenario") if row["family"] == PLANTED.get(window)]
    power = "".join(
        f"Of areas in which a pound for each pound was planted, A or B found {three(row['power_a_b'])} and A, B or C "
        f"{three(row['power_a_b_c'])}, so few flags do not show that there is little to find."
        for row in planted[:1]
    )
    return LeadWords(chance, power)


def explained(flag: Row, tests: Sequence[Row]) -> str:
    """The explanations that tested positive, unless the reason names them or nothing was compared."""
    if flag["grade"] == NOT_ASSESSED:
        return ""
    told = str(flag["reason"] or "").lower()
    labels = [str(row["label"] or row["test"]) for row in tests if row["result"] == "positive"]
    untold = [label[:1].lower() + label[1:] for label in labels if label.lower() not in told]
    if not untold:
        return ""
    return f"Tested positive as another explanation: {join_words(untold)}."


def explained_by_area(run: Run, window: str, flags: Mapping[str, Row]) -> dict[str, str]:
    """`explained` for every area that has a result in the window, by its code."""
    tests: dict[str, list[Row]] = {}
    for row in run.rows("look_alike"):
        if row["window"] == window:
            tests.setdefault(str(row["area_code"]), []).append(row)
    return {code: explained(flag, tests.get(code, ())) for code, flag in flags.items()}


def reason_in_list(flag: Row) -> str:
    """The reason without the interval in words: it stands beside it in numbers."""
    return INTERVAL.sub("", sentence(flag["reason"]))


def unseen(flag: Row) -> str:
    """Said of a flag whose amount is below the smallest that could have been seen."""
    gap, least = flag["gap_gbp"], flag["minimum_detectable_gbp"]
    if is_missing(gap) or is_missing(least) or gap >= least:
        return ""
    return f"The amount is below the smallest that would probably be seen here ({prose_gbp(least)})."


def after_reason(flag: Row, tests: Sequence[Row], window: LeadWords) -> str:
    """All that belongs after a result's reason on the area's page."""
    said = [explained(flag, tests)]
    if flag["grade"] == GRADE_C:
        said += [unseen(flag), window.chance, window.power]
    return " ".join(text for text in said if text)
