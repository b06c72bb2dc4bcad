"""Marks after the checks: poor data are marked, and no list, ratio or band moves."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from made_returns import area_code, write_made_returns

from audit.flags.mark_quality import mark_quality, worst_by_window
from audit.run.audit_stage import assess
from audit.settings import load_settings
from pipelines.declarations.parquet import read_table, write_table


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_made_returns(tmp_path_factory.mktemp("made"), replaced=5)
    assess(folder, load_settings())
    return folder


def test_without_quality_grades_the_flags_stay_as_they_are(assessed: Path) -> None:
    before = (assessed / "flag.parquet").read_bytes()
    assert mark_quality(assessed, load_settings()) == 0
    assert (assessed / "flag.parquet").read_bytes() == before


def test_poor_data_in_a_year_of_the_window_are_marked_and_change_nothing_else(assessed: Path) -> None:
    before = read_table(assessed, "flag").set_index(["area_code", "window"])
    rows = {"area_code": [area_code(5)], "financial_year": ["2012-13"], "grade": ["poor"], "reasons": ["X"]}
    write_table("data_quality", {**rows, "marks": [1]}, assessed)
    assert mark_quality(assessed, load_settings()) == 1
    after = read_table(assessed, "flag").set_index(["area_code", "window"])
    assert after.loc[(area_code(5), "W1"), "data_quality"] == "poor"
    assert after.loc[(area_code(5), "W2"), "data_quality"] == "good"
    assert after.loc[(area_code(5), "W1"), "list"] in ("review list", "both lists")
    pd.testing.assert_frame_equal(before.drop(columns="data_quality"), after.drop(columns="data_quality"))
    first = (assessed / "flag.parquet").read_bytes()
    assert mark_quality(assessed, load_settings()) == 0
    assert (assessed / "flag.parquet").read_bytes() == first


def test_the_worst_of_the_years_counts_in_every_window_that_has_the_year() -> None:
    graded = [
        {"area_code": "A", "financial_year": year, "grade": grade}
        for year, grade in (("2012-13", "fair"), ("2013-14", "poor"), ("2016-17", "good"), ("2022-23", "poor"))
    ]
    assert worst_by_window(graded, load_settings()) == {("A", "W1"): "poor", ("A", "W2"): "poor"}


def test_the_register_of_series_breaks_is_a_table_of_the_run(assessed: Path) -> None:
    rows = read_table(assessed, "series_break")
    assert {"learning-disability-2011", "covid-2020"} <= set(rows["code"])
    assert rows["what"].str.len().gt(0).all()


def test_derived_figures_stand_in_the_evidence_marked_as_estimates(assessed: Path) -> None:
    rows = read_table(assessed, "evidence")
    assert set(rows[rows["table"] == "area_year"]["status"]) <= {"e"}
    assert rows[rows["cell"].notna()]["value"].notna().all()
