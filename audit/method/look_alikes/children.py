"""Spending moved between adult care and services for children, as where a department is split or joined."""

from __future__ import annotations

from typing import Any

from audit.method.look_alikes.look_alike import Test
from audit.method.look_alikes.recoding import mirrored
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData


def measure(panel: Panel, data: WindowData) -> Any:
    """Own spend and net spending on children's social care moving opposite ways, per cent of base own spend."""
    return mirrored(panel, data, "childrens")


TEST = Test(
    code="children_recode",
    label="Spending was moved between adult care and services for children",
    document="the working papers that split social care between adults and children in each year",
    limit="look_alike.children_percent",
    words="Own spend and that on children's social care moved opposite ways by up to {0}% of own spend in one year, "
    "compared with the middle area (limit {1}%).",
    planted="recoded",
    measure=measure,
)
