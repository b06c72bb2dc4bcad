"""One window's figures: what is judged, which money, what is bridged, and why an area is not assessed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from made_panel import YEARS, at, made_panel, window

from audit.panel.panel import Panel
from audit.panel.window_data import build, percent_change, row_name, window_list
from audit.settings import CONTROLS, load_settings

MINE = 6


def _missing_base(panel: Panel) -> None:
    panel.money["own_less_grants"][MINE, at("2013-14")] = np.nan


def _missing_first(panel: Panel) -> None:
    panel.money["own_less_grants"][MINE, at("2015-16")] = np.nan


def _negative(panel: Panel) -> None:
    panel.money["own_less_grants"][MINE, at("2018-19")] = -1.0


def _no_money(panel: Panel) -> None:
    panel.money["entitlement"][MINE] = np.nan


def _no_rise(panel: Panel) -> None:
    panel.money["entitlement"][MINE, 7:] = panel.money["entitlement"][MINE, 6]
    panel.money["entitlement"][MINE, 5:7] = panel.money["entitlement"][MINE, 7]


def _too_small(panel: Panel) -> None:
    panel.money["population_18_plus"][MINE] = 9_000.0


def _thousands(panel: Panel) -> None:
    panel.money["allocated"][MINE] = np.nan_to_num(panel.money["entitlement"][MINE]) / 1000.0


def _pence(panel: Panel) -> None:
    panel.money["allocated"][MINE] = np.nan_to_num(panel.money["entitlement"][MINE]) * 101.0


REASONS: dict[str, tuple[Callable[[Panel], None], str]] = {
    "a base year is missing": (
        _missing_base,
        "No figure for adult social care less social-care grants in 2013-14, or not from every authority of the area.",
    ),
    "the first year of the money is missing": (
        _missing_first,
        "No figure for adult social care less social-care grants in 2015-16, or not from every authority of the area.",
    ),
    "net spending below nought": (
        _negative,
        "Net spending on adult social care less social-care grants was not above zero in 2018-19.",
    ),
    "no money known": (
        _no_money,
        "The NHS money of this area is not known on one basis for all years (booked receipts do not count).",
    ),
    "money that does not rise": (
        _no_rise,
        "NHS money did not rise above that of the base years, so there is nothing to compare.",
    ),
    "fewer than ten thousand adults": (_too_small, "Too small to assess: fewer than 10,000 adults."),
    "an allocation in thousands": (_thousands, "are more than 100 times apart: one of them is likely to be in another"),
    "an allocation a hundred and one times the entitlement": (_pence, "are more than 100 times apart"),
}


@pytest.mark.parametrize("name", REASONS)
def test_an_area_that_cannot_be_judged_keeps_the_reason_and_spoils_no_other(name: str) -> None:
    panel = made_panel()
    change, told = REASONS[name]
    change(panel)
    data = window(panel, "W2")
    assert told in data.reasons[MINE]
    assert data.usable.tolist() == [area != MINE for area in range(60)]
    assert not any(reason for area, reason in enumerate(data.reasons) if area != MINE)


def test_a_missing_inner_or_last_year_is_bridged_and_marked() -> None:
    panel = made_panel()
    panel.money["own_less_grants"][MINE, at("2017-18", "2019-20")] = np.nan
    data = window(panel, "W2")
    assert data.usable[MINE] and not data.reasons[MINE]
    assert data.marks[MINE] == ("No figure for 2017-18, 2019-20: the change over it is judged as one.",)


def test_a_missing_year_whose_return_must_be_there_is_not_bridged() -> None:
    panel = made_panel()
    panel.money["own_less_grants"][MINE, at("2017-18")] = np.nan
    panel = replace(panel, absent=frozenset({(panel.areas[MINE], "2017-18")}))
    data = window(panel, "W2")
    assert "in 2017-18, which must be there: no gap is declared" in data.reasons[MINE]
    assert data.usable.tolist() == [area != MINE for area in range(60)]


def test_an_allocation_within_a_hundred_times_is_taken_as_it_is() -> None:
    panel = made_panel()
    panel.money["allocated"][MINE] = np.nan_to_num(panel.money["entitlement"][MINE]) * 50.0
    data = window(panel, "W2")
    assert data.usable[MINE] and data.transfer.basis[MINE] == "allocated"


def test_an_area_alone_in_its_class_is_marked() -> None:
    panel = made_panel()
    alone = replace(panel, classes=tuple("isles" if area == MINE else kind for area, kind in enumerate(panel.classes)))
    data = window(alone)
    assert data.marks[MINE] == (
        "No other area is of this class: the yearly changes are expected from areas of other classes.",
    )
    assert not any(marks for area, marks in enumerate(data.marks) if area != MINE)


def test_the_rise_in_money_is_that_above_the_base_rate_on_one_basis() -> None:
    data = window(made_panel(), "W2")
    due = made_panel().money["entitlement"][:, at(*data.years)]
    assert data.transfer.gbp == pytest.approx(due[:, 2:].sum(axis=1) - 5 * due[:, :2].mean(axis=1))
    assert set(data.transfer.basis) == {"derived"} and set(window(made_panel()).transfer.basis) == {"estimated"}


def test_booked_receipts_never_enter_the_money_that_is_judged() -> None:
    panel = made_panel()
    before = window(panel)
    panel.money["other_income_without_ld"] = panel.money["other_income_without_ld"] * 3.0
    after = window(panel)
    assert np.array_equal(before.transfer.gbp, after.transfer.gbp)
    assert after.booked_rise_gbp == pytest.approx(3.0 * before.booked_rise_gbp)


def test_booked_money_of_the_second_window_is_the_reported_income_against_that_of_the_year_before() -> None:
    panel = made_panel()
    panel.money["nhs_income"][:, at("2014-15")] = 4e6
    panel.money["bcf_income"][:, at("2015-16")] = 10e6
    panel.money["bcf_income"][:30, at("2016-17")] = 12e6
    found = window(panel, "W2").booked_rise_gbp
    assert found[:30] == pytest.approx(np.full(30, 5 * (11e6 - 4e6)))
    assert found[30:] == pytest.approx(np.full(30, 5 * (10e6 - 4e6)))


def test_changes_are_from_year_to_year_and_level_changes_against_the_base() -> None:
    panel = made_panel()
    data, funding = window(panel), panel.money["funding"][:, at(*window(panel).years)] / panel.money["deflator"][:, 1:6]
    assert set(data.changes) == {"funding", "others", "need"}
    assert data.changes["funding"] == pytest.approx(100.0 * np.diff(np.log(funding), axis=1))
    base = funding[:, :2].mean(axis=1)[:, None]
    assert data.level_changes["funding"] == pytest.approx(100.0 * np.log(funding / base))
    assert data.prices.shape == (5,) and data.national_money.shape == (5,)


def test_windows_with_money_have_pretend_care_and_placebo_years_have_none() -> None:
    names = [row_name(item, service) for item, service in window_list(load_settings())]
    assert names[:4] == ["W1", "W2", "placebo_2009_10", "placebo_2010_11"]
    assert names[4:] == [f"placebo_{window}_{service}" for window in ("W1", "W2") for service in CONTROLS]


def test_pretend_care_is_compared_with_the_other_services_alone() -> None:
    panel, settings = made_panel(), load_settings()
    window_2 = next(item for item in settings.windows if item.name == "W2")
    data = build(panel, window_2, "cultural", settings)
    assert data.service == "cultural" and not data.real
    assert data.own == pytest.approx(panel.money["cultural"][:, at(*data.years)])
    own, others = (panel.money[name] / panel.money["deflator"] for name in ("cultural", "comparable"))
    base, after = at(*window_2.base), at(*window_2.years)
    share = [own[:, part].mean(axis=1) / others[:, part].mean(axis=1) for part in (base, after)]
    assert data.quantity["share_fall_percent"] == pytest.approx(100.0 * (share[0] - share[1]))


def test_a_percent_change_needs_two_amounts_above_nought() -> None:
    found = percent_change(np.array([110.0, -1.0, 5.0, np.nan]), np.array([100.0, 5.0, 0.0, 1.0]))
    assert found[0] == pytest.approx(100.0 * np.log(1.1)) and np.isnan(found[1:]).all()


def test_the_placebo_years_need_no_money() -> None:
    data = window(made_panel(), "placebo_2009_10")
    assert data.usable.all() and (data.transfer.gbp == 0).all() and YEARS[0] in data.years
