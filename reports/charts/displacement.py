"""Displacement rates with their intervals, one row per window and design, and published shares on rows beneath.

In: one row per estimate (label, lower, value, upper; rates) and per published share (label, value, text). Out: a
Vega-Lite specification; nought and one are drawn as lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import ACTUAL, EXPECTED, GRID, INK, QUIET, printed, room_for, specification
from reports.charts.ticks import tick_rows

WIDTH, STEP = 320, 26


def spec(rows: Sequence[dict[str, Any]], published: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows` in the order given, with `published` (label, value, text) beneath."""
    labels = [row["label"] for row in (*rows, *published)]
    height = STEP * len(labels)
    ticks = tick_rows([0.0, 1.0, *(row[name] for row in rows for name in ("lower", "upper"))], wanted=6)
    domain = [ticks[0]["y"], ticks[-1]["y"]]
    y = {"field": "label", "type": "ordinal", "sort": None, "axis": None, "scale": {"padding": 0, "domain": labels}}
    scale = {"zero": False, "nice": False, "domain": domain}

    def x(name: str) -> dict[str, Any]:
        return {"field": name, "type": "quantitative", "axis": None, "scale": scale}

    whole = {"y": {"value": 0}, "y2": {"value": height}}
    return specification(
        {
            "width": WIDTH,
            "height": height,
            "padding": {"left": room_for(labels) + 8, "right": 24, "top": 8, "bottom": 28},
            "data": {"name": "rates"},
            "layer": [
                {"data": {"name": "ticks"}, "mark": {"type": "rule", "color": GRID},
                 "encoding": {"x": x("y"), **whole}},
                {"data": {"name": "ticks"}, "mark": {"type": "text", "dy": 15, "color": INK},
                 "encoding": {"x": x("y"), "y": {"value": height}, **printed("text")}},
                {"data": {"name": "limits"}, "mark": {"type": "rule", "color": QUIET, "strokeDash": [4, 3]},
                 "encoding": {"x": x("at"), **whole}},
                {"mark": {"type": "rule", "strokeWidth": 3, "color": ACTUAL},
                 "encoding": {"x": x("lower"), "x2": {"field": "upper"}, "y": y}},
                {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "color": ACTUAL},
                 "encoding": {"x": x("value"), "y": y}},
                {"data": {"name": "published"},
                 "mark": {"type": "point", "shape": "diamond", "filled": False, "strokeWidth": 2, "size": 90,
                          "opacity": 1, "color": EXPECTED},
                 "encoding": {"x": x("value"), "y": y}},
                {"data": {"name": "published"}, "mark": {"type": "text", "align": "left", "dx": 10, "color": INK},
                 "encoding": {"x": x("value"), "y": y, **printed("text")}},
                {"data": {"name": "labels"}, "mark": {"type": "text", "align": "right", "dx": -8, "color": INK},
                 "encoding": {"x": {"value": 0}, "y": y, **printed("label")}},
            ],
        },
        {
            "rates": list(rows),
            "published": list(published),
            "labels": [{"label": label} for label in labels],
            "ticks": ticks,
            "limits": [{"at": 0.0}, {"at": 1.0}],
        },
    )  # fmt: skip
