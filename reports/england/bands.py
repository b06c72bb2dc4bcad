"""What the figures say by band: the counts of each window, the key of the map with them, and the maps.

In: rows of tables `area` and `flag`. Out: counts, `KeyEntry` records and figures. An area without a result counts as
not assessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED
from reports.charts import hex_map
from reports.england.areas_table import result_of
from reports.england.front_records import KeyEntry
from reports.words.frame import BAND_STYLES, window_words
from reports.words.narrative import BAND_MARKS, band_words, outcome
from reports.words.read_run import Row
from reports.words.view_models import Figure

SHOWN = (*BAND_WORDS, NOT_ASSESSED)
"""The bands, and what stands beside them where nothing was assessed, in the order of map, key and counts."""
MAP_NOTE = (
    "One hexagon for each area; position is approximate, and size says nothing. The marks are those of the table."
)


def shown_band(flag: Row | None) -> str:
    """The band of a flag row, or not assessed."""
    found = str(flag["band"]) if flag and flag["band"] else NOT_ASSESSED
    return found if result_of(flag) != NOT_ASSESSED and found in SHOWN else NOT_ASSESSED


def band_counts(areas: Sequence[Row], flags: Mapping[str, Row]) -> Counter[str]:
    """How many areas have each band in one window."""
    return Counter(shown_band(flags.get(str(area["area_code"]))) for area in areas)


def _heading(band: str) -> str:
    return outcome(band) if band == NOT_ASSESSED else band_words(band)


def key_entries(bands: Mapping[str, Counter[str]]) -> tuple[KeyEntry, ...]:
    """A line for each band: its count in each window and, where there are several, together; then all results."""

    def printed(own: Sequence[int]) -> tuple[str, ...]:
        return tuple(f"{number:,}" for number in (*own, *((sum(own),) if len(own) > 1 else ())))

    every = KeyEntry("", "", "All results", printed([counts.total() for counts in bands.values()]))
    each = (
        KeyEntry(
            BAND_MARKS[band], BAND_STYLES[band], _heading(band), printed([counts[band] for counts in bands.values()])
        )
        for band in SHOWN
    )
    return *each, every


def map_figure(window: str, areas: Sequence[Row], flags: Mapping[str, Row]) -> Figure | None:
    """The map of a window; None where no area has a place on it."""
    placed = [area for area in areas if area["hex_q"] is not None and area["hex_r"] is not None]
    if not placed:
        return None
    bands = band_counts(areas, flags)
    told = "; ".join(f"{_heading(band)}: {bands[band]}" for band in SHOWN)
    return Figure(
        id=f"map-{window.lower()}",
        title=window_words(window),
        subtitle="",
        description=f"Map of England, areas by what the figures say: {told}. The tables of all areas list each.",
        chart=partial(
            hex_map.draw,
            [
                {
                    "hex_q": int(area["hex_q"]),
                    "hex_r": int(area["hex_r"]),
                    "band": shown_band(flags.get(str(area["area_code"]))),
                }
                for area in sorted(placed, key=lambda area: str(area["area_code"]))
            ],
        ),
    )
