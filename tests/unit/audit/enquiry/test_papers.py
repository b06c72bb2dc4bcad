"""What papers show: planned displacement, its two errors, the floor and outturn against plan beside it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from made_enquiry import AREA, MONEY, OWN, YEARS, figures, plan, write_run

from audit.enquiry.answers import read_answers
from audit.enquiry.papers import paper_rows
from audit.settings import load_settings

PRIORS = {"W1": 0.2, "W2": 0.1}


def row_of(folder: Path, answers: list[dict[str, Any]]) -> dict[str, Any]:
    settings = load_settings()
    rows = paper_rows(read_answers(write_run(folder, answers), settings), settings, PRIORS, {})
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
def test_planned_displacement_is_what_the_two_plans_differ_by_per_pound_of_transfer(
    tmp_path: Path, rate: float
) -> None:
    row = row_of(tmp_path, figures(AREA, plan(rate)))
    assert row["planned_rate"] == pytest.approx(rate) and row["years"] == " ".join(YEARS)
    assert row["transfer_gbp"] == pytest.approx(3000.0 * MONEY) and row["transfer_basis"] == "agreed"
    assert row["lower"] < rate < row["upper"]


def test_one_error_through_all_papers_does_not_shrink_with_more_years_and_errors_of_their_own_do(
    tmp_path: Path,
) -> None:
    one = row_of(tmp_path / "one", figures(AREA, plan(1.0, years=YEARS[:1])))
    three = row_of(tmp_path / "three", figures(AREA, plan(1.0)))
    assert one["error"] == pytest.approx(0.02 * (OWN + MONEY) / MONEY) == one["error_independent"]
    assert three["error"] == pytest.approx(one["error"])
    assert three["error_independent"] == pytest.approx(one["error"] / math.sqrt(3))
    assert three["evidence_ratio"] == pytest.approx(one["evidence_ratio"])
    assert three["evidence_ratio_independent"] > three["evidence_ratio"]


def test_the_papers_own_posterior_is_printed_at_every_prior_and_at_the_runs_own(tmp_path: Path) -> None:
    row = row_of(tmp_path, figures(AREA, plan(1.0)))
    odds = row["evidence_ratio"] * 0.2 / 0.8
    assert row["posterior_own"] == pytest.approx(odds / (1.0 + odds))
    assert row["posterior_05"] < row["posterior_10"] < row["posterior_own"] < row["posterior_30"]


def test_papers_written_after_the_year_began_or_not_dated_have_twice_the_error(tmp_path: Path) -> None:
    before = row_of(tmp_path / "a", figures(AREA, plan(0.3)))
    for folder, day in (("b", "2014-04-01"), ("c", "none")):
        after = row_of(tmp_path / folder, figures(AREA, plan(0.3), day=day))
        assert after["error"] == pytest.approx(2.0 * before["error"]) and after["years_afterwards"] == " ".join(YEARS)
    assert before["years_afterwards"] == ""


def test_a_transfer_that_the_papers_do_not_tell_is_taken_as_reckoned_and_said_to_be(tmp_path: Path) -> None:
    given = {year: {"own_without": OWN + 2_000.0, "own_with": OWN} for year in YEARS}
    given["2011-12"]["transfer_agreed"] = MONEY
    row = row_of(tmp_path, figures(AREA, given))
    assert row["transfer_basis"] == "partly agreed" and row["planned_rate"] == pytest.approx(0.5)


def test_own_spend_with_the_transfer_may_be_told_as_total_less_transfer(tmp_path: Path) -> None:
    given = {"2011-12": {"own_without": OWN + MONEY, "total_with": OWN + MONEY, "transfer_agreed": MONEY}}
    row = row_of(tmp_path, figures(AREA, given))
    assert row["planned_rate"] == pytest.approx(1.0) and row["years_missing"] == "2012-13 2013-14"


def test_a_year_that_contradicts_itself_is_left_out_and_named_as_missing(tmp_path: Path) -> None:
    given = plan(1.0)
    given["2012-13"]["total_with"] += 500.0
    row = row_of(tmp_path, figures(AREA, given))
    assert row["years"] == "2011-12 2013-14" and row["years_missing"] == "2012-13"


def test_budget_lines_met_before_are_a_floor_over_the_transfer_of_their_years(tmp_path: Path) -> None:
    row = row_of(tmp_path, figures(AREA, {}, lines={"2011-12": 1_000.0, "2012-13": 3_000.0}))
    assert row["floor_gbp"] == pytest.approx(4_000_000.0) and row["floor_rate"] == pytest.approx(0.5)
    assert math.isnan(row["planned_rate"]) and row["band"] is None


def test_outturn_against_plan_has_an_error_of_its_own_several_times_that_of_the_papers(tmp_path: Path) -> None:
    row = row_of(tmp_path, figures(AREA, plan(1.0)))
    assert row["outturn_rate"] == pytest.approx(1.0) and row["outturn_error"] > 2.0 * row["error"]
    assert row["outturn_years"] == " ".join(YEARS)


def test_an_answer_without_plans_or_lines_gives_no_row(tmp_path: Path) -> None:
    settings = load_settings()
    found = read_answers(write_run(tmp_path, figures(AREA, {"2011-12": {"own_outturn": OWN}})), settings)
    assert paper_rows(found, settings, PRIORS, {}) == []
