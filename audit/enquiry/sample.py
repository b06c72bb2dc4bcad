"""Whom to examine: a sample of areas in which every area's probability is known.

In: a `Frame`, a size and a seed. Out: probabilities of all areas and the areas drawn. Strata by what the figures say;
within a stratum in proportion to NHS money, as auditors draw monetary units, with a part by lot so that small areas are
looked at too. Refuses a size no sample can have. Sources: Madow 1949 for the systematic draw with unequal
probabilities, Brewer and Hanif 1983 for probabilities that would pass one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from audit.enquiry.strata import STRATA, Frame
from pipelines.errors import InputError

LOT = 0.2
"""Part of a stratum's probability that is the same for every area, whatever its money."""
FEWEST = 2
"""Areas of a stratum, where it has so many: one alone has no variance."""


@dataclass(frozen=True)
class Sample:
    """(areas) probability of being drawn, and whether drawn."""

    probability: Any
    drawn: Any


def share_out(size: int, weights: list[float], counts: list[int]) -> list[int]:
    """How many of `size` each stratum gets: at least two where it has them, the rest by weight, largest remainder."""
    least = [min(FEWEST, count) for count in counts]
    made, left = list(least), size - sum(least)
    if left < 0:
        raise InputError(
            f"a sample of {size} cannot hold {FEWEST} areas of every stratum",
            expected=f"a size of at least {sum(least)}",
            do="Give a larger --size.",
        )
    while left:
        open_ones = [at for at, count in enumerate(counts) if made[at] < count]
        total = sum(weights[at] for at in open_ones)
        short = {at: size * weights[at] / sum(weights) - made[at] if total else 0.0 for at in open_ones}
        best = max(open_ones, key=lambda at: (short[at], -at))
        made[best] += 1
        left -= 1
    return made


def probabilities(measure: Any, count: int) -> Any:
    """(areas of one stratum) probabilities that sum to `count`, in proportion to `measure`, none above one."""
    import numpy as np

    sure = np.zeros(len(measure), dtype=bool)
    while True:
        free = measure[~sure].sum()
        made = np.where(sure, 1.0, (count - sure.sum()) * measure / free if free > 0 else 1.0)
        beyond = ~sure & (made >= 1.0 - 1e-12)
        if not beyond.any():
            return made
        sure |= beyond


def inclusion(frame: Frame, size: int) -> Any:
    """(areas) probability of every area of the frame. Raises InputError for a size that cannot be had."""
    import numpy as np

    if not 1 <= size <= len(frame.codes):
        said = f"a sample of {size} of {len(frame.codes)} areas"
        raise InputError(said, expected=f"a size from 1 to {len(frame.codes)}", do="Give another --size.")
    held = [at for at in range(len(STRATA)) if (frame.stratum == at).any()]
    money = [float(frame.money_gbp[frame.stratum == at].sum()) for at in held]
    counts = [int((frame.stratum == at).sum()) for at in held]
    made = np.zeros(len(frame.codes))
    for at, number in zip(held, share_out(size, money, counts), strict=True):
        mine = frame.stratum == at
        part = frame.money_gbp[mine] / frame.money_gbp[mine].sum()
        made[mine] = probabilities((1.0 - LOT) * part + LOT / mine.sum(), number)
    return made


def draw(frame: Frame, size: int, seed: int) -> Sample:
    """A sample: systematic in a random order within each stratum, so every area is drawn with its own probability."""
    import numpy as np

    chance = inclusion(frame, size)
    random = np.random.default_rng(seed)
    drawn = np.zeros(len(chance), dtype=bool)
    for at in range(len(STRATA)):
        mine = random.permutation(np.flatnonzero(frame.stratum == at))
        if not len(mine):
            continue
        ends = np.cumsum(chance[mine])
        start = random.random()
        last = math.nextafter(float(ends[-1]), 0.0)
        points = np.minimum(start + np.arange(round(float(ends[-1]))), last)
        drawn[mine[np.searchsorted(ends, points, side="right")]] = True
    return Sample(chance, drawn)
