"""How large a change is by chance: the scale of yearly changes over areas, and how they go together (`S`).

In: a `Changes` and log adults. Out: a `Noise`. Each year's robust spread times the correlation of standardised changes
clipped at three, with a share of the identity mixed in, grown or shrunk by the size of the area. Refuses a window in
which fewer than twenty areas have every change, or whose matrix is singular all the same: it says so and nothing of
that window is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.method.comparable.huber_ridge import robust_spread
from audit.method.yearly_changes import Changes

CLIP = 3.0
MIXED_IN = 0.02
FEWEST = 20
LEAST_SIZE, MOST_SIZE = 0.5, 2.0
LARGEST_CONDITION = 1e8


@dataclass(frozen=True)
class Noise:
    """`scale` (changes, changes) is a Student scale matrix for an area of middle size, `size` (areas) its factor.

    `precision` (areas, changes, changes) is the inverse for each area, nought in rows of changes that it has not:
    `v' precision v` is the squared length of `v` over the area's own changes. `problem` says why there is none.
    """

    scale: Any
    size: Any
    precision: Any
    problem: str = ""


def size_factors(y: Any, spread: Any, size: Any) -> Any:
    """Scale of each area relative to the middle one, from a line of |change| on log adults; between 0.5 and 2."""
    import numpy as np

    absolute = np.abs(y) / spread
    every = np.broadcast_to(size[:, None], y.shape)
    fine = np.isfinite(absolute) & np.isfinite(every)
    if fine.sum() < FEWEST:
        return np.ones(len(y))
    capped = np.minimum(absolute[fine], np.quantile(absolute[fine], 0.95))
    slope, start = np.polyfit(every[fine], capped, 1)
    line = start + slope * size
    return np.clip(line / np.median(line[np.isfinite(line)]), LEAST_SIZE, MOST_SIZE)


def noise(changes: Changes, size: Any, *, independent: bool = False) -> Noise:
    """The scale of one window's changes. `independent=True` leaves the correlation out (an ablation)."""
    import numpy as np

    single = np.where(changes.spans == 1, changes.y, np.nan)
    width = single.shape[1]
    blank = np.full((len(single), width, width), np.nan)
    spread = np.array([robust_spread(column) for column in single.T])
    whole = np.isfinite(single).all(axis=1) & np.isfinite(size)
    if whole.sum() < FEWEST or not (spread > 0).all():
        return Noise(np.full((width, width), np.nan), np.ones(len(single)), blank,
                     f"Fewer than {FEWEST} areas have every yearly change, or a year has no spread.")  # fmt: skip
    factor = size_factors(single, spread, size)
    spread = np.array([robust_spread(column / factor) for column in single.T])
    standard = np.clip(single[whole] / (factor[whole, None] * spread), -CLIP, CLIP)
    together = np.eye(width) if independent or width == 1 else np.corrcoef(standard.T)
    scale = spread[:, None] * ((1.0 - MIXED_IN) * together + MIXED_IN * np.eye(width)) * spread[None, :]
    if not np.isfinite(scale).all() or np.linalg.cond(scale / np.outer(spread, spread)) > LARGEST_CONDITION:
        return Noise(scale, factor, blank, "The yearly changes of this window cannot be told apart (singular scale).")
    return Noise(scale, factor, precisions(scale, factor, changes.spans))


def precisions(scale: Any, factor: Any, spans: Any) -> Any:
    """(areas, changes, changes) inverse scale over the changes each area has; a bridged change sums its years."""
    import numpy as np

    inverse = np.linalg.inv(scale)
    made = inverse[None, :, :] / factor[:, None, None] ** 2
    for area in np.flatnonzero((spans != 1).any(axis=1)).tolist():
        rows = [place for place in range(len(scale)) if spans[area, place]]
        adds = np.zeros((len(rows), len(scale)))
        for row, place in enumerate(rows):
            adds[row, place + 1 - spans[area, place] : place + 1] = 1.0
        made[area] = 0.0
        if rows:
            made[area][np.ix_(rows, rows)] = np.linalg.inv(adds @ scale @ adds.T) / factor[area] ** 2
    return made
