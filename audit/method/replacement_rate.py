"""The replacement rate of an area: pounds of own money less per pound of NHS money, against the average council.

In: yearly changes, steps of NHS money, the precision of the noise. Out: a generalised least squares rate with a
conformal interval. Negative rates are possible (councils that spent more of their own), so nothing is cut at 0 or 1.
Refuses nothing: an area without money has no rate. Sources: Aitken 1936 for the estimate; Lei and others 2018 for
conformal intervals scaled by an error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from audit.method.evidence_ratio import squared_length

FEWEST = 20


@dataclass(frozen=True)
class Rate:
    """Vectors over areas. `rate` is relative to the average council: add 0.3 for the absolute reading, and say so."""

    rate: Any
    lower: Any
    upper: Any
    error: Any


def least_squares(y: Any, steps: Any, precision: Any) -> tuple[Any, Any]:
    """(areas) rate `-(M' S^-1 y) / (M' S^-1 M)` and its error `(M' S^-1 M)^-1/2`; NaN without money."""
    import numpy as np

    weight = squared_length(steps, precision)
    safe = np.where(weight > 0, weight, np.nan)
    return -np.einsum("ai,aij,aj->a", steps, precision, y) / safe, safe**-0.5


def conformal_rank(count: int, level: float) -> int:
    """Which of `count` sorted values, from 1, one more value stays below with probability `level`: ceil(l(n+1))."""
    return min(math.ceil(level * (count + 1)), count)


def replacement_rate(y: Any, steps: Any, precision: Any, *, level: float) -> Rate:
    """Rates with intervals at `level`, each from how far the other areas' rates lie from their median, in errors."""
    import numpy as np

    rate, error = least_squares(y, steps, precision)
    far = np.abs(rate - np.nanmedian(rate) if np.isfinite(rate).any() else rate) / error
    fine = np.flatnonzero(np.isfinite(far))
    half = np.full(len(rate), np.nan)
    if len(fine) > FEWEST:
        ordered = np.sort(far[fine])
        place = conformal_rank(len(fine) - 1, level)
        # Without the area itself: the place-th of the others is one further up where the area stands at or below it.
        at = np.searchsorted(ordered, far[fine])
        half[fine] = np.where(at < place, ordered[np.minimum(place, len(ordered) - 1)], ordered[place - 1])
    half = half * error
    return Rate(rate, rate - half, rate + half, error)
