"""Hex map of England by band: one hexagon per area, shade and mark by band so that it reads in greyscale.

In: one row per area with hex_q, hex_r (odd rows pushed half a hexagon right, rows counted from the south) and band
("not assessed" where there is none). Out: a Vega-Lite specification.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED
from reports.charts.style import BAND_FILL, BAND_INK, QUIET, printed, specification
from reports.words.narrative import BAND_MARKS

STEP = 22.0
RADIUS = STEP / 3**0.5
BANDS = (*BAND_WORDS, NOT_ASSESSED)
HEXAGON = "M0,-1L0.866,-0.5L0.866,0.5L0,1L-0.866,0.5L-0.866,-0.5Z"


def spec(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The specification for `rows`; positions are in pixels so that hexagons touch."""
    placed: list[dict[str, Any]] = [
        {
            "x": (row["hex_q"] + (0.5 if row["hex_r"] % 2 else 0.0)) * STEP,
            "y": row["hex_r"] * RADIUS * 1.5,
            "band": row["band"],
            "mark": BAND_MARKS[row["band"]],
        }
        for row in sorted(rows, key=lambda row: BANDS.index(row["band"]))
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
    fill = {"domain": list(BANDS), "range": [BAND_FILL[band] for band in BANDS]}
    ink = {"domain": list(BANDS), "range": [BAND_INK[band] for band in BANDS]}
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
                    "encoding": {"fill": {"field": "band", "type": "nominal", "legend": None, "scale": fill}},
                },
                {
                    "transform": [{"filter": "datum.mark != ''"}],
                    "mark": {"type": "text", "fontWeight": "bold", "baseline": "middle"},
                    "encoding": {
                        **printed("mark"),
                        "color": {"field": "band", "type": "nominal", "legend": None, "scale": ink},
                    },
                },
            ],
        },
        {"hexes": hexes},
    )
