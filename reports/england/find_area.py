"""The A to Z of all areas.

In: rows of table `area`. Out: `Letter` records in order. A name that begins with no letter from A to Z stands under
"Other"; where two areas share a name, each has its code beside it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from reports.england.front_records import Letter
from reports.words.read_run import Row
from reports.words.view_models import Link

OTHER = "Other"


def _plain(name: str) -> str:
    """A name as it is sorted: small letters without accents."""
    parts = unicodedata.normalize("NFKD", name.strip())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).casefold()


def letter_of(name: str) -> str:
    """The letter under which a name stands."""
    first = _plain(name)[:1].upper()
    return first if first.isascii() and first.isalpha() else OTHER


def letters(areas: Sequence[Row]) -> tuple[Letter, ...]:
    """Every area under its letter, by name."""
    names = Counter(str(area["area_name"]) for area in areas)
    under: dict[str, list[Link]] = {}
    for area in sorted(areas, key=lambda area: (_plain(str(area["area_name"])), str(area["area_code"]))):
        name, code = str(area["area_name"]), str(area["area_code"])
        link = Link(name.strip() or code, f"areas/{code}.html", note=code if names[name] > 1 else "")
        under.setdefault(letter_of(name), []).append(link)
    in_order = sorted(under, key=lambda letter: (letter == OTHER, letter))
    return tuple(Letter(f"az-{letter.lower()}", letter, tuple(under[letter])) for letter in in_order)
