"""Expected and actual spend of one area: a chart and the same numbers in a table, for each window.

In: rows of table `expected_spend` for one area and window, and its flag. Out: a `WindowPart`. Years without a value
keep their place.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.charts import expected_actual
from reports.words.frame import window_words
from reports.words.narrative import (
    MISSING,
    decimal,
    is_missing,
    join_words,
    less_or_more,
    prose_gbp,
    thousand,
    thousand_interval,
)  # fmt: skip
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Figure, WindowPart

BOOKED = "Other income booked"
ALLOCATED = "NHS money allocated"
BOOKED_WORDS = "what the return records as other income (C5), with recharges and joint money in it"
ALLOCATED_WORDS = {
    "allocated": "as it was allocated",
    "derived": "derived from settlement figures [e]",
    "estimated": "national amount x share of need [e]",
}
COLUMNS = (
    Column("Financial year", short=True),
    Column("Actual", numeric=True),
    Column("Expected", numeric=True),
    Column("90% interval of expected", numeric=True),
    Column("Expected less actual", numeric=True),
)


def money_name(rows: Sequence[Row]) -> tuple[str, str]:
    """What the window's NHS money is called and what it is: income as a return books it, or money allocated."""
    bases = sorted({str(row["nhs_basis"]) for row in rows if row["nhs_basis"]})
    if "received" in bases:
        return BOOKED, f"{BOOKED_WORDS}; the result rests on {ALLOCATED}, which differs"
    return ALLOCATED, join_words([ALLOCATED_WORDS.get(basis, basis) for basis in bases]) or MISSING


def _million(value: float | None) -> float | None:
    return None if is_missing(value) or value is None else round(value / 1e6, 4)


def chart_rows(rows: Sequence[Row]) -> list[dict[str, object]]:
    """Rows for the chart in £ million, in year order."""
    return [
        {
            "year": row["financial_year"],
            "actual": _million(row["actual_gbp"]),
            "expected": _million(row["expected_gbp"]),
            "lower": _million(row["lower_gbp"]),
            "upper": _million(row["upper_gbp"]),
            "nhs": _million(row["nhs_receipts_gbp"]),
            "nhs_text": decimal(_million(row["nhs_receipts_gbp"]), places=1),
        }
        for row in rows
    ]


def _expected_cells(row: Row) -> tuple[Cell, Cell, Cell]:
    """Expected, interval and difference; in a base year there is nothing to expect, so they are not applicable."""
    if row["is_base"]:
        return Cell("[z]"), Cell("[z]"), Cell("[z]")
    return (
        Cell(thousand(row["expected_gbp"])),
        Cell(thousand_interval(row["lower_gbp"], row["upper_gbp"])),
        Cell(thousand(row["gap_gbp"])),
    )


def chart_title(rows: Sequence[Row]) -> str:
    """The chart's headline: the last year's difference, and whether it lies within the interval."""
    last = rows[-1]
    actual, expected, low, high = (last[name] for name in ("actual_gbp", "expected_gbp", "lower_gbp", "upper_gbp"))
    if is_missing(expected):
        return f"Own-funded spend was {prose_gbp(actual)} in {last['financial_year']}"
    turn = "below" if actual < expected else "above"
    said = f"{prose_gbp(abs(expected - actual))} {turn} expected in {last['financial_year']}"
    if is_missing(low) or is_missing(high):
        return said
    return f"{said}, {'within' if low <= actual <= high else 'outside'} the 90% interval"


def sum_sentence(flag: Row | None, rows: Sequence[Row]) -> str:
    """The window's totals in words, with the interval."""
    if flag is None or is_missing(flag["gap_gbp"]):
        return ""
    gap = float(flag["gap_gbp"])
    turn = "less than" if gap > 0 else "more than"
    years = flag["years"] or ", ".join(str(row["financial_year"]) for row in rows if not row["is_base"])
    said = f"Over {years} own-funded spend was {prose_gbp(abs(gap))} {turn} expected"
    if not is_missing(flag["gap_lower_gbp"]) and not is_missing(flag["gap_upper_gbp"]):
        said += f" (90% interval: {less_or_more(flag['gap_lower_gbp'], flag['gap_upper_gbp'], prose_gbp)})"
    return f"{said}."


def money_part(window: str, rows: Sequence[Row], flag: Row | None, *, name: str) -> WindowPart:
    """The window's chart and table; the empty state says why there is none."""
    heading, identity = window_words(window), f"money-{window.lower()}"
    usable = [row for row in rows if not is_missing(row["actual_gbp"])]
    if not rows:
        return WindowPart(
            id=identity, heading=heading, empty="No expected spend was computed for this area in this window."
        )
    money, about = money_name(rows)
    base_years = join_words([str(row["financial_year"]) for row in rows if row["is_base"]])
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Own-funded spend, £ thousand, cash: {heading}",
        columns=(*COLUMNS, Column(money, numeric=True)),
        rows=tuple(
            (
                Cell(f"{row['financial_year']} (base)" if row["is_base"] else str(row["financial_year"])),
                Cell(thousand(row["actual_gbp"])),
                *_expected_cells(row),
                Cell(thousand(row["nhs_receipts_gbp"])),
            )
            for row in rows
        ),
        note=f"Net current expenditure, already net of NHS income. {money}: {about}."
        + (f" Change is measured from {base_years}, where nothing is expected [z]." if base_years else ""),
    )
    figure = None
    if len(usable) >= 2:
        first, last = usable[0], usable[-1]
        figure = Figure(
            id=f"{identity}-chart",
            title=chart_title(usable),
            subtitle="£ million, cash. Solid line: actual. Dashed line: expected. Band: 90% interval. "
            f"Bars beneath: {money}.",
            description=(
                f"{name}: actual own-funded spend went from {prose_gbp(first['actual_gbp'])} in "
                f"{first['financial_year']} to {prose_gbp(last['actual_gbp'])} in {last['financial_year']}, where "
                f"{prose_gbp(last['expected_gbp'])} was expected. "
                "The table beside the chart gives every number."
            ),
            spec=expected_actual.spec(chart_rows(rows), money=money),
        )
    return WindowPart(id=identity, heading=heading, sentence=sum_sentence(flag, rows), figure=figure, table=table)
