"""Features in comparable terms: less the peers' middle value, divided by the spread of pretend care, clipped at zero.

In: the windows' quantities. Out: (areas, features) arrays. Refuses nothing: a feature that cannot be measured counts as
in line with peers, and is shown missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.method.comparable.huber_ridge import robust_spread
from audit.method.comparable.peers import nearest, peer_median
from audit.method.unusual import features as declared
from audit.panel.window_data import WindowData

CAP = 6.0


@dataclass(frozen=True)
class Measured:
    """(areas, features), columns in the order of `features()`: values in their own unit, peers' middle values."""

    values: Any
    peer_middle: Any

    @property
    def apart(self) -> Any:
        """How far each value lies from the peers' middle one."""
        return self.values - self.peer_middle


def measure(data: WindowData, log_ratio: Any) -> Measured:
    """The features of one window, with its log evidence ratio as quantity `path_statistic`."""
    import numpy as np

    peers, quantity = nearest(data), {**data.quantity, "path_statistic": log_ratio}
    columns = [declared.evaluate(feature, quantity, data.usable) for feature in declared.features()]
    return Measured(np.stack(columns, axis=1), np.stack([peer_median(column, peers) for column in columns], axis=1))


def spreads(taught: list[Measured]) -> Any:
    """(features) robust spread over all rows of pretend care; NaN where a feature does not vary."""
    import numpy as np

    rows = np.concatenate([one.apart for one in taught])
    found = np.array([robust_spread(column) for column in rows.T])
    return np.where(found > 0, found, np.nan)


def scaled(measured: Measured, unit: Any) -> Any:
    """(areas, features) what the forest sees: one-sided, in spreads, at most `CAP`."""
    import numpy as np

    ratio = np.clip(measured.apart / unit, 0.0, CAP)
    return np.where(np.isfinite(ratio), ratio, 0.0)
