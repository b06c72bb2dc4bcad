"""What an evaluation reports: rankings against the truth, flags against the truth, intervals, p-values.

In: the recorded cases of one family. Out: rows of the evaluation tables. Refuses nothing: a share of nothing is NaN.
"""

from __future__ import annotations

import math
from typing import Any

DETECTORS = {
    "method": ("p_combined", -1.0),
    "no forest (displacement only)": ("p_displacement", -1.0),
    "no displacement (forest only)": ("forest", 1.0),
    "five-line baseline": ("baseline", 1.0),
    "fall in own spend alone": ("own_alone", 1.0),
    "two-sided forest": ("two_sided", 1.0),
}
FLAGGED = ("A investigate", "B enquire")
WATCHED = (*FLAGGED, "C watch")
REVIEW = 15


def numbers(case: dict[str, Any], name: str) -> Any:
    """A recorded vector, NaN where unknown."""
    import numpy as np

    return np.array([math.nan if value is None else float(value) for value in case[name]])


def average_precision(score: Any, truth: Any) -> float:
    """Mean precision at the rank of each true row; unknown scores come last."""
    import numpy as np

    order = np.argsort(-np.where(np.isfinite(score), score, -np.inf), kind="stable")
    hits = truth[order]
    if not hits.any():
        return math.nan
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())


def power_at_fdr(score: Any, truth: Any, level: float) -> float:
    """Largest share of the true rows any threshold finds while no more than `level` of those picked are false.

    The threshold is chosen knowing the truth, for every detector and the oracle alike: it measures the ranking.
    """
    import numpy as np

    known = np.isfinite(score)
    order = np.argsort(-score[known], kind="stable")
    hits = truth[known][order]
    if not truth.any():
        return math.nan
    true = np.cumsum(hits)
    fine = (np.arange(1, len(hits) + 1) - true) / np.arange(1, len(hits) + 1) <= level
    return float(true[fine].max() / truth.sum()) if fine.any() else 0.0


def ranking_row(detector: str, scores: list[Any], truths: list[Any]) -> dict[str, Any]:
    """Row of `evaluation_detector` from one family's cases, pooled over seeds where a threshold is needed."""
    import numpy as np

    top = [
        float(truth[np.argsort(-np.where(np.isfinite(score), score, -np.inf), kind="stable")[:REVIEW]].mean())
        for score, truth in zip(scores, truths, strict=True)
    ]
    pooled, true = np.concatenate(scores), np.concatenate(truths)
    return {
        "detector": detector,
        "average_precision": float(
            np.mean([average_precision(score, truth) for score, truth in zip(scores, truths, strict=True)])
        ),
        "precision_at_15": float(np.mean(top)),
        "power_at_fdr_10": power_at_fdr(pooled, true, 0.10),
        "power_at_fdr_20": power_at_fdr(pooled, true, 0.20),
        "injured": int(true.sum()),
        "rows": len(true),
    }


def detector_rows(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every detector's ranking of one family."""
    import numpy as np

    rows: list[dict[str, Any]] = []
    for detector, (name, sign) in DETECTORS.items():
        usable = [case for case in cases if case[name]]
        truths = [np.array(case["injured"]) for case in usable]
        if usable and any(truth.any() for truth in truths):
            rows.append(ranking_row(detector, [sign * numbers(case, name) for case in usable], truths))
    return rows


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def family_row(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Row of `evaluation_scenario`: what the flags and intervals did."""
    import numpy as np

    flags = false = injured = found = watched = any_a = covered = wrong = known = told = assessed = 0
    top_three = listed = 0
    widths: list[float] = []
    for case in cases:
        truth = np.array(case["injured"])
        grade = np.array(case["grade"])
        flagged, watch = np.isin(grade, FLAGGED), np.isin(grade, WATCHED)
        flags, false = flags + int(flagged.sum()), false + int((flagged & ~truth).sum())
        injured, found = injured + int(truth.sum()), found + int((flagged & truth).sum())
        watched += int((watch & truth).sum())
        any_a += int((grade == FLAGGED[0]).any())
        assessed += int((grade != "not assessed").sum())
        told += int((grade == "cannot tell").sum())
        rate, lower, upper = (numbers(case, name) for name in ("rate", "displacement_lower", "displacement_upper"))
        relative = rate - np.nanmean(rate)
        usable = np.isfinite(relative) & np.isfinite(lower)
        covered += int(((lower <= relative) & (relative <= upper))[usable].sum())
        wrong += int((((lower > 0) & (relative < 0)) | ((upper < 0) & (relative > 0)))[usable].sum())
        known += int(usable.sum())
        widths += (upper - lower)[usable].tolist()
        score = numbers(case, "p_combined")
        place = np.argsort(np.argsort(np.where(np.isfinite(score), score, np.inf), kind="stable"))
        seen = truth & (place < REVIEW)
        listed += int(seen.sum())
        top_three += int((seen & np.array(case["driver_in_top_three"])).sum())
    halves = [case["half_samples"] for case in cases if case["half_samples"] is not None]
    smallest = np.concatenate([numbers(case, "minimum_detectable_gbp") for case in cases])
    money = np.concatenate([numbers(case, "transfer_gbp") for case in cases])
    return {
        "cases": len(cases),
        "injured": injured,
        "flagged": flags,
        "false_flags": false,
        "realised_fdr": _share(false, flags),
        "power_a_b": _share(found, injured),
        "power_a_b_c": _share(watched, injured),
        "cases_with_a": any_a,
        "cannot_tell_share": _share(told, assessed),
        "coverage": _share(covered, known),
        "interval_width": float(np.median(widths)) if widths else math.nan,
        "sign_errors": _share(wrong, known),
        "driver_in_top_three": _share(top_three, listed),
        "stability": float(np.mean(halves)) if halves else math.nan,
        "minimum_detectable_gbp": float(np.nanmedian(smallest)),
        "transfer_gbp": float(np.nanmedian(money)),
    }


def size_rows(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `evaluation_size`: how often an injured area of each third by adults has p <= 0.05."""
    import numpy as np

    rows: list[dict[str, Any]] = []
    adults = np.concatenate([numbers(case, "adults") for case in cases])
    truth = np.concatenate([np.array(case["injured"]) for case in cases])
    score = np.concatenate([numbers(case, "p_combined") for case in cases])
    cuts = np.nanquantile(adults, [1 / 3, 2 / 3])
    for name, mine in (
        ("smallest third", adults <= cuts[0]),
        ("middle third", (adults > cuts[0]) & (adults <= cuts[1])),
        ("largest third", adults > cuts[1]),
    ):
        hit, miss = mine & truth, mine & ~truth & np.isfinite(score)
        rows.append(
            {
                "size": name,
                "injured": int(hit.sum()),
                "found": _share(float((score[hit] <= 0.05).sum()), float(hit.sum())),
                "false_alarms": _share(float((score[miss] <= 0.05).sum()), float(miss.sum())),
            }
        )
    return rows


def calibration_rows(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `evaluation_calibration`: share of untouched areas with a p-value at or below each level."""
    import numpy as np

    rows: list[dict[str, Any]] = []
    for test in ("p_displacement", "p_forest", "p_combined"):
        p_values = np.concatenate([numbers(case, test)[~np.array(case["injured"])] for case in cases])
        p_values = p_values[np.isfinite(p_values)]
        for level in (0.01, 0.05, 0.10, 0.20, 0.50):
            rows.append(
                {"test": test, "level": level, "share": float((p_values <= level).mean()), "rows": len(p_values)}
            )
    return rows
