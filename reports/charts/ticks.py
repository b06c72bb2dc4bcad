"""Scales, and round values for the ticks of an axis.

In: the values an axis must hold. Out: round values that enclose them, with their text, and the straight line from
values to pixels between the first and the last. The step is 1, 2 or 5 times a power of ten, chosen as d3-array's
`ticks` chooses it (its thresholds are the geometric means of neighbouring steps). Values that are missing are passed
over.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from reports.words.narrative import decimal

STEPS = ((math.sqrt(50), 10.0), (math.sqrt(10), 5.0), (math.sqrt(2), 2.0))


class Tick(NamedTuple):
    """A round value of an axis and its text."""

    at: float
    text: str


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` as pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value lies."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def of(self, value: float | None) -> float | None:
        """The same; None for a missing value."""
        return None if value is None else self.at(value)


def tick_step(low: float, high: float, *, wanted: int = 4) -> float:
    """The step between ticks from `low` to `high` in about `wanted` steps; 1 for an axis of no length to speak of."""
    raw = (high - low) / wanted
    if raw < 1e-6 * max(1.0, abs(low), abs(high)):
        return 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    return power * next((factor for threshold, factor in STEPS if raw / power >= threshold), 1.0)


def nice_ticks(values: Iterable[float | None], *, wanted: int = 4) -> list[float]:
    """Ascending ticks of which the first and last enclose `values`; 0 and 1 where there are none."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return [0.0, 1.0]
    low, high = min(known), max(known)
    step = tick_step(low, high, wanted=wanted)
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    return [float(round(place * step, 10)) for place in range(first, last + 1)]


def axis(values: Iterable[float | None], *, start: float, end: float, wanted: int = 4) -> tuple[Scale, list[Tick]]:
    """The scale that holds `values` between two pixels, and its ticks, all with the decimals that the step needs."""
    ticks = nice_ticks(values, wanted=wanted)
    places = max(0, -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-9))
    return Scale(ticks[0], ticks[-1], start, end), [Tick(tick, decimal(tick, places=places)) for tick in ticks]


def spread(count: int, *, width: float, padding: float) -> list[float]:
    """Where `count` things stand side by side in `width` pixels, with `padding` steps before the first and after the
    last.
    """
    step = width / max(count - 1 + 2 * padding, 1e-9)
    return [(padding + place) * step for place in range(count)]


def short_year(year: str) -> str:
    """A financial year as a chart writes it: 2013-14 as 13-14."""
    return year[2:]
