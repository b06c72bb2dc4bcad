"""The 2011 learning-disability transfer: spending on learning disability moved by more than the transfer explains."""

from __future__ import annotations

from typing import Any

from audit.method.look_alikes.look_alike import Test
from audit.panel.panel import GROUPS, Panel
from audit.panel.window_data import WindowData


def measure(panel: Panel, data: WindowData) -> Any:
    """Change of learning-disability own spend in 2011-12 less the fall in its income, per cent of other own spend."""
    import numpy as np

    if data.window.own != "own_without_ld":
        return np.full(len(panel.areas), np.nan)
    before, after = panel.at(("2010-11", "2011-12"))
    group = GROUPS.index("learning_disability")
    own, income, gross = (panel.blocks[name][:, :, group] for name in ("own", "other_income", "gross"))
    moved = (own[:, after] - own[:, before]) + (income[:, after] - income[:, before])
    real_growth = gross[:, after] - gross[:, before]
    larger = np.where(np.abs(moved) < np.abs(real_growth), moved, real_growth)
    return np.abs(100.0 * larger / panel.money["own_without_ld"][:, before])


TEST = Test(
    code="learning_disability_transfer",
    label="The 2011 learning-disability transfer moved money between client groups",
    document="the 2010-11 and 2011-12 working papers of the social care return by client group",
    limit="look_alike.learning_disability_percent",
    words="Learning-disability spending moved by {0}% of other care beyond the transfer itself (limit {1}%).",
    planted="learning_disability",
    measure=measure,
)
