"""Error control: conformal p-values against placebo rows, Benjamini-Hochberg over areas, and a combination of two
p-values.

In: vectors of statistics in which larger means more like backfill. Out: p- and q-values. Refuses nothing: missing
statistics give missing p-values and take no part. Sources: Bates, Candes, Lei, Romano and Sesia 2023 for conformal
p-values; Benjamini and Hochberg 1995; Liu and Xie 2020 for the Cauchy combination, which holds under dependence.
"""

from __future__ import annotations

import math
from typing import Any


def conformal_p_values(statistics: Any, placebo: Any) -> Any:
    """(1 + placebo rows at least as large) / (1 + placebo rows).

    NaN where the statistic is missing or nothing calibrates it.
    """
    import numpy as np

    calibration = np.sort(placebo[np.isfinite(placebo)])
    if not len(calibration):
        return np.full(len(statistics), np.nan)
    above = len(calibration) - np.searchsorted(calibration, statistics, side="left")
    return np.where(np.isfinite(statistics), (1.0 + above) / (1.0 + len(calibration)), np.nan)


def benjamini_hochberg(p_values: Any) -> Any:
    """q-values; missing p-values stay missing and do not count as hypotheses."""
    import numpy as np

    made = np.full(len(p_values), np.nan)
    known = np.flatnonzero(np.isfinite(p_values))
    if not len(known):
        return made
    order = known[np.argsort(p_values[known], kind="stable")]
    ratio = p_values[order] * len(order) / np.arange(1, len(order) + 1)
    made[order] = np.minimum(np.minimum.accumulate(ratio[::-1])[::-1], 1.0)
    return made


def cauchy_combination(first: Any, second: Any) -> Any:
    """One p-value from two that may depend on each other; the one known when the other is missing."""
    import numpy as np

    clipped = [np.clip(values, 1e-12, 1.0 - 1e-12) for values in (first, second)]
    mean = sum(np.tan((0.5 - values) * math.pi) for values in clipped) / 2.0
    both = 0.5 - np.arctan(mean) / math.pi
    return np.where(np.isnan(first), second, np.where(np.isnan(second), first, both))


def placebo_rows_needed(areas: int, rejected: int, level: float) -> int:
    """Placebo rows without which Benjamini-Hochberg cannot reject `rejected` of `areas` at `level`: N / (q k) - 1."""
    return max(math.ceil(areas / (level * rejected)) - 1, 0)


def least_rejections(areas: int, placebo_rows: int, level: float) -> int:
    """Areas that must be rejected together for any to be: the smallest k with 1 / (1 + rows) <= k level / N."""
    return max(math.ceil(areas / (level * (1.0 + placebo_rows)) - 1e-9), 1)
