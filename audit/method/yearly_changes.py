"""Yearly changes of own-funded spend, less what one would have expected: the path that is judged (`y`).

In: a `WindowData`. Out: a `Changes` of (areas, changes) arrays. Money came in steps at known dates and own spend is
close to a random walk, so each yearly change is judged rather than the mean of years. A change is expected from class,
level, size, deprivation and the same year's change in funding, other services and need, by a ridge regression with
Huber weights that is cross-fitted: no area takes part in its own expectation. A missing inner year is bridged: the
change over it stands at the year that ends it. Refuses nothing: areas that are not usable stay NaN. Source of the
weights: Huber 1964.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.method.comparable.huber_ridge import cross_fit, folds_of, standardise
from audit.panel.window_data import WindowData
from audit.settings import Settings


@dataclass(frozen=True)
class Changes:
    """(areas, changes), as natural logs; the change of place `t` ends in `years[t]`.

    `actual` less `expected` is `y`. `spans` is how many years a change covers (1; 0 where it is part of a later one or
    unknown). `known` is True for an area with every needed year.
    """

    years: tuple[str, ...]
    actual: Any
    expected: Any
    y: Any
    spans: Any
    known: Any

    @property
    def count(self) -> Any:
        """Changes of each area."""
        return (self.spans > 0).sum(axis=1)


def bridged(values: Any) -> tuple[Any, Any]:
    """(areas, years) positive amounts to log changes and the years each covers, over missing years where there are any.

    A change that ends in a missing year is 0 and covers none; the next known year's change covers both.
    """
    import numpy as np

    logs = np.log(np.where(values > 0, values, np.nan))
    change, spans = np.zeros((len(values), values.shape[1] - 1)), np.zeros((len(values), values.shape[1] - 1), int)
    last, at = logs[:, 0].copy(), np.zeros(len(values), int)
    for place in range(1, values.shape[1]):
        here = np.isfinite(logs[:, place]) & np.isfinite(last)
        change[here, place - 1] = (logs[:, place] - last)[here]
        spans[here, place - 1] = (place - at)[here]
        last = np.where(np.isfinite(logs[:, place]), logs[:, place], last)
        at = np.where(np.isfinite(logs[:, place]), place, at)
    return change, spans


def summed(values: Any, spans: Any) -> Any:
    """(areas, changes) put together as the area's own spend was bridged: a change over two years holds both sums."""
    import numpy as np

    if (spans == 1).all():
        return values
    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    ends = np.arange(1, values.shape[1] + 1)[None, :]
    starts = np.clip(ends - np.maximum(spans, 1), 0, None)
    made = np.take_along_axis(total, np.broadcast_to(ends, values.shape), axis=1)
    made = made - np.take_along_axis(total, starts, axis=1)
    return np.where(spans > 0, made, 0.0)


def fitted_changes(data: WindowData, actual: Any, spans: Any, settings: Settings, *, covariates: bool = True) -> Any:
    """(areas, changes) expected log changes, cross-fitted by area, before the median is taken off.

    `covariates=False` expects every change to be that of the area's class.
    """
    import numpy as np

    rows, winsor = data.usable, settings.number("model.winsor")
    fold = folds_of(len(rows), settings.count("model.folds"), settings.count("model.seed"))
    classes = [data.predictors[name] for name in ("county", "london", "metropolitan")]
    made = np.full(actual.shape, np.nan)
    for place in range(actual.shape[1]):
        columns = classes
        if covariates:
            columns = [*data.predictors.values(), *(values[:, place] for values in data.changes.values())]
        taught = rows & (spans[:, place] == 1)
        outcome = np.where(taught, actual[:, place], np.nan)
        made[:, place] = cross_fit(standardise(columns, rows, winsor), outcome, rows, fold, settings)
    return made


def yearly_changes(data: WindowData, settings: Settings, *, covariates: bool | None = None) -> Changes:
    """The changes of one window. `covariates` overrides what the window's setting says (for ablations)."""
    import numpy as np

    own = np.where(data.usable[:, None], data.own_real, np.nan)
    actual, spans = bridged(own)
    wide = data.window.expect == "covariates" if covariates is None else covariates
    single = fitted_changes(data, actual, spans, settings, covariates=wide)
    left = np.where(spans == 1, actual - single, np.nan)
    middle = np.array([np.nanmedian(column) if np.isfinite(column).any() else 0.0 for column in left.T])
    expected = summed(np.where(np.isfinite(single), single, 0.0) + middle, spans)
    known = data.usable & (spans > 0).any(axis=1) & np.isfinite(single).all(axis=1)
    y = np.where(known[:, None], actual - expected, np.nan)
    return Changes(data.years[1:], actual, expected, y, spans, known)
