"""Error control on numbers small enough to check by hand."""

from __future__ import annotations

import numpy as np

from audit.error_control import benjamini_hochberg, cauchy_combination, conformal_p_values, placebo_rows_needed


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
