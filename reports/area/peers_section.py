"""Compared with peers: deciles of all areas over time with one area's line, and the middle value of its own class.

In: tables `area_year` and `peer`. Out: `PeerYears` once per run, a `WindowPart` per area, and its peers by name. Spend
is per adult in 2014-15 prices; where no population is held, it is the level relative to the first year (100), and the
page says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from reports.charts import decile_band
from reports.words.frame import CLASSES, short_window, spoken_name
from reports.words.narrative import decimal, is_missing, join_words, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, Figure, WindowPart

ENOUGH = 10
LAST_JUDGED = "2019-20"
SERIES = "Own-funded spend with social-care grants"
KINDS = {"unitary": "unitary", "metropolitan": "metropolitan", "london": "London", "county": "county"}
PEERS_WORDS = (
    "Expected changes are learnt from all other councils; these peers give the medians of the unusual pattern's signs. "
    "They are nearest in adults, deprivation and judged own-funded spend per adult; another type counts as distance."
)


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
    """One area's line within the deciles; the table ends with the last judged year, the chart goes on."""
    code, name, kind = str(area["area_code"]), spoken_name(str(area["area_name"])), str(area["class"])
    own = peers.values.get(code, {})
    years = list(peers.deciles)
    heading = f"{SERIES}, per adult" if "adult" in peers.unit else SERIES
    if len([year for year in years if year in own]) < 2:
        return WindowPart(
            id="peers-deciles",
            heading=heading,
            empty="Too few comparable figures are held to set this area beside its peers.",
        )
    class_words, told = CLASSES.get(kind, kind), [year for year in years if year <= LAST_JUDGED]
    table = DataTable(
        id="peers-table",
        caption=f"This area among all areas: {peers.unit}",
        columns=(
            Column("Year", short=True),
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
            for year in told
        ),
        note="The judged series leaves those grants out from 2017-18. In 2011-12 learning-disability money moved to "
        "council grant [b]."
        + (" Later years: in the chart and section “Recent years”." if years[-1] > LAST_JUDGED else ""),
    )
    last = max((year for year in told if year in own), default="")
    rows = [
        {
            "year": year,
            "value": None if is_missing(own.get(year)) else round(own[year], 2),
            **{f"p{place}0": round(value, 2) for place, value in enumerate(peers.deciles[year], start=1)},
        }
        for year in years
    ]
    sentence = ""
    if last:
        here, middle = decimal(own[last], places=0), decimal(peers.deciles[last][4], places=0)
        of_class = decimal(peers.class_medians.get((kind, last)), places=0)
        sentence = f"In {last} {name} spent {here}, the median {class_words} {of_class} and the median area {middle} "
        sentence += f"({peers.unit})."
    figure = Figure(
        id="peers-deciles-chart",
        title=f"{name} (heavy line) among all areas",
        subtitle=f"{peers.unit}. Bands: deciles. Dashed: median.",
        description=f"{sentence} The table gives every year to {LAST_JUDGED}.".strip(),
        chart=partial(decile_band.draw, rows),
    )
    return WindowPart(id="peers-deciles", heading=heading, sentence=sentence, figure=figure, table=table)


def named_peers(windows: Sequence[str], rows: Mapping[str, Sequence[Row]], areas: Mapping[str, Row]) -> WindowPart:
    """The area's peers by name in one table, under the area itself, as table `peer` holds them.

    `rows` are its rows of that table by window, `areas` the run's areas by code.
    """
    held = {window: {str(row["peer_code"]): row for row in rows[window]} for window in windows if rows.get(window)}
    identity, heading = "peers-named", "The peers used"
    absent = [short_window(window) for window in windows if window not in held]
    lacking = f"No peers are held for this area in: {join_words(absent)}." if absent else ""
    if not held:
        return WindowPart(id=identity, heading=heading, empty=lacking or "No peers are held for this area.")
    first: dict[str, Row] = {}
    for found in held.values():
        for code, row in sorted(found.items(), key=lambda item: (item[1]["place"], item[0])):
            first.setdefault(code, row)

    def line(code: str, row: Row) -> tuple[Cell, ...]:
        area = areas.get(code, {})
        return (
            Cell(str(area.get("area_name") or code), href=f"areas/{code}.html" if row["place"] and area else ""),
            Cell(KINDS.get(str(area.get("class")), "not held")),
            Cell(whole(row["adults"])),
            Cell(decimal(row["deprivation_score"], places=1)),
            *(Cell(whole(found[code]["own_per_adult_gbp"]) if code in found else "") for found in held.values()),
        )

    table = DataTable(
        id="peers-named-table",
        caption="This area, then its peers in each window, nearest first",
        columns=(
            Column("Area"),
            Column("Type", short=True),
            Column("Adults", numeric=True),
            Column("Deprivation", numeric=True, short=True),
            *(Column(f"£ per adult, {short_window(window)}", numeric=True) for window in held),
        ),
        rows=tuple(line(code, row) for code, row in first.items()),
        note="Means of the base years of the first window named; 2014-15 prices.",
    )
    return WindowPart(id=identity, heading=heading, sentence=f"{PEERS_WORDS} {lacking}".strip(), table=table)
