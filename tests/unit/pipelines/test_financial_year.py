"""Financial years and months in every form the publishers use."""

import pytest

from pipelines.financial_year import of_month, parse_month, parse_year, shift, years_between


@pytest.mark.parametrize("written", ["2011-12", "2011/12", "201112", "2011-2012", "2011 - 12"])
def test_every_way_of_writing_a_financial_year_is_read(written: str) -> None:
    assert parse_year(written) == "2011-12"


def test_a_lone_year_is_read_by_its_declared_end() -> None:
    assert parse_year("2018", single="end") == "2017-18"
    assert parse_year("17", single="start") == "2017-18"


@pytest.mark.parametrize("written", ["2011-13", "spring", "2011-1"])
def test_what_is_not_a_financial_year_is_not_guessed(written: str) -> None:
    assert parse_year(written) is None


@pytest.mark.parametrize("written", ["April 2011", "Apr-11", "2011-04-01", "2011-04-01 00:00:00"])
def test_months_are_read_however_they_are_written(written: str) -> None:
    assert parse_month(written) == "2011-04"


@pytest.mark.parametrize("written", ["2011-13", "2011-00", "May Day 2011"])
def test_what_is_not_a_month_is_not_guessed(written):
    assert parse_month(written) is None


def test_march_belongs_to_the_financial_year_that_began_the_april_before() -> None:
    assert of_month("2012-03") == "2011-12"
    assert of_month("2012-04") == "2012-13"


def test_years_shift_across_a_century() -> None:
    assert shift("1999-00", 1) == "2000-01"
    assert years_between("2008-09", "2010-11") == ["2008-09", "2009-10", "2010-11"]
