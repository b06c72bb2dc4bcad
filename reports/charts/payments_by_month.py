"""Payments by month and tier: one row of bars for each tier, all on one scale, so that none needs a colour to be told.

In: months in order with the sum of each tier in one unit, and the name and total of each tier in words. Out: a
Vega-Lite specification. Places are worked out here in pixels, so that charts of as many tiers with payments
have one shape; a tier without any is a line of words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reports.charts.bars import bars
from reports.charts.style import ACTUAL, BAND, BAND_EDGE, QUIET, RECEIPTS, pixel, printed, specification
from reports.words.narrative import decimal

WIDTH, ROW, NONE, TOP, TITLE, TEXT = 540, 72, 20, 4, 18, 14
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
    held: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    feet: list[dict[str, Any]] = []
    top = TOP
    for tier, words, shade in tiers:
        amounts = [month.get(tier, 0.0) for month in sums]
        texts.append({"x": 0, "y": top + 10, "text": words, "weight": "bold", "align": "left"})
        if not any(amounts):  # its words are enough
            top += NONE
            continue
        placed, nought = bars(amounts, top=top + TITLE, bottom=top + ROW - 4, text=TEXT, scale=values)
        top += ROW
        feet.append({"y": nought})
        for at, (amount, bar) in enumerate(zip(amounts, placed, strict=True)):
            if not amount:
                continue
            middle, wide = (at + 0.5) * step, min(WIDEST, step * 0.7) / 2
            held.append({"x": round(middle - wide, 2), "x2": round(middle + wide, 2), "y": bar.start, "y2": bar.end,
                         "shade": SHADES[shade]})  # fmt: skip
            if step >= VALUE_WIDTH and round(amount, places):
                texts.append({"x": round(middle, 2), "y": bar.text, "align": "center", "weight": "normal",
                              "text": decimal(amount, places=places)})  # fmt: skip
    every = max(1, round(MONTH_WIDTH / step + 0.49))
    for at, month in enumerate(months):
        if at % every == 0:
            name, _, year = month.partition(" ")
            where = {"x": round((at + 0.5) * step, 2), "align": "center", "weight": "normal"}
            texts.append({**where, "y": top + 10, "text": name})
            texts.append({**where, "y": top + 25, "text": year})
    return _specification(held, texts, feet, height=top + 30)


def _specification(
    placed: list[dict[str, Any]], texts: list[dict[str, Any]], feet: list[dict[str, Any]], *, height: float
) -> dict[str, Any]:
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
        f"bars_{name.replace(' ', '_')}": [bar for bar in placed if bar["shade"] == shade]
        for name, shade in SHADES.items()
    }
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
