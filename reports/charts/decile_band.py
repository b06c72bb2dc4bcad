"""Deciles of all areas over time as bands, the median dashed, with one area as a line.

In: one row per year with p10 to p90 in steps of ten and the area's value (None where missing). Out: a Vega-Lite
specification. Deciles, not percentiles of a ranking: the reasons are in OpenPrescribing's 2019 note "Why we use
deciles".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import ACTUAL, INK, QUIET, printed, specification

WIDTH, HEIGHT = 560, 210
BANDS = (("p10", "p90", "#e9edf0"), ("p20", "p80", "#dbe1e5"), ("p30", "p70", "#cdd5da"), ("p40", "p60", "#bfc9cf"))


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows` in year order, in the unit of the values."""
    x = {
        "field": "year",
        "type": "ordinal",
        "sort": None,
        "scale": {"type": "point", "padding": 0.3},
        "axis": {"labels": False, "grid": False},
    }
    y = {
        "type": "quantitative",
        "scale": {"zero": False, "nice": True},
        "axis": {"tickCount": 4, "domain": False, "ticks": False},
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "area", "color": colour}, "encoding": {"y": {"field": low, **y}, "y2": {"field": high}}}
        for low, high, colour in BANDS
    ]
    layers += [
        {"mark": {"type": "line", "strokeWidth": 1, "color": QUIET}, "encoding": {"y": {"field": name, **y}}}
        for name in ("p10", "p90")
    ]
    layers.append(
        {
            "mark": {"type": "line", "strokeDash": [5, 3], "strokeWidth": 1.5, "color": INK},
            "encoding": {"y": {"field": "p50", **y}},
        }
    )
    layers.append(
        {"mark": {"type": "line", "strokeWidth": 3, "color": ACTUAL}, "encoding": {"y": {"field": "value", **y}}}
    )
    layers.append(
        {
            "data": {"name": "labels"},
            "mark": {"type": "text", "align": "left", "dx": 8},
            "encoding": {
                "y": {"field": "y", **y},
                **printed("text"),
                "color": {
                    "field": "line",
                    "type": "nominal",
                    "legend": None,
                    "scale": {"domain": ["value", "other"], "range": [ACTUAL, INK]},
                },
            },
        }
    )
    layers.append({"mark": {"type": "text", "dy": 17}, "encoding": {"y": {"value": HEIGHT}, **printed("year")}})
    last = rows[-1]
    wanted = [("p90", "9 in 10 below"), ("p50", "median"), ("p10", "1 in 10 below")]
    labels = [{"year": last["year"][2:], "y": last[name], "text": text, "line": "other"} for name, text in wanted]
    return specification(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "data": {"name": "years"},
            "encoding": {"x": x},
            "layer": layers,
            "padding": {"left": 4, "right": 104, "top": 6, "bottom": 24},
        },
        {"years": [{**row, "year": row["year"][2:]} for row in rows], "labels": labels},
        texts=("year", "text"),
    )
