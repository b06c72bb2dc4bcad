"""The panel as a record: what is known of every area in every year, in arrays the rooms of the method share.

In: nothing. Out: the `Panel` that `build_panel` makes from the tables of a run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GROUPS = (
    "older_people",
    "physical_disability",
    "learning_disability",
    "mental_health",
    "asylum_seekers",
    "other_adult",
    "strategy",
    "supported_employment",
)


@dataclass(frozen=True)
class Panel:
    """`money[name]` is (areas, years), `blocks[measure]` is (areas, years, GROUPS).

    Pounds cash, people, or an index.
    """

    areas: tuple[str, ...]
    names: tuple[str, ...]
    classes: tuple[str, ...]
    regions: tuple[str, ...]
    joined: tuple[bool, ...]
    years: tuple[str, ...]
    money: Mapping[str, Any]
    blocks: Mapping[str, Any]
    members: Mapping[tuple[str, str], tuple[str, ...]]
    places: tuple[list[tuple[str, str]], Any]
    groups: tuple[str, ...] = GROUPS
    absent: frozenset[tuple[str, str]] = frozenset()
    """(area, financial year) in which a return is missing that must be there."""

    def at(self, years: tuple[str, ...]) -> list[int]:
        """Positions of financial years; raises KeyError for a year the panel has not."""
        where = {year: index for index, year in enumerate(self.years)}
        return [where[year] for year in years]
