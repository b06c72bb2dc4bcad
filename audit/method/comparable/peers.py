"""Peers: the areas most like an area in type, size, deprivation and spending before the window.

In: a `WindowData`. Out: for each area the positions of its nearest peers, and peers' middle values. Refuses nothing;
ties are broken by area code, which is the order of the rows.
"""

from __future__ import annotations

from typing import Any

from audit.method.comparable.huber_ridge import standardise
from audit.panel.window_data import WindowData

PEERS = 20
OTHER_CLASS = 1.5


def nearest(data: WindowData) -> Any:
    """(areas, PEERS) positions of the nearest usable areas, never the area itself.

    A different class costs 1.5 spreads.
    """
    import numpy as np

    names = ("size", "deprivation", "level")
    place = standardise([data.predictors[name] for name in names], data.usable, 3.0)
    kind = np.stack([data.predictors[name] for name in ("county", "london", "metropolitan")], axis=1)
    distance = np.sqrt(((place[:, None, :] - place[None, :, :]) ** 2).sum(axis=2))
    distance = distance + OTHER_CLASS * (kind[:, None, :] != kind[None, :, :]).any(axis=2)
    distance[:, ~data.usable] = np.inf
    np.fill_diagonal(distance, np.inf)
    return np.argsort(distance, axis=1, kind="stable")[:, :PEERS]


def peer_median(values: Any, peers: Any) -> Any:
    """Middle value among each area's peers; NaN when fewer than five of them have one."""
    import numpy as np

    theirs = values[peers]
    known = np.isfinite(theirs).sum(axis=1)
    middle = np.full(len(values), np.nan)
    fine = known >= 5
    if fine.any():
        middle[fine] = np.nanmedian(theirs[fine], axis=1)
    return middle
