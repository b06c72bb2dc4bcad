"""National displacement: pounds of own spending lost per pound of NHS money, by three designs.

In: a window's data, the panel and the NHS money in constant prices. Out: slopes and their errors. Across areas,
councils that were due more are compared with councils due less; within councils, client groups that received more with
those that received less. The same slope in the years before the money is taken off. Nobody was untreated, so the level
rests on the effect being proportional to the money: the rows together are the sensitivity range. Refuses nothing: what
cannot be estimated is empty. Source of the comparison with the least treated: de Chaisemartin and others, arXiv
2405.04465.
"""

from __future__ import annotations

import math
from typing import Any

from audit.method.national.regression import NOTHING, Slope, slope
from audit.panel.panel import GROUPS, Panel
from audit.panel.window_data import WindowData
from audit.settings import Settings

FED = ("older_people", "physical_disability", "mental_health")


def _change(values: Any, base: int, place: int) -> Any:
    """Change of a year (or, at -1, of the mean of all window years) from the mean of the base years."""
    after = values[:, base:].mean(axis=1) if place < 0 else values[:, base + place]
    return after - values[:, :base].mean(axis=1)


def _controls(data: WindowData, place: int) -> Any:
    """Class, funding change and need growth, standardised, with a column of ones."""
    import numpy as np

    from audit.method.comparable.huber_ridge import standardise

    at = data.base + place if place >= 0 else -1
    columns = [data.predictors[name] for name in ("county", "london", "metropolitan")]
    columns += [data.level_changes["funding"][:, at], data.level_changes["need"][:, at]]
    return np.column_stack([np.ones(len(data.usable)), standardise(columns, data.usable, 4.0)])


def across(data: WindowData, dose_real: Any, place: int, settings: Settings) -> Slope:
    """Slope of the change in own spend on the rise in NHS money, both per cent of base own spend (areas).

    `place` is the window year, or -1 for all of them stacked with pooled AR(1).
    """
    import numpy as np

    years = range(len(data.years) - data.base) if place < 0 else [place]
    base = np.where(data.usable, data.own_real[:, : data.base].mean(axis=1), np.nan)
    outcome, dose, controls, order = [], [], [], []
    for year in years:
        outcome.append(100.0 * _change(data.own_real, data.base, year) / base)
        dose.append(100.0 * _change(dose_real, data.base, year) / base)
        block = _controls(data, year)
        controls.append(np.hstack([np.tile([float(year == other) for other in years], (len(base), 1)), block[:, 1:]]))
        order.append(np.full(len(base), year))
    area = np.tile(np.arange(len(base)), len(outcome))
    trimmed = _trim(np.concatenate(outcome)), _trim(np.concatenate(dose))
    return slope(
        *trimmed, np.concatenate(controls), clusters=area, units=area, order=np.concatenate(order),
        level=settings.number("model.level"), seed=settings.count("model.seed"),
    )  # fmt: skip


def _trim(values: Any) -> Any:
    """Values beyond six robust spreads brought in to them: a return in the wrong unit must not be the estimate."""
    import numpy as np

    middle = np.nanmedian(values)
    reach = 6.0 * 1.4826 * np.nanmedian(np.abs(values - middle))
    return np.clip(values, middle - reach, middle + reach) if reach > 0 else values


