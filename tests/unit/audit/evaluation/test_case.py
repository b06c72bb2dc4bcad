"""Real planted cases: the same every time, and a third ground that keeps sums, money and grants where they belong."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from audit.evaluation.case import run_case
from audit.evaluation.ground import ground, planted, start
from audit.evaluation.plans import RATES, scenarios
from audit.evaluation.real_paths import donors, window_years
from audit.generators import plant_fund
from audit.run.load_stage import load_tables
from pipelines.load.load import EMBEDDED


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    load_tables(EMBEDDED, folder, workers=1)
    return folder


def one_of(family: str):
    return next(item for item in scenarios() if item.family.name == family)


def test_a_case_done_again_gives_the_same_record(tables: Path) -> None:
    first, again = (json.dumps(run_case(tables, one_of("fund_route_own_cut"))) for _ in range(2))
    assert first == again


def test_a_donor_is_another_council_of_the_class_and_nobody_gives_twice(tables: Path) -> None:
    cube = ground(tables).cube
    giver = donors(cube, "W1", np.random.default_rng(1))
    moved = giver != np.arange(len(giver))
    assert moved.sum() > 120
    assert len(set(giver.tolist())) == len(giver)
    kinds = [plant_fund.class_of(code) for code in cube.codes]
    assert all(kinds[one] == kinds[other] for one, other in enumerate(giver.tolist()))


@pytest.mark.parametrize(("family", "own"), [("real_paths", "ro3.older_people.net_current_expenditure"),
                                             ("fund_real_paths", plant_fund.ADULT)])  # fmt: skip
def test_on_real_paths_the_first_year_is_ones_own_and_every_sum_is_kept(tables: Path, family: str, own: str) -> None:
    made, scenario = ground(tables), one_of(family)
    cube = start(made, scenario)
    years = [cube.years.index(year) for year in window_years(scenario.window)]
    assert np.array_equal(cube.values[:, years[0]], made.cube.values[:, years[0]], equal_nan=True)
    assert not np.allclose(
        np.nan_to_num(cube.line(own)[:, years[1:]]), np.nan_to_num(made.cube.line(own)[:, years[1:]])
    )
    parts = [cube.line(f"ro3.older_people.{name}") for name in ("total_expenditure", "total_income")]
    whole = cube.line("ro3.older_people.net_current_expenditure")
    if scenario.window == "W1":
        assert np.nanmax(np.abs(parts[0] - parts[1] - whole)[:, years]) < 25.0


def test_continuous_rates_lower_own_spend_by_each_councils_own_rate(tables: Path) -> None:
    made, scenario = ground(tables), one_of(f"fund_real_{RATES}")
    injured, clean, truth = planted(made, scenario)
    years = [injured.years.index(year) for year in plant_fund.YEARS]
    fall = (clean.line(plant_fund.ADULT) - injured.line(plant_fund.ADULT))[:, years].sum(axis=1)
    money = truth.transfer.sum(axis=1)
    known = np.isfinite(fall) & (money > 0)
    assert not truth.injured.any()
    assert np.allclose(fall[known] / money[known], truth.rate[known], atol=0.01)


def test_where_nothing_is_done_to_the_chosen_nobody_counts_as_injured(tables: Path) -> None:
    assert not any(run_case(tables, one_of("nothing"))["injured"])
