"""Answers set against themselves and against the returns: rows of table `answer_check`.

In: an `Answer` and the tables of its run. Out: one row a comparison, with both figures, their cells and a sentence.
A difference is shown and never silently preferred; a year that contradicts itself, or is in another unit, is left out
of planned displacement until it is mended, and the row says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from audit.enquiry.answers import Answer, Given, Held

AGREES, DIFFERS, ASKED, NOT_TOLD = "agrees", "differs", "asked about", "not told"
NEAR, NEAR_MONEY, IDENTITY = 0.01, 0.10, 0.005
ROUNDING_GBP = 1_500.0
"""Three figures rounded to the thousand may miss each other by so much."""
THOUSAND = 1000.0
LEAST_SLIP, MOST_SLIP = 100.0, 10_000.0
USES = ("use_protecting", "use_new", "use_prevention", "use_other")
LEFT_OUT = "The year is left out until this is mended."
Row = dict[str, Any]


def check_rows(found: list[Answer], budgets: dict[tuple[str, str], Held]) -> list[Row]:
    """Rows of all answers. `budgets`: adult social care in the budget return, by area and year, where one is held."""
    return [row for answer in found for row in _of(answer, budgets)]


def contradicted(answer: Answer) -> set[str]:
    """Years whose figures contradict each other or are in another unit than the return's."""
    return {year for year in answer.given if _identity(answer, year) is DIFFERS or _slips(answer, year)}


def _apart(quoted: float, held: float) -> float:
    """Difference as a share of what is compared with; NaN where either is not known."""
    return (quoted - held) / held if held == held and held != 0 else math.nan


def slip_of(quoted: float, held: float) -> str:
    """A factor of about a thousand between two amounts, in words; else empty."""
    if not (quoted > 0 and held > 0):
        return ""
    times = quoted / held
    if LEAST_SLIP <= times <= MOST_SLIP:
        return f"about {times:,.0f} times as much: it looks like pounds where thousands are asked"
    if LEAST_SLIP <= 1.0 / times <= MOST_SLIP:
        return f"about {1.0 / times:,.0f} times less: it looks like millions where thousands are asked"
    return ""


def _slips(answer: Answer, year: str) -> list[str]:
    """Items of a year that are about a thousand times what the run holds."""
    against = {"own_without": answer.own, "own_with": answer.own, "total_with": answer.own,
               "transfer_agreed": answer.money}  # fmt: skip
    return [item for item, held in against.items() if slip_of(answer.gbp(year, item), held[year].gbp)]


def _identity(answer: Answer, year: str) -> str:
    total, own, money = (answer.gbp(year, item) for item in ("total_with", "own_with", "transfer_agreed"))
    if total != total or own != own or money != money:
        return NOT_TOLD
    return AGREES if abs(total - own - money) <= max(IDENTITY * total, ROUNDING_GBP) else DIFFERS


def _of(answer: Answer, budgets: dict[tuple[str, str], Held]) -> Iterator[Row]:
    about = {"area_code": answer.area, "window": answer.window.name}
    told = [year for year in answer.window.years if _asked_items(answer, year)]
    for year in told:
        rows = (
            *_identity_rows(answer, year), *_return_rows(answer, year), *_money_rows(answer, year),
            *_budget_rows(answer, year, budgets), *_use_rows(answer, year), *_date_rows(answer, year),
        )  # fmt: skip
        yield from (about | {"financial_year": year} | row for row in rows)
    yield about | _coverage(answer)


def _asked_items(answer: Answer, year: str) -> list[str]:
    return [item for item in answer.given.get(year, {}) if item not in ("own_returned", "nhs_money")]


def _row(check: str, item: str, given: Given | None, held: Held | None, outcome: str, said: str) -> Row:
    quoted, beside = (given.gbp if given else math.nan), (held.gbp if held else math.nan)
    return {
        "check": check, "item": item, "quoted_gbp": quoted, "held_gbp": beside,
        "difference_share": _apart(quoted, beside), "outcome": outcome, "said": said,
        "sheet": given.sheet if given else "", "cell": given.cell if given else "",
        "held_cell": held.cell if held else "",
    }  # fmt: skip


def _identity_rows(answer: Answer, year: str) -> Iterator[Row]:
    outcome, given = _identity(answer, year), answer.given[year]
    if outcome is NOT_TOLD:
        return
    parts = answer.gbp(year, "own_with") + answer.gbp(year, "transfer_agreed")
    cells = " and ".join(f"{given[item].sheet} {given[item].cell}" for item in ("own_with", "transfer_agreed"))
    said = "The total is own spend and transfer together."
    if outcome is DIFFERS:
        said = f"The total is not own spend and transfer together. {LEFT_OUT}"
    yield _row("identity", "total_with", given["total_with"], Held(parts, cells), outcome, said)


