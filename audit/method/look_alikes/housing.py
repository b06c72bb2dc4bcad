"""Supporting People: some councils booked it as adult care, others as housing, and some changed."""

from __future__ import annotations

from typing import Any

from audit.method.look_alikes.look_alike import Test
from audit.method.look_alikes.recoding import mirrored
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData


def measure(panel: Panel, data: WindowData) -> Any:
    """Own spend and housing's net spending moving opposite ways, per cent of base own spend."""
    return mirrored(panel, data, "housing")


TEST = Test(
    code="housing_recode",
    label="Spending was moved between adult care and housing (Supporting People)",
    document="the service expenditure analysis that shows where Supporting People was booked in each year",
    limit="look_alike.housing_percent",
    words="Own spend and housing's moved opposite ways by up to {0}% of own spend in one year, compared with the "
    "middle area (limit {1}%).",
    planted="housing",
    measure=measure,
)
