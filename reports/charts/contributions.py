"""Contribution bars: how far the score would fall if each feature were in line with the area's peers, largest first.

In: one row per feature (label, contribution, text). Out: a Vega-Lite specification of bars from a rule at nought, to
the right above it and to the left below it, each with its text at its outer end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.charts.bars import sideways
from reports.charts.style import ACTUAL, INK, QUIET, pixel, printed, room_for, specification

WIDTH, STEP, THICK, TEXT = 172, 20, 13, 46


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows` in the order given."""
    height = STEP * len(rows)
    placed, nought = sideways([row["contribution"] for row in rows], left=0, right=WIDTH, text=TEXT)
    middles = [STEP * (place + 0.5) for place in range(len(rows))]
    texts = [
        {"x": bar.text, "y": at, "text": row["text"], "below": row["contribution"] < 0}
        for row, bar, at in zip(rows, placed, middles, strict=True)
    ]

    def words(name: str, align: str, colour: str = INK) -> dict[str, Any]:
        return {
            "data": {"name": name},
            "mark": {"type": "text", "align": align, "baseline": "middle", "color": colour},
            "encoding": {"x": pixel("x"), "y": pixel("y"), **printed("text")},
        }

    return specification(
        {
            "width": WIDTH,
            "height": height,
            "padding": {"left": room_for(row["label"] for row in rows) + 8, "right": 4, "top": 4, "bottom": 4},
            "layer": [
                {
                    "data": {"name": "bars"},
                    "mark": {"type": "rect", "color": ACTUAL},
                    "encoding": {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}},
                },
                {
                    "data": {"name": "nought"},
                    "mark": {"type": "rule", "color": QUIET},
                    "encoding": {"x": pixel("x"), "y": {"value": 0}, "y2": {"value": height}},
                },
                words("labels", "right"),
                words("above", "left"),
                words("below", "right"),
            ],
        },
        {
            "bars": [
                {"x": bar.start, "x2": bar.end, "y": at - THICK / 2, "y2": at + THICK / 2}
                for bar, at in zip(placed, middles, strict=True)
            ],
            "nought": [{"x": nought}],
            "labels": [{"x": -8, "y": at, "text": row["label"]} for row, at in zip(rows, middles, strict=True)],
            "above": [text for text in texts if not text["below"]],
            "below": [text for text in texts if text["below"]],
        },
    )
