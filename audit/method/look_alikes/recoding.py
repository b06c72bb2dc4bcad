"""Spending moved between adult care and another service of the council in the books: how far two series mirror.

In: the panel, a window and the other service's series. Out: per cent over areas. Used by the tests for housing and for
services for children.
"""

from __future__ import annotations

from typing import Any

from audit.panel.panel import Panel
from audit.panel.window_data import WindowData


def mirrored(panel: Panel, data: WindowData, series: str) -> Any:
    """Largest yearly fall of own spend matched by a rise of `series` (the smaller of the two), or the same the other
    way round between base years, which raises the base; less the middle area's. Per cent of base own spend.
    """
    import numpy as np

    at = panel.at(data.years)
    base = data.own[:, : data.base].mean(axis=1)[:, None]
    own, other = np.diff(data.own, axis=1), np.diff(panel.money[series][:, at], axis=1)
    away, back = (np.clip(np.minimum(sign * -own, sign * other), 0.0, None) / base for sign in (1.0, -1.0))
    steps = np.hstack([away, back[:, : data.base - 1]])
    return 100.0 * (steps - np.nanmedian(steps, axis=0)).max(axis=1)
