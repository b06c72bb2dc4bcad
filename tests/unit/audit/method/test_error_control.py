"""Error control on numbers small enough to check by hand."""

from __future__ import annotations

import numpy as np

from audit.method.calibration_rows import split_p_values
from audit.method.error_control import (
    benjamini_hochberg,
    cauchy_combination,
    conformal_p_values,
    least_rejections,
    placebo_rows_needed,
)


def test_the_conformal_p_value_counts_placebo_rows_at_least_as_large() -> None:
    placebo = np.array([1.0, 2.0, 3.0, np.nan])
    assert conformal_p_values(np.array([2.5, 3.0, 9.0, np.nan]), placebo)[:3].tolist() == [0.5, 0.5, 0.25]


def test_benjamini_hochberg_agrees_with_the_textbook_and_ignores_missing() -> None:
    found = benjamini_hochberg(np.array([0.01, np.nan, 0.04, 0.03]))
    assert np.allclose(found[[0, 2, 3]], [0.03, 0.04, 0.04])
    assert np.isnan(found[1])


def test_two_equal_p_values_combine_to_themselves_and_one_known_is_kept() -> None:
    first, second = np.array([0.2, np.nan]), np.array([0.2, 0.3])
    assert np.allclose(cauchy_combination(first, second), [0.2, 0.3])


def test_too_few_placebo_rows_are_named() -> None:
    assert placebo_rows_needed(150, 1, 0.10) == 1499


def test_with_too_few_placebo_rows_several_areas_must_be_rejected_together_or_none() -> None:
    assert least_rejections(150, 1499, 0.10) == 1
    assert least_rejections(150, 290, 0.10) == 6
    p_values = np.append(np.full(5, 1 / 291), np.ones(145))
    assert benjamini_hochberg(p_values).min() > 0.10
    assert benjamini_hochberg(np.append(np.full(6, 1 / 291), np.ones(144))).min() <= 0.10


def test_a_half_of_the_councils_is_judged_by_the_other_half_alone() -> None:
    half = np.array([True, True, False, False])
    found = split_p_values(np.array([5.0, 0.0, 5.0, 0.0]), [np.array([9.0, 9.0, 1.0, 1.0])], half)
    assert np.allclose(found, [1 / 3, 1.0, 1.0, 1.0])


def test_p_values_of_alike_placebo_rows_are_uniform_when_councils_are_split() -> None:
    random = np.random.default_rng(3)
    placebo = [random.normal(size=300) for _ in range(10)]
    p_values = split_p_values(placebo[0], placebo, random.random(300) < 0.5)
    assert abs((p_values <= 0.10).mean() - 0.10) < 0.05 and abs((p_values <= 0.50).mean() - 0.50) < 0.08
