"""Outcomes and nearest areas: described beside peers, missing said to be missing."""

from __future__ import annotations

from reports.area.nearest_section import likeness, nearest, nearest_part
from reports.area.outcomes_section import delays_part, measures_part, outcomes
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


def test_delayed_days_are_a_year_per_hundred_thousand_adults_also_from_six_months():
    part = delays_part(outcomes(RUN), AREAS[0])
    assert part.table is not None
    assert [cell.text for cell in part.table.rows[0]] == ["2010-11", "120", "120", "60", "60", "0"]


def test_a_measure_stands_beside_the_middle_of_its_type_and_of_all():
    part = measures_part(outcomes(RUN), AREAS[0])
    assert part.table is not None
    assert [cell.text for cell in part.table.rows[0]][2:] == ["70.0", "71.0", "71.5"]


def test_rates_of_several_authorities_are_not_added_and_the_page_says_what_would_show_them():
    assert "cannot be added" in measures_part(outcomes(RUN), AREAS[3]).empty
    assert "would show them" in delays_part(outcomes(RUN), AREAS[3]).empty


def test_the_nearest_areas_are_of_the_same_type_and_never_the_area_itself():
    held = likeness(RUN)
    assert nearest(held, "E0") == ["E1", "E2", "E3"]
    assert nearest(held, "E4") == []
    assert "no nearest areas" in nearest_part(held, AREAS[4]).empty
    assert nearest_part(held, AREAS[0]).table is not None