def within(panel: Panel, data: WindowData, place: int, settings: Settings) -> Slope:
    """The same slope across the client groups of a council: council-by-year and group-by-year means are taken out."""
    import numpy as np

    from audit.method.national.regression import demean

    if data.window.own != "own_without_ld":
        return NOTHING
    at, keep = panel.at(data.years), [GROUPS.index(name) for name in FED]
    prices = panel.money["deflator"][0, at][None, :, None]
    own, income = (panel.blocks[name][:, at][:, :, keep] / prices for name in ("own", "other_income"))
    scale = np.where(
        data.usable[:, None], panel.blocks["gross"][:, at][:, : data.base][:, :, keep].mean(axis=1), np.nan
    )
    years = range(len(data.years) - data.base) if place < 0 else [place]
    parts: list[tuple[Any, ...]] = []
    for year in years:
        shape = scale.shape
        changes = [100.0 * np.stack([_change(block[:, :, g], data.base, year) for g in range(shape[1])], 1) / scale
                   for block in (own, income)]  # fmt: skip
        area, group = (grid.ravel() for grid in np.meshgrid(*(np.arange(size) for size in shape), indexing="ij"))
        parts.append((*(_trim(change.ravel()) for change in changes), area, group, np.full(len(area), year)))
    outcome, dose, area, group, order = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    fine = np.isfinite(outcome) & np.isfinite(dose)
    if fine.sum() < 60:
        return NOTHING
    outcome, dose, area, group, order = (values[fine] for values in (outcome, dose, area, group, order))
    both = np.stack([outcome, dose], axis=1)
    for _ in range(6):
        both = demean(both, area * 10 + order)
        both = demean(both, group * 10 + order)
    return slope(
        both[:, 0], both[:, 1], np.zeros((len(both), 0)), clusters=area, units=area * 10 + group, order=order,
        level=settings.number("model.level"), seed=settings.count("model.seed"),
    )  # fmt: skip


def least_treated(data: WindowData, dose_real: Any, settings: Settings) -> tuple[float, float, int]:
    """(displacement, bootstrap error, areas): everybody against the fifth due least, per pound of difference."""
    import numpy as np

    base = np.where(data.usable, data.own_real[:, : data.base].mean(axis=1), np.nan)
    outcome = _trim(_change(data.own_real, data.base, -1) / base)
    dose = _trim(_change(dose_real, data.base, -1) / base)
    fine = np.isfinite(outcome) & np.isfinite(dose)
    outcome, dose = outcome[fine], dose[fine]
    if len(outcome) < 50:
        return math.nan, math.nan, 0

    def once(rows: Any) -> float:
        little = dose[rows] <= np.quantile(dose[rows], 0.2)
        apart = dose[rows].mean() - dose[rows][little].mean()
        return float(-(outcome[rows].mean() - outcome[rows][little].mean()) / apart)

    random = np.random.default_rng(settings.count("model.seed"))
    drawn = [once(random.integers(len(outcome), size=len(outcome))) for _ in range(199)]
    return once(np.arange(len(outcome))), float(np.std(drawn)), len(outcome)


def permutation_share(data: WindowData, dose_real: Any, found: Slope, settings: Settings) -> float:
    """Share of shuffles of the transfers among councils of a class whose slope is at least as far below zero."""
    import numpy as np

    random = np.random.default_rng(settings.count("model.seed"))
    kind = np.stack([data.predictors[name] for name in ("county", "london", "metropolitan")], axis=1) @ [1, 2, 3]
    base = np.where(data.usable, data.own_real[:, : data.base].mean(axis=1), np.nan)
    outcome = _trim(100.0 * _change(data.own_real, data.base, -1) / base)
    dose = _trim(100.0 * _change(dose_real, data.base, -1) / base)
    controls = _controls(data, -1)
    fine = np.isfinite(outcome) & np.isfinite(dose)
    hat = controls[fine] @ np.linalg.pinv(controls[fine])
    left, kind, dose = outcome[fine] - hat @ outcome[fine], kind[fine], dose[fine]

    def read(values: Any) -> float:
        kept = values - hat @ values
        return float(kept @ left / max(float(kept @ kept), 1e-12))

    real, below = read(dose), 0
    for _ in range(199):
        shuffled = dose.copy()
        for name in np.unique(kind):
            mine = np.flatnonzero(kind == name)
            shuffled[mine] = shuffled[random.permutation(mine)]
        below += read(shuffled) <= real
    return (1.0 + below) / 200.0 if found.rows else math.nan
