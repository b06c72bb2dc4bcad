"""Ridge regression with Huber weights, cross-fitted by area: what a quantity would be, from what areas like it have.

In: predictors and an outcome over areas. Out: coefficients or fitted values. Refuses a fold with too few areas: its
fitted values stay NaN. Source: Huber 1964.
"""

from __future__ import annotations

from typing import Any

from audit.settings import Settings


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


def cross_fit(predictors: Any, outcome: Any, rows: Any, fold: Any, settings: Settings) -> Any:
    """Fitted value of each of `rows` from the other folds' areas with an outcome; NaN where those are too few."""
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
