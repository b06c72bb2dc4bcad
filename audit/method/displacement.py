"""Displacement: pounds of own-funded spend lower than expected per pound of NHS money, for each area, with an interval.

In: expected spend of all windows and the rise in NHS money. Out: the placebo spread of each window and a
`Displacement` of vectors over areas. Two things stand between the gap per pound (`gap_per_pound` in table `flag`) and
the rate. Every council got money, so expected spend already holds what the average one did with it: the rate is
relative to the average council, and the national level is not in it. And one council's figures are noisy, so its rate
is drawn towards that of councils of its class and fiscal stress. Refuses areas with no rise in NHS money: there is
nothing to divide by, and the rate stays NaN. Source: robust empirical Bayes intervals of Armstrong, Kolesar and
Plagborg-Moller 2022 (second moment only).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.method.expected_spend import ExpectedSpend, huber_ridge, robust_spread, standardise
from audit.panel.transfers import RECEIVED, Transfer
from audit.panel.window_data import WindowData, row_name
from audit.settings import CONTROLS, Settings


@dataclass(frozen=True)
class Displacement:
    """Vectors over areas. `error` is the standard error of the rate before shrinkage.

    Pounds are cash over the window.
    """

    transfer: Transfer
    rate: Any
    lower: Any
    upper: Any
    over_half: Any
    error_gbp: Any
    standardised_gap: Any
    heterogeneity: float


def null_spread(name: str, spreads: Mapping[str, float], settings: Settings) -> float:
    """Spread of gaps to be expected without any transfer: placebo years' spread, grown to the window's longer horizon.

    The growth is measured on the negative-control services: the middle ratio of their spread in the window to that in
    placebo
    years. A window without placebo years keeps its own spread, which is cautious.
    """
    import numpy as np

    placebos = [window for window in settings.windows if window.is_placebo]
    own = [spreads[window.name] for window in placebos if spreads.get(window.name, math.nan) > 0]
    real = next((window for window in settings.windows if window.name == name), None)
    if not own or real is None or real.is_placebo:
        return spreads[name]
    ratios: list[float] = []
    for service in CONTROLS:
        here = spreads.get(row_name(real, service), math.nan)
        there = [spreads.get(row_name(window, service), math.nan) for window in placebos]
        if here > 0 and np.isfinite(there).any():
            ratios.append(here / float(np.nanmean(there)))
    growth = max(float(np.median(ratios)), 1.0) if ratios else 1.0
    return float(np.mean(own)) * growth


def least_spread(name: str, spreads: Mapping[str, float], settings: Settings) -> float:
    """The least the spread without a transfer can be: that of placebo years, whose horizon is a single year."""
    own = [spreads[item.name] for item in settings.windows if item.is_placebo and spreads.get(item.name, math.nan) > 0]
    return min(sum(own) / len(own), spreads[name]) if own else spreads[name]


def transfer_of(data: WindowData, best: Transfer) -> Transfer:
    """Rise in NHS money over the window: pounds by area, basis and error.

    Allocations and entitlements are preferred to booked receipts as the divisor: receipts stand on both sides of net =
    gross - charges - receipts, so booking noise alone would look like displacement.
    """
    import numpy as np

    count = len(data.years) - data.base
    rise = best.gbp[:, data.base :].sum(axis=1) - count * best.gbp[:, : data.base].mean(axis=1)
    known = np.isfinite(rise)
    return Transfer(
        gbp=np.where(known, rise, data.quantity["money_rise_gbp"]),
        basis=tuple(basis if fine else RECEIVED for basis, fine in zip(best.basis, known.tolist(), strict=True)),
        error_share=np.where(known, best.error_share, np.nan),
    )


def critical_values(ratios: Any, level: float) -> Any:
    """Half widths, in standard errors, covering at `level` whatever the shape of a bias whose mean square is the ratio.

    The worst case mixes no bias with a bias of square u: maximise over u >= ratio, then solve for the width by
    bisection on a
    grid of ratios, read off by linear interpolation.
    """
    import numpy as np
    from scipy.special import ndtr

    grid = np.concatenate([[0.0], np.geomspace(0.01, 1000.0, 60)])
    squares = grid[:, None] + np.linspace(0.0, 60.0, 200)[None, :] ** 2 / 4.0
    share = np.where(squares > 0, grid[:, None] / np.maximum(squares, 1e-12), 0.0)
    roots = np.sqrt(squares)
    low, high = np.zeros(len(grid)), np.full(len(grid), 400.0)
    for _ in range(34):
        middle = (low + high) / 2.0
        at_zero = 2.0 * ndtr(-middle)[:, None]
        beyond = ndtr(-middle[:, None] - roots) + ndtr(-middle[:, None] + roots)
        missed = np.max(at_zero + share * (beyond - at_zero), axis=1) > 1.0 - level
        low, high = np.where(missed, middle, low), np.where(missed, high, middle)
    return np.where(np.isfinite(ratios), np.interp(ratios, grid, high), np.nan)


def _prior_mean(rate: Any, stress: Any, data: WindowData, rows: Any, settings: Settings) -> Any:
    columns = [data.predictors[name] for name in ("county", "london", "metropolitan")]
    design = standardise([*columns, stress], rows, settings.number("model.winsor"))
    beta = huber_ridge(
        design[rows], rate[rows], ridge=settings.number("model.ridge"), huber=settings.number("model.huber")
    )
    return beta[0] + design @ beta[1:]


def heterogeneity(apart: Any, error: Any, winsor: float) -> float:
    """Mean square of the true rates around their prior, from estimates with these errors; never below its noise.

    Estimates beyond `winsor` robust spreads are brought in to them: one return in the wrong unit would otherwise be all
    the variation there is, and nobody's rate would be shrunk.
    """
    import numpy as np

    weight = 1.0 / error**2
    reach = winsor * robust_spread(apart / error)
    scaled = np.clip(apart / error, -reach, reach)
    moment = float(np.average((scaled**2 - 1.0) * error**2, weights=weight))
    floor = 2.0 * float((weight**2 * error**4).sum() / (weight.sum() * (weight * error**2).sum()))
    return max(moment, floor)


def displacement(
    data: WindowData,
    spend: ExpectedSpend,
    *,
    spread: float,
    level_spread: float,
    least_spread: float,
    best: Transfer,
    settings: Settings,
) -> Displacement:
    """Rate per area, shrunk towards its class and fiscal stress, with the robust empirical-Bayes interval of
    `model.level`. `spread` is that of the middle of gaps without a transfer, `level_spread` that of their interval, and
    `least_spread` the least it can be, from which the most that true rates can differ is read: noise taken for larger
    than it is would otherwise shrink every rate to its class, with an interval that is too narrow.

    Placebo windows get their standardised gap only: no NHS money, nothing to divide by.
    """
    import numpy as np
    from scipy.special import ndtr

    transfer = transfer_of(data, best)
    total = spend.expected.sum(axis=1)
    error_gbp = level_spread * spend.size_factor * total
    rows = np.isfinite(spend.gap_gbp) & np.isfinite(transfer.gbp) & (transfer.gbp > 0)
    blank = np.full(len(rows), np.nan)
    standardised = spend.gap_share / (spread * spend.size_factor)
    if rows.sum() < 20 or not data.real:
        return Displacement(transfer, blank, blank, blank, blank, error_gbp, standardised, math.nan)
    safe = np.where(rows, transfer.gbp, np.nan)
    raw = spend.gap_gbp / safe
    error = np.hypot(error_gbp / safe, raw * np.nan_to_num(transfer.error_share))
    prior = _prior_mean(raw, -data.yearly["funding"][:, -1], data, rows, settings)
    variance = heterogeneity(
        (raw - prior)[rows], (error * least_spread / level_spread)[rows], settings.number("model.winsor")
    )
    share = variance / (variance + error**2)
    rate = prior + share * (raw - prior)
    level = settings.number("model.level")
    half = critical_values(error**2 / variance, level) * share * error
    over = ndtr((rate - 0.5) / (np.sqrt(share) * error))
    return Displacement(
        transfer, rate, rate - half, rate + half, np.where(rows, over, np.nan), error_gbp, standardised, variance
    )
