"""Payments by month and tier: one row of bars for each tier, all on one scale, so that none needs a colour to be told.

In: months in order with the sum of each tier in one unit, and the name and total of each tier in words. Out: a
Vega-Lite specification. Places are worked out here in pixels, so that all such charts have one shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.charts.style import ACTUAL, BAND, BAND_EDGE, QUIET, RECEIPTS, printed, specification
from reports.words.narrative import decimal

WIDTH, ROW, TOP, BAR_ROOM = 640, 72, 4, 34
WIDEST, VALUE_WIDTH, MONTH_WIDTH = 34.0, 27.0, 40.0
SHADES = {"low": ACTUAL, "high": RECEIPTS, "not counted": BAND}


def spec(
    months: Sequence[str],
    sums: Sequence[Mapping[str, float]],
    tiers: Sequence[tuple[str, str, str]],
    *,
    places: int = 1,
) -> dict[str, Any]:
    """The specification. `months` are words such as `Apr 2020`, `sums` one mapping of tier to amount for each of them,
    and `tiers` (tier, words with its total, one of the keys of SHADES) from top to bottom.
    """
    step = WIDTH / max(len(months), 1)
    values = [month.get(tier, 0.0) for month in sums for tier, _, _ in tiers]
    above, below = max([0.0, *values]), -min([0.0, *values])
    pixels = BAR_ROOM / (above + below) if above + below else 0.0
    bars: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    feet: list[dict[str, Any]] = []
    for place, (tier, words, shade) in enumerate(tiers):
        foot = TOP + ROW * (place + 1) - 4 - below * pixels
        feet.append({"y": round(foot, 2)})
        texts.append({"x": 0, "y": TOP + ROW * place + 10, "text": words, "weight": "bold", "align": "left"})
        for at, month in enumerate(sums):
            amount = month.get(tier, 0.0)
            if not amount:
                continue
            middle, wide = (at + 0.5) * step, min(WIDEST, step * 0.7) / 2
            ends = sorted((foot, foot - amount * pixels))
            bars.append({"x": round(middle - wide, 2), "x2": round(middle + wide, 2), "y": round(ends[0], 2),
                         "y2": round(max(ends[1], ends[0] + 1), 2), "shade": SHADES[shade]})  # fmt: skip
            if step >= VALUE_WIDTH and round(amount, places):
                texts.append({"x": round(middle, 2), "y": round(ends[0] - 7, 2), "align": "center", "weight": "normal",
                              "text": decimal(amount, places=places)})  # fmt: skip
    every = max(1, round(MONTH_WIDTH / step + 0.49))
    for at, month in enumerate(months):
        if at % every == 0:
            name, _, year = month.partition(" ")
            where = {"x": round((at + 0.5) * step, 2), "align": "center", "weight": "normal"}
            texts.append({**where, "y": TOP + ROW * len(tiers) + 10, "text": name})
            texts.append({**where, "y": TOP + ROW * len(tiers) + 25, "text": year})
    return _specification(bars, texts, feet)


def _specification(
    bars: list[dict[str, Any]], texts: list[dict[str, Any]], feet: list[dict[str, Any]]
) -> dict[str, Any]:
    def pixel(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": None, "axis": None}

    def words(align: str, weight: str) -> dict[str, Any]:
        return {
            "data": {"name": f"{align}_{weight}"},
            "mark": {"type": "text", "align": align, "fontWeight": weight, "baseline": "middle"},
            "encoding": {"x": pixel("x"), "y": pixel("y"), **printed("text")},
        }

    rectangles = [
        {
            "data": {"name": f"bars_{name.replace(' ', '_')}"},
            "mark": {"type": "rect", "color": shade, "stroke": BAND_EDGE, "strokeWidth": 1},
            "encoding": {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}},
        }
        for name, shade in SHADES.items()
    ]
    lines = {
        "data": {"name": "feet"},
        "mark": {"type": "rule", "color": QUIET},
        "encoding": {"x": {"value": 0}, "x2": {"value": WIDTH}, "y": pixel("y")},
    }
    held = {
        f"bars_{name.replace(' ', '_')}": [bar for bar in bars if bar["shade"] == shade]
        for name, shade in SHADES.items()
    }
    height = TOP + ROW * 5 + 30
    return specification(
        {
            "width": WIDTH,
            "height": height,
            "padding": {"left": 2, "right": 2, "top": 2, "bottom": 2},
            "layer": [*rectangles, lines, words("left", "bold"), words("center", "normal")],
        },
        {
            **held,
            "feet": feet,
            "left_bold": [text for text in texts if text["align"] == "left"],
            "center_normal": [text for text in texts if text["align"] == "center"],
        },
    )
