"""England's own-funded spend as lines and other income booked as bars beneath, by year.

In: one row per year in £ billion (year, total, outside, nhs; None where missing). Out: SVG of two panels that share
their years, every other one named: never a second axis on one panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.bars import bars
from reports.charts.canvas import Canvas
from reports.charts.style import ACTUAL, EXPECTED, RECEIPTS
from reports.charts.ticks import axis, short_year, spread
from reports.words.narrative import decimal

WIDTH, SPEND_HEIGHT, TOP, HEIGHT = 500, 190, 228, 306
BAR = 22
LINES = (("total", "All adult care", ACTUAL, ""), ("outside", "Without learning disability", EXPECTED, "6,4"))


def draw(rows: Sequence[dict[str, Any]]) -> str:
    """The picture of `rows` in year order."""
    canvas = Canvas(WIDTH, HEIGHT, left=44, right=14, top=26, bottom=24)
    xs = spread(len(rows), width=WIDTH, padding=0.4)
    scale, ticks = axis([0.0, *(row[name] for row in rows for name, *_ in LINES)], start=SPEND_HEIGHT, end=0)
    canvas.grid(scale, ticks)
    for name, _, colour, dash in LINES:
        canvas.line(((x, scale.of(row[name])) for x, row in zip(xs, rows, strict=True)), colour, thick=3, dash=dash)
    for name, words, _, _ in LINES:
        held = [(x, scale.at(row[name])) for x, row in zip(xs, rows, strict=True) if row[name] is not None]
        if held and held[-1][0] == xs[-1]:  # no room is left beside a line that goes to the end
            canvas.texts([(held[-1][0] + 6, held[-1][1] - 11, words)], "end", bold=True)
        elif held:
            canvas.texts([(held[-1][0] + 9, held[-1][1], words)], "start", bold=True)
    received = [(x, row["nhs"]) for x, row in zip(xs, rows, strict=True) if row["nhs"] is not None]
    placed, nought = bars([amount for _, amount in received], top=TOP, bottom=HEIGHT)
    found = list(zip(received, placed, strict=True))
    canvas.rectangles(((x - BAR / 2, bar.start, x + BAR / 2, bar.end) for (x, _), bar in found), RECEIPTS)
    canvas.texts((x, bar.text, decimal(amount)) for (x, amount), bar in found)
    canvas.named_places(xs[::-2], (short_year(row["year"]) for row in rows[::-2]))
    canvas.foot(nought)
    titles = [
        (0, -16, "Own-funded spend, £ billion, cash"),
        (0, TOP - 9, "Other income booked without learning disability, £ billion, cash"),
    ]
    canvas.texts(titles, "start", bold=True, size=13)
    return canvas.svg()
