"""What a sample says of England: the share of areas, or of NHS money, in which own money was replaced.

In: probabilities and conclusions of the areas drawn. Out: an `Estimate` with an interval, and its bounds whatever those
would have said who did not answer. Refuses nothing: without a conclusion there is no estimate. Sources: Hajek 1971 for
the ratio, Brewer 2002 for its variance from single probabilities, Korn and Graubard 1998 for the interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Estimate:
    """A share with its interval; `least` and `most` are the share if all without a conclusion were 0, or 1."""

    share: float
    lower: float
    upper: float
    least: float
    most: float
    answered: int
    asked: int


def hajek(values: Any, probability: Any, weight: Any) -> float:
    """Weighted share of `values` (0 to 1): each area stands for `weight / probability`."""
    import numpy as np

    load = weight / probability
    return float((load * values).sum() / load.sum()) if load.sum() > 0 and np.isfinite(load).all() else math.nan


def variance(values: Any, probability: Any, weight: Any, stratum: Any) -> float:
    """Variance of `hajek` over draws, stratum by stratum; certain areas add none."""
    import numpy as np

    load = weight / probability
    apart = load * (values - hajek(values, probability, weight)) / load.sum()
    total = 0.0
    for at in np.unique(stratum).tolist():
        mine = stratum == at
        count = int(mine.sum())
        if count > 1:
            off = apart[mine] - apart[mine].mean()
            total += count / (count - 1) * float(((1.0 - probability[mine]) * off**2).sum())
    return total


def interval(share: float, spread: float, count: int, level: float) -> tuple[float, float]:
    """Exact binomial interval at the effective number of areas; the whole sample counts where nothing varies."""
    from scipy.stats import beta

    effective = min(share * (1.0 - share) / spread, 10.0 * count) if spread > 0 else float(count)
    hits, tail = share * effective, (1.0 - level) / 2.0
    lower = float(beta.ppf(tail, hits, effective - hits + 1.0)) if hits > 0 else 0.0
    upper = float(beta.ppf(1.0 - tail, hits + 1.0, effective - hits)) if hits < effective else 1.0
    return lower, upper


def estimate(values: Any, probability: Any, weight: Any, stratum: Any, *, level: float) -> Estimate:
    """The share from the areas drawn. `values` is NaN where an area has no conclusion: it is bounded, not imputed."""
    import numpy as np

    known = np.isfinite(values)
    if not known.any():
        return Estimate(math.nan, math.nan, math.nan, 0.0, 1.0, 0, len(values))
    told = (values[known], probability[known], weight[known])
    share = hajek(*told)
    ends = interval(share, variance(*told, stratum[known]), int(known.sum()), level)
    least, most = (hajek(np.where(known, values, end), probability, weight) for end in (0.0, 1.0))
    return Estimate(share, *ends, least, most, int(known.sum()), len(values))


def planned_half_width(probability: Any, weight: Any, share: float, *, level: float) -> float:
    """Half the width that a sample with these probabilities is expected to buy, if `share` of the areas replaced."""
    import numpy as np

    part = weight / weight.sum()
    spread = float(((1.0 - probability) / probability * part**2).sum()) * share * (1.0 - share)
    lower, upper = interval(share, spread, int(np.rint(probability.sum())), level)
    return (upper - lower) / 2.0
