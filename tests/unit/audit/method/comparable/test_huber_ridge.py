"""The regression: robust, cross-fitted, repeatable."""

from __future__ import annotations

import numpy as np
import pytest

from audit.method.comparable.huber_ridge import cross_fit, folds_of, huber_ridge, robust_spread, standardise
from audit.method.replacement_rate import conformal_rank
from audit.settings import load_settings


def test_one_wild_council_does_not_move_the_others_expectation() -> None:
    x = np.linspace(-1, 1, 60)[:, None]
    y = 0.5 + 2.0 * x[:, 0]
    wild = y.copy()
    wild[10] = 40.0
    noisy = wild + np.random.default_rng(3).normal(0, 0.05, 60)
    beta = huber_ridge(x, noisy, ridge=0.01, huber=1.345)
    assert abs(beta[0] - 0.5) < 0.1 and abs(beta[1] - 2.0) < 0.15


def test_folds_are_equal_and_repeatable() -> None:
    first, second = folds_of(150, 10, 1), folds_of(150, 10, 1)
    assert (first == second).all() and set(np.bincount(first)) == {15}


def test_no_area_takes_part_in_the_fit_of_its_own_fold() -> None:
    random, settings = np.random.default_rng(4), load_settings()
    predictors, outcome = random.normal(size=(80, 2)), random.normal(size=80)
    fold, rows = folds_of(80, 10, 1), np.ones(80, dtype=bool)
    before = cross_fit(predictors, outcome, rows, fold, settings)
    mine = fold == fold[0]
    after = cross_fit(predictors, np.where(mine, outcome + 9.0, outcome), rows, fold, settings)
    assert after[mine] == pytest.approx(before[mine]) and not np.allclose(after[~mine], before[~mine])


def test_an_area_without_an_outcome_is_still_given_what_is_expected_of_it() -> None:
    random, outcome = np.random.default_rng(4), np.random.default_rng(5).normal(size=80)
    outcome[3] = np.nan
    rows = np.arange(80) != 7
    found = cross_fit(random.normal(size=(80, 2)), outcome, rows, folds_of(80, 10, 1), load_settings())
    assert np.isfinite(found[3]) and np.isnan(found[7])


def test_too_few_areas_leave_the_expectation_unknown() -> None:
    found = cross_fit(np.zeros((5, 2)), np.ones(5), np.ones(5, dtype=bool), folds_of(5, 5, 1), load_settings())
    assert np.isnan(found).all()


def test_the_spread_of_normal_noise_is_its_standard_deviation_and_four_values_have_none() -> None:
    assert abs(robust_spread(np.random.default_rng(5).normal(0, 2.0, 20_000)) - 2.0) < 0.1
    assert np.isnan(robust_spread(np.array([1.0, 2.0, 3.0, 4.0, np.nan])))


def test_a_missing_predictor_is_the_middle_one_and_a_wild_one_is_clipped() -> None:
    column = np.append(np.linspace(-1.0, 1.0, 21), [np.nan, 1e9])
    found = standardise([column], np.arange(23) < 21, 4.0)[:, 0]
    assert found[21] == 0.0 and found[22] == 4.0 and found[10] == 0.0


def test_one_more_council_stays_below_the_conformal_rank_with_at_least_the_level() -> None:
    draws = np.sort(np.abs(np.random.default_rng(8).normal(size=(20_000, 30))), axis=1)
    beyond = np.abs(np.random.default_rng(9).normal(size=20_000)) > draws[:, conformal_rank(30, 0.90) - 1]
    assert 0.08 < beyond.mean() < 0.105
    assert conformal_rank(5, 0.90) == 5
