"""The evaluation tables of a made run: a few rows of each, none of them measured.

In: nothing. Out: rows by table. Words of the code that no page may print ("injured") are among them.
"""

from __future__ import annotations

from typing import Any

from pipelines.declarations.table_words import BAND_WORDS, BOTH_LISTS, REVIEW_LIST, UNUSUAL_LIST

WINDOWS = {"W1": "", "W2": "fund_"}
GROUNDS = ("blocks", "real paths")
BEST = "best we know"


def _lists(window: str, prefix: str) -> list[dict[str, Any]]:
    shares = {REVIEW_LIST: 0.28, UNUSUAL_LIST: 0.31, BOTH_LISTS: 0.27, BEST: 0.41}
    return [
        {
            "window": window, "family": f"{prefix}route_{route}", "ground": "blocks", "route": route,
            "onset": "at once", "held_out": route == "reserves", "detector": detector,
            "places": 10 if detector == UNUSUAL_LIST else 15, "cases": 40, "prevalence": 0.1, "precision": found,
            "standard_error": 0.011, "found": 0.3,
        }
        for route in ("own_spend", "reserves")
        for detector, found in shares.items()
    ]  # fmt: skip


def _posteriors(window: str) -> list[dict[str, Any]]:
    parts = {"first 15": (600, 138.0, 149.0), "posterior 0.00 to 0.05": (2900, 90.0, 84.0),
             "posterior 0.20 to 0.30": (310, 77.0, 80.0), "posterior 0.40 to 1.00": (0, 0.0, 0.0)}  # fmt: skip
    return [
        {
            "window": window, "ground": ground, "prevalence": 0.1, "part": part, "areas": areas, "expected": expected,
            "actual": actual, "standard_error": 7.5, "ratio": actual / expected if expected else None,
        }
        for ground in GROUNDS
        for part, (areas, expected, actual) in parts.items()
    ]  # fmt: skip


def _papers(window: str) -> list[dict[str, Any]]:
    own, common = "each year its own", "one through all years"
    kinds = (("one year", 1, "either"), (own, 3, own), (own, 3, common), (common, 3, common))
    made = (("unbiased", 0.02, 0.02), ("written afterwards", 0.04, 0.04), ("unbiased", 0.04, 0.04))
    return [
        {
            "window": window, "papers": papers, "errors": errors, "error": error, "setting": setting, "years": years,
            "reading": reading, "draws": 400, "power": 0.4 + years / 10, "list_found": 0.0 if years == 1 else 0.5,
            "list_wrong": None if years == 1 else 0.02, "precision": 0.7, "expected": 8.1, "actual": 10.5, "sure": 0.6,
            "sure_wrong": 0.01, "high_wrong": None, "low_wrong": 0.004, "coverage": 0.96, "coverage_replaced": 0.97,
            "coverage_others": 0.96, "smallest_rate": 0.6,
        }
        for papers, error, setting in made
        for errors, years, reading in kinds
    ]  # fmt: skip


def _window(window: str, prefix: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "evaluation_list": _lists(window, prefix),
        "evaluation_best": [
            {"window": window, "family": f"{prefix}route_reserves", "detector": REVIEW_LIST, "places": 15, "cases": 40,
             "precision": 0.28, "best_precision": 0.41, "difference": -0.13, "standard_error": 0.02, "beats": False}
        ],
        "evaluation_posterior": _posteriors(window),
        "evaluation_interval": [
            {"window": window, "family": f"{prefix}real_rates", "ground": "real paths", "group": group, "areas": 500,
             "coverage": 0.91, "width": 3.1, "error": 0.6}
            for group in ("injured", "others")
        ],
        "evaluation_band": [
            {"window": window, "ground": "blocks", "band": band, "areas": 300, "injured": 30, "share_injured": 0.1,
             "lower": 0.07, "upper": 0.13}
            for band in BAND_WORDS
        ],
        "evaluation_size": [
            {"window": window, "size": "smallest third", "injured": 90, "found": 0.3, "precision": 0.25}
        ],
        "evaluation_look_alike": [
            {"window": window, "test": "one_off_base_year", "planted": "base_spike", "areas_planted": 80,
             "fires_planted": 0.5, "areas_clean": 1000, "fires_clean": 0.1, "likelihood_ratio": 5.0}
        ],
        "evaluation_permutation": [
            {"window": window, "statistic": "slope", "as_returned": 0.2, "permuted_middle": 0.0, "permuted_low": -0.1,
             "permuted_high": 0.1, "p_value": 0.05, "permutations": 20}
        ],
        "evaluation_papers": _papers(window),
        "evaluation_outcome": [
            {"window": window, "outcome": "delayed days", "group": REVIEW_LIST, "areas": 15, "group_mean": 1.0,
             "matched_mean": 1.1, "difference": -0.1, "lower": -0.3, "upper": 0.1, "worse": "no difference shown"}
        ],
    }  # fmt: skip


def evaluation_tables() -> dict[str, list[dict[str, Any]]]:
    """Rows of every evaluation table by name."""
    made: dict[str, list[dict[str, Any]]] = {}
    for window, prefix in WINDOWS.items():
        for table, rows in _window(window, prefix).items():
            made.setdefault(table, []).extend(rows)
    both = {"window": "W1", "cases": 40}
    return made | {
        "evaluation_target": [
            {"place": 1, "window": "W1", "target": "precision of the review list, injured areas", "must_reach": "0.26",
             "aim": "0.3", "reached": 0.28, "met": "yes", "note": ""}
        ],
        "evaluation_ablation": [
            {"place": 1, **both, "what": "correlation of yearly changes, against none", "with_it": 0.28,
             "without_it": 0.25, "gain": 0.03, "lower": 0.01, "upper": 0.05, "verdict": "gains"}
        ],
        "evaluation_placebo": [
            {"placebo_window": "placebo_2009_10", "areas": 140, "above_3": 2, "above_10": 0, "below_third": 9,
             "largest": 4.1, "mean_ratio": 0.97, "expected_on_list": 3.2}
        ],
        "evaluation_agreement": [
            {"what": "own spend", "first": "RO3", "second": "RS", "areas": 140, "median_difference_percent": 0.1,
             "within_2_percent": 0.9, "rank_correlation": 0.98, "top_15_shared": 0.8}
        ],
        "evaluation_sample": [
            {"size": size, "share_planted": 0.1, "truth": "by lot", "weight": "areas", "draws": 1000, "coverage": 0.91,
             "half_width": 0.11, "planned_half_width": 0.12}
            for size in (10, 30)
        ],
        "evaluation_run": [
            {"method": "a" * 64, "figures": "b" * 64, "generator": "c" * 12, "fund_generator": "d" * 12, "rounds": 10,
             "cases": 400, "permutations": 20, "same_method": True}
        ],
    }  # fmt: skip
