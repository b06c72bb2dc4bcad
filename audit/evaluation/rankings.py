"""How well a score puts the injured first: rankings of the method, of its parts, of simpler scores and of the oracle.

In: the recorded cases of one family or window. Out: rows of evaluation_detector, evaluation_power and
evaluation_ablation. Refuses nothing: a share of nothing is NaN.
"""

from __future__ import annotations

import math
from typing import Any

DETECTORS = {
    "method": ("p_combined", -1.0),
    "displacement only": ("p_displacement", -1.0),
    "forest only": ("forest", 1.0),
    "five-line baseline": ("baseline", 1.0),
    "fall in own spend alone": ("own_alone", 1.0),
    "two-sided forest": ("two_sided", 1.0),
    "forest fitted in sample": ("forest_on_itself", 1.0),
    "forest of ten times the trees": ("more_trees", 1.0),
    "displacement, in sample": ("in_sample", 1.0),
    "displacement, class left out": ("class_left_out", 1.0),
}
ORACLE = "oracle"
CURVES = ("method", "displacement only", "forest only", "five-line baseline")
ABLATIONS = (
    ("what the forest adds to the displacement estimate", "method", "displacement only"),
    ("what the displacement estimate adds to the forest", "method", "forest only"),
    ("the forest against the five-line baseline", "forest only", "five-line baseline"),
    ("the whole method against the five-line baseline", "method", "five-line baseline"),
    ("expected spend against the plain fall in own spend", "displacement only", "fall in own spend alone"),
    ("one-sided against two-sided features", "forest only", "two-sided forest"),
    ("forest fitted on placebo windows against in sample", "forest only", "forest fitted in sample"),
    ("a tenth of the trees, as all cases here use, against all", "forest only", "forest of ten times the trees"),
    ("expected spend cross-fitted against in sample", "displacement only", "displacement, in sample"),
    ("taught on all classes against the own class left out", "displacement only", "displacement, class left out"),
)
REVIEW = 15
FALSE_SHARE = 0.05
RESAMPLES = 2000


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


def found_at_false_share(score: Any, truth: Any, share: float) -> float:
    """Share of the true rows that score above the level which `share` of the others exceed. Chance gives `share`."""
    import numpy as np

    others = score[~truth & np.isfinite(score)]
    if not truth.any() or not len(others):
        return math.nan
    return float((score[truth] > np.quantile(others, 1.0 - share)).sum() / truth.sum())


def first_rows(score: Any, count: int) -> Any:
    """Positions of the `count` highest; unknown scores come last."""
    import numpy as np

    return np.argsort(-np.where(np.isfinite(score), score, -np.inf), kind="stable")[:count]


def ranking_row(detector: str, scores: list[Any], truths: list[Any]) -> dict[str, Any]:
    """Measures of one detector over one family's cases, pooled over seeds where a threshold is needed."""
    import numpy as np

    pairs = list(zip(scores, truths, strict=True))
    pooled, true = np.concatenate(scores), np.concatenate(truths)
    return {
        "detector": detector,
        "average_precision": float(np.mean([average_precision(score, truth) for score, truth in pairs])),
        "precision_at_15": float(np.mean([truth[first_rows(score, REVIEW)].mean() for score, truth in pairs])),
        "found_at_05": found_at_false_share(pooled, true, FALSE_SHARE),
        "power_at_fdr_10": power_at_fdr(pooled, true, 0.10),
        "power_at_fdr_20": power_at_fdr(pooled, true, 0.20),
        "injured": int(true.sum()),
    }


def scored(cases: list[dict[str, Any]], detector: str) -> tuple[list[Any], list[Any]]:
    """(scores, truths) of the cases that hold a detector and planted anything."""
    import numpy as np

    name, sign = DETECTORS[detector]
    usable = [case for case in cases if case.get(name) and any(case["injured"])]
    return [sign * numbers(case, name) for case in usable], [np.array(case["injured"]) for case in usable]


def detector_rows(cases: list[dict[str, Any]], oracle: tuple[list[Any], list[Any]]) -> list[dict[str, Any]]:
    """Every detector's ranking of one family, and the oracle's."""
    rows: list[dict[str, Any]] = []
    for detector in DETECTORS:
        scores, truths = scored(cases, detector)
        if scores:
            rows.append(ranking_row(detector, scores, truths))
    best = ranking_row(ORACLE, *oracle)
    return [
        row | {"share_of_oracle": row["found_at_05"] / best["found_at_05"] if best["found_at_05"] > 0 else math.nan}
        for row in (*rows, best)
    ]


def ablation_rows(window: str, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Average precision with and without a part, case by case, with a 90% bootstrap interval over the cases.

    The held-out routes must have been left out of `cases`.
    """
    import numpy as np

    rows: list[dict[str, Any]] = []
    for what, first, second in ABLATIONS:
        both = [case for case in cases if case.get(DETECTORS[first][0]) and case.get(DETECTORS[second][0])]
        values = [
            np.array([average_precision(score, truth) for score, truth in zip(*scored(both, name), strict=True)])
            for name in (first, second)
        ]
        if not len(values[0]):
            continue
        gain = values[0] - values[1]
        draws: Any = np.random.default_rng(len(gain)).integers(len(gain), size=(RESAMPLES, len(gain)))
        lower, upper = (float(value) for value in np.quantile(gain[draws].mean(axis=1), [0.05, 0.95]))
        rows.append(
            {
                "window": window,
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
