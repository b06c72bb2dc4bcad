"""Displacement: pounds of own-funded spend lower than expected per pound of NHS money, for each area, with an interval.

In: expected spend of all windows and the rise in NHS money. Out: the placebo spread of each window and a
`Displacement` of vectors over areas. Because every area was treated, the rate is relative to the average council; the
national level is not in it. Refuses areas with no rise in NHS money: there is nothing to divide by, and the rate
stays NaN. Source: robust empirical Bayes intervals of Armstrong, Kolesar and Plagborg-Moller 2022 (second moment
only).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.expected_spend import ExpectedSpend, huber_ridge, standardise
from audit.settings import CONTROLS, Settings
from audit.window_data import WindowData, row_name


@dataclass(frozen=True)
class Displacement:
    """Vectors over areas. `error` is the standard error of the rate before shrinkage.

    Pounds are cash over the window.
    """

    transfer_gbp: Any
    basis: tuple[str, ...]
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


def transfer_of(data: WindowData, entitlement: Any) -> tuple[Any, tuple[str, ...]]:
    """Rise in NHS money over the window (pounds) and its basis.

    The entitlement (national amount x share of the derived allocation) is preferred to booked receipts as the
    divisor: receipts
    stand on both sides of net = gross - charges - receipts, so booking noise alone would look like displacement.
    """
    import numpy as np

    rise = entitlement[:, data.base :].sum(axis=1) - (len(data.years) - data.base) * entitlement[:, : data.base].mean(
        axis=1
    )
    received = data.quantity["money_rise_gbp"]
    known = np.isfinite(rise)
    kind = "estimated" if data.window.own == "own_without_ld" else "derived"
    return np.where(known, rise, received), tuple(kind if fine else "received" for fine in known.tolist())


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


def displacement(
    data: WindowData, spend: ExpectedSpend, *, spread: float, entitlement: Any, settings: Settings
) -> Displacement:
    """Rate per area, shrunk towards its class and fiscal stress, with the robust empirical-Bayes interval of
    `model.level`.

    Placebo windows get their standardised gap only: no NHS money, nothing to divide by.
    """
    import numpy as np
    from scipy.special import ndtr

    transfer, basis = transfer_of(data, entitlement)
    total = spend.expected.sum(axis=1)
    error_gbp = spread * spend.size_factor * total
    rows = np.isfinite(spend.gap_gbp) & np.isfinite(transfer) & (transfer > 0)
    blank = np.full(len(rows), np.nan)
    standardised = spend.gap_share / (spread * spend.size_factor)
    if rows.sum() < 20 or not data.real:
        return Displacement(transfer, basis, blank, blank, blank, blank, error_gbp, standardised, math.nan)
    safe = np.where(rows, transfer, np.nan)
    raw, error = spend.gap_gbp / safe, error_gbp / safe
    prior = _prior_mean(raw, -data.yearly["funding"][:, -1], data, rows, settings)
    weight = 1.0 / error[rows] ** 2
    moment = float(np.average((raw[rows] - prior[rows]) ** 2 - error[rows] ** 2, weights=weight))
    floor = 2.0 * float((weight**2 * error[rows] ** 4).sum() / (weight.sum() * (weight * error[rows] ** 2).sum()))
    variance = max(moment, floor)
    share = variance / (variance + error**2)
    rate = prior + share * (raw - prior)
    level = settings.number("model.level")
    half = critical_values(error**2 / variance, level) * share * error
    over = ndtr((rate - 0.5) / (np.sqrt(share) * error))
    return Displacement(
        transfer, basis, rate, rate - half, rate + half, np.where(rows, over, np.nan), error_gbp, standardised, variance
    )
