"""England's own-funded spend as lines and other income booked as bars beneath, by year.

In: one row per year in £ billion (year, total, outside, nhs; None where missing). Out: a Vega-Lite specification of
two panels that share their years: never a second axis on one panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.style import ACTUAL, EXPECTED, RECEIPTS, base_line, grid, level, printed, specification, year_place
from reports.charts.ticks import tick_rows

WIDTH, SPEND_HEIGHT, TOP, HEIGHT = 620, 190, 240, 306
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
    bars = level("nhs", top=TOP, bottom=HEIGHT, zero=True)
    received = {"data": {"name": "received"}}
    spend = [
        *grid(level("y", top=0, bottom=SPEND_HEIGHT, zero=True), width=WIDTH),
        *(
            {"mark": {"type": "line", "color": ink, "strokeWidth": 3, "strokeDash": DASHES[name]},
             "encoding": y(name)}
            for name, _, ink in LINES
        ),
        {"data": {"name": "labels"}, "mark": {"type": "text", "align": "left", "dx": 8, "fontWeight": "bold"},
         "encoding": {**y("y"), **printed("text")}},
    ]  # fmt: skip
    receipts = [
        {**received, "mark": {"type": "bar", "width": 22, "color": RECEIPTS},
         "encoding": {"x": x, "y": {**bars, "stack": None}}},
        {**received, "mark": {"type": "text", "dy": -7}, "encoding": {"x": x, "y": bars, **printed("text")}},
        {"mark": {"type": "text", "dy": 15}, "encoding": {"x": x, "y": {"value": HEIGHT}, **printed("year")}},
        base_line(HEIGHT, width=WIDTH),
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
            "padding": {"left": 44, "right": 180, "top": 26, "bottom": 24},
            "data": {"name": "years"},
            "layer": [{"layer": spend}, {"layer": receipts}, titles],
            "resolve": {"scale": {"y": "independent"}},
        },
        {
            "years": [{name: row[name] for name in ("year", "total", "outside")} for row in short],
            "received": [
                {"year": row["year"], "nhs": row["nhs"], "text": f"{row['nhs']:.2f}"}
                for row in short
                if row["nhs"] is not None
            ],
            "ticks": tick_rows([0.0, *(row[name] for row in short for name, _, _ in LINES)]),
            "labels": ends,
            "titles": [
                {"at": -16, "text": "Own-funded spend, £ billion, cash"},
                {"at": TOP - 26, "text": "Other income booked without learning disability, £ billion, cash"},
            ],
        },
    )
