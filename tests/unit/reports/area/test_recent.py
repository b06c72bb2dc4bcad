"""Recent years and outcomes: described beside areas of the type, missing said to be missing."""

from __future__ import annotations

from reports.area.peers_section import peer_years
from reports.area.recent_section import outcomes, outcomes_part, recent_part
from reports.words.read_run import Run

AREAS = [
    {"area_code": f"E{place}", "area_name": f"Area {place}", "class": "london" if place < 4 else "county",
     "authority_codes": "E1;E2" if place == 3 else "E1"}
    for place in range(5)
]  # fmt: skip
YEARS = [
    {"area_code": f"E{place}", "financial_year": "2010-11", "population_18_plus": 1e5 * (1 + place),
     "deprivation_score": 20.0, "own_funded_real_gbp": 4e7 * (1 + place)}
    for place in range(5)
]  # fmt: skip
DELAYS = [
    {"area_code": "E0", "financial_year": "2010-11", "month": f"2010-{month:02d}", "nhs_days": 10.0,
     "social_care_days": 5.0, "both_days": None}
    for month in range(4, 10)
]  # fmt: skip
MEASURES = [
    {"area_code": f"E{place}", "financial_year": "2015-16", "measure": "ASC5", "value": 70.0 + place}
    for place in range(5)
]
RUN = Run(
    {"run_id": "x"}, {"area": AREAS, "area_year": YEARS, "dtoc_by_organisation": DELAYS, "outcome_oflog": MEASURES}
)


BUDGETS = [{"financial_year": "2019-20", "budget_gbp": 4.5e7}]


def year_of(year: str, **money: float | None) -> dict[str, object]:
    known = {"area_code": "E0", "financial_year": year, "own_funded_gbp": 4.2e7, "own_funded_real_gbp": 4e7}
    return {**known, "population_18_plus": 1e5, **money}


def outcome_lines(place: int) -> dict[str, list[str]]:
    table = outcomes_part(outcomes(RUN), AREAS[place]).table
    assert table is not None
    return {row[0].text: [f"{cell.text} {cell.small}".strip() for cell in row[1:]] for row in table.rows}


def test_delayed_days_are_a_year_per_hundred_thousand_adults_also_from_six_months():
    lines = outcome_lines(0)
    assert lines["Delayed days, NHS"] == ["120 2010-11", "same", "120"]
    assert lines["Delayed days, social care"] == ["60 2010-11", "same", "60"]


def test_a_measure_stands_beside_the_median_of_its_type_at_its_latest_year():
    later = [*MEASURES, {**MEASURES[0], "financial_year": "2022-23", "value": 81.0}]
    held = outcomes(Run({"run_id": "x"}, {**RUN.tables, "outcome_oflog": later}))
    table = outcomes_part(held, AREAS[0]).table
    assert table is not None
    line = [f"{cell.text} {cell.small}".strip() for cell in table.rows[-1]]
    assert line == ["Lower or no support after short-term service, %", "70.0 2015-16", "81.0 2022-23", "81.0"]


def test_an_outcome_of_nought_is_marked_as_one_that_nobody_counted():
    nought = [*MEASURES, {**MEASURES[0], "financial_year": "2022-23", "value": 0.0}]
    table = outcomes_part(outcomes(Run({"run_id": "x"}, {**RUN.tables, "outcome_oflog": nought})), AREAS[0]).table
    assert table is not None
    assert table.rows[-1][2] == ("0.0", "", "2022-23: none counted, so ask", "", "")


def test_rates_of_several_authorities_are_not_added_and_an_area_without_any_is_told_so():
    assert "No outcome measure is held" in outcomes_part(outcomes(RUN), AREAS[3]).empty
    several = {**AREAS[0], "authority_codes": "E1;E2"}
    assert "several authorities cannot be added" in outcomes_part(outcomes(RUN), several).sentence


def test_recent_years_begin_with_the_last_judged_year_and_leave_out_what_no_year_holds():
    years = [
        year_of("2018-19"),
        year_of("2019-20", earmarked_reserves_gbp=2e6, unallocated_reserves_gbp=1e6),
        year_of("2024-25", own_funded_real_gbp=None),
        year_of("2025-26", own_funded_gbp=None),
    ]
    peers = peer_years(Run({"run_id": "x"}, {"area": AREAS, "area_year": [*YEARS, *years]}))
    part = recent_part(peers, years, BUDGETS, AREAS[0])
    assert part.table is not None
    assert [column.label for column in part.table.columns] == [
        "Year", "Own-funded", "Budget", "Reserves", "Per adult", "Median London borough",
    ]  # fmt: skip
    assert [[cell.text for cell in row] for row in part.table.rows] == [
        ["2019-20", "42,000", "45,000", "3,000", "400", "400"],
        ["2024-25", "42,000", "[x]", "[x]", "[x]", "[x]"],
    ]
    assert "not judged" in part.sentence


def test_an_area_without_recent_years_is_told_so():
    peers = peer_years(Run({"run_id": "x"}, {"area": AREAS, "area_year": YEARS}))
    assert "No figures of recent years" in recent_part(peers, YEARS[:1], (), AREAS[0]).empty
