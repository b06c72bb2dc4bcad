"""Features in comparable terms: less the peers' middle value, divided by the placebo spread, clipped at zero and at a
cap.

In: the windows' data, expected spend and declared features. Out: per window a `Scaled` of (areas, features) arrays,
and the placebo 90th centile of each feature. Refuses nothing: a feature that cannot be measured counts as in line
with peers, and is shown missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.method import features as declared
from audit.method.displacement import null_spread
from audit.method.expected_spend import ExpectedSpend, robust_spread
from audit.method.peers import nearest, peer_median
from audit.panel.window_data import WindowData
from audit.settings import Settings

CAP = 6.0
# Placebo years had no transfer, so they cannot say how far features that hold NHS money spread:
# those use their own window.
MONEY = {"money_rise_percent", "swap_percent"}


@dataclass(frozen=True)
class Scaled:
    """(areas, features): values in their own unit, peers' middle values, and what the forest sees."""

    values: Any
    peer_middle: Any
    scaled: Any


def _spread(values: Any) -> float:
    import numpy as np

    found = robust_spread(values)
    fine = values[np.isfinite(values)]
    return found if found > 0 else float(np.std(fine)) if len(fine) >= 5 else float("nan")


def scale_features(
    windows: list[WindowData], spends: dict[str, ExpectedSpend], settings: Settings
) -> dict[str, Scaled]:
    """Scaled features of every window, by window name, columns in the order of `features()`."""
    import numpy as np

    known = declared.features()
    values: dict[str, Any] = {}
    middles: dict[str, Any] = {}
    for data in windows:
        peers = nearest(data)
        columns = [declared.evaluate(feature, data, spends[data.name]) for feature in known]
        values[data.name] = np.stack(columns, axis=1)
        middles[data.name] = np.stack([peer_median(column, peers) for column in columns], axis=1)
    made: dict[str, Scaled] = {}
    spreads = [
        {name: _spread(values[name][:, column] - middles[name][:, column]) for name in values}
        for column in range(len(known))
    ]
    for data in windows:
        difference = values[data.name] - middles[data.name]
        by_feature = [
            spreads[column][data.name]
            if MONEY & set(feature.needs)
            else null_spread(data.name, spreads[column], settings)
            for column, feature in enumerate(known)
        ]
        unit = np.array([spread if spread > 0 else np.nan for spread in by_feature])
        ratio = np.clip(difference / unit, 0.0, CAP)
        made[data.name] = Scaled(values[data.name], middles[data.name], np.where(np.isfinite(ratio), ratio, 0.0))
    return made


def placebo_centile(windows: list[WindowData], scaled: dict[str, Scaled], centile: float) -> Any:
    """Per feature, the centile of its scaled value over placebo rows in which it could be measured."""
    import numpy as np

    names = [data.name for data in windows if not data.real]
    if not names:
        return np.full(len(declared.features()), np.nan)
    seen = np.concatenate([np.where(np.isfinite(scaled[name].values), scaled[name].scaled, np.nan) for name in names])
    made = np.full(seen.shape[1], np.nan)
    fine = np.isfinite(seen).any(axis=0)
    made[fine] = np.nanquantile(seen[:, fine], centile, axis=0)
    return made
