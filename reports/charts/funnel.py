"""The funnel plot in two drawings: all areas with the limits, drawn once, and one area's dot to lie on top of it.

In: (size, departure) of all areas and the limits' variance parts. Out: two Vega-Lite specifications of one frame and
one scale. 150 dots on each of 150 pages would cost more than all other charts together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from reports.charts.style import ACTUAL, GRID, INK, QUIET, base_line, printed, specification
from reports.charts.ticks import tick_rows

WIDTH, HEIGHT, STEPS = 380, 210, 16
DOT = "M-0.3,0L0.3,0Z"
DASHES = {"95%": [1, 0], "99.8%": [5, 3]}
FRAME = {"width": WIDTH, "height": HEIGHT, "padding": {"left": 48, "right": 52, "top": 10, "bottom": 26}}


def _sizes(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten that enclose the sizes."""
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    marks = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    first = max(place for place, mark in enumerate(marks) if mark <= low)
    last = min(place for place, mark in enumerate(marks) if mark >= high)
    return marks[first : max(last, first + 1) + 1]


def _x(field: str, domain: Sequence[float]) -> dict[str, Any]:
    scale = {"domain": list(domain), "nice": False, "zero": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _y(field: str, domain: Sequence[float]) -> dict[str, Any]:
    return _x(field, domain)


def spec(points: Sequence[tuple[float, float]], limits: Mapping[str, tuple[float, float, float]]) -> dict[str, Any]:
    """All areas as (size, departure in percent) with limits as (constant, falling, spreads) of the variance."""
    marks = _sizes(min(size for size, _ in points), max(size for size, _ in points))
    across = [math.log10(marks[0]), math.log10(marks[-1])]
    curves: dict[str, list[dict[str, Any]]] = {}
    for name, (constant, falling, spreads) in limits.items():
        for side, place in (("lower", -1), ("upper", 1)):
            curves[f"{side} {name}"] = [
                {"x": at, "y": round(place * spreads * math.sqrt(constant + falling / 10**at), 3)}
                for at in (across[0] + (across[1] - across[0]) * step / STEPS for step in range(STEPS + 1))
            ]
    heights = [departure for _, departure in points] + [row["y"] for rows in curves.values() for row in rows]
    ticks = tick_rows(heights, wanted=6)
    up = [ticks[0]["y"], ticks[-1]["y"]]
    x, y = _x("x", across), _y("y", up)
    left, foot = {"value": 0}, {"value": HEIGHT}
    layers: list[dict[str, Any]] = [
        {"data": {"name": "ticks"}, "mark": {"type": "rule", "color": GRID},
         "encoding": {"x": left, "x2": {"value": WIDTH}, "y": y}},
        {"data": {"name": "ticks"}, "mark": {"type": "text", "align": "right", "dx": -7},
         "encoding": {"x": left, "y": y, **printed("text")}},
        {"data": {"name": "sizes"}, "mark": {"type": "text", "dy": 15},
         "encoding": {"x": x, "y": foot, **printed("text")}},
        {"data": {"name": "zero"}, "mark": {"type": "rule", "color": INK},
         "encoding": {"x": left, "x2": {"value": WIDTH}, "y": y}},
        *({"data": {"name": name}, "mark": {"type": "line", "color": QUIET, "strokeWidth": 1.5,
                                            "strokeDash": DASHES[name.partition(" ")[2]]},
           "encoding": {"x": x, "y": y}} for name in curves),
        {"mark": {"type": "point", "shape": DOT, "size": 4, "stroke": "#7f949e", "filled": False, "strokeWidth": 4,
                  "strokeJoin": "round", "opacity": 1},
         "encoding": {"x": x, "y": y}},
        {"data": {"name": "names"}, "mark": {"type": "text", "align": "left", "dx": 6},
         "encoding": {"x": {"value": WIDTH}, "y": y, **printed("text")}},
        base_line(HEIGHT, width=WIDTH),
    ]  # fmt: skip
    names = [{"y": curves[f"upper {name}"][-1]["y"], "text": name} for name in limits]
    return specification(
        {**FRAME, "data": {"name": "areas"}, "layer": layers},
        {
            "areas": [{"x": round(math.log10(size), 4), "y": round(departure, 3)} for size, departure in points],
            "ticks": ticks,
            "sizes": [{"x": math.log10(mark), "text": f"{mark:g}"} for mark in marks],
            "zero": [{"y": 0.0}],
            "names": names,
            **curves,
        },
    )


def area_spec(size: float, departure: float, under: dict[str, Any]) -> dict[str, Any]:
    """One area's dot, in the frame and on the scales of the drawing that lies `under` it."""
    sizes, ticks = under["datasets"]["sizes"], under["datasets"]["ticks"]
    x = _x("x", [sizes[0]["x"], sizes[-1]["x"]])
    y = _y("y", [ticks[0]["y"], ticks[-1]["y"]])
    dot = {"type": "point", "filled": True, "size": 130, "opacity": 1, "color": ACTUAL, "stroke": "white"}
    return specification(
        {**FRAME, "data": {"name": "area"}, "layer": [{"mark": dot, "encoding": {"x": x, "y": y}}]},
        {"area": [{"x": round(math.log10(size), 4), "y": round(departure, 3)}]},
    )
