"""A window put together: yearly changes, expected spend, variants, lists, the unusual pattern, returns in error."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from made_panel import YEARS, all_windows, at, made_panel, replace_money, spend_less, window

from audit.method import forest
from audit.method.expected_path import expected_path, half_width
from audit.method.features import features
from audit.method.lists import review_places, unusual_places
from audit.method.path_evidence import path_evidence
from audit.method.return_error import reasons
from audit.method.variants import need_shared, variants
from audit.method.work_out import work_out_windows
from audit.method.yearly_changes import bridged, summed, yearly_changes
from audit.panel.panel import Panel
from audit.settings import load_settings

SETTINGS = load_settings()
HOARDER, REPLACED = 11, 22


# Yearly changes


def test_an_area_takes_no_part_in_what_is_expected_of_it() -> None:
    before = yearly_changes(window(made_panel()), SETTINGS)
    after = yearly_changes(window(spend_less(made_panel(), 3, dict.fromkeys(YEARS[3:], 0.2))), SETTINGS)
    place = before.years.index("2011-12")
    moved = after.y[3, place] - before.y[3, place]
    assert moved == pytest.approx(np.log(0.8), abs=0.02)


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


# The unusual pattern


def hoarder() -> Panel:
    """One council forgoes council tax and builds reserves from 2011-12; its own spend on care does nothing unusual."""
    panel = made_panel()
    panel.money["council_tax"][HOARDER, 3:] *= 0.96 ** np.arange(1, len(YEARS) - 2)
    paid = panel.money["entitlement"][HOARDER]
    panel.money["reserves"][HOARDER] += np.cumsum(paid)
    return panel


@pytest.fixture(scope="module")
def found() -> Any:
    panel = replace_money(hoarder(), REPLACED)
    return work_out_windows(panel, all_windows(panel), SETTINGS)


@pytest.mark.parametrize("name", ["W1", "W2"])
def test_an_area_that_forgoes_tax_and_builds_reserves_is_isolated_soonest_though_its_path_says_nothing(
    found: Any, name: str
) -> None:
    one = found.found[name]
    assert one.unusual_list[HOARDER] == 1 and one.unusual.score.argmax() == HOARDER
    assert one.path.log_ratio[HOARDER] < one.path.log_ratio.max()
    by = dict(zip((feature.code for feature in features()), one.unusual.contribution[HOARDER], strict=True))
    assert min(by["council_tax_forgone"], by["reserves_built"]) > 0
    assert max(by["path_statistic"], by["care_share"]) < max(by["council_tax_forgone"], by["reserves_built"])


def test_no_council_is_scored_by_a_forest_that_saw_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of pretend care of a council are not among those of any forest that scores it."""
    panel = hoarder()
    grown: list[tuple[Any, Any]] = []
    fit, held_out = forest.fit, forest.held_out

    def told(rows: Any, councils: Any, count: int, settings: Any) -> Any:
        made = fit(rows, councils, count, settings)
        grown.append((made, councils))
        return made

    monkeypatch.setattr(forest, "fit", told)
    seen = work_out_windows(panel, all_windows(panel), replace(SETTINGS, values=_few_trees())).found["W1"].unusual
    forests, councils = grown[0]
    matrix = forest.score_matrix(forests, seen.scaled)
    for area in (0, HOARDER, 59):
        allowed = ~forests.taught[:, area]
        assert 0 < allowed.sum() < len(forests.models) and area in councils
        assert seen.score[area] == pytest.approx(matrix[allowed, area].mean())
    assert held_out(forests, matrix, np.arange(60)) == pytest.approx(seen.score)


def _few_trees() -> dict[str, Any]:
    return {**SETTINGS.values, "forest.repeats": 2, "forest.trees": 20}


def test_the_two_lists_are_the_places_of_their_own_figures(found: Any) -> None:
    for one in found.found.values():
        assert np.array_equal(one.review, review_places(one.path.log_ratio, 15))
        assert np.array_equal(one.unusual_list, unusual_places(one.unusual.score, 10))
        assert one.review.max() <= 15 and one.unusual_list.max() == 10
        assert (one.path.log_ratio[one.review > 0] > 0).all()
        for variant in one.variants.values():
            assert np.array_equal(variant.places, review_places(variant.log_ratio, 15))


def test_the_council_that_replaced_its_money_is_on_the_review_list_of_the_better_care_fund() -> None:
    panel = replace_money(made_panel(noise=0.02), REPLACED, name="W2")
    one = work_out_windows(panel, all_windows(panel), replace(SETTINGS, values=_few_trees())).found["W2"]
    assert one.review[REPLACED] == 1
    assert list(one.path.by_onset)[np.argmax([ratio[REPLACED] for ratio in one.path.by_onset.values()])] == "at once"


# Returns in error


def wrong(what: str) -> Panel:
    """A panel in which the return of area 4 contradicts another, or moves by more than any other could."""
    panel = made_panel()
    if what == "two returns":
        panel.money["rs_adult"][4, at("2012-13")] *= 1.03
    elif what == "a jump":
        spend_less(panel, 4, {"2012-13": 0.4})
    elif what == "a small difference":
        panel.money["rs_adult"][4, at("2012-13")] *= 1.01
    elif what == "outside the window":
        panel.money["rs_adult"][4, at("2015-16")] *= 1.03
    return panel


@pytest.mark.parametrize(
    ("what", "told"),
    [("two returns", "two returns of the same spending differ by"),
     ("a jump", "a yearly change lies"), ("a small difference", ""), ("outside the window", ""), ("nothing", "")],
)  # fmt: skip
def test_an_area_whose_return_contradicts_itself_is_not_assessed_with_the_reason(what: str, told: str) -> None:
    panel = wrong(what)
    data = window(panel)
    with np.errstate(all="ignore"):
        said = reasons(panel, data, SETTINGS)
    assert [area for area, text in enumerate(said) if text] == ([4] if told else [])
    assert told in said[4] and (not told or said[4].startswith("The return is taken to be in error: "))


def test_a_return_in_error_leaves_ratio_score_and_expectation_empty_and_its_area_on_no_list() -> None:
    panel = wrong("a jump")
    one = work_out_windows(panel, all_windows(panel), replace(SETTINGS, values=_few_trees())).found["W1"]
    assert "The return is taken to be in error" in one.data.reasons[4]
    assert np.isnan(one.path.log_ratio[4]) and np.isnan(one.unusual.score[4]) and np.isnan(one.expected.gap_gbp[4])
    assert one.review[4] == one.unusual_list[4] == 0
    assert np.isfinite(np.delete(one.path.log_ratio, 4)).all()


# What annotates decides nothing


def test_no_look_alike_enters_a_ratio_a_place_or_a_score() -> None:
    strict = {name: 0.0 for name in SETTINGS.values if name.startswith("look_alike.") and "return" not in name}
    few = _few_trees()
    panel = made_panel()
    windows = all_windows(panel)
    usual, every = (
        work_out_windows(panel, windows, replace(SETTINGS, values=values)).found["W1"] for values in (few, few | strict)
    )
    positive = [sum(row.result == "positive" for row in one.look_alikes) for one in (usual, every)]
    assert positive[1] > positive[0]
    assert np.array_equal(usual.path.log_ratio, every.path.log_ratio)
    assert np.array_equal(usual.review, every.review) and np.array_equal(usual.unusual.score, every.unusual.score)
