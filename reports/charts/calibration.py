"""Is a posterior right? What was said as against what was so, in bins, with the line on which both agree.

In: one row per bin with what was said and what was so, both per cent, and its ground. Out: a Vega-Lite specification
of one panel; grounds differ in shape as well as in colour, and are named in the corner that the line leaves free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import ACTUAL, EXPECTED, QUIET, RECEIPTS, base_line, grid, level, printed, specification
from reports.charts.ticks import tick_rows

WIDTH, HEIGHT = 340, 230
MARKS = (("circle", ACTUAL), ("diamond", EXPECTED), ("square", RECEIPTS))
KEY_LEFT, KEY_STEP = 16, 18


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows` (ground, said, so)."""
    ticks = tick_rows([0.0, *(row[name] for row in rows for name in ("said", "so"))])
    ends = [ticks[0]["y"], ticks[-1]["y"]]
    grounds = list(dict.fromkeys(str(row["ground"]) for row in rows))
    x_scale = {"zero": False, "nice": False, "domain": ends, "range": [0, WIDTH]}

    def x(name: str) -> dict[str, Any]:
        return {"field": name, "type": "quantitative", "axis": None, "scale": x_scale}

    def y(name: str) -> dict[str, Any]:
        made = level(name, top=0, bottom=HEIGHT)
        return {**made, "scale": {**made["scale"], "domain": ends}}

    def points(place: int) -> dict[str, Any]:
        shape, colour = MARKS[place % len(MARKS)]
        return {"type": "point", "shape": shape, "color": colour, "filled": place == 0, "strokeWidth": 2, "size": 70,
                "opacity": 1}  # fmt: skip

    key: list[dict[str, Any]] = []
    for place in range(len(grounds)):
        at = 12 + KEY_STEP * place
        data, where = {"data": {"name": f"key{place}"}}, {"y": {"value": at}}
        key += [
            {**data, "mark": points(place), "encoding": {"x": {"value": KEY_LEFT}, **where}},
            {**data, "mark": {"type": "text", "align": "left", "dx": 10},
             "encoding": {"x": {"value": KEY_LEFT}, **where, **printed("text")}},
        ]  # fmt: skip
    layers: list[dict[str, Any]] = [
        *grid(y("y"), width=WIDTH),
        {"data": {"name": "agreed"}, "mark": {"type": "line", "color": QUIET, "strokeDash": [5, 3]},
         "encoding": {"x": x("y"), "y": y("y")}},
        *({"data": {"name": f"bins{place}"}, "mark": points(place), "encoding": {"x": x("said"), "y": y("so")}}
          for place in range(len(grounds))),
        *key,
        {"data": {"name": "ticks"}, "mark": {"type": "text", "dy": 15},
         "encoding": {"x": x("y"), "y": {"value": HEIGHT}, **printed("text")}},
        {"data": {"name": "named"}, "mark": {"type": "text", "dy": 32},
         "encoding": {"x": {"value": WIDTH / 2}, "y": {"value": HEIGHT}, **printed("text")}},
        base_line(HEIGHT, width=WIDTH),
    ]  # fmt: skip
    return specification(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "padding": {"left": 48, "right": 14, "top": 12, "bottom": 42},
            "layer": layers,
        },
        {
            "ticks": ticks,
            "agreed": [{"y": end} for end in ends],
            "named": [{"text": "Said by the posterior, per cent (upwards: planted, per cent)"}],
            **{
                f"bins{place}": [{"said": row["said"], "so": row["so"]} for row in rows if str(row["ground"]) == ground]
                for place, ground in enumerate(grounds)
            },
            **{f"key{place}": [{"text": ground}] for place, ground in enumerate(grounds)},
        },
    )
