"""Rows that fail a check leave the ledger of payments; the ledger without them is checked before it takes its place.

In: the folder of the ledger, the outcomes of its checks, and what runs checks. Out: the outcomes to tell, the balance
of each file that lost rows, and why each row left. Where a check stops the run nothing leaves. Raises AssertionError
when what is left does not pass; then the ledger stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from expectations.domain.payment_ledger import LEDGER
from expectations.payments.set_aside import Why, make_without, why_aside
from expectations.quarantine.quarantine import Balance
from expectations.records.checks import Check, Outcome
from expectations.records.table_frames import Frames
from pipelines.payments.ledger import put_in_place

Run = Callable[[tuple[Check, ...], Frames], tuple[Outcome, ...]]


@dataclass(frozen=True)
class Left:
    """Outcomes, balances and reasons after rows have left the ledger; the outcomes as they were where none has."""

    outcomes: tuple[Outcome, ...]
    balances: tuple[Balance, ...] = ()
    why: Why | None = None


def _nothing_more(_left: Left, _making: Path) -> None:
    """Nothing is put beside the ledger."""


def leave_out(
    folder: Path, outcomes: tuple[Outcome, ...], run: Run, *, beside: Callable[[Left, Path], None] = _nothing_more
) -> Left:
    """Set aside from the ledger in `folder` the rows that `outcomes` (of checks on payments) say may not be used.

    Where rows leave, `beside` writes what was found to the new ledger's folder before it is put in place.
    """
    why = {} if any(item.stops_the_run for item in outcomes) else why_aside(outcomes)
    if not why:
        return Left(outcomes)
    balances = make_without(folder, why)
    again = run(tuple(item.check for item in outcomes), Frames(folder / put_in_place.MAKING))
    left = {item.check.code: item for item in again}
    if any(item.stops_the_run for item in left.values()):
        raise AssertionError("the ledger without the rows set aside does not pass: it is not put in place")
    # What fails on rows is told as it was found; accounts and files are judged as they are left.
    told = tuple(item if item.check.table == LEDGER else left[item.check.code] for item in outcomes)
    made = Left(told, tuple(balances), why)
    beside(made, folder / put_in_place.MAKING)
    put_in_place.end(folder)
    return made


def rows_by_code(why: Why | None) -> dict[str, int]:
    """How many rows each check has set aside."""
    found: dict[str, int] = {}
    for reasons in (why or {}).values():
        for code in {code for code, _, _ in reasons}:
            found[code] = found.get(code, 0) + 1
    return found
