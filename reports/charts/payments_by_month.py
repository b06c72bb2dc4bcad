"""Payments by month and tier: one row of bars for each tier, all on one scale, so that none needs a colour to be told.

In: months in order with the sum of each tier in one unit, and the name and total of each tier in words. Out:
SVG; a tier without any is a line of words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.charts.bars import bars
from reports.charts.canvas import Canvas
from reports.charts.style import ACTUAL, BAND, BAND_EDGE, RECEIPTS
from reports.words.narrative import decimal

WIDTH, ROW, NONE, TOP, TITLE, TEXT = 540, 72, 20, 4, 18, 14
WIDEST, VALUE_WIDTH, MONTH_WIDTH = 34.0, 27.0, 40.0
SHADES = {"low": ACTUAL, "high": RECEIPTS, "not counted": BAND}


def draw(
    months: Sequence[str],
    sums: Sequence[Mapping[str, float]],
    tiers: Sequence[tuple[str, str, str]],
    *,
    places: int = 1,
) -> str:
    """The picture. `months` are words such as `Apr 2020`, `sums` one mapping of tier to amount for each of them,
    and `tiers` (tier, words with its total, one of the keys of SHADES) from top to bottom.
    """
    step = WIDTH / max(len(months), 1)
    middles = [(at + 0.5) * step for at in range(len(months))]
    wide = min(WIDEST, step * 0.7) / 2
    values = [month.get(tier, 0.0) for month in sums for tier, _, _ in tiers]
    rows = [(tier, words, shade, [month.get(tier, 0.0) for month in sums]) for tier, words, shade in tiers]
    height = TOP + sum(ROW if any(amounts) else NONE for *_, amounts in rows)
    canvas = Canvas(WIDTH, height + 30, left=2, right=2, top=2, bottom=2)
    top = TOP
    for _, words, shade, amounts in rows:
        canvas.texts([(0, top + 10, words)], "start", bold=True)
        if not any(amounts):  # its words are enough
            top += NONE
            continue
        placed, nought = bars(amounts, top=top + TITLE, bottom=top + ROW - 4, text=TEXT, scale=values)
        top += ROW
        found = [(x, amount, bar) for x, amount, bar in zip(middles, amounts, placed, strict=True) if amount]
        sides = ((x - wide, bar.start, x + wide, bar.end) for x, _, bar in found)
        canvas.rectangles(sides, SHADES[shade], edge=BAND_EDGE)
        if step >= VALUE_WIDTH:
            told = [(x, bar.text, amount) for x, amount, bar in found if round(amount, places)]
            canvas.texts((x, y, decimal(amount, places=places)) for x, y, amount in told)
        canvas.foot(nought)
    every = max(1, round(MONTH_WIDTH / step + 0.49))
    named = [(x, *month.partition(" ")[::2]) for x, month in zip(middles, months, strict=True)][::every]
    canvas.texts((x, top + 10, name) for x, name, _ in named)
    canvas.texts((x, top + 25, year) for x, _, year in named)
    return canvas.svg()
