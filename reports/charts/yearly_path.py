"""Yearly changes as bars from nought, what is usual by chance behind them, and where full replacement would lie.

In: one row per year in per cent (year, change, noise, replaced; noise None where missing). Out: SVG of one panel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.canvas import Canvas, diamond
from reports.charts.style import ACTUAL, BAND, EXPECTED
from reports.charts.ticks import axis, short_year, spread

WIDTH, HEIGHT = 340, 140
USUAL, CHANGE = 36, 18
"""Widths of the band of usual changes and of a change's bar, in pixels."""


def draw(rows: Sequence[dict[str, Any]]) -> str:
    """The picture of `rows` in year order."""
    canvas = Canvas(WIDTH, HEIGHT, left=38, right=8, top=10, bottom=24)
    xs = spread(len(rows), width=WIDTH, padding=0.5)
    usual = [(x, row["noise"]) for x, row in zip(xs, rows, strict=True) if row["noise"]]
    values = [0.0, *(row[name] for row in rows for name in ("change", "replaced"))]
    scale, ticks = axis([*values, *(side * noise for _, noise in usual for side in (-1, 1))], start=HEIGHT, end=0)
    nought = scale.at(0.0)

    def bar(x: float, width: float, one: float, other: float) -> tuple[float, float, float, float]:
        return x - width / 2, min(one, other), x + width / 2, max(one, other)

    canvas.rectangles((bar(x, USUAL, scale.at(-noise), scale.at(noise)) for x, noise in usual), BAND)
    canvas.grid(scale, ticks)
    canvas.rectangles(
        (bar(x, CHANGE, scale.at(row["change"]), nought) for x, row in zip(xs, rows, strict=True)), ACTUAL
    )
    canvas.foot(nought)
    replaced = ((x, scale.at(row["replaced"])) for x, row in zip(xs, rows, strict=True))
    canvas.shapes(replaced, diamond(80), edge=EXPECTED)
    canvas.named_places(xs, (short_year(row["year"]) for row in rows))
    return canvas.svg()
