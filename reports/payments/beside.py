"""Traced payments beside other figures: what the council's return says it received, and two per cent of allocations.

In: rows of `payment_flow`, `payment_flow_sum`, `payment_exposure`, `bcf_income`, `pss_ex1_summary` and `area_year`.
Out: `WindowPart`. Where no return of the year is held the page says so and shows the nearest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.words.narrative import MISSING, count_of, is_missing, percent, sentence, thousand, thousand_interval
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, WindowPart

BCF = "Better Care Fund income, as the council's return books it"
NHS = "Income from the NHS, as the council's return books it"
OTHER = "Other income of adult social care: NHS money together with joint arrangements and recharges"
YARDSTICK = (
    "In 2013-14 commissioners had to set aside 2% of their budgets for non-recurrent use. It stands here as a "
    "yardstick of size: whether a payment counted towards it cannot be told, and later years had other rules."
)
COUNCIL_ONLY = (
    "The files held are the council's own. They show what it paid, not what it received, so nothing is set beside its "
    "return."
)
COLUMNS = (Column("Figure"), Column("Year", short=True), Column("£ thousand", numeric=True), Column("What it rests on"))


@dataclass(frozen=True)
class Received:
    """What a return says an area's council received in a year, in pounds, and under which words."""

    year: str
    words: str
    amount: float
    source: str


def received(run: Run) -> dict[str, list[Received]]:
    """Every figure of money received that the run holds, by area; areas with a member missing have none that year."""
    found: dict[str, list[Received]] = {}
    told = (
        ("bcf_income", "bcf_income_gbp_thousand", BCF, "additional data of the adult social care finance return"),
        ("pss_ex1_summary", "income_nhs_gbp_thousand", NHS, "PSS-EX1"),
    )
    for table, column, words, source in told:
        for (area, year), rows in run.grouped(table, "area_code", "financial_year").items():
            amounts = [row[column] for row in rows]
            if area and not any(is_missing(amount) for amount in amounts):
                found.setdefault(str(area), []).append(Received(str(year), words, sum(amounts) * 1000, source))
    for row in run.rows("area_year"):
        amount = row.get("other_income_gbp")
        if amount is not None:
            made = Received(str(row["financial_year"]), OTHER, amount, "RO3 or RSX, column C5")
            found.setdefault(str(row["area_code"]), []).append(made)
    return found


def _apart(one: str, other: str) -> int:
    return int(one[:4]) - int(other[:4])


def nearest(figures: Sequence[Received], year: str) -> list[Received]:
    """Of the narrow figures and of the wide one each the nearest to `year`, the earlier of two equally near."""
    chosen: list[Received] = []
    for kinds in ((BCF, NHS), (OTHER,)):
        fitting = [item for item in figures if item.words in kinds]
        chosen += sorted(fitting, key=lambda item: (abs(_apart(item.year, year)), item.year))[:1]
    return chosen


def _distance(item: Received, year: str) -> str:
    apart = _apart(item.year, year)
    if apart == 0:
        return f"{item.source}; of the same year"
    side = "after" if apart > 0 else "before"
    return f"{item.source}; {count_of(abs(apart), 'year', 'years')} {side} the payments"


def beside_part(
    rows: Sequence[Row], sums: Sequence[Row], figures: Sequence[Received], exposure: Mapping[tuple[str, str], Row]
) -> WindowPart:
    """The flow of the latest year with payments to the council, beside its return and its commissioners' 2%."""
    heading, identity = "Beside the council's return and the 2% of its commissioners", "payments-beside"
    seen = [row for row in sums if row["nhs_to_council_payments"]]
    if not seen:
        return WindowPart(id=identity, heading=heading, empty=COUNCIL_ONLY)
    latest = seen[-1]
    year = str(latest["financial_year"])
    chosen = nearest(figures, year)
    traced = thousand_interval(latest["net_low_gbp"], latest["net_high_gbp"])
    months = count_of(latest["nhs_to_council_months"], "month", "months")
    first = "Traced from NHS bodies to the council, less what it paid them"
    lines = [(Cell(first), Cell(year), Cell(traced), Cell(f"payments in the files held, {months} seen"))]
    lines += [
        (Cell(item.words), Cell(item.year), Cell(thousand(item.amount)), Cell(_distance(item, year))) for item in chosen
    ]
    payers = sorted({str(row["payer_name"]) for row in rows
                     if row["financial_year"] == year and row["direction"] == "nhs_to_council"})  # fmt: skip
    for payer in payers:
        lines += _fence_lines(exposure.get((payer, year)))
    narrow = [item for item in chosen if item.words != OTHER and item.year == year]
    said = (
        f"The council's return of {year} says what it received from the NHS."
        if narrow
        else f"No return held says what the council received from the NHS in {year}; the nearest figures are shown."
    )
    table = DataTable(
        id=f"{identity}-table",
        caption="Traced payments beside other figures (£ thousand, cash)",
        columns=COLUMNS,
        rows=tuple(lines),
        note="Figures of other years and wider lines are for scale, not for subtraction.",
    )
    return WindowPart(id=identity, heading=heading, sentence=f"{said} {YARDSTICK}", table=table)


def _fence_lines(row: Row | None) -> list[tuple[Cell, ...]]:
    """Two per cent of a commissioner's allocation, and its payments to all councils as a share of that."""
    if row is None:
        return []
    year, payer = Cell(str(row["financial_year"])), str(row["payer_name"])
    known = not is_missing(row["two_per_cent_gbp"])
    share = f"{percent(row['low_share'])} to {percent(row['high_share'])} of the 2%; " if known else ""
    months = count_of(row["months"], "month", "months")
    fence = Cell(thousand(row["two_per_cent_gbp"]) if known else MISSING)
    flow = Cell(thousand_interval(row["flow_low_gbp"], row["flow_high_gbp"]))
    return [
        (Cell(f"2% of the allocation of {payer}"), year, fence, Cell(sentence(row["basis"]))),
        (Cell(f"Payments of {payer} to all councils"), year, flow, Cell(f"{share}{months} seen")),
    ]


def ring_fence_part(rows: Sequence[Row], exposure: Mapping[tuple[str, str], Row]) -> WindowPart:
    """A commissioner's payments to all councils beside two per cent of its allocation, year by year."""
    heading, identity = "Beside 2% of its allocation", "payments-beside"
    keys = sorted({(str(row["payer_name"]), str(row["financial_year"])) for row in rows
                   if row["direction"] == "nhs_to_council"})  # fmt: skip
    lines = [line for key in keys for line in _fence_lines(exposure.get(key))]
    if not lines:
        none = "No payments of this commissioner to councils are held, only what councils paid to it."
        return WindowPart(id=identity, heading=heading, empty=none)
    table = DataTable(
        id=f"{identity}-table",
        caption="Payments to councils beside 2% of the allocation (£ thousand, cash)",
        columns=COLUMNS,
        rows=tuple(lines),
    )
    return WindowPart(id=identity, heading=heading, sentence=YARDSTICK, table=table)
