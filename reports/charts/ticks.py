"""Round values for the ticks of an axis.

In: the values an axis must hold. Out: round values that enclose them, and their text. The step is 1, 2 or 5 times a
power of ten, chosen as d3-array's `ticks` chooses it (its thresholds are the geometric means of neighbouring steps), so
that an axis looks as Vega's own would. Values that are missing are passed over.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from reports.words.narrative import decimal

STEPS = ((math.sqrt(50), 10.0), (math.sqrt(10), 5.0), (math.sqrt(2), 2.0))


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


def tick_rows(values: Iterable[float | None], *, wanted: int = 4) -> list[dict[str, Any]]:
    """Ticks as rows of a chart's data: `y` and its `text`, all with the decimals that the step needs."""
    ticks = nice_ticks(values, wanted=wanted)
    step = ticks[1] - ticks[0]
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return [{"y": tick, "text": decimal(tick, places=places)} for tick in ticks]