def _compared(check: str, item: str, given: Given | None, held: Held, *, near: float, what: str) -> Iterator[Row]:
    """One comparison with what the run holds, where both are known."""
    if given is None or held.gbp != held.gbp:
        return
    apart, slip = _apart(given.gbp, held.gbp), slip_of(given.gbp, held.gbp)
    agrees = abs(apart) <= near
    said = (
        f"It agrees with {what}." if agrees else f"It is {abs(apart):.0%} {'above' if apart > 0 else 'below'} {what}."
    )
    if slip:
        said = f"Against {what} it is {slip}. {LEFT_OUT}"
    yield _row(check, item, given, held, AGREES if agrees else DIFFERS, said)


def _return_rows(answer: Answer, year: str) -> Iterator[Row]:
    given, own = answer.given[year], answer.own[year]
    yield from _compared("return", "own_outturn", given.get("own_outturn"), own, near=NEAR, what="the return")
    for item in ("own_without", "own_with", "total_with"):
        if slip_of(answer.gbp(year, item), own.gbp):
            yield from _compared("return", item, given.get(item), own, near=NEAR, what="own spend in the return")
    shown = given.get("own_returned")
    if shown is not None and own.gbp == own.gbp and abs(shown.gbp - own.gbp) > ROUNDING_GBP:
        said = "The figure filled in on the form is not that of this run: the form is of another run, or was changed."
        yield _row("return", "own_returned", shown, own, DIFFERS, said)


def _money_rows(answer: Answer, year: str) -> Iterator[Row]:
    given = answer.given[year].get("transfer_agreed")
    yield from _receipt_rows(given, answer.receipts[year])
    what = "the amount worked out from national figures"
    yield from _compared("worked-out amount", "transfer_agreed", given, answer.money[year], near=NEAR_MONEY, what=what)


def _receipt_rows(given: Given | None, booked: Held) -> Iterator[Row]:
    """The transfer against income booked, which holds other money too: only more than all of it is a difference."""
    if given is None or not booked.gbp > 0:
        return
    share, slip = given.gbp / booked.gbp, slip_of(given.gbp, booked.gbp)
    fits = share <= 1.0 + NEAR_MONEY and not slip
    said = f"It is {share:.0%} of the income booked in the return, which may hold other money too."
    if slip:
        said = f"Against income booked in the return it is {slip}."
    yield _row("receipts", "transfer_agreed", given, booked, AGREES if fits else DIFFERS, said)


def _budget_rows(answer: Answer, year: str, budgets: dict[tuple[str, str], Held]) -> Iterator[Row]:
    held = budgets.get((answer.area, year))
    if held is not None and answer.window.own != "own_without_ld":
        what = "adult social care in the budget return, which counts social-care grants in"
        given = answer.given[year].get("own_with")
        yield from _compared("budget", "own_with", given, held, near=NEAR_MONEY, what=what)


def _use_rows(answer: Answer, year: str) -> Iterator[Row]:
    given = answer.given[year]
    uses = [item for item in USES if item in given]
    if not uses:
        return
    total, money = sum(given[item].gbp for item in uses), answer.transfer(year)
    where = given.get("transfer_agreed")
    held = Held(money, f"{where.sheet} {where.cell}" if where else answer.money[year].cell)
    agrees = abs(total - money) <= max(NEAR * money, ROUNDING_GBP)
    said = "The uses add up to the transfer." if agrees else "The uses do not add up to the transfer."
    first = given[uses[0]]
    cells = ", ".join(given[item].cell for item in uses)
    summed = Given(total, first.paper_date, first.sheet, cells)
    yield _row("uses", "uses", summed, held, AGREES if agrees else DIFFERS, said)


def _date_rows(answer: Answer, year: str) -> Iterator[Row]:
    told = answer.given[year].get("own_without")
    if told is None:
        return
    if not told.paper_date:
        outcome, said = NOT_TOLD, "No day is told for the paper: its error is doubled, as if written afterwards."
    elif answer.afterwards(year):
        outcome, said = ASKED, f"The paper of {told.paper_date} was written after the year began: its error is doubled."
    else:
        outcome, said = AGREES, f"The paper of {told.paper_date} was written before the year began."
    yield _row("date", "own_without", told, None, outcome, said)
    rate = (told.gbp - answer.own_with(year)) / answer.transfer(year) if answer.transfer(year) > 0 else math.nan
    if rate == rate and not 0.0 <= rate <= 1.0:
        said = f"The plans differ by {rate:.2f} pounds per pound of transfer, outside 0 to 1: ask what else moved."
        yield _row("range", "own_without", told, None, ASKED, said)


def _coverage(answer: Answer) -> Row:
    missing = [
        year for year in answer.window.years
        if not (answer.gbp(year, "own_without") == answer.gbp(year, "own_without")
                and answer.own_with(year) == answer.own_with(year))
    ]  # fmt: skip
    said = "Plans are told for every year of the window."
    if missing:
        said = f"No plan without and with the transfer is told for {', '.join(missing)}."
    outcome = AGREES if not missing else NOT_TOLD
    return {"financial_year": "", **_row("coverage", "plans", None, None, outcome, said)}
