"""A one-off in the base years: they stood above the year before them, so the fall is a return to normal."""

from __future__ import annotations

from typing import Any

from audit.method.look_alikes.look_alike import Test
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData, percent_change


def measure(panel: Panel, data: WindowData) -> Any:
    """Base years above the year before them, per cent in constant prices, less the middle area's rise."""
    import numpy as np

    first = panel.years.index(data.years[0])
    if first == 0:
        return np.full(len(panel.areas), np.nan)
    series = panel.money[data.window.own] / panel.money["deflator"]
    rise = percent_change(data.own_real[:, : data.base].mean(axis=1), series[:, first - 1])
    return rise - np.nanmedian(rise) if np.isfinite(rise).any() else rise


TEST = Test(
    code="one_off_base_year",
    label="A one-off raised spending in the base years",
    document="the base years' outturn report to cabinet",
    limit="look_alike.base_spike_percent",
    words="Base years stood {0}% above the year before them, compared with the middle area (limit {1}%).",
    planted="base_spike",
    measure=measure,
)
