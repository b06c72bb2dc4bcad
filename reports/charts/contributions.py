"""Contribution bars: how far the score would fall if each feature were in line with the area's peers, largest first.

In: one row per feature (label, contribution, text). Out: a Vega-Lite specification of horizontal bars with
direct labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import ACTUAL, INK, QUIET, printed, room_for, specification

WIDTH, STEP = 180, 20


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows` in the order given."""
    height = STEP * len(rows)
    y = {"field": "label", "type": "ordinal", "sort": None, "axis": None, "scale": {"padding": 0}}
    x = {"type": "quantitative", "axis": None, "scale": {"zero": True, "nice": False}}
    return specification(
        {
            "width": WIDTH,
            "height": height,
            "padding": {"left": room_for(row["label"] for row in rows) + 8, "right": 48, "top": 4, "bottom": 4},
            "data": {"name": "features"},
            "encoding": {"y": y},
            "layer": [
                {
                    "mark": {"type": "bar", "height": 13, "color": ACTUAL},
                    "encoding": {"x": {"field": "contribution", **x}},
                },
                {
                    "data": {"name": "once"},
                    "mark": {"type": "rule", "color": QUIET},
                    "encoding": {"x": {"datum": 0, **x}, "y": {"value": 0}, "y2": {"value": height}},
                },
                {
                    "mark": {"type": "text", "align": "right", "dx": -8, "color": INK},
                    "encoding": {"x": {"value": 0}, **printed("label")},
                },
                {
                    "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
                    "encoding": {"x": {"field": "label_at", **x}, **printed("text")},
                },
            ],
        },
        {"features": [{**row, "label_at": max(row["contribution"], 0.0)} for row in rows]},
    )
