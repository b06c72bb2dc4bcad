"""Compared with peers: deciles of all areas over time with one area's line, and the middle value of its own class.

In: table `area_year`. Out: `PeerYears` once per run, and a `WindowPart` per area. Spend is per adult in 2014-15
prices; where no population is held, it is the level relative to the first year (100), and the page says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.charts import decile_band
from reports.words.frame import CLASSES
from reports.words.narrative import decimal, is_missing
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, Figure, WindowPart

ENOUGH = 10


@dataclass(frozen=True)
class PeerYears:
    """Values by area and year, deciles by year and class medians by (class, year), all in one unit."""

    unit: str
    values: Mapping[str, Mapping[str, float]]
    deciles: Mapping[str, tuple[float, ...]]
    class_medians: Mapping[tuple[str, str], float]


def quantile(ordered: Sequence[float], share: float) -> float:
    """Linear interpolation between order statistics (Hyndman and Fan's type 7)."""
    at = (len(ordered) - 1) * share
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def _per_adult(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    made: dict[str, dict[str, float]] = {}
    for row in rows:
        spend, adults = row.get("own_funded_real_gbp"), row.get("population_18_plus")
        if spend is not None and adults:
            made.setdefault(str(row["area_code"]), {})[str(row["financial_year"])] = float(spend) / float(adults)
    return made


def _relative(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    levels: dict[str, dict[str, float]] = {}
    for row in rows:
        if row.get("own_funded_real_gbp"):
            levels.setdefault(str(row["area_code"]), {})[str(row["financial_year"])] = float(row["own_funded_real_gbp"])
    first = min((year for years in levels.values() for year in years), default="")
    return {
        area: {year: 100 * value / years[first] for year, value in years.items()}
        for area, years in levels.items()
        if years.get(first, 0) > 0
    }


def peer_years(run: Run) -> PeerYears:
    """Deciles and class medians over the run's areas; years with fewer than ten areas are left out."""
    rows = run.rows("area_year")
    values, unit = _per_adult(rows), "£ per adult, 2014-15 prices"
    if not values:
        values, unit = _relative(rows), "first year = 100, 2014-15 prices"
    classes = {str(row["area_code"]): str(row["class"]) for row in run.rows("area")}
    by_year: dict[str, list[float]] = {}
    by_class: dict[tuple[str, str], list[float]] = {}
    for area in sorted(values):
        for year, value in values[area].items():
            by_year.setdefault(year, []).append(value)
            by_class.setdefault((classes.get(area, ""), year), []).append(value)
    deciles = {
        year: tuple(quantile(sorted(found), share / 10) for share in range(1, 10))
        for year, found in sorted(by_year.items())
        if len(found) >= ENOUGH
    }
    medians = {key: quantile(sorted(found), 0.5) for key, found in by_class.items()}
    return PeerYears(unit=unit, values=values, deciles=deciles, class_medians=medians)


def peers_part(peers: PeerYears, area: Row) -> WindowPart:
    """One area's line within the deciles, with the same numbers in a table."""
    code, name, kind = str(area["area_code"]), str(area["area_name"]), str(area["class"])
    own = peers.values.get(code, {})
    years = list(peers.deciles)
    heading = "Own-funded spend per adult" if "adult" in peers.unit else "Own-funded spend"
    if len([year for year in years if year in own]) < 2:
        return WindowPart(
            id="peers-deciles",
            heading=heading,
            empty="Too few comparable figures are held to set this area beside its peers.",
        )
    class_words = CLASSES.get(kind, kind)
    table = DataTable(
        id="peers-table",
        caption=f"{heading}: this area and all areas ({peers.unit})",
        columns=(
            Column("Financial year", short=True),
            Column("This area", numeric=True),
            Column(f"Median {class_words}", numeric=True),
            Column("1 in 10 below", numeric=True),
            Column("Median area", numeric=True),
            Column("9 in 10 below", numeric=True),
        ),
        rows=tuple(
            (
                Cell(year),
                Cell(decimal(own.get(year), places=0)),
                Cell(decimal(peers.class_medians.get((kind, year)), places=0)),
                Cell(decimal(peers.deciles[year][0], places=0)),
                Cell(decimal(peers.deciles[year][4], places=0)),
                Cell(decimal(peers.deciles[year][8], places=0)),
            )
            for year in years
        ),
        note="Whole of adult social care, with social-care grants, which the Better Care Fund result leaves out from "
        "2017-18. The series breaks in 2011-12, when learning-disability money moved from NHS income to council grant "
        "[b].",
    )
    last = [year for year in years if year in own][-1]
    rows = [
        {
            "year": year,
            "value": None if is_missing(own.get(year)) else round(own[year], 2),
            **{f"p{place}0": round(value, 2) for place, value in enumerate(peers.deciles[year], start=1)},
        }
        for year in years
    ]
    here, middle = decimal(own[last], places=0), decimal(peers.deciles[last][4], places=0)
    of_class = decimal(peers.class_medians.get((kind, last)), places=0)
    figure = Figure(
        id="peers-chart",
        title=f"{name} (heavy line) among all areas",
        subtitle=f"Own-funded spend, {peers.unit}. Bands: deciles of all areas. Dashed line: median.",
        description=(
            f"In {last} {name} stood at {here} and the median area at {middle} "
            f"({peers.unit}). The table gives every year."
        ),
        spec=decile_band.spec(rows),
    )
    sentence = (
        f"In {last} {name} spent {here}; the median {class_words} {of_class} "
        f"and the median area {middle} ({peers.unit})."
    )
    return WindowPart(id="peers-deciles", heading=heading, sentence=sentence, figure=figure, table=table)
