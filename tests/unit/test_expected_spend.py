"""Expected spend: robust, cross-fitted, honest about its width."""

from __future__ import annotations

import numpy as np

from audit.expected_spend import conformal_half_width, folds_of, huber_ridge, robust_spread


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
