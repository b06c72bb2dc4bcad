"""Planted papers: what they say of their writers, and measures short enough to work by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from audit.enquiry.planned import planned
from audit.evaluation.enquiry.papers import at_an_end, first_places, found, papers_rows, power, taken
from audit.evaluation.enquiry.plant_papers import (
    BIASED,
    BIASED_WHERE,
    COMMON,
    ONE_YEAR,
    OWN,
    UNBIASED,
    WHOLE,
    WRITTEN_AFTERWARDS,
    YEARS,
    Papers,
    Told,
    kinds,
    lots,
    planted_rate,
    written,
)
from audit.settings import load_settings
from pipelines.declarations.catalogue import tables

AREAS = Told(*(np.full((150, 3), value) for value in (100.0, 7.0, 14.0)))
EXACT = Papers(UNBIASED, OWN, 0.0, 0.02, 3)


def drawn(draws: int = 20):
    return lots(150, 3, draws=draws, seed=1)


def rates(papers: Papers):
    made = drawn()
    return planned(*written(AREAS, papers, made, planted_rate(made))).rate, made.replaced


def test_one_council_in_ten_replaced_its_own_money_in_every_draw_and_not_always_the_same() -> None:
    replaced = drawn().replaced
    assert replaced.sum(axis=1).tolist() == [15] * 20
    assert (replaced[0] != replaced[1]).any()


def test_papers_without_error_tell_the_planted_displacement() -> None:
    rate, replaced = rates(EXACT)
    assert rate[replaced] == pytest.approx(1.0) and rate[~replaced] == pytest.approx(0.3)


def test_biased_papers_tell_three_per_cent_of_own_spend_too_little_everywhere_or_where_money_was_replaced() -> None:
    everywhere, replaced = rates(replace(EXACT, kind=BIASED))
    where, _ = rates(replace(EXACT, kind=BIASED_WHERE))
    assert everywhere[replaced] == pytest.approx(1.0 - 3.0 / 7.0) and where[replaced] == pytest.approx(1.0 - 3.0 / 7.0)
    assert everywhere[~replaced] == pytest.approx(0.3 - 3.0 / 7.0) and where[~replaced] == pytest.approx(0.3)


def test_errors_of_own_lessen_over_years_and_a_common_one_does_not() -> None:
    own, replaced = rates(Papers(UNBIASED, OWN, 0.02, 0.02, 3))
    common, _ = rates(Papers(UNBIASED, COMMON, 0.02, 0.02, 3))
    assert own[~replaced].std() == pytest.approx(2.0 / 7.0 / 3.0**0.5, rel=0.05)
    assert common[~replaced].std() == pytest.approx(2.0 / 7.0, rel=0.05)


def test_papers_of_the_whole_transfer_tell_the_same_rate_with_less_error_a_pound() -> None:
    (rise, replaced), (whole, _) = (rates(Papers(kind, ONE_YEAR, 0.02, 0.02, 1)) for kind in (UNBIASED, WHOLE))
    assert (whole[replaced] - 1.0) == pytest.approx((rise[replaced] - 1.0) / 2.0)


def test_a_run_takes_the_error_as_a_share_of_what_is_told_and_not_of_what_is_true() -> None:
    made = drawn(2)
    without, with_it, _, error = written(AREAS, replace(EXACT, kind=BIASED), made, planted_rate(made))
    assert error == pytest.approx(0.02 * without) and (with_it == 100.0).all()


def test_every_kind_of_papers_is_there_once_and_papers_written_afterwards_are_read_as_such() -> None:
    for window, years in YEARS.items():
        made = list(kinds(window, 0.02))
        assert len(set(made)) == len(made)
        plain = {
            (item.error, item.years, item.errors) for item in made if item.kind == UNBIASED and item.setting == 0.02
        }
        assert len(plain) == 4 * (2 * len(years) - 1)
        late = [item for item in made if item.kind == WRITTEN_AFTERWARDS]
        assert late and all(item.error == item.setting == 0.04 for item in late)
        own = {item.error for item in made if item.kind == UNBIASED and item.setting == item.error}
        assert own == {0.01, 0.02, 0.04, 0.08}


def test_papers_of_one_year_are_read_in_one_way_and_of_more_in_two() -> None:
    settings, made = load_settings(None), drawn(2)
    names = {column.name for column in tables()["evaluation_papers"].columns}
    (one,) = papers_rows(AREAS, Papers(UNBIASED, ONE_YEAR, 0.02, 0.02, 1), made, settings)
    two = papers_rows(AREAS, Papers(UNBIASED, OWN, 0.02, 0.02, 3), made, settings)
    assert [row["reading"] for row in (one, *two)] == ["either", OWN, COMMON]
    assert {"window", *one} == names
    assert two[0]["smallest_rate"] < two[1]["smallest_rate"]


def test_an_interval_of_the_true_error_holds_the_rate_and_a_bias_takes_it_out() -> None:
    settings, made = load_settings(None), drawn()
    right, biased, where = (
        papers_rows(AREAS, Papers(kind, ONE_YEAR, 0.02, 0.02, 1), made, settings)[0]
        for kind in (UNBIASED, BIASED, BIASED_WHERE)
    )
    assert all(0.90 <= right[name] <= 0.98 for name in ("coverage", "coverage_replaced", "coverage_others"))
    assert biased["coverage"] < 0.80 and biased["coverage_replaced"] < 0.85
    assert where["coverage"] != where["coverage"] and where["coverage_others"] == right["coverage_others"]


def test_power_is_what_lies_above_the_lowest_cut_at_which_a_tenth_is_wrong() -> None:
    ratio = np.arange(20.0)[::-1].reshape(2, 10)
    truth = np.ones(20, dtype=bool)
    truth[[9, 12, 13]] = False  # one wrong of ten, then three of fourteen
    assert power(ratio, truth.reshape(2, 10)) == pytest.approx(11 / 17)  # 12 places: one wrong of twelve
    assert math.isnan(power(ratio, np.zeros((2, 10), dtype=bool)))
    first_wrong = np.array([[False, True, True]])
    assert power(np.array([[3.0, 2.0, 1.0]]), first_wrong) == 0.0


def test_the_list_at_a_mean_posterior_is_the_longest_of_its_draw() -> None:
    chance = np.array([[0.99, 0.95, 0.80, 0.10], [0.85, 0.10, 0.10, 0.10]])
    truth = np.array([[True, False, True, True], [True, False, False, False]])
    made = taken(chance, truth)  # three places in the first draw (mean .913), none in the second
    assert made["list_found"] == pytest.approx(2 / 4) and made["list_wrong"] == pytest.approx(1 / 3)
    assert math.isnan(taken(np.full((1, 3), 0.5), np.ones((1, 3), dtype=bool))["list_wrong"])


def test_the_first_places_hold_ratios_above_one_only() -> None:
    ratio = np.concatenate([np.full(5, 2.0), np.full(25, -1.0)])[None, :]
    truth = (np.arange(30) < 4)[None, :]
    made = first_places(ratio, np.where(ratio > 0, 0.5, 0.1), truth)
    assert made == {"precision": pytest.approx(0.8), "expected": 2.5, "actual": 4.0}


def test_false_settlement_is_counted_at_each_end_and_over_both() -> None:
    chance = np.array([[0.95, 0.90, 0.50, 0.02, 0.01, 0.001]])
    truth = np.array([[True, False, True, True, False, False]])
    made = at_an_end(chance, truth)
    assert made["sure"] == pytest.approx(5 / 6)
    assert (made["high_wrong"], made["low_wrong"]) == (0.5, pytest.approx(1 / 3))
    assert made["sure_wrong"] == pytest.approx(2 / 5)


def test_ratios_that_know_the_truth_find_everybody_and_settle_nobody_wrongly() -> None:
    truth = (np.arange(40) < 4)[None, :]
    made = found(np.where(truth, 10.0, -10.0), truth)
    assert (made["power"], made["precision"], made["list_found"], made["sure"]) == (1.0, 1.0, 1.0, 1.0)
    assert (made["list_wrong"], made["high_wrong"], made["low_wrong"]) == (0.0, 0.0, 0.0)
