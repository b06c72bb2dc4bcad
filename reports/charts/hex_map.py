"""Hex map of England by grade: one hexagon per area, shade and letter by grade so that it reads in greyscale.

In: one row per area with hex_q, hex_r (odd rows pushed half a hexagon right, rows counted from the south) and grade.
Out: a Vega-Lite specification.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.declarations.table_words import GRADES
from reports.charts.style import GRADE_FILL, GRADE_INK, QUIET, printed, specification
from reports.words.narrative import GRADE_LETTERS

STEP = 22.0
RADIUS = STEP / 3**0.5
HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z"


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows`; positions are in pixels so that hexagons touch."""
    placed: list[dict[str, Any]] = [
        {
            "x": (row["hex_q"] + (0.5 if row["hex_r"] % 2 else 0.0)) * STEP,
            "y": row["hex_r"] * RADIUS * 1.5,
            "grade": row["grade"],
            "letter": GRADE_LETTERS[row["grade"]],
        }
        for row in sorted(rows, key=lambda row: GRADES.index(row["grade"]))
    ]
    left, low = min(place["x"] for place in placed), min(place["y"] for place in placed)
    hexes = [{**place, "x": round(place["x"] - left, 2), "y": round(place["y"] - low, 2)} for place in placed]
    width, height = max(place["x"] for place in hexes), max(place["y"] for place in hexes)
    x = {
        "field": "x",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, max(width, 1)], "nice": False, "zero": False},
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, max(height, 1)], "nice": False, "zero": False},
    }
    fill = {"domain": list(GRADES), "range": [GRADE_FILL[grade] for grade in GRADES]}
    ink = {"domain": list(GRADES), "range": [GRADE_INK[grade] for grade in GRADES]}
    return specification(
        {
            "width": max(width, 1),
            "height": max(height, 1),
            "data": {"name": "hexes"},
            "padding": RADIUS + 2,
            "encoding": {"x": x, "y": y},
            "resolve": {"scale": {"color": "independent"}},
            "layer": [
                {
                    "mark": {
                        "type": "point",
                        "shape": HEXAGON,
                        "size": (2 * RADIUS) ** 2,
                        "filled": True,
                        "stroke": QUIET,
                        "strokeWidth": 1,
                        "opacity": 1,
                    },
                    "encoding": {"fill": {"field": "grade", "type": "nominal", "legend": None, "scale": fill}},
                },
                {
                    "transform": [{"filter": "datum.letter != ''"}],
                    "mark": {"type": "text", "fontSize": 12, "fontWeight": "bold", "baseline": "middle"},
                    "encoding": {
                        **printed("letter"),
                        "color": {"field": "grade", "type": "nominal", "legend": None, "scale": ink},
                    },
                },
            ],
        },
        {"hexes": hexes},
    )
