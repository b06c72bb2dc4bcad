"""Answers against themselves and against the returns: both figures, both cells, and what came out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_enquiry import AREA, MONEY, OWN, figures, plan, write_run

from audit.enquiry.answer_checks import check_rows, contradicted
from audit.enquiry.answers import Held, read_answers
from audit.settings import load_settings


def rows_of(folder: Path, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return check_rows(read_answers(write_run(folder, answers), load_settings()), {})


def one(rows: list[dict[str, Any]], check: str, year: str = "2011-12") -> dict[str, Any]:
    found = [row for row in rows if row["check"] == check and row["financial_year"] == year]
    assert len(found) == 1, (check, rows)
    return found[0]


def test_a_total_that_is_not_own_spend_and_transfer_together_is_named_with_all_three_cells(tmp_path: Path) -> None:
    given = plan(0.3)
    given["2011-12"]["total_with"] += 600.0
    rows = rows_of(tmp_path, figures(AREA, given))
    row = one(rows, "identity")
    assert row["outcome"] == "differs" and row["cell"] == "C13" and row["held_cell"] == "Plan C11 and Plan C12"
    assert row["said"].endswith("left out until this is mended.")
    assert one(rows, "identity", "2012-13")["outcome"] == "agrees"


def test_rounding_to_the_thousand_breaks_no_identity(tmp_path: Path) -> None:
    given = {"2011-12": {"own_without": 90.0, "own_with": 80.0, "transfer_agreed": 10.0, "total_with": 91.0}}
    rows = rows_of(tmp_path, figures(AREA, given))
    assert one(rows, "identity")["outcome"] == "agrees"


@pytest.mark.parametrize(("told", "outcome"), [(OWN, "agrees"), (OWN * 1.009, "agrees"), (OWN * 1.05, "differs")])
def test_a_quoted_outturn_is_set_against_the_return_with_its_cell(tmp_path: Path, told: float, outcome: str) -> None:
    given = plan(0.3)
    given["2011-12"]["own_outturn"] = told
    row = one(rows_of(tmp_path, figures(AREA, given)), "return")
    assert row["outcome"] == outcome and row["held_gbp"] == pytest.approx(1000.0 * OWN)
    assert row["held_cell"] == "Example return, sheet Example sheet: I1 (W1-001)"


def test_the_transfer_is_set_against_income_booked_and_the_amount_worked_out(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, figures(AREA, plan(0.3, money=MONEY * 1.5)))
    receipts, worked = one(rows, "receipts"), one(rows, "worked-out amount")
    assert "146% of the income booked" in receipts["said"]
    assert receipts["held_gbp"] == pytest.approx(4_100_000.0) and receipts["outcome"] == "differs"
    assert worked["difference_share"] == pytest.approx(0.5) and "50% above" in worked["said"]


@pytest.mark.parametrize(("factor", "words"), [(1000.0, "looks like pounds"), (0.001, "looks like millions")])
def test_a_factor_of_a_thousand_is_named_and_the_year_left_out(tmp_path: Path, factor: float, words: str) -> None:
    given = {year: {item: factor * value for item, value in items.items()} for year, items in plan(0.3).items()}
    found = read_answers(write_run(tmp_path, figures(AREA, given)), load_settings())
    rows = check_rows(found, {})
    named = [row for row in rows if words in row["said"]]
    assert {row["item"] for row in named} >= {"own_without", "own_with", "total_with", "transfer_agreed"}
    assert contradicted(found[0]) == set(given)


def test_plans_that_differ_by_more_than_the_transfer_or_less_than_nothing_are_asked_about_not_refused(
    tmp_path: Path,
) -> None:
    for folder, rate in (("more", 1.4), ("less", -0.2)):
        answers = figures(AREA, plan(rate))
        found = read_answers(write_run(tmp_path / folder, answers), load_settings())
        assert one(check_rows(found, {}), "range")["outcome"] == "asked about" and contradicted(found[0]) == set()
    assert not [row for row in rows_of(tmp_path / "in", figures(AREA, plan(0.5))) if row["check"] == "range"]


def test_the_day_of_each_paper_is_set_against_the_first_of_april_of_its_year(tmp_path: Path) -> None:
    before = one(rows_of(tmp_path / "a", figures(AREA, plan(0.3), day="2011-03-31")), "date")
    after = one(rows_of(tmp_path / "b", figures(AREA, plan(0.3), day="2011-04-01")), "date")
    never = one(rows_of(tmp_path / "c", figures(AREA, plan(0.3), day="none")), "date")
    assert [row["outcome"] for row in (before, after, never)] == ["agrees", "asked about", "not told"]


def test_uses_that_do_not_add_up_to_the_transfer_are_named(tmp_path: Path) -> None:
    given = plan(0.3)
    given["2011-12"] |= {"use_protecting": 3_000.0, "use_new": 500.0}
    given["2012-13"] |= {"use_protecting": 3_000.0, "use_new": 1_000.0}
    rows = rows_of(tmp_path, figures(AREA, given))
    assert [one(rows, "uses", year)["outcome"] for year in ("2011-12", "2012-13")] == ["differs", "agrees"]


def test_years_without_plans_are_named(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, figures(AREA, plan(0.3, years=("2011-12",))))
    assert "2012-13, 2013-14" in one(rows, "coverage", "")["said"]


def test_a_form_whose_filled_in_figure_is_not_that_of_the_run_is_named(tmp_path: Path) -> None:
    given = plan(0.3)
    given["2011-12"]["own_returned"], given["2012-13"]["own_returned"] = OWN + 7.0, OWN
    rows = rows_of(tmp_path, figures(AREA, given))
    row = one(rows, "return")
    assert row["item"] == "own_returned" and row["outcome"] == "differs" and "of another run" in row["said"]


def test_a_budget_return_is_set_beside_the_plan_in_the_window_whose_scope_it_has(tmp_path: Path) -> None:
    years = {"2018-19": {"own_without": OWN + MONEY, "own_with": OWN, "transfer_agreed": MONEY}}
    answers = [row | {"window": "W2"} for row in figures(AREA, years)]
    found = read_answers(write_run(tmp_path, answers), load_settings())
    rows = check_rows(found, {(AREA, "2018-19"): Held(2000.0 * OWN, "RA 2018-19")})
    row = one(rows, "budget", "2018-19")
    assert row["outcome"] == "differs" and row["held_cell"] == "RA 2018-19" and "50% below" in row["said"]
