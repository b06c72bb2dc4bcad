"""Ways to rank, and what their first places hold: both lists, the statistic without each of its parts, simpler ones.

In: recorded cases of one family or window. Out: rows of evaluation_list, evaluation_best and evaluation_ablation.
Refuses nothing: a share of nothing is NaN.
"""

from __future__ import annotations

import math
from typing import Any

from audit.evaluation.oracle import ORACLE
from pipelines.declarations.table_words import REVIEW_LIST, UNUSUAL_LIST

DETECTORS = {
    REVIEW_LIST: ("log_ratio", 15),
    UNUSUAL_LIST: ("forest", 10),
    "without covariance": ("independent", 15),
    "other expectation": ("other_expectation", 15),
    "mixture of onsets": ("mixture", 15),
    "fall in own spend alone": ("fall", 15),
    "forest alone": ("forest", 15),
    "sum of its features": ("features", 15),
}
BOTH = "both lists"
ABLATIONS = (
    ("correlation of yearly changes, against none", REVIEW_LIST, "without covariance"),
    ("what the window expects changes from, against the other choice", REVIEW_LIST, "other expectation"),
    ("onset at once, against a mixture of onsets", REVIEW_LIST, "mixture of onsets"),
    ("the whole path, against the fall in own spend alone", REVIEW_LIST, "fall in own spend alone"),
    ("the evidence ratio, against the forest alone", REVIEW_LIST, "forest alone"),
    ("the forest, against the sum of its features", "forest alone", "sum of its features"),
)
REVIEW = DETECTORS[REVIEW_LIST][1]
RESAMPLES = 2000
ERRORS_APART = 2.0
"""Standard errors by which a list must beat the best we know before that is called a contradiction."""


def share(part: float, whole: float) -> float:
    """A share; NaN of nothing."""
    return part / whole if whole else math.nan


def numbers(case: dict[str, Any], name: str) -> Any:
    """A recorded vector, NaN where unknown."""
    import numpy as np

    return np.array([math.nan if value is None else float(value) for value in case[name]])


def first_rows(score: Any, count: int) -> Any:
    """Positions of the `count` highest known scores, ties by position."""
    import numpy as np

    order = np.argsort(-np.where(np.isfinite(score), score, -np.inf), kind="stable")[:count]
    return order[np.isfinite(score[order])]


def precision(score: Any, truth: Any, places: int) -> float:
    """Share of the first places that are true."""
    listed = first_rows(score, places)
    return float(truth[listed].mean()) if len(listed) else math.nan


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Mean of the known values and its standard error."""
    import numpy as np

    known = np.array([value for value in values if value == value])
    if not len(known):
        return math.nan, math.nan
    return float(known.mean()), float(known.std(ddof=1) / len(known) ** 0.5) if len(known) > 1 else math.nan


def list_rows(cases: list[dict[str, Any]], oracle: tuple[list[Any], list[Any]] | None) -> list[dict[str, Any]]:
    """Every way to rank in one family, both lists together, and the best we know."""
    import numpy as np

    rows: list[dict[str, Any]] = []
    for detector, (name, places) in DETECTORS.items():
        held = [case for case in cases if name in case]
        if held:
            scores, truths = [numbers(case, name) for case in held], [np.array(case["injured"]) for case in held]
            rows.append(_listed(detector, places, scores, truths))
    rows.append(_together(cases))
    if oracle is not None:
        rows.append(_listed(ORACLE, REVIEW, *oracle))
    return rows


def _listed(detector: str, places: int, scores: list[Any], truths: list[Any]) -> dict[str, Any]:
    pairs = list(zip(scores, truths, strict=True))
    mean, error = mean_and_error([precision(score, truth, places) for score, truth in pairs])
    found = sum(float(truth[first_rows(score, places)].sum()) for score, truth in pairs)
    return {
        "detector": detector,
        "places": places,
        "cases": len(pairs),
        "precision": mean,
        "standard_error": error,
        "found": share(found, sum(float(truth.sum()) for truth in truths)),
    }


def _together(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Councils on either list."""
    import numpy as np

    shares: list[float] = []
    found = injured = 0.0
    for case in cases:
        truth = np.array(case["injured"])
        ratio = numbers(case, "log_ratio")
        review = first_rows(np.where(ratio > 0, ratio, np.nan), REVIEW)
        either = np.union1d(review, first_rows(numbers(case, "forest"), DETECTORS[UNUSUAL_LIST][1]))
        shares.append(float(truth[either].mean()) if len(either) else math.nan)
        found, injured = found + float(truth[either].sum()), injured + float(truth.sum())
    mean, error = mean_and_error(shares)
    return {"detector": BOTH, "places": REVIEW + DETECTORS[UNUSUAL_LIST][1], "cases": len(cases), "precision": mean,
            "standard_error": error, "found": share(found, injured)}  # fmt: skip


def best_rows(cases: list[dict[str, Any]], oracle: tuple[list[Any], list[Any]]) -> list[dict[str, Any]]:
    """Both lists beside the best we know, paired by case, at each list's own number of places."""
    import numpy as np

    rows: list[dict[str, Any]] = []
    for detector in (REVIEW_LIST, UNUSUAL_LIST):
        name, places = DETECTORS[detector]
        ours = [precision(numbers(case, name), np.array(case["injured"]), places) for case in cases]
        best = [precision(score, truth, places) for score, truth in zip(*oracle, strict=True)]
        difference, error = mean_and_error([mine - theirs for mine, theirs in zip(ours, best, strict=True)])
        rows.append(
            {
                "detector": detector,
                "places": places,
                "cases": len(cases),
                "precision": mean_and_error(ours)[0],
                "best_precision": mean_and_error(best)[0],
                "difference": difference,
                "standard_error": error,
                "beats": bool(difference > ERRORS_APART * error),
            }
        )
    return rows


def ablation_rows(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Precision at 15 with and without a part, case by case, with a 90% bootstrap interval over the cases."""
    import numpy as np

    rows: list[dict[str, Any]] = []
    for what, first, second in ABLATIONS:
        names = DETECTORS[first][0], DETECTORS[second][0]
        both = [case for case in cases if all(name in case for name in names)]
        if not both:
            continue
        values = [
            np.array([precision(numbers(case, name), np.array(case["injured"]), REVIEW) for case in both])
            for name in names
        ]
        gain = values[0] - values[1]
        draws: Any = np.random.default_rng(len(gain)).integers(len(gain), size=(RESAMPLES, len(gain)))
        lower, upper = (float(value) for value in np.quantile(gain[draws].mean(axis=1), [0.05, 0.95]))
        rows.append(
            {
                "what": what,
                "cases": len(gain),
                "with_it": float(values[0].mean()),
                "without_it": float(values[1].mean()),
                "gain": float(gain.mean()),
                "lower": lower,
                "upper": upper,
                "verdict": "gains" if lower > 0 else "loses" if upper < 0 else "no difference that can be told",
            }
        )
    return rows
