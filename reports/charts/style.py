"""The look all charts share: colours that keep 3:1 against white and differ in greyscale, and the room letters take.

In: nothing. Out: constants, and `room_for`.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED

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

CHARACTER = 6.1
"""Pixels of an average letter at the charts' size."""


def room_for(texts: Iterable[str]) -> int:
    """Pixels to leave for the longest of `texts`, rounded up to twenties: charts beside one another line up."""
    longest = max((len(text) for text in texts), default=0)
    return int(-(-longest * CHARACTER // 20) * 20)
