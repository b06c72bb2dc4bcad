"""Expected spend: robust, cross-fitted, honest about its width."""

from __future__ import annotations

import numpy as np

from audit.method.expected_spend import (
    conformal_half_width,
    conformal_place,
    folds_of,
    huber_ridge,
    level_spread,
    robust_spread,
)


def test_one_wild_council_does_not_move_the_others_expectation() -> None:
    x = np.linspace(-1, 1, 60)[:, None]
    y = 0.5 + 2.0 * x[:, 0]
    wild = y.copy()
    wild[10] = 40.0
    noisy = wild + np.random.default_rng(3).normal(0, 0.05, 60)
    beta = huber_ridge(x, noisy, ridge=0.01, huber=1.345)
    assert abs(beta[0] - 0.5) < 0.1 and abs(beta[1] - 2.0) < 0.15


def test_the_interval_covers_its_level_of_the_residuals() -> None:
    residual = np.random.default_rng(4).normal(0, 0.1, 1000)
    width = conformal_half_width(residual, np.ones(1000), 0.90)
    assert 0.88 < (np.abs(residual) <= width).mean() < 0.92


def test_folds_are_equal_and_repeatable() -> None:
    first, second = folds_of(150, 10, 1), folds_of(150, 10, 1)
    assert (first == second).all() and set(np.bincount(first)) == {15}


def test_the_spread_of_normal_noise_is_its_standard_deviation() -> None:
    assert abs(robust_spread(np.random.default_rng(5).normal(0, 2.0, 20_000)) - 2.0) < 0.1


def test_long_tails_widen_the_interval_and_short_ones_do_not_narrow_it() -> None:
    random = np.random.default_rng(7)
    normal, long = random.normal(size=4000), random.standard_t(2, size=4000)
    assert level_spread(robust_spread(normal), normal, 0.90) < 1.06
    wide = level_spread(robust_spread(long), long, 0.90)
    assert wide > 1.2 * robust_spread(long)
    assert abs((np.abs(long) <= 1.645 * wide).mean() - 0.90) < 0.01
    assert level_spread(1.0, np.linspace(-1.0, 1.0, 101), 0.90) == 1.0


def test_one_more_council_stays_below_the_conformal_place_with_at_least_the_level() -> None:
    draws = np.sort(np.abs(np.random.default_rng(8).normal(size=(20_000, 30))), axis=1)
    beyond = np.abs(np.random.default_rng(9).normal(size=20_000)) > draws[:, conformal_place(30, 0.90)]
    assert 0.08 < beyond.mean() < 0.105
    assert conformal_place(5, 0.90) == 4
