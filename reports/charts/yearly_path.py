"""Yearly changes as bars from nought, what is usual by chance behind them, and where full replacement would lie.

In: one row per year in per cent (year, change, noise, replaced; noise None where missing). Out: a Vega-Lite
specification of one panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import ACTUAL, BAND, EXPECTED, QUIET, grid, level, printed, specification, year_place
from reports.charts.ticks import tick_rows

WIDTH, HEIGHT = 340, 140


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows` in year order."""
    rows = [{**row, "year": row["year"][2:]} for row in rows]
    x = year_place((row["year"] for row in rows), padding=0.5)
    usual = [{"year": row["year"], "low": -row["noise"], "high": row["noise"]} for row in rows if row["noise"]]

    def y(name: str) -> dict[str, Any]:
        return level(name, top=0, bottom=HEIGHT)

    layers: list[dict[str, Any]] = [
        {"data": {"name": "usual"}, "mark": {"type": "bar", "width": 36, "color": BAND},
         "encoding": {"x": x, "y": {**y("low"), "stack": None}, "y2": {"field": "high"}}},
        *grid(y("y"), width=WIDTH),
        {"data": {"name": "changes"}, "mark": {"type": "bar", "width": 18, "color": ACTUAL},
         "encoding": {"x": x, "y": {**y("nought"), "stack": None}, "y2": {"field": "change"}}},
        {"data": {"name": "nought"}, "mark": {"type": "rule", "color": QUIET},
         "encoding": {"x": {"value": 0}, "x2": {"value": WIDTH}, "y": y("y")}},
        {"data": {"name": "changes"},
         "mark": {"type": "point", "shape": "diamond", "filled": False, "strokeWidth": 2, "size": 80, "opacity": 1,
                  "color": EXPECTED},
         "encoding": {"x": x, "y": y("replaced")}},
        {"data": {"name": "changes"}, "mark": {"type": "text", "dy": 15},
         "encoding": {"x": x, "y": {"value": HEIGHT}, **printed("year")}},
    ]  # fmt: skip
    values = [0.0, *(row[name] for row in rows for name in ("change", "replaced"))]
    values += [end for row in usual for end in (row["low"], row["high"])]
    return specification(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "padding": {"left": 38, "right": 8, "top": 10, "bottom": 24},
            "layer": layers,
        },
        {
            "changes": [
                {**{name: row[name] for name in ("year", "change", "replaced")}, "nought": 0.0} for row in rows
            ],
            "usual": usual,
            "nought": [{"y": 0.0}],
            "ticks": tick_rows(values),
        },
    )
