"""Deciles of all areas over time as bands, the median dashed, with one area as a line.

In: one row per year with p10 to p90 in steps of ten and the area's value (None where missing). Out: a Vega-Lite
specification; every other year is named. Deciles, not percentiles of a ranking: the reasons are in OpenPrescribing's
2019 note "Why we use deciles".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import ACTUAL, INK, QUIET, base_line, grid, level, printed, specification, year_place
from reports.charts.ticks import tick_rows

WIDTH, HEIGHT = 440, 210
BANDS = (("p10", "p90", "#e9edf0"), ("p20", "p80", "#dbe1e5"), ("p30", "p70", "#cdd5da"), ("p40", "p60", "#bfc9cf"))
NAMED = (("p90", "9 in 10 below"), ("p50", "median"), ("p10", "1 in 10 below"))


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows` in year order, in the unit of the values."""
    short = [{**row, "year": row["year"][2:]} for row in rows]
    x = year_place((row["year"] for row in short), padding=0.3)

    def y(name: str) -> dict[str, Any]:
        return {"x": x, "y": level(name, top=0, bottom=HEIGHT)}

    layers: list[dict[str, Any]] = [
        *grid(level("y", top=0, bottom=HEIGHT), width=WIDTH),
        *({"mark": {"type": "area", "color": ink}, "encoding": {**y(low), "y2": {"field": high}}}
          for low, high, ink in BANDS),
        *({"mark": {"type": "line", "strokeWidth": 1, "color": QUIET}, "encoding": y(name)} for name in ("p10", "p90")),
        {"mark": {"type": "line", "strokeDash": [5, 3], "strokeWidth": 1.5, "color": INK}, "encoding": y("p50")},
        {"mark": {"type": "line", "strokeWidth": 3, "color": ACTUAL}, "encoding": y("value")},
        {
            "data": {"name": "labels"},
            "mark": {"type": "text", "align": "left", "dx": 8},
            "encoding": {**y("y"), **printed("text")},
        },
        {"data": {"name": "named"}, "mark": {"type": "text", "dy": 15},
         "encoding": {"x": x, "y": {"value": HEIGHT}, **printed("year")}},
        base_line(HEIGHT, width=WIDTH),
    ]  # fmt: skip
    last = short[-1]
    values = [value for row in rows for name, value in row.items() if name != "year"]
    return specification(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "padding": {"left": 48, "right": 104, "top": 10, "bottom": 24},
            "data": {"name": "years"},
            "layer": layers,
        },
        {
            "years": short,
            "ticks": tick_rows(values),
            "named": [{"year": row["year"]} for row in short[::-2]],
            "labels": [{"year": last["year"], "y": last[name], "text": text} for name, text in NAMED],
        },
    )
