"""The evidence ratio: how many times likelier the path of an area's yearly changes is under full replacement.

In: yearly changes `y`, steps of NHS money `M`, the precision of the noise. Out: natural logs of the ratio of Student
likelihoods: own money replaced pound for pound, against what the average council did (0.3 of a pound). The whole path
is judged, so a fall that comes back, or a jump of booking, is discounted. Refuses nothing: what is missing gives NaN.
Source of the ratio: Neyman and Pearson 1933, with the multivariate Student density of five degrees of freedom for the
tails of these figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DEGREES = 5.0
FULL, AVERAGE = 1.0, 0.3
PRIORS = (5, 10, 30)
"""Areas in a hundred that replaced their own money, as posteriors assume: the figures cannot say how many there are."""


def squared_length(v: Any, precision: Any) -> Any:
    """(areas) `Q(v) = v' S^-1 v` over each area's own changes."""
    import numpy as np

    return np.einsum("ai,aij,aj->a", v, precision, v)


def log_evidence_ratio(
    y: Any, steps: Any, precision: Any, count: Any, *, average: float = AVERAGE, degrees: float = DEGREES
) -> Any:
    """(areas) `(n + k)/2 [log(1 + Q(y)/n) - log(1 + Q(y + (1 - average) M)/n)]`, with n degrees and k changes.

    `y` has lost the response of the average council already, so full replacement shifts it by what lies beyond that.
    NaN where there is no money to replace.
    """
    import numpy as np

    stayed = squared_length(y, precision)
    replaced = squared_length(y + (FULL - average) * steps, precision)
    found = (degrees + count) / 2.0 * (np.log1p(stayed / degrees) - np.log1p(replaced / degrees))
    return np.where((np.abs(steps) > 0).any(axis=1), found, np.nan)


def best_onset(ratios: Mapping[str, Any]) -> Any:
    """(areas) index, in the order of `ratios`, of the onset whose log ratio is largest; -1 where none is known."""
    import numpy as np

    stacked = np.stack(list(ratios.values()))
    known = np.isfinite(stacked).all(axis=0)
    return np.where(known, np.argmax(np.where(known, stacked, 0.0), axis=0), -1)


def posterior(log_ratio: Any, prior: float) -> Any:
    """Chance of replacement given the figures and a prior share: logit posterior = logit prior + log ratio."""
    import numpy as np

    return 1.0 / (1.0 + np.exp(-(np.log(prior / (1.0 - prior)) + log_ratio)))
