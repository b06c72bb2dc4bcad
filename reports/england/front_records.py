"""What the first page prints: frozen records that hold every string ready to print.

In: nothing. Out: the record types that `index_page.py` fills and the template `pages/index.html` prints.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.words.view_models import DataTable, Figure, Frame, Link, Pair, SectionPart, WindowPart


@dataclass(frozen=True)
class Letter:
    """The areas under one letter of the A to Z."""

    id: str
    text: str
    areas: tuple[Link, ...]


@dataclass(frozen=True)
class KeyEntry:
    """One line of the map's key: mark (none where it counts all), what it means, and counts by window."""

    letter: str
    style: str
    text: str
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """What the figures say: the key with its counts, the tables of all areas, the maps."""

    windows: tuple[str, ...]
    key: tuple[KeyEntry, ...]
    links: tuple[Link, ...]
    maps: tuple[Figure, ...]
    map_note: str
    smallest: DataTable | None


@dataclass(frozen=True)
class IndexPage:
    """The first page: the answer, a way to every area, the lists, the maps, England."""

    frame: Frame
    lead: str
    answer: tuple[Pair, ...]
    counts: tuple[Pair, ...]
    counts_note: str
    example: Link | None
    letters: tuple[Letter, ...]
    review: tuple[WindowPart, ...]
    unusual: tuple[WindowPart, ...]
    worth: DataTable | None
    said: Said
    national: tuple[str, ...]
    downloads: tuple[Link, ...]
    enquiry: SectionPart | None = None
    lists: tuple[tuple[str, tuple[Link, ...]], ...] = ()
