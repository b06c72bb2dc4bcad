"""Least squares with errors clustered by council, a wild cluster bootstrap and pooled AR(1), in plain numpy.

In: outcome, the one regressor of interest, controls and clusters. Out: a `Slope`. Refuses fewer than thirty
observations: everything is NaN. Sources: Cameron, Gelbach and Miller 2008 for the wild cluster bootstrap-t (Rademacher
weights, unrestricted); Prais and Winsten 1954 for the transformation. Written here rather than taken from statsmodels
or pyfixest, whose import alone takes longer than all of this.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

DRAWS = 399
LEAST = 30


@dataclass(frozen=True)
class Slope:
    """`error` is clustered; `wild` is the bootstrap's critical t at the level asked for; `rho` the pooled AR(1)."""

    slope: float
    error: float
    wild: float
    rho: float
    rows: int
    clusters: int


NOTHING = Slope(math.nan, math.nan, math.nan, math.nan, 0, 0)


def demean(values: Any, groups: Any) -> Any:
    """Values less the mean of their group; two-dimensional values column by column."""
    import numpy as np

    count = np.bincount(groups)
    columns = values.reshape(len(values), -1)
    means = np.stack([np.bincount(groups, weights=column) / np.maximum(count, 1) for column in columns.T], axis=1)
    return (columns - means[groups]).reshape(values.shape)


def _fit(outcome: Any, design: Any, clusters: Any) -> tuple[float, float, Any, Any]:
    """Slope of the first column, its clustered error, residuals, and the row that maps outcomes to the slope."""
    import numpy as np

    inverse = np.linalg.pinv(design.T @ design)
    reader = inverse[0] @ design.T
    beta = inverse @ (design.T @ outcome)
    left = outcome - design @ beta
    count = int(clusters.max()) + 1
    sums = np.bincount(clusters, weights=reader * left, minlength=count)
    factor = count / max(count - 1, 1) * (len(outcome) - 1) / max(len(outcome) - design.shape[1], 1)
    return float(beta[0]), float(np.sqrt(factor * (sums**2).sum())), left, reader


def _wild(design: Any, left: Any, reader: Any, clusters: Any, *, level: float, seed: int) -> float:
    """Quantile of |t| over Rademacher draws by cluster."""
    import numpy as np

    count = int(clusters.max()) + 1
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(DRAWS, count))
    drawn = signs[:, clusters] * left
    inverse = np.linalg.pinv(design.T @ design)
    beta = drawn @ design @ inverse
    again = drawn - beta @ design.T
    member = np.zeros((len(clusters), count))
    member[np.arange(len(clusters)), clusters] = 1.0
    errors = np.sqrt((((again * reader) @ member) ** 2).sum(axis=1))
    t_values = np.abs(beta[:, 0]) / np.maximum(errors, 1e-12)
    return float(np.quantile(t_values, level))


def pooled_rho(left: Any, units: Any, order: Any) -> float:
    """Pooled first autocorrelation of residuals of the same unit in successive years; 0 where there are none."""
    import numpy as np

    place = np.lexsort((order, units))
    same = (np.diff(units[place]) == 0) & (np.diff(order[place]) == 1)
    before, after = left[place][:-1][same], left[place][1:][same]
    square = float((before**2).sum())
    return float(np.clip((before * after).sum() / square, -0.95, 0.95)) if square > 0 else 0.0


def _whitened(values: Any, units: Any, order: Any, rho: float) -> Any:
    """Prais-Winsten: each year less rho times the unit's year before; first years scaled."""
    import numpy as np

    columns = values.reshape(len(values), -1)
    place = np.lexsort((order, units))
    made = columns * math.sqrt(1.0 - rho**2)
    later = np.flatnonzero((np.diff(units[place]) == 0) & (np.diff(order[place]) == 1)) + 1
    made[place[later]] = columns[place[later]] - rho * columns[place[later - 1]]
    return made.reshape(values.shape)


def slope(
    outcome: Any, dose: Any, controls: Any, *, clusters: Any, units: Any, order: Any, level: float, seed: int
) -> Slope:
    """Slope of `outcome` on `dose` given `controls` (rows, k; put a column of ones in), after pooled AR(1).

    Rows with a missing value are left out. `units` and `order` (integers) say which rows follow each other.
    """
    import numpy as np

    fine = np.isfinite(outcome) & np.isfinite(dose) & np.isfinite(controls).all(axis=1)
    if fine.sum() < LEAST:
        return NOTHING
    _, clusters = np.unique(clusters[fine], return_inverse=True)
    units, order = units[fine], order[fine]
    design = np.column_stack([dose[fine], controls[fine]])
    _, _, left, _ = _fit(outcome[fine], design, clusters)
    rho = pooled_rho(left, units, order)
    design, target = (_whitened(values, units, order, rho) for values in (design, outcome[fine]))
    found, error, left, reader = _fit(target, design, clusters)
    wild = _wild(design, left, reader, clusters, level=level, seed=seed)
    return Slope(found, error, wild, rho, int(fine.sum()), int(clusters.max()) + 1)
