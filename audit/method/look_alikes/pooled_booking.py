"""A pooled budget booked gross in one year and net in another: spending and receipts move, own spend does not."""

from __future__ import annotations

from typing import Any

from audit.method.look_alikes.look_alike import Test
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData


def measure(panel: Panel, data: WindowData) -> Any:
    """Largest yearly move of gross spend matched by other income, while own spend hardly moved, per cent of gross."""
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


TEST = Test(
    code="pooled_budget_booking",
    label="A pooled budget was booked gross in one year and net in another",
    document="the section 75 pooled budget memorandum account for each year",
    limit="look_alike.booking_percent",
    words="Gross spending and receipts moved together by up to {0}% of gross in one year (limit {1}%).",
    planted="gross_booking",
    measure=measure,
)
