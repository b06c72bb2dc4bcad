"""Outcomes beside money: delayed days and published outcome measures of an area against peers. Described, never scored.

In: tables `dtoc_by_organisation`, `outcome_oflog`, `outcome_ascof` and `area_year`. Out: `Outcomes` once per run, and
`WindowPart` records per area. An area of several authorities has delayed days added up; published rates cannot be
added, so they are shown only where the area is one authority.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports.area.peers_section import quantile
from reports.words.frame import CLASSES
from reports.words.narrative import decimal, is_missing
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, WindowPart

MEASURES = {
    "ASC1": "Quality of life of carers, score",
    "ASC2": "Quality of life of people using services, score",
    "ASC3": "Found information easily, people using services, %",
    "ASC4": "Found information easily, carers, %",
    "ASC5": "Lower or no support after short-term service, %",
    "ASC6": "Requests resulting in a service, per 100,000 adults",
    "ASC7": "Workforce turnover, %",
    "2A1": "Permanent admissions, aged 18-64, per 100,000",
    "2A2": "Permanent admissions, aged 65 and over, per 100,000",
    "2B1": "At home 91 days after reablement, %",
    "2D": "Lower or no support after short-term service (ASCOF), %",
}
KINDS = ("nhs_days", "social_care_days", "both_days")
MONTHS = 12
Values = dict[tuple[str, ...], dict[str, float]]


@dataclass(frozen=True)
class Outcomes:
    """Rates by (kind, year) and area, published values by (measure, year) and area, and areas by class."""

    delays: Values
    measures: Values
    classes: Mapping[str, str]
    middles: Mapping[tuple[str, ...], float]
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
        own = days.setdefault(key, dict.fromkeys(KINDS, 0.0))
        for kind in KINDS:
            own[kind] += row[kind] or 0.0
    made: Values = {}
    for (area, year), own in sorted(days.items()):
        people = adults.get((area, year))
        if people and not is_missing(people):
            held = len(months[area, year])
            for kind in KINDS:
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
    delays, measures = _delays(run), _published(run)
    classes = {str(row["area_code"]): str(row["class"] or "") for row in run.rows("area")}
    middles: dict[tuple[str, ...], float] = {}
    class_middles: dict[tuple[str, ...], float] = {}
    for key, values in (delays | measures).items():
        middles[key] = quantile(sorted(values.values()), 0.5)
        by_class: dict[str, list[float]] = {}
        for area, value in values.items():
            by_class.setdefault(classes.get(area, ""), []).append(value)
        for kind, found in by_class.items():
            class_middles[(*key, kind)] = quantile(sorted(found), 0.5)
    return Outcomes(delays, measures, classes, middles, class_middles)


def delays_part(held: Outcomes, area: Row) -> WindowPart:
    """Delayed days per 100,000 adults by who was responsible, with the median area of its type."""
    code, kind = str(area["area_code"]), str(area["class"] or "")
    heading = "Delayed transfers of care"
    years = sorted({year for _, year in held.delays if code in held.delays["nhs_days", year]})
    if not years:
        return WindowPart(
            id="outcomes-delays",
            heading=heading,
            empty="No delayed days are held for this area. The monthly delayed transfers collection would show them.",
        )
    rows: list[tuple[Cell, ...]] = []
    for year in years:
        cells = [Cell(year)]
        for name in KINDS:
            cells.append(Cell(decimal(held.delays[name, year].get(code), places=0)))
            if name != "both_days":
                cells.append(Cell(decimal(held.class_middles.get((name, year, kind)), places=0)))
        rows.append(tuple(cells))
    words = CLASSES.get(kind, "area")
    table = DataTable(
        id="delays-table",
        caption="Delayed days a year per 100,000 adults, by the organisation responsible",
        columns=(
            Column("Financial year", short=True),
            Column("NHS", numeric=True),
            Column(f"NHS, median {words}", numeric=True),
            Column("Social care", numeric=True),
            Column(f"Social care, median {words}", numeric=True),
            Column("Both", numeric=True),
        ),
        rows=tuple(rows),
        note="Months held, raised to a year. The collection ended in February 2020.",
    )
    return WindowPart(id="outcomes-delays", heading=heading, table=table)


def measures_part(held: Outcomes, area: Row) -> WindowPart:
    """First and latest value of each published measure, with the median area of its type."""
    code, kind = str(area["area_code"]), str(area["class"] or "")
    heading = "Published outcome measures"
    rows: list[tuple[Cell, ...]] = []
    for measure, label in MEASURES.items():
        years = sorted(year for name, year in held.measures if name == measure and code in held.measures[name, year])
        for year in dict.fromkeys(years[:1] + years[-1:]):
            value = held.measures[measure, year][code]
            places = 3 if measure == "ASC2" else 1
            rows.append(
                (
                    Cell(label),
                    Cell(year),
                    Cell(decimal(value, places=places)),
                    Cell(decimal(held.class_middles.get((measure, year, kind)), places=places)),
                    Cell(decimal(held.middles[measure, year], places=places)),
                )
            )
    if not rows:
        return WindowPart(
            id="outcomes-measures",
            heading=heading,
            empty="No published measure is held for this area as it stands: rates of several authorities cannot be "
            "added. The adult social care outcomes framework of each authority would show them.",
        )
    table = DataTable(
        id="measures-table",
        caption="First and latest value held",
        columns=(
            Column("Measure"),
            Column("Financial year", short=True),
            Column("This area", numeric=True),
            Column(f"Median {CLASSES.get(kind, 'area')}", numeric=True),
            Column("Median area", numeric=True),
        ),
        rows=tuple(rows),
        note="Office for Local Government and adult social care outcomes framework. Requests (ASC6) changed in "
        "definition between 2015-16 and 2016-17 [b].",
    )
    return WindowPart(id="outcomes-measures", heading=heading, table=table)
