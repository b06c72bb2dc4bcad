"""Expected own-funded spend in pounds: the last base year carried forward by the yearly changes to be expected.

In: a `WindowData` and its `Changes`. Out: an `ExpectedPath` in cash pounds. The same expectation as the evidence ratio
judges, added up, so that the two never tell different stories. Refuses nothing: what is not known is NaN. Source of the
intervals: Lei and others 2018 (conformal, scaled by the size of the area).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.method.replacement_rate import FEWEST, conformal_rank
from audit.method.yearly_changes import Changes
from audit.panel.window_data import WindowData


@dataclass(frozen=True)
class ExpectedPath:
    """(areas, window years) expected pounds with an interval; vectors over areas of expected less actual."""

    expected: Any
    lower: Any
    upper: Any
    gap_gbp: Any
    gap_lower_gbp: Any
    gap_upper_gbp: Any


def half_width(values: Any, size: Any, level: float) -> Any:
    """Half width, per area, of the interval of `values` at `level`: the conformal quantile scaled by `size`."""
    import numpy as np

    far = np.sort(np.abs(values / size)[np.isfinite(values / size)])
    if len(far) < FEWEST:
        return np.full(len(values), np.nan)
    return far[conformal_rank(len(far), level) - 1] * size


def expected_path(data: WindowData, changes: Changes, size: Any, *, level: float) -> ExpectedPath:
    """Expected spend of one window; `size` is the factor of the noise for each area."""
    import numpy as np

    first = data.base - 1
    spans, known = changes.spans[:, first:], changes.known[:, None]
    start = data.own_real[:, first][:, None]
    here = known & (spans > 0)
    expected_real = np.where(here, start * np.exp(np.cumsum(changes.expected[:, first:], axis=1)), np.nan)
    actual_real = np.where(here, data.own_real[:, data.base :], np.nan)
    prices = data.prices[data.base :]
    off = np.log(expected_real / actual_real)
    half = np.stack([half_width(column, size, level) for column in off.T], axis=1)
    expected, actual = (np.nansum(values * prices, axis=1) for values in (expected_real, actual_real))
    total = np.where(changes.known, expected, np.nan)
    reach = half_width(np.log(total / actual), size, level)
    return ExpectedPath(
        expected=expected_real * prices,
        lower=expected_real * np.exp(-half) * prices,
        upper=expected_real * np.exp(half) * prices,
        gap_gbp=total - actual,
        gap_lower_gbp=total * np.exp(-reach) - actual,
        gap_upper_gbp=total * np.exp(reach) - actual,
    )
