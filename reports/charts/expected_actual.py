"""Expected against actual: own-funded spend as a line, expected spend and interval as a band, NHS receipts beneath.

In: one row per year in £ million (year, actual, expected, lower, upper, nhs; None where missing). Out: a Vega-Lite
specification of two panels that share their years: never a second axis on one panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import ACTUAL, BAND, BAND_EDGE, EXPECTED, RECEIPTS, printed, specification

WIDTH, HEIGHT, RECEIPTS_HEIGHT = 400, 190, 70


def _labels(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where the two line labels stand: at each line's last value, pushed apart when they would overlap."""
    seen = [row[name] for row in rows for name in ("actual", "expected", "lower", "upper") if row[name] is not None]
    ends: list[dict[str, Any]] = [
        {"year": last["year"], "y": last[name], "text": text, "line": name}
        for name, text in (("actual", "Actual"), ("expected", "Expected"))
        for last in [row for row in rows if row[name] is not None][-1:]
    ]
    if len(ends) == 2:
        apart = (max(seen) - min(seen)) * 0.09
        high, low = sorted(ends, key=lambda end: (-end["y"], end["line"]))
        short = apart - (high["y"] - low["y"])
        if short > 0:
            high["y"], low["y"] = high["y"] + short / 2, low["y"] - short / 2
    return ends


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows` in year order, £ million."""
    bare = {"field": "year", "type": "ordinal", "sort": None, "scale": {"type": "point", "padding": 0.4}}
    hidden = {**bare, "axis": {"labels": False, "ticks": False, "grid": False, "domain": False}}
    ticks = {**bare, "axis": {"labels": False, "grid": False}}
    heading: dict[str, Any] = {"type": "text", "align": "left", "fontWeight": "bold", "fontSize": 13}
    money = {
        "type": "quantitative",
        "scale": {"zero": False, "nice": True},
        "axis": {"tickCount": 4, "domain": False, "ticks": False},
    }
    line = {"type": "line", "strokeCap": "round"}
    top = {
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"name": "years"},
        "encoding": {"x": hidden},
        "layer": [
            {
                "mark": {"type": "area", "color": BAND},
                "encoding": {"y": {"field": "lower", **money}, "y2": {"field": "upper"}},
            },
            {"mark": {**line, "color": BAND_EDGE, "strokeWidth": 1}, "encoding": {"y": {"field": "lower", **money}}},
            {"mark": {**line, "color": BAND_EDGE, "strokeWidth": 1}, "encoding": {"y": {"field": "upper", **money}}},
            {
                "mark": {**line, "color": EXPECTED, "strokeWidth": 2, "strokeDash": [6, 4]},
                "encoding": {"y": {"field": "expected", **money}},
            },
            {"mark": {**line, "color": ACTUAL, "strokeWidth": 3}, "encoding": {"y": {"field": "actual", **money}}},
            {
                "mark": {"type": "point", "filled": True, "size": 44, "opacity": 1, "color": ACTUAL},
                "encoding": {"y": {"field": "actual", **money}},
            },
            {
                "data": {"name": "spend_title"},
                "mark": {**heading, "dy": -14},
                "encoding": {"x": {"value": 0}, "y": {"value": 0}, **printed("text")},
            },
            {
                "data": {"name": "labels"},
                "mark": {"type": "text", "align": "left", "dx": 9, "fontWeight": "bold"},
                "encoding": {
                    "y": {"field": "y", **money},
                    **printed("text"),
                    "color": {
                        "field": "line",
                        "type": "nominal",
                        "legend": None,
                        "scale": {"domain": ["actual", "expected"], "range": [ACTUAL, EXPECTED]},
                    },
                },
            },
        ],
    }
    receipts = {"field": "nhs", "type": "quantitative", "axis": None, "scale": {"zero": True, "nice": False}}
    bottom = {
        "width": WIDTH,
        "height": RECEIPTS_HEIGHT,
        "data": {"name": "years"},
        "encoding": {"x": ticks, "y": receipts},
        "layer": [
            {"mark": {"type": "bar", "width": 26, "color": RECEIPTS}},
            {"mark": {"type": "text", "dy": -7}, "encoding": printed("nhs_text")},
            {"mark": {"type": "text", "dy": 17}, "encoding": {"y": {"value": RECEIPTS_HEIGHT}, **printed("year")}},
            {
                "data": {"name": "receipts_title"},
                "mark": {**heading, "dy": -24},
                "encoding": {"x": {"value": 0}, "y": {"value": 0}, **printed("text")},
            },
        ],
    }
    return specification(
        {"vconcat": [top, bottom], "spacing": 46, "padding": {"left": 4, "right": 66, "top": 22, "bottom": 24}},
        {
            "years": [dict(row) for row in rows],
            "labels": _labels(rows),
            "spend_title": [{"text": "Own-funded spend, £ million"}],
            "receipts_title": [{"text": "NHS receipts, £ million"}],
        },
        texts=("year", "text", "nhs_text"),
    )
