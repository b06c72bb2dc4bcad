"""Deciles of all areas over time as bands, the median dashed, with one area as a line.

In: one row per year with p10 to p90 in steps of ten and the area's value (None where missing). Out: SVG; every other
year is named. Deciles, not percentiles of a ranking: the reasons are in OpenPrescribing's 2019 note "Why we use
deciles".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.canvas import Canvas
from reports.charts.style import ACTUAL, INK, QUIET
from reports.charts.ticks import axis, short_year, spread

WIDTH, HEIGHT = 440, 210
BANDS = (("p10", "p90", "#e9edf0"), ("p20", "p80", "#dbe1e5"), ("p30", "p70", "#cdd5da"), ("p40", "p60", "#bfc9cf"))
NAMED = (("p90", "9 in 10 below"), ("p50", "median"), ("p10", "1 in 10 below"))


def draw(rows: Sequence[dict[str, Any]]) -> str:
    """The picture of `rows` in year order, in the unit of the values."""
    canvas = Canvas(WIDTH, HEIGHT, left=48, right=104, top=10, bottom=24)
    xs = spread(len(rows), width=WIDTH, padding=0.3)
    values = [value for row in rows for name, value in row.items() if name != "year"]
    scale, ticks = axis(values, start=HEIGHT, end=0)
    heights = {name: [scale.of(row[name]) for row in rows] for name in rows[0] if name != "year"}

    def line(name: str, colour: str, thick: float, dash: str = "") -> None:
        canvas.line(zip(xs, heights[name], strict=True), colour, thick=thick, dash=dash)

    canvas.grid(scale, ticks)
    for low, high, colour in BANDS:
        canvas.band(zip(xs, heights[low], heights[high], strict=True), colour)
    line("p10", QUIET, 1)
    line("p90", QUIET, 1)
    line("p50", INK, 1.5, "5,3")
    line("value", ACTUAL, 3)
    ends = [(xs[-1] + 8, scale.of(rows[-1][name]), words) for name, words in NAMED]
    canvas.texts(((x, y, words) for x, y, words in ends if y is not None), "start")
    canvas.named_places(xs[::-2], (short_year(row["year"]) for row in rows[::-2]))
    canvas.foot(HEIGHT)
    return canvas.svg()
