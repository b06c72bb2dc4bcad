"""Expected against actual: own-funded spend as a line, expected spend and interval as a band, NHS money beneath.

In: one row per year in £ million (year, actual, expected, lower, upper, nhs; None where missing). Out: a Vega-Lite
specification of two panels, one above the other, that share their years: never a second axis on one panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import (
    ACTUAL,
    BAND,
    BAND_EDGE,
    EXPECTED,
    RECEIPTS,
    base_line,
    grid,
    level,
    printed,
    specification,
    year_place,
)
from reports.charts.ticks import nice_ticks, tick_rows

WIDTH, SPEND_HEIGHT, RECEIPTS_TOP, HEIGHT = 400, 140, 190, 230
LABEL_HEIGHT = 15
SPEND = ("actual", "expected", "lower", "upper")


def _labels(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where the two line labels stand: at each line's last value, pushed apart when they would overlap."""
    seen = [row[name] for row in rows for name in SPEND if row[name] is not None]
    ends: list[dict[str, Any]] = [
        {"year": last["year"], "y": last[name], "text": text, "line": name}
        for name, text in (("actual", "Actual"), ("expected", "Expected"))
        for last in [row for row in rows if row[name] is not None][-1:]
    ]
    if len(ends) == 2:
        axis = nice_ticks(seen)
        apart = (axis[-1] - axis[0]) * LABEL_HEIGHT / SPEND_HEIGHT
        high, low = sorted(ends, key=lambda end: (-end["y"], end["line"]))
        short = apart - (high["y"] - low["y"])
        if short > 0:
            high["y"], low["y"] = high["y"] + short / 2, low["y"] - short / 2
    return ends


def _spend(x: dict[str, Any]) -> list[dict[str, Any]]:
    """The upper panel's layers: band, its edges, expected, actual, and the two lines' names."""
    line = {"type": "line", "strokeCap": "round"}

    def y(name: str) -> dict[str, Any]:
        return {"x": x, "y": level(name, top=0, bottom=SPEND_HEIGHT)}

    edge = {**line, "color": BAND_EDGE, "strokeWidth": 1}
    colours = {"domain": ["actual", "expected"], "range": [ACTUAL, EXPECTED]}
    return [
        *grid(level("y", top=0, bottom=SPEND_HEIGHT), width=WIDTH),
        {"mark": {"type": "area", "color": BAND}, "encoding": {**y("lower"), "y2": {"field": "upper"}}},
        {"mark": edge, "encoding": y("lower")},
        {"mark": edge, "encoding": y("upper")},
        {"mark": {**line, "color": EXPECTED, "strokeWidth": 2, "strokeDash": [6, 4]}, "encoding": y("expected")},
        {"mark": {**line, "color": ACTUAL, "strokeWidth": 3}, "encoding": y("actual")},
        {
            "data": {"name": "spent"},
            "mark": {"type": "point", "filled": True, "size": 44, "opacity": 1, "color": ACTUAL},
            "encoding": y("actual"),
        },
        {
            "data": {"name": "labels"},
            "mark": {"type": "text", "align": "left", "dx": 9, "fontWeight": "bold"},
            "encoding": {
                **y("y"),
                **printed("text"),
                "color": {"field": "line", "type": "nominal", "legend": None, "scale": colours},
            },
        },
    ]


def _receipts(x: dict[str, Any]) -> list[dict[str, Any]]:
    """The lower panel's layers: a bar per year with its amount above and its year beneath."""
    y = level("nhs", top=RECEIPTS_TOP, bottom=HEIGHT, zero=True)
    received = {"data": {"name": "received"}}
    return [
        {
            **received,
            "mark": {"type": "bar", "width": 26, "color": RECEIPTS},
            "encoding": {"x": x, "y": {**y, "stack": None}},
        },
        {**received, "mark": {"type": "text", "dy": -7}, "encoding": {"x": x, "y": y, **printed("nhs_text")}},
        {"mark": {"type": "text", "dy": 15}, "encoding": {"x": x, "y": {"value": HEIGHT}, **printed("year")}},
        base_line(HEIGHT, width=WIDTH),
    ]


def _titles() -> dict[str, Any]:
    """The two panels' titles, at their height in pixels."""
    return {
        "data": {"name": "titles"},
        "mark": {"type": "text", "align": "left", "fontWeight": "bold", "fontSize": 13},
        "encoding": {"x": {"value": 0}, "y": {"field": "at", "type": "quantitative", "scale": None}, **printed("text")},
    }


def spec(rows: Sequence[dict[str, Any]], *, money: str) -> dict[str, Any]:
    """The specification for `rows` in year order, £ million; `money` names what the bars beneath are."""
    labels = _labels(rows)
    x = year_place((row["year"] for row in rows), padding=0.4)
    values = [*(row[name] for row in rows for name in SPEND), *(label["y"] for label in labels)]
    return specification(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "padding": {"left": 44, "right": 66, "top": 26, "bottom": 24},
            "data": {"name": "years"},
            "layer": [{"layer": _spend(x)}, {"layer": _receipts(x)}, _titles()],
            "resolve": {"scale": {"y": "independent"}},
        },
        {
            "years": [{name: row[name] for name in ("year", *SPEND)} for row in rows],
            "spent": [{name: row[name] for name in ("year", "actual")} for row in rows if row["actual"] is not None],
            "received": [
                {name: row[name] for name in ("year", "nhs", "nhs_text")} for row in rows if row["nhs"] is not None
            ],
            "ticks": tick_rows(values),
            "labels": labels,
            "titles": [
                {"at": -16, "text": "Own-funded spend, £ million"},
                {"at": RECEIPTS_TOP - 26, "text": f"{money}, £ million"},
            ],
        },
    )
