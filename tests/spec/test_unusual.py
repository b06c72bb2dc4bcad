"""The two lists of a window put together, and the unusual pattern: who is isolated, by which forest, taught on what."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from made_panel import YEARS, all_windows, few_trees, made_panel, replace_money

from audit.method.lists import review_places, unusual_places
from audit.method.path_evidence import path_evidence
from audit.method.unusual import forest
from audit.method.unusual.features import features
from audit.method.work_out import work_out_windows
from audit.panel.panel import Panel
from audit.settings import load_settings

SETTINGS = load_settings()
HOARDER, REPLACED = 11, 22


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


def test_pretend_care_is_given_the_steps_of_care_as_shares_of_its_own_base(monkeypatch: pytest.MonkeyPatch) -> None:
    panel, seen = made_panel(), dict[str, Any]()

    def told(data: Any, settings: Any) -> Any:
        seen[data.name] = path_evidence(data, settings)
        return seen[data.name]

    monkeypatch.setattr("audit.method.work_out.path_evidence", told)
    work_out_windows(panel, all_windows(panel), few_trees())
    names = {data.name for data in all_windows(panel)}
    assert set(seen) == {name for name in names if not name.startswith("placebo_20")}
    for name, one in seen.items():
        care = seen[name.split("_")[1] if name.startswith("placebo") else name]
        assert one.level == pytest.approx(care.level), name


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
    seen = work_out_windows(panel, all_windows(panel), few_trees()).found["W1"].unusual
    forests, councils = grown[0]
    matrix = forest.score_matrix(forests, seen.scaled)
    for area in (0, HOARDER, 59):
        allowed = ~forests.taught[:, area]
        assert 0 < allowed.sum() < len(forests.models) and area in councils
        assert seen.score[area] == pytest.approx(matrix[allowed, area].mean())
    assert held_out(forests, matrix, np.arange(60)) == pytest.approx(seen.score)


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
    one = work_out_windows(panel, all_windows(panel), few_trees()).found["W2"]
    assert one.review[REPLACED] == 1
    assert list(one.path.by_onset)[np.argmax([ratio[REPLACED] for ratio in one.path.by_onset.values()])] == "at once"
