"""Expected against actual: own-funded spend as a line, expected spend and interval as a band, NHS money beneath.

In: one row per year in £ million (year, actual, expected, lower, upper, nhs; None where missing). Out: a Vega-Lite
specification of two panels, one above the other, that share their years: never a second axis on one panel. NHS money
below nought hangs from the rule at nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.bars import bars
from reports.charts.style import (
    ACTUAL,
    BAND,
    BAND_EDGE,
    EXPECTED,
    QUIET,
    RECEIPTS,
    grid,
    level,
    pixel,
    printed,
    specification,
    year_place,
)
from reports.charts.ticks import nice_ticks, tick_rows

WIDTH, SPEND_HEIGHT, RECEIPTS_TOP, HEIGHT = 300, 140, 176, 230
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
    """The lower panel's layers: a bar per year with its amount outside it, the rule at nought, and the years."""
    received = {"data": {"name": "received"}}
    return [
        {
            **received,
            "mark": {"type": "bar", "width": 26, "color": RECEIPTS},
            "encoding": {"x": x, "y": {**pixel("y"), "stack": None}, "y2": {"field": "y2"}},
        },
        {
            **received,
            "mark": {"type": "text", "baseline": "middle"},
            "encoding": {"x": x, "y": pixel("at"), **printed("nhs_text")},
        },
        {"mark": {"type": "text", "dy": 15}, "encoding": {"x": x, "y": {"value": HEIGHT}, **printed("year")}},
        {
            "data": {"name": "nought"},
            "mark": {"type": "rule", "color": QUIET},
            "encoding": {"x": {"value": 0}, "x2": {"value": WIDTH}, "y": pixel("y")},
        },
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
    rows = [{**row, "year": row["year"][2:]} for row in rows]
    labels = _labels(rows)
    x = year_place((row["year"] for row in rows), padding=0.4)
    received = [row for row in rows if row["nhs"] is not None]
    placed, nought = bars([row["nhs"] for row in received], top=RECEIPTS_TOP, bottom=HEIGHT)
    values = [*(row[name] for row in rows for name in SPEND), *(label["y"] for label in labels)]
    return specification(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "padding": {"left": 36, "right": 58, "top": 26, "bottom": 24},
            "data": {"name": "years"},
            "layer": [{"layer": _spend(x)}, {"layer": _receipts(x)}, _titles()],
            "resolve": {"scale": {"y": "independent"}},
        },
        {
            "years": [{name: row[name] for name in ("year", *SPEND)} for row in rows],
            "spent": [{name: row[name] for name in ("year", "actual")} for row in rows if row["actual"] is not None],
            "received": [
                {"year": row["year"], "nhs_text": row["nhs_text"], "y": bar.start, "y2": bar.end, "at": bar.text}
                for row, bar in zip(received, placed, strict=True)
            ],
            "nought": [{"y": nought}],
            "ticks": tick_rows(values),
            "labels": labels,
            "titles": [
                {"at": -16, "text": "Own-funded spend, £ million"},
                {"at": RECEIPTS_TOP - 9, "text": f"{money}, £ million"},
            ],
        },
    )
