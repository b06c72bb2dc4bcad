"""Contribution bars: how far the score would fall if each feature were in line with the area's peers, largest first.

In: one row per feature (label, contribution, text). Out: SVG of bars from a rule at nought, to the right above it and
to the left below it, each with its text at its outer end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.bars import sideways
from reports.charts.canvas import Canvas
from reports.charts.style import ACTUAL, QUIET, room_for

WIDTH, STEP, THICK, TEXT = 172, 20, 13, 46


def draw(rows: Sequence[dict[str, Any]]) -> str:
    """The picture of `rows` in the order given."""
    room = room_for(row["label"] for row in rows) + 8
    canvas = Canvas(WIDTH, STEP * len(rows), left=room, right=4, top=4, bottom=4)
    placed, nought = sideways([row["contribution"] for row in rows], left=0, right=WIDTH, text=TEXT)
    found = [(STEP * (place + 0.5), bar, row) for place, (bar, row) in enumerate(zip(placed, rows, strict=True))]
    canvas.rectangles(((bar.start, y - THICK / 2, bar.end, y + THICK / 2) for y, bar, _ in found), ACTUAL)
    canvas.rules([(nought, 0, nought, canvas.height)], QUIET)
    canvas.texts(((-8, y, row["label"]) for y, _, row in found), "end")
    canvas.texts(((bar.text, y, row["text"]) for y, bar, row in found if row["contribution"] >= 0), "start")
    canvas.texts(((bar.text, y, row["text"]) for y, bar, row in found if row["contribution"] < 0), "end")
    return canvas.svg()
