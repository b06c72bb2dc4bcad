"""The funnel plot: all areas with the limits, drawn once, and one area's dot laid over them.

In: (size, departure) of all areas and the limits' variance parts. Out: a `Background` for all pages, and SVG for each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.charts.canvas import Canvas, circle
from reports.charts.style import ACTUAL, INK, QUIET
from reports.charts.ticks import Scale, axis

WIDTH, HEIGHT, STEPS = 380, 210, 16
DASHES = {"95%": "", "99.8%": "5,3"}
AREA, DOT = "#7f949e", 4.0


@dataclass(frozen=True)
class Background:
    """What lies under every area's dot, and where a size (as its logarithm) and a departure lie on it."""

    svg: str
    across: Scale
    up: Scale


def _canvas() -> Canvas:
    return Canvas(WIDTH, HEIGHT, left=48, right=52, top=10, bottom=26)


def _sizes(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten that enclose the sizes."""
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    marks = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    first = max(place for place, mark in enumerate(marks) if mark <= low)
    last = min(place for place, mark in enumerate(marks) if mark >= high)
    return marks[first : max(last, first + 1) + 1]


def background(points: Sequence[tuple[float, float]], limits: Mapping[str, tuple[float, float, float]]) -> Background:
    """All areas as (size, departure in percent) with limits as (constant, falling, spreads) of the variance."""
    marks = _sizes(min(size for size, _ in points), max(size for size, _ in points))
    across = Scale(math.log10(marks[0]), math.log10(marks[-1]), 0, WIDTH)
    steps = [across.low + (across.high - across.low) * step / STEPS for step in range(STEPS + 1)]
    curves = {
        (name, side): [(at, side * spreads * math.sqrt(constant + falling / 10**at)) for at in steps]
        for name, (constant, falling, spreads) in limits.items()
        for side in (-1, 1)
    }
    departures = [*(departure for _, departure in points), *(y for curve in curves.values() for _, y in curve)]
    up, ticks = axis(departures, start=HEIGHT, end=0, wanted=6)
    canvas = _canvas()
    canvas.grid(up, ticks)
    canvas.named_places((across.at(math.log10(mark)) for mark in marks), (f"{mark:g}" for mark in marks))
    canvas.foot(up.at(0.0), INK)
    for (name, _), curve in curves.items():
        canvas.line(((across.at(x), up.at(y)) for x, y in curve), QUIET, thick=1.5, dash=DASHES[name])
    canvas.dots(((across.at(math.log10(size)), up.at(departure)) for size, departure in points), AREA, thick=DOT)
    canvas.texts(((WIDTH + 6, up.at(curves[name, 1][-1][1]), name) for name in limits), "start")
    canvas.foot(HEIGHT)
    return Background(canvas.svg(), across, up)


def draw(under: Background, size: float, departure: float) -> str:
    """The picture of one area: its dot on all others'."""
    canvas = _canvas()
    place = (under.across.at(math.log10(size)), under.up.at(departure))
    canvas.shapes([place], circle(130), fill=ACTUAL, edge="#fff", thick=1)
    return canvas.svg(under=under.svg)
