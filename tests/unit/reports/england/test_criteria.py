"""The page of criteria: those in force in each window, and the years for which none is held."""

from __future__ import annotations

import pytest

from pipelines.supplied.supplied_tables import read_supplied_table
from reports.england.criteria_page import criteria_page, criteria_part
from reports.words.read_run import Run

W1, W2 = ["2011-12", "2012-13", "2013-14"], ["2015-16", "2016-17", "2017-18", "2018-19", "2019-20"]


@pytest.fixture(scope="module")
def criteria():
    return read_supplied_table("criteria", ())


def run_with(criteria) -> Run:
    spend = [
        {"window": window, "financial_year": year, "is_base": year == "2010-11"}
        for window, years in (("W1", ["2010-11", *W1]), ("W2", W2))
        for year in years
    ]
    flags = [{"window": window, "area_code": "E1"} for window in ("W1", "W2")]
    return Run({"run_id": "x"}, {"criteria": criteria, "expected_spend": spend, "flag": flags})


def test_all_criteria_in_force_are_listed_and_the_years_without_one_are_named(criteria):
    table = criteria_part(criteria, [*W1, *W2], window="W1").table
    assert table is not None
    years = [row[0].text for row in table.rows]
    assert years == ["2011-12", "2013-14", "2013-14", "2015-16", "2015-16", "2016-17", "2017-18 to 2018-19"]
    assert "none is held for 2012-13 and 2019-20" in table.note


def test_each_window_has_a_table_of_its_own_years_and_no_base_year_counts(criteria):
    (section,) = criteria_page(run_with(criteria)).sections
    first, second = section.parts
    assert first.table is not None and second.table is not None
    assert {row[0].text for row in first.table.rows} == {"2011-12", "2013-14"}
    assert "2010-11" not in first.table.note
    assert len(second.table.rows) == 4


def test_a_run_without_criteria_is_told_so_in_words():
    page = criteria_page(run_with([]))
    assert page.lead == ("This run holds no published criteria for these years.",)
    assert all("no published criteria" in part.empty for part in page.sections[0].parts)
