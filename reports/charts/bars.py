"""Bars from nought, worked out in pixels: those above it go one way, those below the other, each with its text outside.

In: amounts in the order of their bars, and the pixels between which bars and texts must lie. Out: where each bar begins
and ends and where its text stands, and where nought lies. Refuses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TEXT = 14.0
"""Pixels a text takes above or below its bar."""
THINNEST = 1.0


@dataclass(frozen=True)
class Bar:
    """One bar from `start` to `end` in pixels, start first on the screen; its text's middle stands at `text`."""

    start: float
    end: float
    text: float


def bars(
    amounts: Sequence[float], *, top: float, bottom: float, text: float = TEXT, scale: Sequence[float] | None = None
) -> tuple[tuple[Bar, ...], float]:
    """Upright bars between `top` and `bottom`, and the height of nought. Room for texts is kept above, and below where
    an amount is below nought. `scale` holds the amounts that several rows of bars share a scale with.
    """
    shared = [0.0, *(scale if scale is not None else amounts)]
    above, below = max(shared), -min(shared)
    room = bottom - top - text - (text if below else 0.0)
    pixels = room / (above + below) if above + below else 0.0
    nought = top + text + above * pixels
    made: list[Bar] = []
    for amount in amounts:
        long = max(abs(amount) * pixels, THINNEST if amount else 0.0)
        if amount < 0:
            made.append(Bar(round(nought, 2), round(nought + long, 2), round(nought + long + text / 2, 2)))
        else:
            made.append(Bar(round(nought - long, 2), round(nought, 2), round(nought - long - text / 2, 2)))
    return tuple(made), round(nought, 2)


def sideways(amounts: Sequence[float], *, left: float, right: float, text: float) -> tuple[tuple[Bar, ...], float]:
    """Bars that lie, between `left` and `right`, and where nought lies; a text begins or ends 6 pixels outside."""
    above, below = max([0.0, *amounts]), -min([0.0, *amounts])
    room = right - left - text - (text if below else 0.0)
    pixels = room / (above + below) if above + below else 0.0
    nought = left + (text if below else 0.0) + below * pixels
    made: list[Bar] = []
    for amount in amounts:
        long = abs(amount) * pixels
        if amount < 0:
            made.append(Bar(round(nought - long, 2), round(nought, 2), round(nought - long - 6, 2)))
        else:
            made.append(Bar(round(nought, 2), round(nought + long, 2), round(nought + long + 6, 2)))
    return tuple(made), round(nought, 2)
