"""England as a whole: own-funded spend and other income booked since 2008-09, and displacement beside published shares.

In: tables `area_year`, `area_year_block` and `national_displacement`. Out: `WindowPart` records and sentences. Sums
are over areas that hold a figure in every year of the series, so that a missing return never looks like a fall.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from reports.charts import displacement, national_money
from reports.words.frame import window_words
from reports.words.narrative import count_of, decimal, interval, percent
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, Figure, WindowPart

LEARNING = "learning_disability"
Series = dict[str, float]


def whole_sums(rows: Iterable[Row], column: str) -> tuple[Series, int]:
    """Sums by year over the areas that hold the column in every year in which any does, and the number of areas."""
    held: dict[str, Series] = {}
    for row in rows:
        if row.get(column) is not None:
            own = held.setdefault(str(row["area_code"]), {})
            year = str(row["financial_year"])
            own[year] = own.get(year, 0.0) + float(row[column])
    years = sorted({year for own in held.values() for year in own})
    full = [own for _, own in sorted(held.items()) if len(own) == len(years)]
    return {year: sum(own[year] for own in full) for year in years} if full else {}, len(full)


def money_sentence(outside: Series, receipts: Series) -> str:
    """One sentence on the first and last year of both series; empty where too little is held."""
    years = [year for year in sorted(outside) if year in receipts]
    if len(years) < 2:
        return ""
    first, last = years[0], years[-1]

    def moved(series: Series) -> str:
        change = series[last] - series[first]
        turn = "rose" if change >= 0 else "fell"
        was, now = (f"£{series[year] / 1e9:.2f} billion" for year in (first, last))
        return f"{turn} by £{abs(change) / 1e9:.2f} billion, from {was} to {now}"

    return (
        f"Between {first} and {last} own-funded spend without learning disability {moved(outside)} in cash. "
        f"Other income booked there, where NHS money is recorded, {moved(receipts)}."
    )


def money_part(run: Run) -> WindowPart:
    """Own-funded spend and other income booked, of England by year."""
    heading = "Own-funded spend and other income booked"
    blocks = [row for row in run.rows("area_year_block") if row["client_group"] != LEARNING]
    total, areas = whole_sums(run.rows("area_year"), "own_funded_gbp")
    outside, areas_outside = whole_sums(blocks, "own_funded_gbp")
    receipts, areas_receipts = whole_sums(blocks, "other_income_gbp")
    outside_words = f"{areas_outside}" if areas_receipts == areas_outside else f"{areas_outside} and {areas_receipts}"
    years = sorted(set(total) | set(outside))
    if len(years) < 2:
        return WindowPart(
            id="national-money",
            heading=heading,
            empty="This run holds too few years of own-funded spend. The revenue outturn returns would show it.",
        )

    def billion(series: Series, year: str) -> float | None:
        return round(series[year] / 1e9, 3) if year in series else None

    rows = [
        {"year": year, "total": billion(total, year), "outside": billion(outside, year), "nhs": billion(receipts, year)}
        for year in years
    ]
    table = DataTable(
        id="national-money-table",
        caption="England, £ billion, cash",
        columns=(
            Column("Financial year", short=True),
            Column("Own-funded, all adult care", numeric=True),
            Column("Own-funded, without learning disability", numeric=True),
            Column("Other income booked, without learning disability", numeric=True),
        ),
        rows=tuple(
            (
                Cell(str(row["year"])),
                *(Cell(decimal(billion(series, str(row["year"])))) for series in (total, outside, receipts)),
            )
            for row in rows
        ),
        note=f"Only areas with a figure in every year: {areas} for all adult care, {outside_words} without learning "
        "disability. [x]: no return by client group is held after 2013-14. All adult care breaks in 2011-12, when "
        "learning-disability money moved from NHS income to council grant [b].",
    )
    figure = Figure(
        id="national-money-chart",
        title="Own-funded spend and other income booked since " + years[0],
        subtitle="England, £ billion, cash; areas with a figure in every year.",
        description=money_sentence(outside, receipts) + " The table gives every year.",
        chart=partial(national_money.draw, rows),
    )
    return WindowPart(id="national-money", heading=heading, figure=figure, table=table)


def estimates(run: Run) -> list[Row]:
    """Rows of table `national_displacement` for whole windows with a rate, in the table's order."""
    return [
        row
        for row in run.rows("national_displacement")
        if row["financial_year"] == "all" and row["displacement"] is not None
    ]


def _year_words(run: Run, year: str) -> str:
    """Which window a year lies in; a year before its window is said to have no estimate."""
    windows = {str(row["window"]) for row in run.rows("national_displacement") if row["financial_year"] == year}
    return ", ".join(sorted(windows)) or "no estimate"


def published_rows(run: Run) -> list[tuple[str, Row]]:
    """What councils reported, (label, row of table `published_shares`), in year order."""
    return [
        (f"Reported for {row['financial_year']} ({_year_words(run, str(row['financial_year']))})", row)
        for row in run.rows("published_shares")
    ]


