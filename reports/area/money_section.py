"""Expected and actual spend of one area: a chart and the same numbers in a table, for each window.

In: rows of table `expected_spend` for one area and window, and its flag. Out: a `WindowPart`. Years without a value
keep their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

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

BASIS_WORDS = {
    "allocated": "as it was allocated",
    "derived": "derived from settlement figures [e]",
    "estimated": "the national amount times the area's share of need [e]",
}
COLUMNS = (
    Column("Financial year", short=True),
    Column("Actual", numeric=True),
    Column("Expected", numeric=True),
    Column("90% interval of expected", numeric=True),
    Column("Expected less actual", numeric=True),
    Column("NHS money", numeric=True),
    Column("NHS money above base", numeric=True),
)


def basis_words(rows: Sequence[Row]) -> str:
    """How the window's NHS money is known."""
    bases = sorted({str(row["reckoned_basis"]) for row in rows if row["reckoned_basis"]})
    return join_words([BASIS_WORDS.get(basis, basis) for basis in bases]) or MISSING


def base_rate(rows: Sequence[Row]) -> float | None:
    """NHS money a year in the base years; None where one of them is not known."""
    held = [row["reckoned_gbp"] for row in rows if row["is_base"]]
    return None if not held or any(is_missing(value) for value in held) else sum(held) / len(held)


NOTE = "Net current expenditure, already net of NHS income."


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
            "nhs": _million(row["reckoned_gbp"]),
            "nhs_text": decimal(_million(row["reckoned_gbp"]), places=1),
        }
        for row in rows
    ]


def _above(row: Row, base: float | None) -> float | None:
    return None if base is None or is_missing(row["reckoned_gbp"]) else row["reckoned_gbp"] - base


def _year_cells(row: Row, base: float | None) -> tuple[Cell, ...]:
    """A year; in a base year there is nothing to expect and nothing above the base, so they are not applicable."""
    year, money = str(row["financial_year"]), Cell(thousand(row["reckoned_gbp"]))
    if row["is_base"]:
        none = Cell("[z]")
        return Cell(f"{year} (base)"), Cell(thousand(row["actual_gbp"])), none, none, none, money, none
    return (
        Cell(year),
        Cell(thousand(row["actual_gbp"])),
        Cell(thousand(row["expected_gbp"])),
        Cell(thousand_interval(row["lower_gbp"], row["upper_gbp"])),
        Cell(thousand(row["gap_gbp"])),
        money,
        Cell(thousand(_above(row, base))),
    )


def _sum(values: Sequence[float | None]) -> float | None:
    held = [value for value in values if value is not None and not is_missing(value)]
    return sum(held) if held and len(held) == len(values) else None


def _shared(value: float | None, years: int) -> float | None:
    return None if value is None or is_missing(value) else value / years


def total_rows(rows: Sequence[Row], flag: Row | None, base: float | None) -> tuple[tuple[Cell, ...], ...]:
    """What the window's years come to, in all and a year, the interval of their difference, and the difference per
    pound of NHS money.
    """
    if flag is None or is_missing(flag["gap_gbp"]):
        return ()
    judged, empty = [row for row in rows if not row["is_base"]], Cell("")
    gap, above = flag["gap_gbp"], flag["transfer_gbp"]
    actual, expected, money = (
        _sum([row[name] for row in judged]) for name in ("actual_gbp", "expected_gbp", "reckoned_gbp")
    )

    def line(label: str, years: int) -> tuple[Cell, ...]:
        said = [Cell(thousand(_shared(value, years))) for value in (actual, expected, gap, money, above)]
        return Cell(label), *said[:2], empty, *said[2:]

    rate = None if is_missing(gap) or is_missing(above) or above <= 0 else gap / above
    between = Cell(less_or_more(flag["gap_lower_gbp"], flag["gap_upper_gbp"], thousand))
    return (
        line("Total", 1),
        *((line("A year", len(judged)),) if len(judged) > 1 else ()),
        (Cell("90% interval of the total"), empty, empty, empty, between, empty, empty),
        (Cell("Per pound of NHS money above base"), empty, empty, empty, Cell(decimal(rate)), empty, empty),
    )


def chart_title(rows: Sequence[Row], flag: Row | None) -> str:
    """The chart's headline: the window's difference; without one, the last year's spend."""
    last = rows[-1]
    if flag is None or is_missing(flag["gap_gbp"]):
        return f"Own-funded spend was {prose_gbp(last['actual_gbp'])} in {last['financial_year']}"
    gap = float(flag["gap_gbp"])
    return f"{prose_gbp(abs(gap))} {'below' if gap > 0 else 'above'} expected over the window"


def money_part(window: str, rows: Sequence[Row], flag: Row | None, *, name: str, note: str = "") -> WindowPart:
    """The window's chart and table, under `note`; the empty state says why there is none."""
    heading, identity = window_words(window), f"money-{window.lower()}"
    usable = [row for row in rows if not is_missing(row["actual_gbp"])]
    if not rows:
        return WindowPart(
            id=identity, heading=heading, empty="No expected spend was computed for this area in this window."
        )
    base_years = join_words([str(row["financial_year"]) for row in rows if row["is_base"]])
    base = base_rate(rows)
    table = DataTable(
        id=f"{identity}-table",
        caption="Own-funded spend and NHS money, £ thousand, cash",
        columns=COLUMNS,
        rows=(*(_year_cells(row, base) for row in rows), *total_rows(rows, flag, base)),
        note=f"{note} NHS money: {basis_words(rows)}.".lstrip()
        + (f" Base: the mean of {base_years}, {thousand(base)} a year." if base_years else ""),
    )
    figure = None
    if len(usable) >= 2:
        first, last = usable[0], usable[-1]
        figure = Figure(
            id=f"{identity}-chart",
            title=chart_title(usable, flag),
            subtitle="£ million, cash. Band: 90% interval.",
            description=(
                f"{name}: actual own-funded spend went from {prose_gbp(first['actual_gbp'])} in "
                f"{first['financial_year']} to {prose_gbp(last['actual_gbp'])} in {last['financial_year']}, where "
                f"{prose_gbp(last['expected_gbp'])} was expected. "
                "The table beside the chart gives every number."
            ),
            chart=partial(expected_actual.draw, chart_rows(rows), money="NHS money"),
        )
    return WindowPart(id=identity, heading=heading, figure=figure, table=table)
