"""The noise of a window: a known spread and correlation recovered, and what is refused with the problem told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from made_panel import YEARS

from audit.method.evidence_ratio import log_evidence_ratio
from audit.method.noise import Noise, noise
from audit.method.yearly_changes import Changes


def changes_of(y: np.ndarray, spans: np.ndarray | None = None) -> Changes:
    """Changes of which only what noise reads is set."""
    every = np.ones(y.shape, dtype=int) if spans is None else spans
    years = tuple(YEARS[1 : y.shape[1] + 1])
    return Changes(years, y, np.zeros(y.shape), y, every, np.isfinite(y).all(axis=1))


def test_a_known_spread_and_correlation_are_recovered() -> None:
    random, truth = np.random.default_rng(5), np.array([[1.0, -0.4, 0.0], [-0.4, 1.0, 0.3], [0.0, 0.3, 1.0]])
    spread = np.array([0.04, 0.06, 0.10])
    y = random.multivariate_normal(np.zeros(3), truth, size=20_000) * spread
    found = noise(changes_of(y), random.normal(size=20_000))
    sizes = np.sqrt(np.diag(found.scale))
    assert not found.problem and sizes == pytest.approx(spread, rel=0.03)
    together = found.scale / np.outer(sizes, sizes)
    assert together == pytest.approx(0.98 * truth + 0.02 * np.eye(3), abs=0.03)
    assert found.size == pytest.approx(np.ones(20_000), abs=0.06)


def test_one_wild_return_counts_no_more_than_three_spreads_in_the_correlation() -> None:
    random = np.random.default_rng(5)
    y = random.normal(0.0, 0.05, size=(150, 2))
    wild = y.copy()
    wild[0] = 5.0, 5.0
    mild = y.copy()
    mild[0] = 0.15, 0.15
    size = random.normal(12.0, 0.5, 150)
    first, second = (noise(changes_of(values), size).scale for values in (wild, mild))
    together = [scale[0, 1] / np.sqrt(scale[0, 0] * scale[1, 1]) for scale in (first, second)]
    assert together[0] == pytest.approx(together[1], abs=0.02) and abs(np.corrcoef(wild.T)[0, 1]) > 0.9


def test_small_areas_are_given_more_noise_and_none_more_than_twice_or_less_than_half() -> None:
    random = np.random.default_rng(6)
    size = random.uniform(11.0, 14.0, 400)
    y = random.normal(size=(400, 3)) * (0.05 * np.exp(-0.3 * (size - 12.5)))[:, None]
    found = noise(changes_of(y), size).size
    assert found[size.argmin()] > 1.3 and found[size.argmax()] < 0.8
    assert found.min() >= 0.5 and found.max() <= 2.0


def test_without_correlation_the_scale_is_diagonal() -> None:
    y = np.random.default_rng(8).normal(size=(100, 3))
    found = noise(changes_of(y), np.linspace(11.0, 13.0, 100), independent=True).scale
    assert (found[~np.eye(3, dtype=bool)] == 0).all()


def _few() -> Noise:
    return noise(changes_of(np.random.default_rng(1).normal(size=(19, 3))), np.zeros(19))


def _flat() -> Noise:
    y = np.random.default_rng(1).normal(size=(40, 3))
    y[:, 1] = 0.0
    return noise(changes_of(y), np.zeros(40))


def test_two_years_that_move_as_one_are_told_apart_by_what_is_mixed_in_and_refused_where_they_cannot_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    y = np.random.default_rng(1).normal(size=(90, 3))
    y[:, 1] = y[:, 0]
    size = np.linspace(11.0, 13.0, 90)
    assert not noise(changes_of(y), size).problem
    monkeypatch.setattr("audit.method.noise.LARGEST_CONDITION", 10.0)
    found = noise(changes_of(y), size)
    assert "cannot be told apart (singular scale)" in found.problem and np.isnan(found.precision).all()


def test_an_area_whose_size_is_not_known_is_left_out_and_spoils_no_other() -> None:
    y, size = np.random.default_rng(1).normal(size=(60, 3)), np.linspace(11.0, 13.0, 60)
    size[4] = np.nan
    found = noise(changes_of(y), size)
    assert not found.problem and np.isnan(found.size).nonzero()[0].tolist() == [4]
    assert np.isfinite(found.precision[np.arange(60) != 4]).all()


@pytest.mark.parametrize(
    ("made", "told"), [(_few, "Fewer than 20 areas have every yearly change"), (_flat, "a year has no spread")]
)
def test_noise_that_cannot_be_measured_is_refused_and_the_problem_told(made: Callable[[], Noise], told: str) -> None:
    found = made()
    assert told in found.problem
    ratio = log_evidence_ratio(np.zeros((2, 3)), np.ones((2, 3)), found.precision[:2], np.array([3, 3]))
    assert np.isnan(ratio).all()
