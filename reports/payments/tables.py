"""Traced payments by year and tier, and by month as a chart beside its table.

In: rows of `payment_flow` and `payment_flow_sum`. Out: `WindowPart`. Payments whose minus sign may be
lost are listed and never added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from reports.charts import payments_by_month
from reports.payments.words import COUNTED, DIRECTIONS, TIERS, month_words
from reports.words.narrative import count_of, prose_gbp, thousand, thousand_interval, whole
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Figure, WindowPart

MOST_MONTHS = 24
LOST = "may be lost"


def added(rows: Sequence[Row]) -> list[Row]:
    """The rows that are added up."""
    return [row for row in rows if row["signs"] != LOST]


def total(rows: Sequence[Row]) -> float:
    """What rows come to, in pounds."""
    return sum(row["amount_gbp"] for row in rows)


def sums_part(sums: Sequence[Row], names: Mapping[str, str], *, by_area: bool) -> WindowPart:
    """By year, direction and tier, each with its range; the net where a year has both directions.

    `by_area` adds a column with the area, linked where `names` has it.
    """
    lines: list[tuple[Cell, ...]] = []
    both = False
    for row in sums:
        area = str(row["area_code"])
        first = (Cell(str(row["financial_year"])),)
        named = (Cell(names.get(area, area), href=f"areas/{area}.html" if area in names else ""),) if by_area else ()
        ways = [way for way in DIRECTIONS if row[f"{way}_payments"]]
        lines += [(*first, *named, *_sum_cells(row, way)) for way in ways]
        if len(ways) == len(DIRECTIONS):
            both = True
            net = Cell(thousand_interval(row["net_low_gbp"], row["net_high_gbp"]))
            lines.append((*first, *named, Cell("Net"), *([Cell("[z]")] * 4), net, *([Cell("[z]")] * 3)))
    numbers = [Column(words, numeric=True) for words in TIERS.values()]
    columns = (
        Column("Financial year", short=True), *((Column("Council area"),) if by_area else ()),
        Column("Direction", short=True), *numbers[:4], Column("Low to high", numeric=True), numbers[4],
        Column("Payments", numeric=True), Column("Months seen", numeric=True),
    )  # fmt: skip
    netted = (
        "Net is NHS to council less council to NHS."
        if both
        else "No year here has payments in both directions, so there is nothing to net."
    )
    table = DataTable(
        id="payments-sums-table",
        caption="Traced payments by tier (£ thousand, cash)",
        columns=columns,
        rows=tuple(lines),
        note="Low: labelled, or proxy and regular. High: all but what says another purpose. " + netted,
    )
    return WindowPart(id="payments-sums", heading="By year, direction and tier", table=table)


def _sum_cells(row: Row, way: str) -> tuple[Cell, ...]:
    tiers = [Cell(thousand(row[f"{way}_{tier}_gbp"])) for tier in TIERS]
    ends = Cell(thousand_interval(row[f"{way}_low_gbp"], row[f"{way}_high_gbp"]))
    counts = (Cell(whole(row[f"{way}_payments"])), Cell(whole(row[f"{way}_months"])))
    return (Cell(DIRECTIONS[way]), *tiers[:4], ends, tiers[4], *counts)


def months_shown(seen: set[str]) -> list[str]:
    """Every month from the first to the last seen, so that gaps show; where those are too many, only those seen.

    At most the last 24.
    """
    if not seen:
        return []
    places = [int(month[:4]) * 12 + int(month[5:7]) - 1 for month in sorted(seen)]
    if places[-1] - places[0] < MOST_MONTHS:
        return [f"{place // 12}-{place % 12 + 1:02d}" for place in range(places[0], places[-1] + 1)]
    return sorted(seen)[-MOST_MONTHS:]


def month_part(way: str, rows: Sequence[Row], *, name: str) -> WindowPart | None:
    """One direction by month and tier, as a chart and a table; none where no payment has a month."""
    dated = [row for row in added(rows) if row["direction"] == way and row["period"]]
    months = months_shown({str(row["period"]) for row in dated})
    if not months:
        return None
    shown = [row for row in dated if row["period"] in months]
    sums = [
        {tier: total([row for row in shown if row["period"] == month and row["tier"] == tier]) for tier in TIERS}
        for month in months
    ]
    by_tier = {tier: sum(month[tier] for month in sums) for tier in TIERS}
    low = sum(by_tier[tier] for tier, counted in COUNTED.items() if counted == "low")
    heading = f"{DIRECTIONS[way]}, by month"
    table = DataTable(
        id=f"{way}-months-table",
        caption=f"{heading} (£ thousand, cash)",
        columns=(
            Column("Month", short=True), *(Column(words, numeric=True) for words in TIERS.values()),
            Column("All", numeric=True),
        ),
        rows=tuple(
            (Cell(month_words(month)), *(Cell(thousand(found[tier])) for tier in TIERS),
             Cell(thousand(sum(found.values()))))
            for month, found in zip(months, sums, strict=True)
        ),
        note="A month without payments may not have been published, or is not held.",
    )  # fmt: skip
    return WindowPart(
        id=f"{way}-months", heading=heading, figure=_figure(way, months, sums, by_tier, low=low, name=name), table=table
    )


def _figure(
    way: str, months: list[str], sums: list[dict[str, float]], by_tier: dict[str, float], *, low: float, name: str
) -> Figure:
    whole_sum = sum(by_tier.values())
    largest = max(abs(amount) for month in sums for amount in month.values())
    unit, places, words = (1e6, 1, "£ million") if largest >= 1e6 else (1e3, 0, "£ thousand")
    tiers = [
        (tier, f"{TIERS[tier]}: {prose_gbp(by_tier[tier]) if any(month[tier] for month in sums) else 'none'}", counted)
        for tier, counted in COUNTED.items()
    ]
    seen = count_of(sum(any(month.values()) for month in sums), "month", "months")
    return Figure(
        id=f"{way}-months-chart",
        title=f"{prose_gbp(whole_sum)} in {seen}, {prose_gbp(low)} of it labelled or proxy and regular",
        subtitle=f"{DIRECTIONS[way]}, {words} a month, cash. Dark: counted at the low end. Middle: at the high end "
        "only. Light: another purpose is said, not counted.",
        description=f"{name}: payments by month and tier from {month_words(months[0])} to {month_words(months[-1])}. "
        "The table beside the chart gives every number.",
        chart=partial(
            payments_by_month.draw,
            [month_words(month) for month in months],
            [{tier: amount / unit for tier, amount in month.items()} for month in sums],
            tiers,
            places=places,
        ),
    )
