"""What the look-alike tests measure, as vectors over areas in per cent.

In: the panel and a window's data. Out: one number per area, NaN where the figures are not held. Refuses nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.panel.member_sums import cells, read_or_empty, sum_over_members
from audit.panel.panel import GROUPS, Panel
from audit.panel.window_data import WindowData, percent_change


def learning_disability(panel: Panel, data: WindowData) -> Any:
    """Change in learning-disability own spend in 2011-12 less the fall in its income, per cent of own spend without
    it.
    """
    import numpy as np

    if data.window.own != "own_without_ld":
        return np.full(len(panel.areas), np.nan)
    before, after = panel.at(("2010-11", "2011-12"))
    group = GROUPS.index("learning_disability")
    own, income = panel.blocks["own"][:, :, group], panel.blocks["other_income"][:, :, group]
    gross = panel.blocks["gross"][:, :, group]
    moved = (own[:, after] - own[:, before]) + (income[:, after] - income[:, before])
    real_growth = gross[:, after] - gross[:, before]
    larger = np.where(np.abs(moved) < np.abs(real_growth), moved, real_growth)
    return 100.0 * larger / panel.money["own_without_ld"][:, before]


def pooled_booking(panel: Panel, data: WindowData) -> Any:
    """Largest yearly rise or fall of gross spend matched by other income, while own spend hardly moved.

    Per cent of gross.
    """
    import numpy as np

    if data.window.own != "own_without_ld":
        return np.full(len(panel.areas), np.nan)
    at = panel.at(data.years)
    gross, income = panel.money["gross_without_ld"][:, at], panel.money["other_income_without_ld"][:, at]
    step, matched = np.diff(gross, axis=1), np.diff(income, axis=1)
    kept = np.abs(np.diff(panel.money["own_without_ld"][:, at], axis=1)) < np.abs(step) / 2.0
    both = np.where((step * matched > 0) & kept, np.minimum(np.abs(step), np.abs(matched)), 0.0)
    usual = np.nanmedian(matched / gross[:, :-1], axis=0)[None, :] * gross[:, :-1]
    return 100.0 * ((both - np.maximum(usual, 0.0)) / gross[:, :-1]).max(axis=1)


def recharge(panel: Panel, data: WindowData) -> Any:
    """Change in other income of mental health and physical disability over the window, per cent of base own spend."""
    import numpy as np

    if data.window.own != "own_without_ld":
        return np.full(len(panel.areas), np.nan)
    at = panel.at(data.years)
    keep = [GROUPS.index("mental_health"), GROUPS.index("physical_disability")]
    income = panel.blocks["other_income"][:, at][:, :, keep].sum(axis=2)
    base = panel.money["own_without_ld"][:, at][:, : data.base].mean(axis=1)
    return 100.0 * (income[:, data.base :].mean(axis=1) - income[:, : data.base].mean(axis=1)) / base


def price(panel: Panel, data: WindowData, folder: Path) -> Any:
    """Change in the gross weekly cost of older people's residential and nursing care against the middle area, per
    cent, real.
    """
    import numpy as np

    costs = read_or_empty(folder, "unit_costs")
    if costs.empty or data.window.own != "own_without_ld":
        return np.full(len(panel.areas), np.nan)
    rows = costs[costs["service"] == "residential_nursing_older_people"]
    real = sum_over_members(cells(rows, "unit_cost_gbp_per_week", 1.0), panel) / panel.money["deflator"]
    real = np.where(np.array(panel.joined)[:, None], np.nan, real)[:, panel.at(data.years)]
    after, before = (_known_mean(real[:, part]) for part in (slice(data.base, None), slice(0, data.base)))
    change = percent_change(after, before)
    return change - np.nanmedian(change) if np.isfinite(change).any() else change


def _known_mean(values: Any) -> Any:
    """Mean of the known values of each row; NaN where none is."""
    import numpy as np

    known = np.isfinite(values)
    count = known.sum(axis=1)
    return np.where(count > 0, np.where(known, values, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def base_spike(panel: Panel, data: WindowData) -> Any:
    """Base years above the year before them, per cent in constant prices, less the middle area's rise."""
    import numpy as np

    first = panel.years.index(data.years[0])
    if first == 0:
        return np.full(len(panel.areas), np.nan)
    series = panel.money[data.window.own] / panel.money["deflator"]
    rise = percent_change(data.own_real[:, : data.base].mean(axis=1), series[:, first - 1])
    return rise - np.nanmedian(rise) if np.isfinite(rise).any() else rise


def housing_recode(panel: Panel, data: WindowData) -> Any:
    """Largest yearly fall of own spend matched by a rise of housing services' net spending (the smaller of the two),
    or the same the other way round between base years, which raises the base; less the middle area's. Per cent of base
    own spend.

    Supporting People was booked as adult care by some councils and as housing by others, and some changed.
    """
    import numpy as np

    at = panel.at(data.years)
    base = data.own[:, : data.base].mean(axis=1)[:, None]
    own, housing = np.diff(data.own, axis=1), np.diff(panel.money["housing"][:, at], axis=1)
    away, back = (np.clip(np.minimum(sign * -own, sign * housing), 0.0, None) / base for sign in (1.0, -1.0))
    steps = np.hstack([away, back[:, : data.base - 1]])
    return 100.0 * (steps - np.nanmedian(steps, axis=0)).max(axis=1)
