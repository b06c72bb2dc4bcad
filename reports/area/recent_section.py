"""Recent years and outcomes of an area beside those of its type: described, never judged.

In: tables `area_year`, `dtoc_by_organisation`, `outcome_oflog` and `outcome_ascof`. Out: `Outcomes` once per run, and
`WindowPart` records per area. An area of several authorities has delayed days added up; published rates cannot be
added, so they are shown only where the area is one authority.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.area.peers_section import LAST_JUDGED, SERIES, PeerYears, quantile
from reports.words.frame import CLASSES
from reports.words.narrative import MISSING, decimal, is_missing, thousand
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, WindowPart

DELAYS = {"nhs_days": "Delayed days, NHS", "social_care_days": "Delayed days, social care"}
MEASURES = {
    "ASC1": "Quality of life, carers",
    "ASC2": "Quality of life, users",
    "ASC3": "Found information, users, %",
    "ASC4": "Found information, carers, %",
    "ASC5": "Lower or no support after short-term service, %",
    "ASC6": "Requests leading to a service",
    "ASC7": "Workforce turnover, %",
    "2A1": "Permanent admissions, 18-64",
    "2A2": "Permanent admissions, 65 and over",
    "2B1": "At home 91 days after reablement, %",
}
PLACES = {"ASC2": 3, **dict.fromkeys(DELAYS, 0)}
MONTHS = 12
Values = dict[tuple[str, ...], dict[str, float]]


@dataclass(frozen=True)
class Outcomes:
    """Values by (measure, year) and area, delayed days among them, and medians by (measure, year, class)."""

    measures: Values
    class_middles: Mapping[tuple[str, ...], float]


def _delays(run: Run) -> Values:
    adults = {
        (str(row["area_code"]), str(row["financial_year"])): row.get("population_18_plus")
        for row in run.rows("area_year")
    }
    days: dict[tuple[str, str], dict[str, float]] = {}
    months: dict[tuple[str, str], set[str]] = {}
    for row in run.rows("dtoc_by_organisation"):
        if not row["area_code"]:
            continue
        key = str(row["area_code"]), str(row["financial_year"])
        months.setdefault(key, set()).add(str(row["month"]))
        own = days.setdefault(key, dict.fromkeys(DELAYS, 0.0))
        for kind in DELAYS:
            own[kind] += row[kind] or 0.0
    made: Values = {}
    for (area, year), own in sorted(days.items()):
        people = adults.get((area, year))
        if people and not is_missing(people):
            held = len(months[area, year])
            for kind in DELAYS:
                made.setdefault((kind, year), {})[area] = own[kind] / held * MONTHS / people * 1e5
    return made


def _published(run: Run) -> Values:
    single = {str(row["area_code"]) for row in run.rows("area") if ";" not in str(row["authority_codes"] or "")}
    made: Values = {}
    for table, column in (("outcome_oflog", "value"), ("outcome_ascof", "outcome")):
        for row in run.rows(table):
            whole = table == "outcome_oflog" or row["disaggregation"] in ("Total", "", None)
            if whole and row["area_code"] in single and row["measure"] in MEASURES and row[column] is not None:
                key = str(row["measure"]), str(row["financial_year"])
                made.setdefault(key, {})[str(row["area_code"])] = float(row[column])
    return made


def outcomes(run: Run) -> Outcomes:
    """Everything the area pages need, worked out once."""
    measures = _delays(run) | _published(run)
    classes = {str(row["area_code"]): str(row["class"] or "") for row in run.rows("area")}
    class_middles: dict[tuple[str, ...], float] = {}
    for key, values in measures.items():
        by_class: dict[str, list[float]] = {}
        for area, value in values.items():
            by_class.setdefault(classes.get(area, ""), []).append(value)
        for kind, found in by_class.items():
            class_middles[(*key, kind)] = quantile(sorted(found), 0.5)
    return Outcomes(measures, class_middles)


def outcomes_part(held: Outcomes, area: Row) -> WindowPart:
    """First and latest value of each measure, with the latest median of the area's type."""
    code, kind = str(area["area_code"]), str(area["class"] or "")
    identity, heading = "recent-outcomes", "Outcomes"
    rows: list[tuple[Cell, ...]] = []
    for measure, label in (DELAYS | MEASURES).items():
        years = sorted(year for name, year in held.measures if name == measure and code in held.measures[name, year])
        if not years:
            continue
        values = [held.measures[measure, year][code] for year in years]
        printed = [decimal(value, places=PLACES.get(measure, 1)) for value in values]
        when = [year if value else f"{year}: none counted, so ask" for year, value in zip(years, values, strict=True)]
        middle = held.class_middles.get((measure, years[-1], kind))
        rows.append(
            (
                Cell(label),
                Cell(printed[0], small=when[0]),
                Cell(printed[-1], small=when[-1]) if len(years) > 1 else Cell("same"),
                Cell(decimal(middle, places=PLACES.get(measure, 1))),
            )
        )
    if not rows:
        return WindowPart(id=identity, heading=heading, empty="No outcome measure is held for this area.")
    table = DataTable(
        id="outcomes-table",
        caption="First and latest value held",
        columns=(
            Column("Measure"),
            Column("First", numeric=True),
            Column("Latest", numeric=True),
            Column(f"Median {CLASSES.get(kind, 'area')}", numeric=True),
        ),
        rows=tuple(rows),
        note="Days, requests, admissions: per 100,000 people. Requests changed in 2016-17 [b].",
    )
    several = ";" in str(area["authority_codes"] or "")
    sentence = "No result rests on an outcome." + (
        " Published rates of several authorities cannot be added." if several else ""
    )
    return WindowPart(id=identity, heading=heading, sentence=sentence, table=table)


