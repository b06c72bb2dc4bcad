"""The look all charts share: colours that keep 3:1 against white and differ in greyscale, generic fonts, no titles
inside.

In: nothing. Out: constants, parts that several kinds share, and `specification`, which wraps a view and named data into
a complete Vega-Lite specification.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
INK = "#1d2730"
ACTUAL = "#0b3c5d"
EXPECTED = "#a3470b"
BAND = "#dfe3e6"
BAND_EDGE = "#767d83"
RECEIPTS = "#4d7c8a"
QUIET = "#5b6670"
GRID = "#e6e9eb"
BAND_FILL = dict(
    zip(
        (*BAND_WORDS, NOT_ASSESSED),
        ("#12304a", "#3f76a0", "#a9c8dc", "#ffffff", "#ece5dc", "#d3c4b2", "#ffffff"),
        strict=True,
    )
)
BAND_INK = dict(zip((*BAND_WORDS, NOT_ASSESSED), ("#ffffff", "#ffffff", INK, INK, INK, INK, INK), strict=True))

CONFIG: dict[str, Any] = {
    "font": "sans-serif",
    "background": "white",
    "aria": False,
    "view": {"stroke": None},
    "text": {"fontSize": 12, "fill": INK, "invalid": "show"},
    "rule": {"invalid": "show"},
    "bar": {"invalid": "show"},
    "point": {"invalid": "show"},
}


CHARACTER = 6.1


def printed(field: str) -> dict[str, Any]:
    """The channel of a text mark that prints `field`."""
    return {"text": {"field": field, "type": "nominal"}}


def pixel(field: str) -> dict[str, Any]:
    """A position that data give in pixels."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def room_for(texts: Iterable[str]) -> int:
    """Pixels to leave for the longest of `texts` at the charts' type size, rounded up: few shapes are compiled."""
    longest = max((len(text) for text in texts), default=0)
    return int(-(-longest * CHARACTER // 20) * 20)


def level(field: str, *, top: float, bottom: float, zero: bool = False) -> dict[str, Any]:
    """A vertical position from `bottom` to `top` in pixels, without an axis: ticks are drawn from data, which is ten
    times cheaper.
    """
    scale = {"zero": zero, "nice": False, "range": [bottom, top]}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def year_place(years: Iterable[str], *, padding: float) -> dict[str, Any]:
    """A horizontal position for each of `years` in their order; `padding` is a share of the step."""
    scale = {"type": "point", "padding": padding, "domain": list(years)}
    return {"field": "year", "type": "ordinal", "axis": None, "scale": scale}


def grid(y: dict[str, Any], *, width: float) -> list[dict[str, Any]]:
    """Layers that draw the rows of data `ticks` (y, text) as grid lines with their values at the left."""
    data = {"data": {"name": "ticks"}}
    return [
        {
            **data,
            "mark": {"type": "rule", "color": GRID},
            "encoding": {"x": {"value": 0}, "x2": {"value": width}, "y": y},
        },
        {
            **data,
            "mark": {"type": "text", "align": "right", "dx": -7},
            "encoding": {"x": {"value": 0}, "y": y, **printed("text")},
        },
    ]


def base_line(at: float, *, width: float) -> dict[str, Any]:
    """A layer that draws the foot of a panel, `at` pixels from the top."""
    return {
        "data": {"name": "once"},
        "mark": {"type": "rule", "color": QUIET},
        "encoding": {"x": {"value": 0}, "x2": {"value": width}, "y": {"value": at}},
    }


def specification(view: dict[str, Any], datasets: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A complete specification from one view and its named data.

    Equal shapes (everything but the data) are compiled once and drawn many at a time. A view states its width, height
    and padding in pixels: nothing is measured when it is drawn.
    """
    return {"$schema": SCHEMA, **view, "config": CONFIG, "datasets": {"once": [{}], **datasets}}
