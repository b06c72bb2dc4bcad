"""England's own-funded spend as lines and other income booked as bars beneath, by year.

In: one row per year in £ billion (year, total, outside, nhs; None where missing). Out: a Vega-Lite specification of
two panels that share their years, every other one named: never a second axis on one panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.bars import bars
from reports.charts.style import (
    ACTUAL,
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
from reports.charts.ticks import tick_rows
from reports.words.narrative import decimal

WIDTH, SPEND_HEIGHT, TOP, HEIGHT = 500, 190, 228, 306
DASHES = {"total": [1, 0], "outside": [6, 4]}
LINES = (("total", "All adult care", ACTUAL), ("outside", "Without learning disability", EXPECTED))


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows` in year order, £ billion."""
    short = [{**row, "year": row["year"][2:]} for row in rows]
    x = year_place((row["year"] for row in short), padding=0.4)

    def y(name: str) -> dict[str, Any]:
        return {"x": x, "y": level(name, top=0, bottom=SPEND_HEIGHT, zero=True)}

    ends = [
        {"year": held[-1]["year"], "y": held[-1][name], "text": words}
        for name, words, _ in LINES
        if (held := [row for row in short if row[name] is not None])
    ]
    held = [row for row in short if row["nhs"] is not None]
    placed, nought = bars([row["nhs"] for row in held], top=TOP, bottom=HEIGHT)
    received = {"data": {"name": "received"}}
    spend = [
        *grid(level("y", top=0, bottom=SPEND_HEIGHT, zero=True), width=WIDTH),
        *(
            {"mark": {"type": "line", "color": ink, "strokeWidth": 3, "strokeDash": DASHES[name]},
             "encoding": y(name)}
            for name, _, ink in LINES
        ),
        {"data": {"name": "to_the_end"},
         "mark": {"type": "text", "align": "right", "dx": 6, "dy": -11, "fontWeight": "bold"},
         "encoding": {**y("y"), **printed("text")}},
        {"data": {"name": "ended_before"}, "mark": {"type": "text", "align": "left", "dx": 9, "fontWeight": "bold"},
         "encoding": {**y("y"), **printed("text")}},
    ]  # fmt: skip
    receipts = [
        {**received, "mark": {"type": "bar", "width": 22, "color": RECEIPTS},
         "encoding": {"x": x, "y": {**pixel("y"), "stack": None}, "y2": {"field": "y2"}}},
        {**received, "mark": {"type": "text", "baseline": "middle"},
         "encoding": {"x": x, "y": pixel("at"), **printed("text")}},
        {"data": {"name": "named"}, "mark": {"type": "text", "dy": 15},
         "encoding": {"x": x, "y": {"value": HEIGHT}, **printed("year")}},
        {"data": {"name": "nought"}, "mark": {"type": "rule", "color": QUIET},
         "encoding": {"x": {"value": 0}, "x2": {"value": WIDTH}, "y": pixel("y")}},
    ]  # fmt: skip
    titles = {
        "data": {"name": "titles"},
        "mark": {"type": "text", "align": "left", "fontWeight": "bold", "fontSize": 13},
        "encoding": {"x": {"value": 0}, "y": {"field": "at", "type": "quantitative", "scale": None}, **printed("text")},
    }
    return specification(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "padding": {"left": 44, "right": 14, "top": 26, "bottom": 24},
            "data": {"name": "years"},
            "layer": [{"layer": spend}, {"layer": receipts}, titles],
            "resolve": {"scale": {"y": "independent"}},
        },
        {
            "years": [{name: row[name] for name in ("year", "total", "outside")} for row in short],
            "received": [
                {"year": row["year"], "text": decimal(row["nhs"]), "y": bar.start, "y2": bar.end, "at": bar.text}
                for row, bar in zip(held, placed, strict=True)
            ],
            "nought": [{"y": nought}],
            "named": [{"year": row["year"]} for row in short[::-2]],
            "ticks": tick_rows([0.0, *(row[name] for row in short for name, _, _ in LINES)]),
            "to_the_end": [end for end in ends if end["year"] == short[-1]["year"]],
            "ended_before": [end for end in ends if end["year"] != short[-1]["year"]],
            "titles": [
                {"at": -16, "text": "Own-funded spend, £ billion, cash"},
                {"at": TOP - 9, "text": "Other income booked without learning disability, £ billion, cash"},
            ],
        },
    )
