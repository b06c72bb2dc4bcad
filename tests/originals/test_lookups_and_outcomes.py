"""Lookups and outcomes as published: committed areas, known totals, the compiled series against its originals."""

from collections import defaultdict

import pytest

from pipelines.load.constant_areas import regenerate
from pipelines.load.load import Loaded, read_files
from pipelines.places import REFERENCE
from pipelines.read.find_files import find_files

DELAYED_DAYS = {
    "2011-12": 1373392, "2012-13": 1380475, "2013-14": 1413591, "2014-15": 1624977, "2015-16": 1809587,
    "2016-17": 2254821, "2017-18": 1979475, "2018-19": 1665649, "2019-20": 1289935,
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(originals) -> Loaded:
    return read_files([path for name in ("lookups", "outcomes") for path in find_files(originals / name)])


def figures(loaded, table):
    """Value by (column, authority, month or year) of every form of a table."""
    found = {}
    for form in loaded.forms:
        if form.table == table:
            period = form.records.get("month") or [form.financial_year] * form.size
            for line in form.lines:
                found |= zip(
                    zip([line.column] * form.size, form.records["authority_code"], period, strict=True),
                    line.values,
                    strict=True,
                )
    return found


def test_every_lookup_and_outcome_file_loads_with_nothing_set_aside(loaded):
    assert [str(problem) for problem in loaded.problems] == []
    assert [item for form in loaded.forms for item in form.aside] == []


def test_the_committed_areas_are_what_the_originals_give(loaded):
    for name, text in regenerate(loaded.forms).items():
        assert (REFERENCE / f"{name}.csv").read_text(encoding="utf-8") == text


def test_delayed_days_in_england_are_the_published_totals(loaded):
    totals = defaultdict(float)
    for form in (form for form in loaded.forms if form.table == "dtoc_by_reason"):
        line = next(line for line in form.lines if line.column == "total_days")
        for year, code, value in zip(
            form.records["financial_year"], form.records["authority_code"], line.values, strict=True
        ):
            totals[year] += value if code == "ENG" else 0
    assert totals == DELAYED_DAYS


def test_reasons_and_organisations_each_add_to_the_total(loaded):
    reasons, organisations = figures(loaded, "dtoc_by_reason"), figures(loaded, "dtoc_by_organisation")
    added, responsible = defaultdict(float), defaultdict(float)
    for (column, *key), value in reasons.items():
        added[tuple(key)] += (value or 0) * (column != "total_days")
    for (_, *key), value in organisations.items():
        responsible[tuple(key)] += value or 0
    for (column, *key), value in reasons.items():
        if column == "total_days" and value is not None:
            assert added[tuple(key)] == value, key
            assert key[0] == "E1203" or responsible[tuple(key)] == value, key


def test_every_monthly_workbook_equals_the_compiled_series(loaded):
    monthly, compiled = figures(loaded, "dtoc_monthly"), figures(loaded, "dtoc_by_reason")
    both = [key for key in monthly if key in compiled]
    assert len({key[2] for key in both}) == 19
    assert [key for key in both if (monthly[key] or 0) != (compiled[key] or 0)] == []


def test_the_areas_add_up_to_england(loaded):
    for form in (form for form in loaded.forms if form.table == "population_by_age"):
        areas = {
            row.split(",")[0] for row in (REFERENCE / "area_authority.csv").read_text().splitlines() if ",true," in row
        }
        for line in form.lines:
            by_code = dict(zip(form.records["authority_code"], line.values, strict=True))
            assert sum(value for code, value in by_code.items() if code in areas) == by_code["ENG"]
