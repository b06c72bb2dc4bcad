"""Hex map of England by band: one hexagon per area, shade and mark by band so that it reads in greyscale.

In: one row per area with hex_q, hex_r (odd rows pushed half a hexagon right, rows counted from the south) and band
("not assessed" where there is none). Out: SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED
from reports.charts.canvas import Canvas, short
from reports.charts.style import BAND_FILL, BAND_INK, QUIET
from reports.words.narrative import BAND_MARKS

STEP = 22.0
RADIUS = STEP / 3**0.5
MARGIN = RADIUS + 2
BANDS = (*BAND_WORDS, NOT_ASSESSED)
HALF, QUARTER = STEP / 2, RADIUS / 2
HEXAGON = (
    f"m0,-{short(RADIUS)}l{short(HALF)},{short(QUARTER)}v{short(RADIUS)}l-{short(HALF)},{short(QUARTER)}"
    f"l-{short(HALF)},-{short(QUARTER)}v-{short(RADIUS)}z"
)


def draw(rows: Sequence[dict[str, Any]]) -> str:
    """The picture of `rows`; hexagons touch."""
    placed = [((row["hex_q"] + (0.5 if row["hex_r"] % 2 else 0.0)) * STEP, row["hex_r"] * RADIUS * 1.5) for row in rows]
    left, low = min(x for x, _ in placed), min(y for _, y in placed)
    width, height = max(x for x, _ in placed) - left, max(y for _, y in placed) - low
    canvas = Canvas(max(width, 1), max(height, 1), left=MARGIN, right=MARGIN, top=MARGIN, bottom=MARGIN)
    held: dict[str, list[tuple[float, float]]] = {band: [] for band in BANDS}
    for (x, y), row in zip(placed, rows, strict=True):
        held[row["band"]].append((x - left, height - (y - low)))
    for band, places in held.items():
        canvas.shapes(places, HEXAGON, fill=BAND_FILL[band], edge=QUIET, thick=1)
    for band, places in held.items():
        if mark := BAND_MARKS[band]:
            canvas.texts(((x, y, mark) for x, y in places), colour=BAND_INK[band], bold=True)
    return canvas.svg()
