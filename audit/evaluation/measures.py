"""What flags, intervals and lists did where the truth was planted.

In: the recorded cases of one family. Out: rows of evaluation_scenario, evaluation_size and evaluation_discovery.
Refuses nothing: a share of nothing is NaN.
"""

from __future__ import annotations

import math
from typing import Any

from audit.evaluation.rankings import ORACLE, REVIEW, first_rows, numbers
from pipelines.declarations.table_words import CANNOT_TELL, FLAGGED, GRADE_A, NOT_ASSESSED, RANKED

LEVELS = (0.05, 0.10, 0.20, 0.30, 0.40, 0.50)
LENGTHS = (5, 10, 15, 20, 30, 50)


def share(part: float, whole: float) -> float:
    """A share; NaN of nothing."""
    return part / whole if whole else math.nan


def _mean(values: list[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else math.nan


def flag_measures(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Flags against the truth."""
    import numpy as np

    flags = false = injured = found = watched = any_a = told = assessed = 0
    for case in cases:
        truth, grade = np.array(case["injured"]), np.array(case["grade"])
        flagged, watch = np.isin(grade, RANKED), np.isin(grade, FLAGGED)
        flags, false = flags + int(flagged.sum()), false + int((flagged & ~truth).sum())
        injured, found = injured + int(truth.sum()), found + int((flagged & truth).sum())
        watched += int((watch & truth).sum())
        any_a += int((grade == GRADE_A).any())
        assessed += int((grade != NOT_ASSESSED).sum())
        told += int((grade == CANNOT_TELL).sum())
    return {
        "cases": len(cases),
        "injured": injured,
        "flagged": flags,
        "false_flags": false,
        "realised_fdr": share(false, flags),
        "power_a_b": share(found, injured),
        "power_a_b_c": share(watched, injured),
        "cases_with_a": any_a,
        "cannot_tell_share": share(told, assessed),
    }


def interval_measures(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Intervals of the rate against the planted rate, both relative to the average council."""
    import numpy as np

    covered = wrong = known = 0
    widths: list[float] = []
    for case in cases:
        rate, lower, upper = (numbers(case, name) for name in ("rate", "displacement_lower", "displacement_upper"))
        relative = rate - np.nanmean(rate)
        usable = np.isfinite(relative) & np.isfinite(lower)
        covered += int(((lower <= relative) & (relative <= upper))[usable].sum())
        wrong += int((((lower > 0) & (relative < 0)) | ((upper < 0) & (relative > 0)))[usable].sum())
        known += int(usable.sum())
        widths += (upper - lower)[usable].tolist()
    return {
        "coverage": share(covered, known),
        "interval_width": float(np.median(widths)) if widths else math.nan,
        "sign_errors": share(wrong, known),
    }


def list_measures(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """The review list: is the planted driver among its reasons, and does it hold in half samples?"""
    import numpy as np

    top_three = listed = 0
    for case in cases:
        truth = np.array(case["injured"])
        score = numbers(case, "p_combined")
        seen = truth & np.isin(np.arange(len(truth)), first_rows(-score, REVIEW))
        listed += int(seen.sum())
        top_three += int((seen & np.array(case["driver_in_top_three"])).sum())
    return {
        "driver_in_top_three": share(top_three, listed),
        "injured_in_list": listed,
        "stability_b_rule": _mean([case["half_samples"]["b_rule"] for case in cases]),
        "stability_top_15": _mean([case["half_samples"]["top_15"] for case in cases]),
    }


def family_row(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Measures of one family for `evaluation_scenario`."""
    import numpy as np

    smallest = np.concatenate([numbers(case, "minimum_detectable_gbp") for case in cases])
    money = np.concatenate([numbers(case, "transfer_gbp") for case in cases])
    return (
        flag_measures(cases)
        | interval_measures(cases)
        | list_measures(cases)
        | {"minimum_detectable_gbp": float(np.nanmedian(smallest)), "transfer_gbp": float(np.nanmedian(money))}
    )


def size_rows(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How often an injured area of each third by adults, and how often another, has a combined p of at most 0.05."""
    import numpy as np

    from audit.evaluation.unseen import thirds

    adults = np.concatenate([numbers(case, "adults") for case in cases])
    truth = np.concatenate([np.array(case["injured"]) for case in cases])
    score = np.concatenate([numbers(case, "p_combined") for case in cases])
    rows: list[dict[str, Any]] = []
    for name, mine in thirds(adults):
        hit, miss = mine & truth, mine & ~truth & np.isfinite(score)
        rows.append(
            {
                "size": name,
                "injured": int(hit.sum()),
                "found": share(float((score[hit] <= 0.05).sum()), float(hit.sum())),
                "false_alarms": share(float((score[miss] <= 0.05).sum()), float(miss.sum())),
            }
        )
    return rows


def discovery_rows(cases: list[dict[str, Any]], oracle: tuple[list[Any], list[Any]]) -> list[dict[str, Any]]:
    """What lists hold: those the q-values allow at each nominal level, and the first so many by the ranking."""
    import numpy as np

    truths = [np.array(case["injured"]) for case in cases]
    rows: list[dict[str, Any]] = []
    for level in LEVELS:
        picked = [numbers(case, "q_combined") <= level for case in cases]
        rows.append({"detector": "method", "rule": "q-value at most", "level": level} | _discovered(picked, truths))
    by_rank = {"method": ([-numbers(case, "p_combined") for case in cases], truths), ORACLE: oracle}
    for detector, (scores, theirs) in by_rank.items():
        for length in LENGTHS:
            picked = [np.isin(np.arange(len(score)), first_rows(score, length)) for score in scores]
            rows.append({"detector": detector, "rule": "list of", "level": float(length)} | _discovered(picked, theirs))
    return rows


def _discovered(picked: list[Any], truths: list[Any]) -> dict[str, float]:
    total = sum(float(mask.sum()) for mask in picked)
    true = sum(float((mask & truth).sum()) for mask, truth in zip(picked, truths, strict=True))
    return {
        "picked": total / len(picked),
        "false_share": share(total - true, total),
        "found": share(true, sum(float(truth.sum()) for truth in truths)),
    }
