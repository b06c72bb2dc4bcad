"""Expected own-funded spend: what each council's funding, need and other services would have led one to expect (ISA
520).

In: a `WindowData`. Out: an `ExpectedSpend`: expected pounds by year, the relative gap over the window, and a
conformal interval. Each year's log change from the base is predicted by a ridge regression with Huber weights, cross-
fitted by council, so a council never takes part in its own expectation. Refuses areas that are not usable: their
figures stay NaN. Sources: Huber 1964 for the weights; Lei and others 2018 for conformal intervals scaled by a size-
dependent spread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from audit.panel.window_data import WindowData
from audit.settings import Settings


@dataclass(frozen=True)
class ExpectedSpend:
    """(areas, window years) pounds cash; vectors over areas for the window as a whole.

    `gap_share` is log(expected / actual) over the window, `spread` the size-dependent scale of its middle and
    `level_spread` that of its interval (all as shares of spending).
    """

    expected: Any
    lower: Any
    upper: Any
    gap_gbp: Any
    gap_lower_gbp: Any
    gap_upper_gbp: Any
    gap_share: Any
    size_factor: Any
    spread: float
    level_spread: float


def robust_spread(values: Any) -> float:
    """1.4826 x the median absolute deviation of the finite values; NaN when there are fewer than five."""
    import numpy as np

    fine = values[np.isfinite(values)]
    return float(1.4826 * np.median(np.abs(fine - np.median(fine)))) if len(fine) >= 5 else float("nan")


def standardise(columns: list[Any], rows: Any, winsor: float) -> Any:
    """(areas, predictors): centred on the middle value, divided by the spread, clipped.

    Missing becomes the middle value.
    """
    import numpy as np

    made = []
    for column in columns:
        fine = column[rows & np.isfinite(column)]
        middle = np.median(fine) if len(fine) else 0.0
        spread = robust_spread(fine)
        if not spread > 0:
            spread = float(np.std(fine)) if len(fine) and np.std(fine) > 0 else 1.0
        scaled = np.clip((column - middle) / spread, -winsor, winsor)
        made.append(np.where(np.isfinite(scaled), scaled, 0.0))
    return np.stack(made, axis=1)


def huber_ridge(predictors: Any, outcome: Any, *, ridge: float, huber: float, rounds: int = 8) -> Any:
    """Coefficients (intercept first) by iteratively reweighted ridge; the intercept is not shrunk."""
    import numpy as np

    everything = np.ones((1, len(outcome)), dtype=bool)
    return huber_ridge_folds(predictors, outcome, everything, ridge=ridge, huber=huber, rounds=rounds)[0]


def _middle(values: Any, known: Any) -> Any:
    """Median of the known values of each row."""
    import numpy as np

    ordered = np.sort(np.where(known, values, np.inf), axis=1)
    count = known.sum(axis=1)
    row = np.arange(len(values))
    return (ordered[row, (count - 1) // 2] + ordered[row, count // 2]) / 2.0


def huber_ridge_folds(predictors: Any, outcome: Any, train: Any, *, ridge: float, huber: float, rounds: int = 8) -> Any:
    """(folds, coefficients) of a fit to the observations each row of `train` (folds x observations) names."""
    import numpy as np

    design = np.column_stack([np.ones(len(outcome)), predictors])
    target = np.where(train.any(axis=0), outcome, 0.0)
    penalty = ridge * np.eye(design.shape[1])
    penalty[0, 0] = 0.0
    weights = train.astype(float)
    beta = np.zeros((len(train), design.shape[1]))
    for _ in range(rounds):
        gram = (weights[:, :, None] * design).transpose(0, 2, 1) @ design + penalty
        beta = np.linalg.solve(gram, (weights @ (design * target[:, None]))[..., None])[..., 0]
        left = target - beta @ design.T
        centre = _middle(left, train)
        scale = np.maximum(1.4826 * _middle(np.abs(left - centre[:, None]), train), 1e-9)
        weights = train / np.maximum(1.0, np.abs(left) / (huber * scale[:, None]))
    return beta


def folds_of(size: int, folds: int, seed: int) -> Any:
    """Fold number of each council: a seeded shuffle of equal parts."""
    import numpy as np

    return np.random.default_rng(seed).permutation(np.arange(size) % folds)


def _cross_fit(predictors: Any, outcome: Any, rows: Any, fold: Any, settings: Settings) -> Any:
    import numpy as np

    made = np.full(len(outcome), np.nan)
    usable = rows & np.isfinite(outcome)
    train = usable[None, :] & (fold[None, :] != np.arange(int(fold.max()) + 1)[:, None])
    enough = train.sum(axis=1) > max(predictors.shape[1] + 2, 4)
    if not enough.any():
        return made
    numbers = np.flatnonzero(enough)
    beta = huber_ridge_folds(
        predictors, outcome, train[enough], ridge=settings.number("model.ridge"), huber=settings.number("model.huber")
    )
    for number, fit in zip(numbers.tolist(), beta, strict=True):
        test = rows & (fold == number)
        made[test] = fit[0] + predictors[test] @ fit[1:]
    return made


def size_factors(residual: Any, size: Any) -> Any:
    """Spread of each area relative to the middle one, from a line of |residual| on log adults; between 0.5 and 2."""
    import numpy as np

    fine = np.isfinite(residual) & np.isfinite(size)
    if fine.sum() < 20:
        return np.ones(len(residual))
    absolute = np.abs(residual[fine] - np.median(residual[fine]))
    absolute = np.minimum(absolute, np.quantile(absolute, 0.95))
    slope, start = np.polyfit(size[fine], absolute, 1)
    line = start + slope * size
    return np.clip(line / np.median(line[fine]), 0.5, 2.0)


def conformal_half_width(residual: Any, factors: Any, level: float) -> Any:
    """Half width, per area, of the interval at `level`: the conformal quantile of the others' scaled residuals."""
    import numpy as np

    scaled = np.abs(residual) / factors
    fine = np.sort(scaled[np.isfinite(scaled)])
    if len(fine) < 20:
        return np.full(len(residual), np.nan)
    return fine[conformal_place(len(fine), level)] * factors


