"""Is a posterior right? What was said as against what was so, in bins, with the line on which both agree.

In: one row per bin with what was said and what was so, both per cent, and its ground. Out: SVG of one panel; grounds
differ in shape as well as in colour, and are named in the corner that the line leaves free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.canvas import FOOT, Canvas, circle, diamond, square
from reports.charts.style import ACTUAL, EXPECTED, QUIET, RECEIPTS
from reports.charts.ticks import Scale, axis

WIDTH, HEIGHT = 340, 230
SIZE = 70
MARKS = ((circle(SIZE), ACTUAL), (diamond(SIZE), EXPECTED), (square(SIZE), RECEIPTS))
KEY_LEFT, KEY_STEP = 16, 18
ACROSS = "Said by the posterior, per cent (upwards: planted, per cent)"


def draw(rows: Sequence[dict[str, Any]]) -> str:
    """The picture of `rows` (ground, said, so)."""
    canvas = Canvas(WIDTH, HEIGHT, left=48, right=14, top=12, bottom=42)
    up, ticks = axis([0.0, *(row[name] for row in rows for name in ("said", "so"))], start=HEIGHT, end=0)
    across = Scale(up.low, up.high, 0, WIDTH)
    canvas.grid(up, ticks)
    canvas.line([(0, HEIGHT), (WIDTH, 0)], QUIET, thick=2, dash="5,3")
    for place, ground in enumerate(dict.fromkeys(str(row["ground"]) for row in rows)):
        outline, colour = MARKS[place % len(MARKS)]
        bins = [(across.at(row["said"]), up.at(row["so"])) for row in rows if str(row["ground"]) == ground]
        key = (KEY_LEFT, 12 + KEY_STEP * place)
        canvas.shapes([*bins, key], outline, fill="" if place else colour, edge=colour)
        canvas.texts([(key[0] + 10, key[1], ground)], "start")
    canvas.named_places((across.at(tick.at) for tick in ticks), (tick.text for tick in ticks))
    canvas.texts([(WIDTH / 2, HEIGHT + FOOT + 17, ACROSS)])
    canvas.foot(HEIGHT)
    return canvas.svg()