def _reserves(row: Row) -> float | None:
    parts = [row.get("earmarked_reserves_gbp"), row.get("unallocated_reserves_gbp")]
    return None if any(is_missing(part) for part in parts) else sum(float(part) for part in parts if part is not None)


def recent_part(peers: PeerYears, years: Sequence[Row], budgets: Sequence[Row], area: Row) -> WindowPart:
    """From the last judged year to the latest held: own-funded spend, other income, reserves, spend per adult, and the
    budget of the years in which it is held (rows of table `budget_outturn`).
    """
    identity, heading = "recent-years", "Money by year"
    code, kind = str(area["area_code"]), str(area["class"] or "")
    rows = sorted(
        (
            row
            for row in years
            if str(row["financial_year"]) >= LAST_JUDGED and not is_missing(row.get("own_funded_gbp"))
        ),
        key=lambda row: str(row["financial_year"]),
    )
    if not rows:
        return WindowPart(id=identity, heading=heading, empty="No figures of recent years are held for this area.")
    own = peers.values.get(code, {})
    unit = "Per adult" if "adult" in peers.unit else "First year = 100"
    planned = {str(row["financial_year"]): row["budget_gbp"] for row in budgets}
    found: list[tuple[Column, list[str]]] = [
        (Column("Own-funded", numeric=True), [thousand(row["own_funded_gbp"]) for row in rows]),
        (Column("Budget", numeric=True), [thousand(planned.get(str(row["financial_year"]))) for row in rows]),
        (Column("Other income", numeric=True), [thousand(row.get("other_income_gbp")) for row in rows]),
        (Column("Reserves", numeric=True), [thousand(_reserves(row)) for row in rows]),
    ]
    by_year = [str(row["financial_year"]) for row in rows]
    for name, values in (
        (unit, own),
        (f"Median {CLASSES.get(kind, kind)}", {year: peers.class_medians.get((kind, year)) for year in by_year}),
    ):
        found.append((Column(name, numeric=True), [decimal(values.get(year), places=0) for year in by_year]))
    shown = [(column, cells) for column, cells in found if any(cell != MISSING for cell in cells)]
    table = DataTable(
        id="recent-table",
        caption=f"{SERIES}: £ thousand, then {peers.unit}",
        columns=(Column("Year", short=True), *(column for column, _ in shown)),
        rows=tuple((Cell(year), *(Cell(cells[place]) for _, cells in shown)) for place, year in enumerate(by_year)),
        note="Reserves: at the year's end. [x]: not held.",
    )
    return WindowPart(id=identity, heading=heading, sentence="Described, not judged.", table=table)