def _label(row: Row) -> str:
    return f"{row['window']}: {row['design']} ({row['basis']})"


def displacement_sentence(run: Run) -> str:
    """How far apart the estimates lie; empty where the run holds none."""
    rows = estimates(run)
    if not rows:
        return ""
    low, high = min(row["lower"] for row in rows), max(row["upper"] for row in rows)
    covering, full = (sum(row["lower"] <= rate <= row["upper"] for row in rows) for rate in (0, 1))
    rates = [row["displacement"] for row in rows]
    span = f"{decimal(min(rates))} to {decimal(max(rates))}" if len(rates) > 1 else decimal(rates[0])
    return (
        f"In {count_of(len(rows), 'national estimate', 'national estimates')} of council money lost per pound of NHS "
        f"money the rate is {span}, with 90% intervals from {decimal(low)} to {decimal(high)}: {covering} "
        f"{'holds' if covering == 1 else 'hold'} 0 (nothing replaced) and {full} "
        f"{'holds' if full == 1 else 'hold'} 1 (pound for pound), so the national level is not settled."
    )


def displacement_part(run: Run) -> WindowPart:
    """National displacement by window and design beside the published shares."""
    heading, rows = "Displacement beside published shares", estimates(run)
    if not rows:
        return WindowPart(
            id="national-displacement",
            heading=heading,
            empty="This run holds no national estimate. Table national_displacement would show it.",
        )
    windows = "; ".join(f"{name}: {window_words(name)}" for name in sorted({str(row["window"]) for row in rows}))
    reported = published_rows(run)
    marks = [
        {"label": label, "value": float(row["share"]), "text": percent(float(row["share"]))} for label, row in reported
    ]
    table = DataTable(
        id="national-displacement-table",
        caption="Pounds of own-funded spend lower per pound of NHS money",
        columns=(
            Column("Window and design"),
            Column("Rate", numeric=True),
            Column("90% interval", numeric=True),
            Column("What it is"),
        ),
        rows=tuple(
            (
                Cell(_label(row)),
                Cell(decimal(row["displacement"])),
                Cell(interval(row["lower"], row["upper"])),
                Cell("estimate of this run"),
            )
            for row in rows
        )
        + tuple(
            (Cell(label), Cell(decimal(float(row["share"]))), Cell("[z]"), Cell(row["said"], small=row["source"]))
            for label, row in reported
        ),
        note="Shares are what councils reported to have used to protect services; they are not estimates of an effect.",
    )
    figure = Figure(
        id="national-displacement-chart",
        title="Displacement by window, with published shares",
        subtitle="Dot, line: rate, 90% interval. Diamond: reported share. Dashed: 0 additional, 1 pound for pound.",
        description=displacement_sentence(run) + " The table gives each.",
        chart=partial(displacement.draw, _rates(rows), marks),
    )
    return WindowPart(
        id="national-displacement",
        heading=heading,
        sentence=f"{windows}. The designs differ in what they assume; together they give the range of the national "
        "level.",
        figure=figure,
        table=table,
    )


def _rates(rows: Sequence[Row]) -> list[dict[str, object]]:
    return [
        {"label": _label(row), "value": row["displacement"], "lower": row["lower"], "upper": row["upper"]}
        for row in rows
    ]


def _money_sums(run: Run) -> tuple[Series, Series]:
    """Own-funded spend and other income booked without learning disability, by year."""
    blocks = [row for row in run.rows("area_year_block") if row["client_group"] != LEARNING]
    return whole_sums(blocks, "own_funded_gbp")[0], whole_sums(blocks, "other_income_gbp")[0]


def national_sentences(run: Run) -> tuple[str, ...]:
    """What was found nationally, with the numbers of its tables, in at most two sentences."""
    return tuple(text for text in (money_sentence(*_money_sums(run)), displacement_sentence(run)) if text)


def national_words(run: Run) -> tuple[str, ...]:
    """The same for the first page: directions alone, since the tables stand on a page of their own."""
    outside, receipts = _money_sums(run)
    years = [year for year in sorted(outside) if year in receipts]
    said: list[str] = []
    if len(years) > 1:
        own, other = (
            "rose" if series[years[-1]] >= series[years[0]] else "fell" for series in (outside, receipts)
        )  # fmt: skip
        said.append(
            f"Between {years[0]} and {years[-1]} own-funded spend without learning disability {own} in cash; other "
            f"income booked there, where NHS money is recorded, {other}."
        )
    if rows := estimates(run):
        none, full = (_how_many(rows, rate) for rate in (0.0, 1.0))
        said.append(
            "National estimates of council money lost per pound of NHS money differ with what their designs assume. Of "
            f"their 90% intervals {none} nothing replaced and {full} pound for pound, so the national level is not "
            "settled."
        )
    return tuple(said)


def _how_many(rows: Sequence[Row], rate: float) -> str:
    """How many of the estimates' intervals hold a rate, in words."""
    covering = sum(row["lower"] <= rate <= row["upper"] for row in rows)
    return "none holds" if not covering else "all hold" if covering == len(rows) else "some hold"
