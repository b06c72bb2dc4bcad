"""Displacement rates with their intervals, one row per window and design, and published shares on rows beneath.

In: one row per estimate (label, lower, value, upper; rates) and per published share (label, value, text). Out: SVG;
nought and one are drawn as lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.canvas import Canvas, circle, diamond
from reports.charts.style import ACTUAL, EXPECTED, GRID, QUIET, room_for
from reports.charts.ticks import axis

WIDTH, STEP = 320, 26


def draw(rows: Sequence[dict[str, Any]], published: Sequence[dict[str, Any]]) -> str:
    """The picture of `rows` in the order given, with `published` (label, value, text) beneath."""
    labels = [row["label"] for row in (*rows, *published)]
    height = STEP * len(labels)
    canvas = Canvas(WIDTH, height, left=room_for(labels) + 8, right=24, top=8, bottom=28)
    scale, ticks = axis(
        [0.0, 1.0, *(row[name] for row in rows for name in ("lower", "upper"))], start=0, end=WIDTH, wanted=6
    )
    middles = [STEP * (place + 0.5) for place in range(len(labels))]
    rates, shares = list(zip(middles, rows, strict=False)), list(zip(middles[len(rows) :], published, strict=True))
    places = [scale.at(tick.at) for tick in ticks]
    canvas.rules(((x, 0, x, height) for x in places), GRID)
    canvas.named_places(places, (tick.text for tick in ticks))
    canvas.rules(((scale.at(end), 0, scale.at(end), height) for end in (0.0, 1.0)), QUIET, dash="4,3")
    canvas.rules(((scale.at(row["lower"]), y, scale.at(row["upper"]), y) for y, row in rates), ACTUAL, thick=3)
    canvas.shapes(((scale.at(row["value"]), y) for y, row in rates), circle(70), fill=ACTUAL)
    canvas.shapes(((scale.at(row["value"]), y) for y, row in shares), diamond(90), edge=EXPECTED)
    canvas.texts(((scale.at(row["value"]) + 10, y, row["text"]) for y, row in shares), "start")
    canvas.texts(((-8, y, label) for y, label in zip(middles, labels, strict=True)), "end")
    return canvas.svg()
