"""Recharges to the NHS for continuing care: income of the client groups they are booked in rose."""

from __future__ import annotations

from typing import Any

from audit.method.look_alikes.look_alike import Test
from audit.panel.panel import GROUPS, Panel
from audit.panel.window_data import WindowData


def measure(panel: Panel, data: WindowData) -> Any:
    """Change in other income of mental health and physical disability over the window, per cent of base own spend."""
    import numpy as np

    if data.window.own != "own_without_ld":
        return np.full(len(panel.areas), np.nan)
    at = panel.at(data.years)
    keep = [GROUPS.index("mental_health"), GROUPS.index("physical_disability")]
    income = panel.blocks["other_income"][:, at][:, :, keep].sum(axis=2)
    base = panel.money["own_without_ld"][:, at][:, : data.base].mean(axis=1)
    return 100.0 * (income[:, data.base :].mean(axis=1) - income[:, : data.base].mean(axis=1)) / base


TEST = Test(
    code="continuing_care_recharge",
    label="Recharges to the NHS for continuing care changed",
    document="invoices to the NHS for continuing healthcare and joint packages",
    limit="look_alike.recharge_percent",
    words="Income for mental health and physical disability rose by {0}% of own spend (limit {1}%).",
    planted="recharge",
    measure=measure,
)