def conformal_place(count: int, level: float) -> int:
    """Place, from 0, of the order statistic that one more value stays below with probability `level`: ceil(l(n+1))."""
    return min(math.ceil(level * (count + 1)), count) - 1


def level_spread(spread: float, scaled: Any, level: float) -> float:
    """Spread for which the normal interval at `level` holds that share of the scaled gaps; never below the middle's.

    Gaps have longer tails than the normal, so the spread of their middle alone makes intervals too narrow.
    """
    import numpy as np

    fine = np.sort(np.abs(scaled[np.isfinite(scaled)]))
    if len(fine) < 20:
        return spread
    return max(spread, float(fine[conformal_place(len(fine), level)]) / NormalDist().inv_cdf(0.5 + level / 2.0))


def expected_spend(data: WindowData, settings: Settings) -> ExpectedSpend:
    """Cross-fitted expected spend of one window. Areas that are not usable are NaN throughout."""
    import numpy as np

    rows, winsor, level = data.usable, settings.number("model.winsor"), settings.number("model.level")
    fold = folds_of(len(rows), settings.count("model.folds"), settings.count("model.seed"))
    safe = np.where(rows[:, None], data.own_real, np.nan)
    base = safe[:, : data.base].mean(axis=1)
    count = len(data.years) - data.base
    prices = data.own / data.own_real
    expected, half = np.full((len(rows), count), np.nan), np.full((len(rows), count), np.nan)
    for step in range(count):
        at = data.base + step
        columns = [*data.predictors.values(), *(values[:, at] for values in data.yearly.values())]
        outcome = np.log(safe[:, at] / base)
        fitted = _cross_fit(standardise(columns, rows, winsor), outcome, rows, fold, settings)
        expected[:, step] = base * np.exp(fitted) * prices[:, at]
        residual = fitted - outcome
        half[:, step] = conformal_half_width(residual, size_factors(residual, data.predictors["size"]), level)
    actual = np.where(rows[:, None], data.own[:, data.base :], np.nan)
    share = np.log(expected.sum(axis=1) / actual.sum(axis=1))
    factors = size_factors(share, data.predictors["size"])
    width = conformal_half_width(share, factors, level)
    total = expected.sum(axis=1)
    spread = robust_spread(share / factors)
    return ExpectedSpend(
        expected=expected,
        lower=expected * np.exp(-half),
        upper=expected * np.exp(half),
        gap_gbp=total - actual.sum(axis=1),
        gap_lower_gbp=total * np.exp(-width) - actual.sum(axis=1),
        gap_upper_gbp=total * np.exp(width) - actual.sum(axis=1),
        gap_share=share,
        size_factor=factors,
        spread=spread,
        level_spread=level_spread(spread, share / factors, level),
    )
