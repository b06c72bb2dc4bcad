"""The formulas of the evidence, each against an answer known by another way: a density, a made truth, a sum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_panel import YEARS, made_panel, replace_money, spend_less, window
from scipy.stats import multivariate_t

from audit.method.evidence_ratio import best_onset, log_evidence_ratio, posterior, squared_length
from audit.method.money_steps import AT_ONCE, ONSETS
from audit.method.noise import precisions
from audit.method.path_evidence import path_evidence
from audit.method.replacement_rate import conformal_rank, least_squares, replacement_rate
from audit.settings import load_settings

SETTINGS = load_settings()
SCALE = np.array([[0.0025, -0.001, 0.0], [-0.001, 0.0036, 0.0005], [0.0, 0.0005, 0.0049]])
STEPS = np.array([[0.0, 0.05, 0.01]])


# The evidence ratio


@pytest.mark.parametrize("degrees", [3.0, 5.0, 10.0])
@pytest.mark.parametrize("average", [0.2, 0.3, 0.4])
def test_the_log_ratio_is_the_difference_of_two_student_log_densities(average: float, degrees: float) -> None:
    random = np.random.default_rng(3)
    y = random.normal(0.0, 0.06, size=(20, 3))
    steps = np.abs(random.normal(0.05, 0.02, size=(20, 3)))
    precision = np.tile(np.linalg.inv(SCALE), (20, 1, 1))
    mine = log_evidence_ratio(y, steps, precision, np.full(20, 3), average=average, degrees=degrees)
    theirs = [
        multivariate_t.logpdf(one, loc=-(1.0 - average) * step, shape=SCALE, df=degrees)
        - multivariate_t.logpdf(one, loc=np.zeros(3), shape=SCALE, df=degrees)
        for one, step in zip(y, steps, strict=True)
    ]
    assert mine == pytest.approx(theirs, abs=1e-10)


@pytest.mark.parametrize("name", ["W1", "W2"])
def test_the_log_ratio_of_a_whole_window_is_that_difference_for_every_area(name: str) -> None:
    found = path_evidence(window(replace_money(made_panel(), 5, name=name), name), SETTINGS)
    theirs = [
        multivariate_t.logpdf(y, loc=-0.7 * step, shape=size**2 * found.noise.scale, df=5)
        - multivariate_t.logpdf(y, shape=size**2 * found.noise.scale, df=5)
        for y, step, size in zip(found.changes.y, found.steps, found.noise.size, strict=True)
    ]
    assert found.log_ratio == pytest.approx(theirs, abs=1e-9)


def test_an_area_without_money_has_no_ratio_and_no_posterior() -> None:
    y, precision = np.array([[-0.1, 0.0, 0.0]]), np.linalg.inv(SCALE)[None]
    ratio = log_evidence_ratio(y, np.zeros((1, 3)), precision, np.array([3]))
    assert np.isnan(ratio).all() and np.isnan(posterior(ratio, 0.1)).all()


def test_a_fall_in_the_years_of_the_money_counts_only_as_far_as_it_stays() -> None:
    """W2, money in 2015-16: the same fall for good, for a year, and in a booking jump the year before."""

    def of(share: dict[str, float]) -> float:
        panel = spend_less(made_panel(), 7, share)
        return float(path_evidence(window(panel, "W2"), SETTINGS).log_ratio[7])

    after = dict.fromkeys(YEARS[YEARS.index("2015-16") :], 0.08)
    stays, back, jump, nothing = of(after), of({"2015-16": 0.08}), of({"2014-15": -0.08}), of({})
    assert stays > back and stays > jump
    assert stays > nothing + 0.5


def test_a_missing_inner_year_gives_the_same_as_summing_the_changes_over_it() -> None:
    scale, spans = SCALE, np.array([[1, 0, 2], [1, 1, 1]])
    inverse = precisions(scale, np.array([1.5, 1.0]), spans)
    y, steps = np.array([[0.02, 0.0, -0.09]] * 2), np.array([[0.0, 0.0, 0.06]] * 2)
    adds = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
    summed = 1.5**2 * adds @ scale @ adds.T
    found = log_evidence_ratio(y, steps, inverse, np.array([2, 3]))[0]
    short, step = np.array([0.02, -0.09]), np.array([0.0, 0.06])
    wanted = multivariate_t.logpdf(short, loc=-0.7 * step, shape=summed, df=5) - multivariate_t.logpdf(
        short, shape=summed, df=5
    )
    assert found == pytest.approx(wanted, abs=1e-10)
    assert squared_length(y, inverse)[0] == pytest.approx(short @ np.linalg.inv(summed) @ short)


def test_the_change_over_a_missing_year_of_a_window_is_the_sum_of_the_two() -> None:
    whole, gap = made_panel(), made_panel()
    gap.money["own_less_grants"][9, YEARS.index("2017-18")] = np.nan
    before, after = (path_evidence(window(panel, "W2"), SETTINGS) for panel in (whole, gap))
    place = before.changes.years.index("2018-19")
    assert after.changes.spans[9].tolist() == [1, 1, 1, 0, 2, 1] and after.changes.count[9] == 5
    both = before.changes.actual[9, place - 1 : place + 1].sum()
    assert after.changes.actual[9, place] == pytest.approx(both)
    assert after.steps[9, place] == pytest.approx(before.steps[9, place - 1 : place + 1].sum())
    assert np.isfinite(after.log_ratio[9])


def test_the_onset_that_fits_best_is_known_only_where_every_onset_is() -> None:
    ratios = {"a": np.array([0.1, 2.0, np.nan]), "b": np.array([0.2, 1.0, 1.0])}
    assert best_onset(ratios).tolist() == [1, 0, -1]


def test_the_onsets_have_weights_that_add_up_and_the_rank_uses_at_once() -> None:
    assert sum(ONSETS.values()) == pytest.approx(1.0)
    found = path_evidence(window(made_panel()), SETTINGS)
    assert tuple(found.by_onset) == tuple(ONSETS) and (found.log_ratio == found.by_onset[AT_ONCE]).all()


# The replacement rate


def test_without_noise_the_rate_is_what_was_replaced() -> None:
    steps = np.tile(STEPS, (3, 1))
    y = -np.array([[0.0], [0.5], [1.2]]) * steps
    rate, error = least_squares(y, steps, np.tile(np.linalg.inv(SCALE), (3, 1, 1)))
    assert rate == pytest.approx([0.0, 0.5, 1.2])
    assert error == pytest.approx([float(STEPS[0] @ np.linalg.inv(SCALE) @ STEPS[0]) ** -0.5] * 3)


def test_a_council_that_spent_more_has_a_rate_below_nought_and_one_without_money_has_none() -> None:
    steps = np.vstack([STEPS, np.zeros((1, 3))])
    rate, error = least_squares(np.tile(0.4 * STEPS, (2, 1)), steps, np.tile(np.linalg.inv(SCALE), (2, 1, 1)))
    assert rate[0] == pytest.approx(-0.4) and np.isnan(rate[1]) and np.isnan(error[1])


def test_the_interval_holds_the_rate_of_nine_areas_in_ten_and_uses_the_others_alone() -> None:
    random, count = np.random.default_rng(9), 400
    steps = np.abs(random.normal(0.05, 0.01, size=(count, 3)))
    truth = np.where(np.arange(count) < 40, 1.0, 0.0)
    y = -truth[:, None] * steps + random.multivariate_normal(np.zeros(3), SCALE, size=count)
    precision = np.tile(np.linalg.inv(SCALE), (count, 1, 1))
    found = replacement_rate(y, steps, precision, level=0.9)
    held = (found.lower <= truth) & (truth <= found.upper)
    assert 0.87 <= held.mean() <= 0.95
    far = np.abs(found.rate - np.median(found.rate)) / found.error
    mine = (found.upper - found.rate) / found.error
    for area in (0, int(far.argmax()), int(far.argmin())):
        others = np.sort(np.delete(far, area))
        assert mine[area] == pytest.approx(others[conformal_rank(count - 1, 0.9) - 1])


def test_a_replaced_pound_is_estimated_relative_to_the_average_council() -> None:
    """A pound replaced where the average council replaced 0.3."""
    panel = made_panel(noise=0.002)
    replaced = [5, 14, 23, 32]
    for area in range(60):
        replace_money(panel, area, rate=1.0 if area in replaced else 0.3, name="W2")
    found = path_evidence(window(panel, "W2"), SETTINGS).rate
    assert found.rate[replaced].mean() == pytest.approx(0.7, abs=0.1)
    assert np.median(found.rate) == pytest.approx(0.0, abs=0.1)


# Posteriors of made truth


def test_posteriors_add_up_to_the_number_that_replaced_their_money_where_the_prior_is_right() -> None:
    random, count = np.random.default_rng(12), 20_000
    steps, precision = np.tile(STEPS, (count, 1)), np.tile(np.linalg.inv(SCALE), (count, 1, 1))
    replaced = random.random(count) < 0.10
    y = multivariate_t.rvs(shape=SCALE, df=5, size=count, random_state=random) - 0.7 * steps * replaced[:, None]
    chance = posterior(log_evidence_ratio(y, steps, precision, np.full(count, 3)), 0.10)
    assert chance.sum() == pytest.approx(replaced.sum(), rel=0.05)
    top = np.argsort(-chance)[:1000]
    assert chance[top].sum() == pytest.approx(replaced[top].sum(), rel=0.12)


def test_settings_of_the_evidence_reach_it() -> None:
    data = window(made_panel(), "W2")
    usual = path_evidence(data, SETTINGS)
    other = replace(SETTINGS, values={**SETTINGS.values, "evidence.average": 0.2, "evidence.degrees": 3.0})
    asked = path_evidence(data, SETTINGS, average=0.2, degrees=3.0)
    assert np.array_equal(path_evidence(data, other).log_ratio, asked.log_ratio)
    assert not np.allclose(asked.log_ratio, usual.log_ratio)
