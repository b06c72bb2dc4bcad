"""NHS money as yearly steps: what full replacement would take from each yearly change of own spend (`M`).

In: a `WindowData` with its NHS money on one basis for each area. Out: (areas, changes) shares of base own-funded spend
in constant prices, by onset. Money is nought inside the base by construction. Refuses nothing: an area without money,
or with money that never rose above the base, has no steps and is not assessed for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audit.panel.window_data import WindowData

AT_ONCE, RAMP, LATE, AHEAD = "at once", "over three years", "a year late", "a year ahead"
ONSETS: Mapping[str, float] = {AT_ONCE: 0.5, RAMP: 0.2, LATE: 0.15, AHEAD: 0.15}
"""Prior weight of each onset; the rank uses `AT_ONCE` alone."""


def money_level(data: WindowData, rise_gbp: Any) -> Any:
    """(areas, base + window years) `C`: NHS money above the base rate as a share of base own spend, 0 in the base.

    `rise_gbp` (areas), the area's own total above its base rate, is laid over the years as the national amounts were.
    """
    import numpy as np

    base = data.base
    pot = data.national_money - data.national_money[:base].mean()
    pot[:base] = 0.0
    share = pot / pot.sum() if pot.sum() > 0 else np.zeros(len(pot))
    own = np.where(data.usable, np.nanmean(data.own_real[:, :base], axis=1), np.nan)
    real = rise_gbp[:, None] * share[None, :] / data.prices[None, :]
    return np.where(np.isfinite(real), real, np.nan) / own[:, None]


def with_onset(level: Any, base: int, onset: str) -> Any:
    """The same money as it would be felt at an onset: `C` of docs/method.md, section on onsets."""
    import numpy as np

    made = level.copy()
    window = level.shape[1] - base
    if onset == RAMP:
        made[:, base:] *= np.minimum(np.arange(1, window + 1) / 3.0, 1.0)
    elif onset == LATE:
        made[:, base] = 0.0
    elif onset == AHEAD:
        made[:, base - 1] = level[:, base] / 2.0
    return made


def money_steps(level: Any, spans: Any) -> Any:
    """(areas, changes) `M`: yearly steps of a level, put together where own spend was bridged."""
    import numpy as np

    from audit.method.yearly_changes import summed

    return summed(np.diff(level, axis=1), spans)
