"""Planned displacement: what an area's papers, written before the year, say of its own money.

In: (years) pounds planned without the transfer and with it, the transfer, own spend, and the papers' error of each
year; or (..., years) for many areas at once. Out: a `Planned`, and outturn against plan for the actual spend. Refuses
nothing: without a year that has all of it there is no figure. The error is reckoned twice, because papers do not tell:
as one that runs through all years, and as one of each year's own. Source of the definition: the conditions of the
2014-15 section 256 transfers; the two hypotheses are those of `audit/method/evidence_ratio.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from audit.method.evidence_ratio import AVERAGE, DEGREES, FULL

AFTERWARDS = 2.0
"""How many times larger the error of a paper is that was written after the year began, or that is not dated."""


@dataclass(frozen=True)
class Planned:
    """Pounds per pound of transfer; `error` if one error runs through all papers, `error_independent` if none does.

    A number each for the papers of one area; (...) where papers were (..., years).
    """

    rate: Any
    error: Any
    error_independent: Any
    log_ratio: Any
    log_ratio_independent: Any


def log_ratio(apart: Any, money: Any, error: Any, *, average: float = AVERAGE, degrees: float = DEGREES) -> Any:
    """Log of how much likelier differences `apart` (..., years; pounds) are at full replacement than at the average's.

    Student likelihoods with `degrees`, scale `error` of each year, independent. One year is the one-error case.
    """
    import numpy as np

    stayed, replaced = ((((apart - rate * money) / error) ** 2).sum(axis=-1) for rate in (average, FULL))
    return (degrees + np.shape(apart)[-1]) / 2.0 * (np.log1p(stayed / degrees) - np.log1p(replaced / degrees))


def planned(without: Any, with_it: Any, money: Any, error: Any, *, average: float = AVERAGE) -> Planned:
    """Planned displacement over the years given; all NaN without a year, or without money.

    With one error through all papers only their sum tells anything: its error is the sum of the years' errors.
    """
    import numpy as np

    apart, total = without - with_it, money.sum(axis=-1)
    summed = [values.sum(axis=-1, keepdims=True) for values in (apart, money, error)]
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = np.where(total > 0, total, math.nan)[()]
        told = np.where(total > 0, 1.0, math.nan)[()]
        return Planned(
            rate=apart.sum(axis=-1) / whole,
            error=error.sum(axis=-1) / whole,
            error_independent=np.sqrt((error**2).sum(axis=-1)) / whole,
            log_ratio=told * log_ratio(*summed, average=average),
            log_ratio_independent=told * log_ratio(apart, money, error, average=average),
        )


def outturn_against_plan(
    without: Any, actual: Any, money: Any, papers: Any, shock: Any, *, repeats: float
) -> tuple[float, float]:
    """(rate, error) of own spend planned without the transfer less actual own spend, pounds per pound.

    `papers` and `shock` (years) are errors in pounds; the papers' runs through all years, and a share `repeats` of the
    shock's variance comes back every year.
    """
    import numpy as np

    whole = float(money.sum())
    if not len(without) or not whole > 0:
        return math.nan, math.nan
    moved = (1.0 - repeats) * float((shock**2).sum()) + repeats * float(shock.sum()) ** 2
    return float((without - actual).sum()) / whole, float(np.sqrt(papers.sum() ** 2 + moved)) / whole


def half_width(error: float, level: float) -> float:
    """Half the width of the interval at `level` around a rate with a Student `error` of five degrees of freedom."""
    from scipy.stats import t

    return float(t.ppf((1.0 + level) / 2.0, DEGREES)) * error
