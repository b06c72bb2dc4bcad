"""Each look-alike test, just short of its limit and just past it, and where its figures are not held."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from method_examples import MILLION, YEARS, small_panel

from audit.method.look_alikes import base_year, children, continuing_care, housing, learning_disability, pooled_booking
from audit.method.look_alikes.all_tests import DOCUMENTS, LABELS, TESTS, all_tests, settle_with
from audit.panel.panel import GROUPS, Panel
from audit.panel.window_data import build
from audit.settings import Window, load_settings

SETTINGS = load_settings()
WINDOW = next(window for window in SETTINGS.windows if window.name == "W1")
OWN = "own_without_ld"


def _results(panel: Panel, test: str, window: Window = WINDOW) -> dict[str, tuple[str, str]]:
    """Result and detail of one test by area."""
    with np.errstate(all="ignore"):
        found = all_tests(panel, build(panel, window, "", SETTINGS), SETTINGS)
    return {panel.areas[row.area]: (row.result, row.detail) for row in found if row.test == test}


def _learning_disability(panel: Panel, amount: float) -> None:
    for block in ("own", "gross"):
        panel.blocks[block][0, 3:, GROUPS.index("learning_disability")] += amount


def _pooled(panel: Panel, amount: float) -> None:
    for name in ("gross_without_ld", "other_income_without_ld"):
        panel.money[name][0, 4] += amount


def _recharged(panel: Panel, amount: float) -> None:
    panel.blocks["other_income"][0, 3:, GROUPS.index("mental_health")] += amount


def _spike(panel: Panel, amount: float) -> None:
    panel.money[OWN][0, 1:3] += amount


def _to_housing(panel: Panel, amount: float) -> None:
    panel.money[OWN][0, 4:] -= amount
    panel.money["housing"][0, 4:] += amount


def _to_children(panel: Panel, amount: float) -> None:
    panel.money[OWN][0, 4:] -= amount
    panel.money["childrens"][0, 4:] += amount


# Test, what is done to an area that spends 100 (110 gross), the amount that lies on a limit of so many per cent.
CASES: tuple[tuple[ModuleType, Callable[[Panel, float], None], Callable[[float], float]], ...] = (
    (learning_disability, _learning_disability, lambda limit: limit),
    (pooled_booking, _pooled, lambda limit: 1.1 * limit),
    (continuing_care, _recharged, lambda limit: limit),
    (base_year, _spike, lambda limit: 100.0 * float(np.expm1(limit / 100.0))),
    (housing, _to_housing, lambda limit: limit),
    (children, _to_children, lambda limit: limit),
)


@pytest.mark.parametrize(("room", "change", "on"), CASES, ids=[case[0].TEST.code for case in CASES])
def test_a_test_is_negative_just_short_of_its_limit_and_positive_just_past_it(
    room: ModuleType, change: Callable[[Panel, float], None], on: Callable[[float], float]
) -> None:
    code, limit = room.TEST.code, SETTINGS.number(room.TEST.limit)
    for share, wanted in ((0.0, "negative"), (0.98, "negative"), (1.02, "positive")):
        panel = small_panel()
        change(panel, on(share * limit) * MILLION)
        result, detail = _results(panel, code)["Plain"]
        assert (result, f"(limit {limit:.1f}%)" in detail) == (wanted, True), (share, detail)


def test_reorganisation_is_a_matter_of_which_authorities_there_were() -> None:
    found = _results(small_panel(), "reorganisation")
    assert found["Reorganised"] == ("positive", "The authorities making up the area changed within these years.")
    assert found["Plain"] == ("negative", "The same authorities throughout.")


def test_money_that_moves_the_same_way_in_both_services_is_no_recoding() -> None:
    for name in ("housing", "childrens"):
        panel = small_panel()
        panel.money[OWN][0, 4:] -= 15.0 * MILLION
        panel.money[name][0, 4:] -= 9.0 * MILLION
        code = {"housing": "housing_recode", "childrens": "children_recode"}[name]
        assert _results(panel, code)["Plain"][0] == "negative"


def test_a_change_that_every_area_shares_is_no_explanation_for_one() -> None:
    panel = small_panel()
    panel.money[OWN][:, 1:3] *= 1.15
    assert _results(panel, "one_off_base_year")["Plain"][0] == "negative"


@pytest.mark.parametrize(
    ("code", "blank"), [("housing_recode", "housing"), ("children_recode", "childrens"), ("one_off_base_year", OWN)]
)
def test_where_the_figures_are_not_held_the_test_says_so(code: str, blank: str) -> None:
    panel = small_panel()
    panel.money[blank][0, 0 if blank == OWN else slice(None)] = np.nan
    assert _results(panel, code)["Plain"] == ("not tested", "The figures for this test are not held for these years.")


def test_tests_of_client_groups_are_not_put_to_a_window_whose_return_has_none() -> None:
    panel = small_panel()
    panel.money["own_less_grants"] = panel.money[OWN]
    second = Window("W1", "x", YEARS[1:3], YEARS[3:], "own_less_grants", "class")
    for code in ("learning_disability_transfer", "pooled_budget_booking", "continuing_care_recharge"):
        assert {result for result, _ in _results(panel, code, second).values()} == {"not tested"}


def test_every_test_names_the_document_that_would_settle_it_and_the_innocent_change_it_should_see() -> None:
    assert set(LABELS) == set(DOCUMENTS) and len(LABELS) == len(TESTS) + 1 == 7
    assert all(test.planted and test.document and test.words.count("{") == 2 for test in TESTS)
    said = settle_with("W2", ("housing_recode",))
    assert said.startswith("the Better Care Fund plan") and said.endswith(DOCUMENTS["housing_recode"])


def test_tests_that_say_the_same_of_injured_and_others_are_gone() -> None:
    assert not {"demand_fell", "price_volume", "return_error"} & set(LABELS)
