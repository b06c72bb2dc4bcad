"""The measures of the evaluation, on rankings short enough to work by hand, and the list of cases."""

from __future__ import annotations

import numpy as np
import pytest

from audit.evaluation_measures import average_precision, power_at_fdr
from audit.evaluation_oracle import oracle_scores
from audit.evaluation_plans import families, scenarios
from audit.injure import HELD_OUT


def test_average_precision_is_the_mean_precision_at_the_injured() -> None:
    score = np.array([4.0, 3.0, 2.0, 1.0])
    assert average_precision(score, np.array([True, False, True, False])) == pytest.approx((1.0 + 2.0 / 3.0) / 2.0)
    assert average_precision(np.array([np.nan, 1.0]), np.array([True, False])) == 0.5


def test_power_at_a_false_discovery_rate_is_the_most_any_threshold_finds() -> None:
    score = np.array([5.0, 4.0, 3.0, 2.0, 1.0])
    truth = np.array([True, True, False, True, False])
    assert power_at_fdr(score, truth, 0.10) == pytest.approx(2.0 / 3.0)
    assert power_at_fdr(score, truth, 0.25) == pytest.approx(1.0)
    assert power_at_fdr(-score, truth, 0.10) == 0.0


def test_the_quick_cases_are_the_first_of_the_full_ones_and_no_name_is_used_twice() -> None:
    quick, full = scenarios(), scenarios(rounds=3)
    assert full[: len(quick)] == quick and len({item.name for item in full}) == 3 * len(quick)
    assert {item.plan.route for item in quick if item.held_out} == set(HELD_OUT)
    assert {item.family for item in quick} == set(families())


def test_an_oracle_who_knows_a_large_signal_finds_every_injured_council() -> None:
    random = np.random.default_rng(1)
    clean = random.normal(size=(120, 7))
    truth = np.arange(120) < 12
    made = clean.copy()
    made[truth, 0] -= 5.0
    case = {
        "oracle": {"kind": ["E01"] * 120, "injured": truth.tolist(), "clean": clean.tolist(), "made": made.tolist()}
    }
    scores, truths = oracle_scores([case, case])
    assert power_at_fdr(scores[0], truths[0], 0.10) > 0.8
