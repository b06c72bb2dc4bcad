"""What two files that hold the same payments say differently: rows changed by a revision.

In: two files of one body. Out: the positions of rows that are the same payment (day, and transaction or payee) with
another amount, sign or payee. Rows that only one of them has are no changes.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.payments.file.canonical import KEY, SHEET

NAMES_ALIKE = 0.6
MOST_CHANGED = 0.2  # more than this share is another way of writing, and no revision


@dataclass(frozen=True)
class Part:
    """A file of one body, as far as copies need it. `path` is the Parquet file of its rows."""

    source: str
    path: Path
    rows: int
    dated: bool
    negative: bool
    period: str
    repeats_inside: int
    form: str
    revised: str = ""
    sheeted: bool = False

    def batches(self, column: str) -> Iterator[Any]:
        """A column of its rows, some at a time."""
        import pyarrow.parquet as pq

        for batch in pq.ParquetFile(self.path).iter_batches(batch_size=1 << 17, columns=[column]):
            yield batch.column(0)

    def keys(self) -> Any:
        """The keys of its rows (int64)."""
        import numpy as np

        return np.concatenate([batch.to_numpy() for batch in self.batches(KEY)])

    def months(self) -> list[str]:
        """The month of each row as far as its own date says."""
        return [date[:7] for batch in self.batches("date") for date in batch.to_pylist()]

    def column(self, name: str) -> list[Any]:
        """A column as a list; empty texts where the file has it not row by row."""
        import pyarrow.parquet as pq

        if name not in pq.read_schema(self.path).names:
            return [""] * self.rows
        return [value for batch in self.batches(name) for value in batch.to_pylist()]

    def sheets(self) -> list[str]:
        """The number of the sheet of each row."""
        return [str(number) for number in self.column(SHEET)]


def changed_rows(one: Part, other: Part) -> tuple[list[int], list[int]]:
    """Positions in `one` and in `other` of payments that both hold and that differ."""
    keys = one.keys().tolist(), other.keys().tolist()
    names = [(part.column("date"), part.column("transaction_number"), part.column("supplier_clean"))
             for part in (one, other)]  # fmt: skip
    amounts = one.column("amount_gbp"), other.column("amount_gbp")
    counts = Counter(keys[0]), Counter(keys[1])
    left = [[at for at, key in enumerate(keys[side]) if not counts[1 - side][key]] for side in (0, 1)]

    def who(side: int, at: int) -> tuple[str, str]:
        dates, numbers, payees = names[side]
        return dates[at], numbers[at].lstrip("0") or payees[at]

    places = [{who(side, at): at for at in left[side]} for side in (0, 1)]
    found = [(places[0][name], places[1][name]) for name in sorted(places[0].keys() & places[1].keys()) if all(name)]
    where = {key: at for at, key in enumerate(keys[1]) if counts[1][key] == 1 and counts[0][key] == 1}
    turned = one.negative == other.negative
    same = [(at, where[key]) for at, key in enumerate(keys[0]) if key in where]
    signs = [(a, b) for a, b in same if turned and amounts[0][a] * amounts[1][b] < 0]
    payees = [(a, b) for a, b in same if not _alike(names[0][2][a], names[1][2][b])]
    made = sorted({*found, *signs, *payees})
    if len(made) > MOST_CHANGED * min(one.rows, other.rows) and len(made) > 1:
        return [], []
    return [a for a, _ in made], sorted(b for _, b in made)


def _alike(one: str, other: str) -> bool:
    if one == other or one.startswith(other) or other.startswith(one):
        return True
    return difflib.SequenceMatcher(None, one, other).ratio() > NAMES_ALIKE


def repeated_sheets(part: Part, least: int, share: float) -> tuple[set[int], set[int], list[str]]:
    """Positions of rows in sheets that are copies of another sheet of their file: held there too, or not; and notes."""
    import numpy as np

    sheets = part.sheets()
    numbers = sorted(set(sheets), key=int) if any(sheets) else []
    if len(numbers) < 2:
        return set(), set(), []
    keys, of_sheet = part.keys(), np.array(sheets)
    places = {number: np.flatnonzero(of_sheet == number) for number in numbers}
    order = sorted(numbers, key=lambda number: (-len(places[number]), int(number)))
    held: set[int] = set()
    alone: set[int] = set()
    notes: list[str] = []
    kept: list[str] = []
    for number in order:
        own = keys[places[number]]
        for other in kept:
            inside = np.isin(own, keys[places[other]])
            if inside.all() or (int(inside.sum()) >= least and inside.mean() >= share):
                held |= set(places[number][inside].tolist())
                alone |= set(places[number][~inside].tolist())
                notes.append(f"sheet {int(number) + 1} holds payments of sheet {int(other) + 1}, counted there")
                break
        else:
            kept.append(number)
    return held, alone, notes
