"""Find lines in a sheet by header text: the column-map cells ("locators") against the headers that are really there.

In: the rows of a sheet and a source's header declaration. Out: column positions. A locator that matches nothing, or
more than one column without saying which, is an error that names both.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.cell_values import fold
from pipelines.declarations.catalogue import Key, Source
from pipelines.errors import InputError, Place, UserError, noted, refuse
from pipelines.read.read_tabular import PROBE_ROWS, Row

_ROLE = re.compile(r"^([a-z_]+):\s*(.+)$", re.DOTALL)
_NTH = re.compile(r"^(.*?)#(\d+)$", re.DOTALL)
_SUM = re.compile(r"^SUM\((.+?) \.\. (.+)\)$", re.DOTALL)


def matcher(text: str) -> Callable[[str], bool]:
    """A test for folded text: `/regex/` must match in full, anything else must be equal after folding."""
    if text.startswith("/") and text.endswith("/") and len(text) > 2:
        pattern = re.compile(text[1:-1], re.IGNORECASE)
        return lambda found: pattern.fullmatch(found) is not None
    wanted = fold(text)
    return lambda found: found == wanted


@dataclass(frozen=True)
class Locator:
    """A column-map cell taken apart: sheet role, conditions on label columns, header text and occurrence.

    `last` is the other end of a range of columns to add up; `total` says that all matching rows are added up; `cell` is
    where it is declared, for messages.
    """

    role: str
    text: str
    nth: int
    where: tuple[tuple[str, str], ...] = ()
    last: str = ""
    total: bool = False
    cell: str = "the source's declaration"


def parse_locator(text: str, *, roles: frozenset[str], shape: str) -> Locator:
    """Take a locator apart. `roles` are the sheet roles the source declares."""
    role = "main"
    match = _ROLE.match(text)
    if match and match[1] in roles:
        role, text = match[1], match[2]
    nth = 0
    counted = _NTH.match(text)
    if counted:
        text, nth = counted[1].strip(), int(counted[2])
    where: tuple[tuple[str, str], ...] = ()
    adding = shape in ("long", "transposed") and text.startswith("SUM(") and text.endswith(")")
    if shape in ("long", "transposed"):
        text = text[4:-1] if adding else text
        conditions, _, header = text.partition(" @ ")
        pairs = [part.partition("=") for part in conditions.split(" & ")]
        where = tuple((name.strip(), value.strip()) for name, _, value in pairs)
        return Locator(role, header.strip(), nth, where, total=adding)
    total = _SUM.match(text)
    if total:
        return Locator(role, total[1].strip(), nth, where, total[2].strip())
    return Locator(role, text, nth, where)


def _part(rows: list[Row], declared: str, width: int) -> list[str]:
    filled = declared.endswith(">")
    first, _, last = declared.removesuffix(">").partition("-")
    chosen = rows[int(first) - 1 : int(last or first)]
    texts = [
        " ".join(filter(None, (fold(row[index]) if index < len(row) else "" for row in chosen)))
        for index in range(width)
    ]
    if filled:
        for index in range(1, width):
            texts[index] = texts[index] or texts[index - 1]
    return texts


@dataclass(frozen=True)
class Headers:
    """Folded header text of every column, and the first row of data (0-based)."""

    texts: list[str]
    data_from: int
    place: Place

    def find(self, locator: Locator, text: str | None = None) -> int:
        """0-based column of a locator. Raises InputError when it is not there or not unique."""
        wanted = locator.text if text is None else text
        fits = matcher(wanted)
        found = [index for index, head in enumerate(self.texts) if fits(head)]
        if not found:
            begun = [head for head in self.texts if head and (head in fold(wanted) or fold(wanted)[:12] in head)]
            like = difflib.get_close_matches(fold(wanted), self.texts, n=3, cutoff=0.6)
            near = list(dict.fromkeys([*begun, *like]))[:3]
            raise InputError(
                f"column '{locator.text}' is not there",
                place=self.place,
                expected=f"the header named in {locator.cell}",
                do="If it was renamed, correct it there" + (f"; similar headers: {'; '.join(near)}." if near else "."),
            )
        if locator.nth:
            if locator.nth > len(found):
                raise InputError(
                    f"column '{locator.text}' occurs only {len(found)} times",
                    place=self.place,
                    expected=f"at least {locator.nth}, as {locator.cell} says",
                    do="Correct the number after #.",
                )
            return found[locator.nth - 1]
        if len(found) > 1:
            raise InputError(
                f"column '{locator.text}' occurs {len(found)} times",
                place=self.place,
                expected="one column",
                do=f"Say which with #1, #2 ... in {locator.cell}.",
            )
        return found[0]

    def find_keys(self, source: Source) -> list[tuple[Key, int]]:
        """The key columns of a source with their 0-based column. Raises InputError as `find` does, telling of all."""
        found = self.find_all({index: Locator("main", key.header, 0) for index, key in enumerate(source.keys)})
        return [(source.keys[index], column) for index, column in found.items()]

    def find_all(self, locators: Mapping[int, Locator]) -> dict[int, int]:
        """0-based column of each locator. Raises InputError, which tells of every one that is not there."""
        problems: list[UserError] = []
        found: dict[int, int] = {}
        for index, locator in locators.items():
            with noted(problems):
                found[index] = self.find(locator)
        refuse(problems)
        return found


def header_row(rows: list[Row], header: str) -> tuple[int, int] | None:
    """0-based (row, column) of the first cell among the first forty rows that says `header`."""
    fits = matcher(header)
    for index, row in enumerate(rows[:PROBE_ROWS]):
        for column, cell in enumerate(row):
            if fits(fold(cell)):
                return index, column
    return None


def read_headers(rows: list[Row], source: Source, year: str, place: Place) -> Headers:
    """Header texts of a sheet as the source declares them. Raises InputError when the header row is not found."""
    declared: dict[str, Any] = {**source.header, **source.header.get("years", {}).get(year, {})}
    width = max((len(row) for row in rows[:PROBE_ROWS]), default=0)
    if "parts" in declared:
        columns = [_part(rows, part, width) for part in declared["parts"]]
        texts = [" | ".join(filter(None, parts)) for parts in zip(*columns, strict=True)]
        last = max(int(number) for part in declared["parts"] for number in part.removesuffix(">").split("-"))
        return Headers(texts, declared.get("data_from", last + 1) - 1, place)
    anchor = source.id_header or (source.keys[0].header if source.keys else "")
    found = header_row(rows, anchor) if anchor else (0, 0)
    if found is None:
        raise InputError(
            f"no header row with '{anchor}' among the first {PROBE_ROWS} rows",
            place=place,
            do="The sheet may be cut short or its headers renamed.",
        )
    width = max(width, len(rows[found[0]]))
    texts = _part(rows, str(found[0] + 1), width)
    return Headers(texts, declared.get("data_from", found[0] + 2) - 1, place)
