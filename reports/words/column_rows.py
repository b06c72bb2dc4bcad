"""Rows of a large table, held by column and each made when it is looked at.

In: columns of equal length. Out: a sequence of dictionaries. Dictionaries of all rows of the evidence at once would
take half the memory of the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ColumnRows(Sequence[Row]):
    """Those rows of `columns` that stand at `places`."""

    columns: Mapping[str, Sequence[Any]]
    places: Sequence[int]

    def __len__(self) -> int:
        return len(self.places)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> ColumnRows: ...

    def __getitem__(self, place: int | slice) -> Row | ColumnRows:
        if isinstance(place, slice):
            return ColumnRows(self.columns, self.places[place])
        at = self.places[place]
        return {name: values[at] for name, values in self.columns.items()}

    def grouped(self, keys: Sequence[str]) -> dict[tuple[Any, ...], Sequence[Row]]:
        """The rows by the values of `keys`."""
        groups: dict[tuple[Any, ...], list[int]] = {}
        for place in self.places:
            groups.setdefault(tuple(self.columns[key][place] for key in keys), []).append(place)
        return {key: ColumnRows(self.columns, places) for key, places in groups.items()}
