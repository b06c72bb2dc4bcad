"""A window put together: yearly changes, expected spend, variants; and look-alikes, which decide nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_panel import YEARS, all_windows, at, few_trees, made_panel, replace_money, spend_less, window

from audit.method.expected_path import expected_path, half_width
from audit.method.path_evidence import path_evidence
from audit.method.variants import need_shared, variants
from audit.method.work_out import work_out_windows
from audit.method.yearly_changes import bridged, summed, yearly_changes
from audit.settings import load_settings

SETTINGS = load_settings()
REPLACED = 22


# Yearly changes


def test_an_area_takes_no_part_in_what_is_expected_of_it() -> None:
    before = yearly_changes(window(made_panel()), SETTINGS)
    after = yearly_changes(window(spend_less(made_panel(), 3, dict.fromkeys(YEARS[3:], 0.2))), SETTINGS)
    place = before.years.index("2011-12")
    moved = after.y[3, place] - before.y[3, place]
    assert moved == pytest.approx(np.log(0.8), abs=0.02)


def test_a_change_over_a_missing_year_teaches_no_other_area() -> None:
    """Nor does it move the middle: what it holds is not the change of one year."""

    def of(factor: float) -> np.ndarray:
        panel = made_panel()
        panel.money["own_less_grants"][9, at("2017-18")] = np.nan
        panel.money["own_less_grants"][9, at("2018-19", "2019-20")] *= factor
        return yearly_changes(window(panel, "W2"), SETTINGS).y

    usual, other = of(1.0), of(1.4)
    assert np.array_equal(np.delete(usual, 9, axis=0), np.delete(other, 9, axis=0))
    assert other[9] - usual[9] == pytest.approx([0, 0, 0, 0, np.log(1.4), 0])


def test_the_middle_area_is_as_expected_every_year() -> None:
    for name in ("W1", "W2"):
        found = yearly_changes(window(made_panel(), name), SETTINGS)
        assert np.median(found.y, axis=0) == pytest.approx(np.zeros(len(found.years)), abs=1e-12)
        assert found.actual - found.expected == pytest.approx(found.y)


def test_the_second_window_expects_from_class_alone_and_the_first_from_covariates() -> None:
    def with_other_funding(name: str) -> bool:
        panel = made_panel()
        before = yearly_changes(window(panel, name), SETTINGS).y
        panel.money["funding"] = panel.money["funding"] * np.random.default_rng(1).uniform(0.8, 1.2, (60, len(YEARS)))
        return bool(np.allclose(before, yearly_changes(window(panel, name), SETTINGS).y))

    assert with_other_funding("W2") and not with_other_funding("W1")


def test_council_tax_changes_nothing_that_is_expected() -> None:
    panel = made_panel()
    before = yearly_changes(window(panel), SETTINGS).y
    panel.money["council_tax"] = panel.money["council_tax"] * np.random.default_rng(1).uniform(0.8, 1.2, (60, 1))
    assert np.array_equal(before, yearly_changes(window(panel), SETTINGS).y)


def test_changes_add_up_to_the_whole_whether_or_not_a_year_is_bridged() -> None:
    own = np.array([[100.0, 90.0, 95.0, 80.0], [100.0, np.nan, 95.0, 80.0], [100.0, 90.0, np.nan, np.nan]])
    change, spans = bridged(own)
    assert change.sum(axis=1) == pytest.approx(np.log([0.8, 0.8, 0.9]))
    assert spans.tolist() == [[1, 1, 1], [0, 2, 1], [1, 0, 0]]
    steps = np.array([[0.1, 0.2, 0.4]] * 3)
    assert summed(steps, spans) == pytest.approx(np.array([[0.1, 0.2, 0.4], [0.0, 0.3, 0.4], [0.1, 0.0, 0.0]]))


# Expected spend in pounds


def test_expected_spend_and_the_gap_tell_the_story_of_the_yearly_changes() -> None:
    data = window(replace_money(made_panel(), REPLACED, name="W2"), "W2")
    changes = yearly_changes(data, SETTINGS)
    found = expected_path(data, changes, np.ones(60), level=0.9)
    over = np.exp(-np.cumsum(changes.y[:, data.base - 1 :], axis=1))
    assert found.expected == pytest.approx(data.own[:, data.base :] * over)
    assert found.gap_gbp == pytest.approx((found.expected - data.own[:, data.base :]).sum(axis=1))
    assert (found.lower <= found.expected).all() and (found.expected <= found.upper).all()
    held = (found.gap_lower_gbp <= 0) & (found.gap_upper_gbp >= 0)
    assert 0.85 <= held.mean() <= 0.97


def test_larger_noise_of_an_area_widens_its_interval_and_too_few_areas_have_none() -> None:
    values, size = np.random.default_rng(2).normal(size=100), np.linspace(0.5, 2.0, 100)
    width = half_width(values * size, size, 0.9)
    assert width / size == pytest.approx(np.full(100, width[0] / size[0]))
    assert np.isnan(half_width(values[:19], size[:19], 0.9)).all()


# Variants


@pytest.mark.parametrize(("name", "other"), [("W1", "expected from class alone"), ("W2", "expected from covariates")])
def test_each_choice_nobody_can_prove_is_made_the_other_way(name: str, other: str) -> None:
    data = window(made_panel(), name)
    found = variants(data, SETTINGS)
    asked: dict[str, dict[str, Any]] = {
        "the average council replaced 0.2 a pound": {"average": 0.2},
        "the average council replaced 0.4 a pound": {"average": 0.4},
        "tails of three degrees of freedom": {"degrees": 3.0},
        "tails of 10 degrees of freedom": {"degrees": 10.0},
        other: {"covariates": name == "W2"},
        "NHS money shared by need": {"money_gbp": need_shared(data)},
    }
    assert list(found) == list(asked)
    usual = path_evidence(data, SETTINGS).log_ratio
    for variant, changed in asked.items():
        assert np.array_equal(found[variant], path_evidence(data, SETTINGS, **changed).log_ratio)
        assert not np.allclose(found[variant], usual)


def test_money_shared_by_need_has_the_same_total_and_follows_the_adults_weighted_by_their_care() -> None:
    data = window(made_panel())
    shared = need_shared(data)
    assert shared.sum() == pytest.approx(data.transfer.gbp.sum())
    assert shared / data.need == pytest.approx(np.full(60, shared[0] / data.need[0]))


# What annotates decides nothing


def test_no_look_alike_enters_a_ratio_a_place_or_a_score() -> None:
    strict = {name: 0.0 for name in SETTINGS.values if name.startswith("look_alike.") and "return" not in name}
    few = few_trees().values
    panel = made_panel()
    windows = all_windows(panel)
    usual, every = (
        work_out_windows(panel, windows, replace(SETTINGS, values=values)).found["W1"] for values in (few, few | strict)
    )
    positive = [sum(row.result == "positive" for row in one.look_alikes) for one in (usual, every)]
    assert positive[1] > positive[0]
    assert np.array_equal(usual.path.log_ratio, every.path.log_ratio)
    assert np.array_equal(usual.review, every.review) and np.array_equal(usual.unusual.score, every.unusual.score)
