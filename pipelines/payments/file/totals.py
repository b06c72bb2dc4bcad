"""Lines of a sheet that are totals of the lines above them, wherever their label stands, and so no payments.

In: the rows of a block in their order, and what earlier blocks came to. Out: which rows are no data, or set aside with
a reason. A row without date and reference is a total where a cell says so, or where its amount is what the rows above
come to, since the sheet began or since an earlier total; equal to one row only, it is set aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.payments.file.header import Layout
from pipelines.payments.file.row_reasons import names_total
from pipelines.payments.file.tally import Tally
from pipelines.payments.sheet.blocks import Block

UNDATED = ("date", "transaction_number", "invoice_number")
MAY_BE = ("PAY-008", "no date and no reference, and equal to the line above: it may be its total")
MOST_BOUNDARIES = 100_000
Verdicts = dict[int, tuple[str, str] | None]


@dataclass(frozen=True)
class Asked:
    """Rows of a block, by position: those kept so far, those without date and reference, those that say total."""

    kept: Any
    unlabelled: Any
    labelled: Any
    totals: Any
    pounds: Any


def identifying(layout: Layout) -> list[int]:
    """The columns whose text shows that a line is a payment and no total."""
    return sorted({layout.columns[name] for name in UNDATED if name in layout.columns})


def find_totals(block: Block, asked: Asked, tally: Tally) -> Verdicts:
    """What the lines that may be totals are: None for no data, or a code and a reason; the others are not in it."""
    import numpy as np

    places = np.flatnonzero(asked.unlabelled | asked.labelled | asked.totals)
    if not len(places):
        tally.totals += int(asked.kept.sum())
        return {}
    pence = np.rint(np.where(asked.kept, np.nan_to_num(asked.pounds), 0.0) * 100).astype(np.int64)
    sums, counts = np.cumsum(pence) - pence, np.cumsum(asked.kept) - asked.kept
    supplier = tally.layout.columns.get("supplier", -1)
    start, rows, gone, gone_rows = round(tally.running * 100), tally.totals, 0, 0
    made: Verdicts = {}
    for at in places.tolist():
        before, count = start + int(sums[at]) - gone, rows + int(counts[at]) - gone_rows
        amount = round(float(asked.pounds[at]) * 100) if asked.pounds[at] == asked.pounds[at] else None
        since = tally.boundaries.get(before - amount) if amount is not None else None
        above = count - since if since is not None else 0
        told = bool(asked.totals[at]) or (bool(asked.unlabelled[at]) and names_total(block.row(at), supplier))
        if told or (asked.unlabelled[at] and above >= 2) or (asked.labelled[at] and above >= 1):
            made[at] = None
            _note(tally, int(block.numbers[at]) + 1, amount, before, told=told, equal=above > 0)
        elif asked.unlabelled[at] and above == 1 and asked.kept[at]:
            made[at] = MAY_BE
        else:
            continue
        if len(tally.boundaries) < MOST_BOUNDARIES:
            tally.boundaries.setdefault(before, count)
        if asked.kept[at]:
            gone, gone_rows = gone + int(pence[at]), gone_rows + 1
    tally.totals += int(asked.kept.sum()) - gone_rows
    return made


def _note(tally: Tally, row: int, amount: int | None, before: int, *, told: bool, equal: bool) -> None:
    if told and amount and not equal:
        tally.odd_totals.append((row, amount / 100, before / 100))


def odd_totals(found: Sequence[tuple[int, float, float]]) -> str:
    """A note on totals of a file that are not what its rows come to."""
    if not found:
        return ""
    row, said, come = found[-1]
    return f"{len(found)} of its own totals differ from its rows, the last in row {row}: {said:,.2f}, rows {come:,.2f}"
