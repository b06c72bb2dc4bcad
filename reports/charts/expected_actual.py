"""Expected against actual: own-funded spend as a line, expected spend and interval as a band, NHS money beneath.

In: one row per year in £ million (year, actual, expected, lower, upper, nhs; None where missing). Out: SVG of two
panels, one above the other, that share their years: never a second axis on one panel. NHS money below nought hangs
from the rule at nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.bars import bars
from reports.charts.canvas import Canvas, circle
from reports.charts.style import ACTUAL, BAND, BAND_EDGE, EXPECTED, RECEIPTS
from reports.charts.ticks import axis, nice_ticks, short_year, spread

WIDTH, SPEND_HEIGHT, RECEIPTS_TOP, HEIGHT = 300, 140, 176, 230
LABEL_HEIGHT, BAR = 15, 26
SPEND = ("actual", "expected", "lower", "upper")
LINES = (("actual", "Actual", ACTUAL), ("expected", "Expected", EXPECTED))


def _label_heights(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The values at which the two line labels stand: each line's last one, pushed apart when they would overlap."""
    ends = {name: held[-1] for name, _, _ in LINES if (held := [row[name] for row in rows if row[name] is not None])}
    if len(ends) == 2:
        ticks = nice_ticks(row[name] for row in rows for name in SPEND)
        high, low = sorted(ends, key=lambda name: (-ends[name], name))
        lacking = (ticks[-1] - ticks[0]) * LABEL_HEIGHT / SPEND_HEIGHT - (ends[high] - ends[low])
        if lacking > 0:
            ends = {high: ends[high] + lacking / 2, low: ends[low] - lacking / 2}
    return ends


def draw(rows: Sequence[dict[str, Any]], *, money: str) -> str:
    """The picture of `rows` in year order; `money` names what the bars beneath are."""
    canvas = Canvas(WIDTH, HEIGHT, left=36, right=58, top=26, bottom=24)
    xs = spread(len(rows), width=WIDTH, padding=0.4)
    labels = _label_heights(rows)
    values = [*(row[name] for row in rows for name in SPEND), *labels.values()]
    scale, ticks = axis(values, start=SPEND_HEIGHT, end=0)
    heights = {name: [scale.of(row[name]) for row in rows] for name in SPEND}
    canvas.grid(scale, ticks)
    canvas.band(zip(xs, heights["lower"], heights["upper"], strict=True), BAND)
    for name in ("lower", "upper"):
        canvas.line(zip(xs, heights[name], strict=True), BAND_EDGE, thick=1, rounded=True)
    canvas.line(zip(xs, heights["expected"], strict=True), EXPECTED, thick=2, dash="6,4", rounded=True)
    canvas.line(zip(xs, heights["actual"], strict=True), ACTUAL, thick=3, rounded=True)
    spent = ((x, y) for x, y in zip(xs, heights["actual"], strict=True) if y is not None)
    canvas.shapes(spent, circle(44), fill=ACTUAL)
    for name, words, colour in LINES:
        if name in labels:
            last = max(x for x, y in zip(xs, heights[name], strict=True) if y is not None)
            canvas.texts([(last + 9, scale.at(labels[name]), words)], "start", colour=colour, bold=True)
    _receipts(canvas, [(x, row) for x, row in zip(xs, rows, strict=True) if row["nhs"] is not None])
    canvas.named_places(xs, (short_year(row["year"]) for row in rows))
    titles = [(0, -16, "Own-funded spend, £ million"), (0, RECEIPTS_TOP - 9, f"{money}, £ million")]
    canvas.texts(titles, "start", bold=True, size=13)
    return canvas.svg()


def _receipts(canvas: Canvas, received: Sequence[tuple[float, dict[str, Any]]]) -> None:
    """The lower panel: a bar per year with its amount outside it, and the rule at nought."""
    placed, nought = bars([row["nhs"] for _, row in received], top=RECEIPTS_TOP, bottom=HEIGHT)
    found = list(zip(received, placed, strict=True))
    canvas.rectangles(((x - BAR / 2, bar.start, x + BAR / 2, bar.end) for (x, _), bar in found), RECEIPTS)
    canvas.texts((x, bar.text, row["nhs_text"]) for (x, row), bar in found)
    canvas.foot(nought)
