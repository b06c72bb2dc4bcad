"""Returns that contradict themselves or each other: such an area is not assessed, with the reason.

In: the panel and a window. Out: a reason for each area, empty where nothing contradicts. Refuses nothing.
"""

from __future__ import annotations

from audit.panel.panel import Panel
from audit.panel.window_data import WindowData, percent_change
from audit.settings import Settings


def reasons(panel: Panel, data: WindowData, settings: Settings) -> tuple[str, ...]:
    """Why an area's return cannot be relied on: RS and RO3 apart, or a yearly change far from the middle area's."""
    import numpy as np

    at = panel.at(data.years)
    own, ro3 = panel.money["rs_adult"][:, at], panel.money["ro3_own"][:, at]
    differ = np.nan_to_num(100.0 * np.abs(own - ro3) / np.abs(own), nan=0.0).max(axis=1)
    change = percent_change(data.own_real[:, 1:], data.own_real[:, :-1])
    known = np.isfinite(change).any(axis=0)
    middle = np.array([np.nanmedian(column) if fine else 0.0 for column, fine in zip(change.T, known, strict=True)])
    jump = np.nan_to_num(np.abs(change - middle)).max(axis=1)
    apart = settings.number("look_alike.return_mismatch_percent")
    far = settings.number("look_alike.return_jump_percent")
    made: list[str] = []
    for area in range(len(panel.areas)):
        said: list[str] = []
        if differ[area] > apart:
            said.append(f"two returns of the same spending differ by {differ[area]:.1f}% (limit {apart:g}%)")
        if jump[area] > far:
            said.append(f"a yearly change lies {jump[area]:.0f}% from the middle area's (limit {far:g}%)")
        made.append(f"The return is taken to be in error: {'; '.join(said)}." if said and data.usable[area] else "")
    return tuple(made)
