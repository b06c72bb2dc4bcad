"""The unusual pattern: how soon an isolation forest isolates an area by four signs of money leaving care.

In: a window of adult care and the same window's pretend care (services that got no NHS money, given care's own steps
of it), each with its evidence. Out: an `Unusual` of scores, features and contributions. It finds routes that leave no
trace in the path of own spend, such as council tax or reserves. Refuses a window with too little pretend care.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from audit.method.unusual import forest
from audit.method.unusual.contributions import in_line
from audit.method.unusual.scaling import Measured, measure, scaled, spreads
from audit.panel.window_data import WindowData
from audit.settings import Settings

FEWEST = 100
MOST_KEPT = 2
_KEPT: dict[str, tuple[Any, Any, Any]] = {}


@dataclass(frozen=True)
class Unusual:
    """Vectors over areas, and (areas, features) for the rest; NaN where an area was not scored."""

    score: Any
    measured: Measured
    scaled: Any
    contribution: Any
    rank_in_line: Any


def unusual(data: WindowData, log_ratio: Any, pretend: list[tuple[WindowData, Any]], settings: Settings) -> Unusual:
    """Scores of one window. `pretend` are windows of other services with their log ratios, to teach the forest on."""
    import numpy as np

    own = measure(data, log_ratio)
    blank = np.full(len(data.usable), np.nan)
    nothing = Unusual(blank, own, np.full(own.values.shape, np.nan), *(np.full(own.values.shape, np.nan),) * 2)
    taught = [(measure(item, ratio), np.flatnonzero(item.usable & np.isfinite(ratio))) for item, ratio in pretend]
    mine = np.flatnonzero(data.usable & np.isfinite(log_ratio))
    if sum(len(rows) for _, rows in taught) < FEWEST or not len(mine):
        return nothing
    unit = spreads([Measured(one.values[rows], one.peer_middle[rows]) for one, rows in taught])
    rows = np.concatenate([scaled(one, unit)[kept] for one, kept in taught])
    councils = np.concatenate([kept for _, kept in taught])
    order = np.argsort(councils, kind="stable")
    seen = scaled(own, unit)
    scores, fall, place = _isolated(rows[order], councils[order], seen[mine], mine, len(data.usable), settings)
    score, contribution, rank = blank.copy(), nothing.contribution.copy(), nothing.rank_in_line.copy()
    score[mine], contribution[mine], rank[mine] = scores, fall, place
    return Unusual(score, own, seen, contribution, rank)


def _isolated(rows: Any, councils: Any, seen: Any, mine: Any, count: int, settings: Settings) -> tuple[Any, Any, Any]:
    """Scores, falls and ranks of the rows `seen`, by forests taught on `rows`. The last of each window are kept: where
    checks set rows aside, a run assesses again on what they left, and mostly no feature rests on those.
    """
    digest = hashlib.sha256(repr((count, settings)).encode())
    for part in (rows, councils, seen, mine):
        digest.update(part.tobytes())
    key = digest.hexdigest()
    if key not in _KEPT:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        grown = forest.fit(rows, councils, count, settings)
        scores = forest.held_out(grown, forest.score_matrix(grown, seen), mine)
        _KEPT[key] = scores, *in_line(grown, seen, mine, scores)
    return _KEPT[key]
