"""The look all charts share: colours that keep 3:1 against white and differ in greyscale, generic fonts, no titles
inside.

In: nothing. Out: constants and `specification`, which wraps views and named data into a complete Vega-Lite
specification.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
INK = "#1d2730"
ACTUAL = "#0b3c5d"
EXPECTED = "#a3470b"
BAND = "#dfe3e6"
BAND_EDGE = "#767d83"
RECEIPTS = "#4d7c8a"
QUIET = "#5b6670"
GRID = "#e6e9eb"
GRADE_FILL = {
    "A investigate": "#12304a",
    "B enquire": "#3f76a0",
    "C watch": "#a9c8dc",
    "cannot tell": "#d9d9d9",
    "nothing found": "#ffffff",
    "not assessed": "#ffffff",
}
GRADE_INK = {
    "A investigate": "#ffffff",
    "B enquire": "#ffffff",
    "C watch": "#1d2730",
    "cannot tell": "#1d2730",
    "nothing found": "#1d2730",
    "not assessed": "#1d2730",
}

CONFIG: dict[str, Any] = {
    "font": "sans-serif",
    "background": "white",
    "aria": False,
    "view": {"stroke": None},
    "title": {"fontSize": 13, "fontWeight": "bold", "color": INK, "anchor": "start", "frame": "group", "offset": 8},
    "axis": {
        "labelFontSize": 12,
        "labelColor": INK,
        "titleFontSize": 12,
        "titleColor": INK,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "gridColor": GRID,
        "labelLimit": 0,
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
        "title": None,
    },
    "text": {"fontSize": 12, "fill": INK},
}


CHARACTER = 6.1


def printed(field: str) -> dict[str, Any]:
    """Channels of a text mark that prints `field`: drawn empty, its code as description, filled in afterwards."""
    return {"text": {"value": ""}, "description": {"field": field, "type": "nominal"}}


def room_for(texts: Iterable[str]) -> int:
    """Pixels to leave for the longest of `texts` at the charts' type size, rounded up: few shapes are compiled."""
    longest = max((len(text) for text in texts), default=0)
    return int(-(-longest * CHARACTER // 20) * 20)


def specification(
    view: dict[str, Any], datasets: dict[str, list[dict[str, Any]]], *, texts: Iterable[str] = ()
) -> dict[str, Any]:
    """A complete specification from one view and its named data.

    Equal shapes share one compiled template when drawn. Data fields named in `texts` are only ever printed, through
    `printed`: they are put in after drawing, because measuring text is the dearest part of a drawing and grows with its
    length. A view therefore states its own padding.
    """
    told = {"texts": sorted(texts)}
    return {"$schema": SCHEMA, **view, "config": CONFIG, "datasets": datasets, "usermeta": told}
