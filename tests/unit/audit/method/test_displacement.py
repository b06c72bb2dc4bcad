"""Displacement: the null spread and the robust interval."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from audit.method.displacement import critical_values, heterogeneity, least_spread, null_spread
from audit.settings import CONTROLS, load_settings

norm_cdf = NormalDist().cdf


def test_without_bias_the_interval_is_the_normal_one_and_grows_with_bias() -> None:
    found = critical_values(np.array([0.0, 1.0, 10.0, np.nan]), 0.90)
    assert abs(found[0] - 1.645) < 0.01
    assert found[0] < found[1] < found[2] and np.isnan(found[3])


def test_no_two_point_bias_of_the_given_mean_square_escapes_the_interval() -> None:
    width = critical_values(np.array([1.0]), 0.95)[0]
    for square in (1.0, 1.5, 3.0, 8.0, 25.0):
        share, bias = 1.0 / square, math.sqrt(square)
        missed = share * (norm_cdf(-width - bias) + norm_cdf(-width + bias)) + (1 - share) * 2 * norm_cdf(-width)
        assert missed <= 0.0502


def test_the_placebo_spread_grows_as_it_does_for_services_without_nhs_money() -> None:
    settings = load_settings()
    spreads = {"W1": 0.3, "placebo_2009_10": 0.04, "placebo_2010_11": 0.06}
    for service in CONTROLS:
        spreads |= {f"placebo_W1_{service}": 0.2, f"placebo_2009_10_{service}": 0.1, f"placebo_2010_11_{service}": 0.1}
    assert abs(null_spread("W1", spreads, settings) - 0.10) < 1e-9


def test_a_window_without_placebo_years_keeps_its_own_spread() -> None:
    assert null_spread("W1", {"W1": 0.3}, load_settings()) == 0.3


def test_one_return_in_the_wrong_unit_does_not_stop_the_shrinking() -> None:
    random = np.random.default_rng(6)
    error = random.uniform(0.8, 1.2, size=150)
    estimates = random.normal(0.0, 0.5, size=150) + error * random.normal(size=150)
    clean = heterogeneity(estimates, error, 4.0)
    estimates[3] *= 1000.0
    assert 0.05 < clean < 0.7
    assert heterogeneity(estimates, error, 4.0) < 2.0 * clean + 0.2


def test_the_least_spread_is_that_of_placebo_years_and_never_above_the_windows_own() -> None:
    settings = load_settings()
    placebo = {"placebo_2009_10": 0.04, "placebo_2010_11": 0.06}
    assert abs(least_spread("W1", {"W1": 0.3, **placebo}, settings) - 0.05) < 1e-9
    assert least_spread("W1", {"W1": 0.02, **placebo}, settings) == 0.02
    assert least_spread("W1", {"W1": 0.02}, settings) == 0.02


def test_noise_taken_for_larger_than_it_is_leaves_no_room_for_true_differences() -> None:
    random = np.random.default_rng(11)
    estimates, error = random.normal(0.0, 1.0, size=150), np.full(150, 1.0)
    assert heterogeneity(estimates, error, 4.0) < 0.2 < heterogeneity(estimates, 0.7 * error, 4.0)
