"""Rows of table `flag`: what an area is told follows from what was worked out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from made_panel import all_windows, at, made_panel, replace_money, spend_less

from audit.flags.flag_rows import flag_row
from audit.method.work_out import work_out_windows
from audit.run import result_rows
from audit.settings import load_settings
from pipelines.declarations.catalogue import tables
from pipelines.declarations.table_words import BANDS, RESULTS, band

REPLACED, WRONG, GAP = 22, 4, 9
SMALL = "forest.repeats = 2; forest.trees = 20; lists.review = 6; lists.unusual = 4"
PRIORS = {"W1": 0.2, "W2": 0.2}


@pytest.fixture(scope="module")
def found() -> Any:
    panel = replace_money(made_panel(noise=0.02), REPLACED, name="W2")
    spend_less(panel, WRONG, {"2017-18": 0.5})
    panel.money["own_less_grants"][GAP, at("2017-18")] = np.nan
    settings = load_settings(also=SMALL)
    with np.errstate(all="ignore"):
        return work_out_windows(panel, all_windows(panel, settings), settings)


def test_a_settled_area_is_on_no_list_and_the_next_moves_up_while_what_the_figures_say_stays(found: Any) -> None:
    panel, settings = found.panel, load_settings(also=SMALL)
    code, before = panel.areas[REPLACED], found.found["W2"]
    with np.errstate(all="ignore"):
        after = work_out_windows(panel, all_windows(panel, settings), settings, settled={"W2": {code}})
    now = after.found["W2"]
    mine = flag_row(after, now, REPLACED, prior=0.1)
    assert mine["list"] == "settled" and mine["review_place"] is None and mine["unusual_place"] is None
    assert mine["evidence_ratio"] == pytest.approx(float(np.exp(before.path.log_ratio[REPLACED])))
    second = int(np.flatnonzero(before.review == 2)[0])
    assert now.review[second] == 1 and all(variant.places[REPLACED] == 0 for variant in now.variants.values())
    assert (after.found["W1"].review == found.found["W1"].review).all()


@pytest.fixture(scope="module")
def flags(found: Any) -> Any:
    return result_rows.flags(found, PRIORS).set_index(["area_code", "window"])


def row(found: Any, area: int, name: str = "W2") -> dict[str, Any]:
    return flag_row(found, found.found[name], area, prior=PRIORS[name])


def test_the_rows_have_the_columns_the_table_declares(flags: Any) -> None:
    assert set(flags.reset_index().columns) == {column.name for column in tables()["flag"].columns}
    assert len(flags) == 120 and set(flags["list"]) <= set(RESULTS) and set(flags["method_version"]) == {"2"}


def test_the_area_that_replaced_its_money_is_flagged_with_all_that_was_worked_out(found: Any) -> None:
    mine, one = row(found, REPLACED), found.found["W2"]
    assert mine["review_place"] == 1 and mine["list"] in ("review list", "both lists")
    assert mine["evidence_ratio"] == pytest.approx(float(np.exp(one.path.log_ratio[REPLACED])))
    assert mine["band"] == band(mine["evidence_ratio"]) and mine["evidence_ratio"] > 3
    odds = [mine[f"posterior_{prior}"] / (1 - mine[f"posterior_{prior}"]) for prior in ("05", "10", "30", "own")]
    assert odds == pytest.approx([mine["evidence_ratio"] * prior for prior in (5 / 95, 10 / 90, 30 / 70, 20 / 80)])
    assert mine["replaced_gbp"] == pytest.approx(mine["replacement_rate"] * mine["transfer_gbp"])
    assert mine["replacement_lower"] < mine["replacement_rate"] < mine["replacement_upper"]
    assert 0.0 <= mine["kept_share"] <= 1.0 and mine["onset"] == "at once" and mine["changes"] == 6
    assert f"Place 1 of the review list, where it stays in {round(6 * mine['kept_share'])} of 6" in mine["reason"]


def test_an_area_not_assessed_has_its_reason_and_no_figure_of_the_evidence(found: Any) -> None:
    mine = row(found, WRONG)
    assert mine["list"] == "not assessed" and mine["reason"].startswith("The return is taken to be in error")
    empty = ("band", "onset", "changes", "review_place", "unusual_place")
    assert all(mine[name] is None for name in empty)
    figures = ("evidence_ratio", "posterior_10", "replacement_rate", "replaced_gbp", "kept_share", "gap_gbp")
    assert all(math.isnan(mine[name]) for name in figures)
    assert mine["transfer_gbp"] > 0 and "could not be compared" in mine["headline"]
    assert row(found, WRONG, "W1")["list"] != "not assessed"


def test_a_bridged_year_is_a_change_less_a_mark_and_fair_data(found: Any) -> None:
    mine = row(found, GAP)
    assert mine["changes"] == 5 and mine["data_quality"] == "fair" and mine["list"] != "not assessed"
    assert mine["marks"] == "No figure for 2017-18: the change over it is judged as one."


def test_only_areas_of_the_review_list_have_a_share_of_variants(flags: Any) -> None:
    assert (flags["kept_share"].notna() == flags["review_place"].notna()).all()
    for window, rows in flags.groupby("window"):
        places = sorted(rows["review_place"].dropna())
        assert places == list(range(1, len(places) + 1)) and len(places) <= 6, window
        assert sorted(rows["unusual_place"].dropna()) == [1, 2, 3, 4]
        assert (rows["evidence_ratio"][rows["review_place"].notna()] > 1).all()


def test_pounds_are_never_more_than_all_that_was_expected_to_be_spent(found: Any) -> None:
    one = found.found["W2"]
    one.path.rate.upper[0], kept = 1e6, one.path.rate.upper[0]
    try:
        assert row(found, 0)["replaced_upper_gbp"] == pytest.approx(one.expected.expected[0].sum())
    finally:
        one.path.rate.upper[0] = kept


def test_a_window_whose_noise_cannot_be_measured_gives_its_problem_as_the_reason() -> None:
    panel = made_panel(areas=16)
    with np.errstate(all="ignore"):
        few = work_out_windows(panel, all_windows(panel), load_settings(also="forest.repeats = 1; forest.trees = 10"))
    told = result_rows.flags(few, PRIORS)
    assert set(told["list"]) == {"not assessed"}
    assert told["reason"].str.startswith("Fewer than 20 areas have every yearly change").all()
    summary = result_rows.list_summaries(few, PRIORS)
    assert (summary["places"] == 0).all() and (summary["assessed"] == 0).all() and summary["problem"].notna().all()


def test_bands_fall_from_strongly_towards_to_against() -> None:
    assert [limit for limit, _ in BANDS] == sorted((limit for limit, _ in BANDS), reverse=True)
    assert len({words for _, words in BANDS}) == 6
