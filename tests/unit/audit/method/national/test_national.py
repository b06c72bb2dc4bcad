"""National estimates on made data whose answer is known, and the rows a run writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_returns import write_made_returns

from audit.method.national.regression import demean, pooled_rho, slope
from audit.run.audit_stage import assess
from audit.settings import load_settings
from pipelines.declarations.parquet import read_table


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_made_returns(tmp_path_factory.mktemp("made"), replaced=5)
    assess(folder, load_settings())
    return folder


def made(true: float, seed: int) -> tuple[np.ndarray, ...]:
    """150 councils in three years with errors that carry over by half."""
    random = np.random.default_rng(seed)
    unit, order = np.repeat(np.arange(150), 3), np.tile(np.arange(3), 150)
    dose = np.repeat(random.normal(5.0, 2.0, 150), 3) + random.normal(0.0, 0.5, 450)
    error = random.normal(size=(150, 3))
    for year in (1, 2):
        error[:, year] = 0.5 * error[:, year - 1] + 0.87 * error[:, year]
    return true * dose + error.ravel(), dose, np.ones((450, 1)), unit, order


def test_the_slope_is_found_and_its_interval_holds_the_truth_nine_times_in_ten() -> None:
    held = 0
    for seed in range(40):
        outcome, dose, controls, unit, order = made(-0.4, seed)
        found = slope(outcome, dose, controls, clusters=unit, units=unit, order=order, level=0.9, seed=1)
        held += abs(found.slope + 0.4) <= max(found.wild, 1.645) * found.error
        assert 0.2 < found.rho < 0.7 and found.rows == 450 and found.clusters == 150
    assert 32 <= held <= 40


def test_too_few_observations_give_no_estimate() -> None:
    outcome, dose, controls, unit, order = (values[:20] for values in made(0.0, 1))
    assert slope(outcome, dose, controls, clusters=unit, units=unit, order=order, level=0.9, seed=1).rows == 0


def test_demeaning_leaves_every_group_with_mean_nought() -> None:
    left = demean(np.array([1.0, 3.0, 10.0, 20.0]), np.array([0, 0, 1, 1]))
    assert left.tolist() == [-1.0, 1.0, -5.0, 5.0]


def test_pooled_autocorrelation_counts_only_successive_years_of_a_council() -> None:
    left = np.array([1.0, 0.5, 0.25, 8.0])
    units, order = np.array([0, 0, 0, 1]), np.array([0, 1, 2, 0])
    assert pooled_rho(left, units, order) == pytest.approx((0.5 + 0.125) / 1.25)


def test_national_rows_stand_beside_the_published_shares_with_their_intervals(assessed: Path) -> None:
    rows: Any = read_table(assessed, "national_displacement")
    known = rows[rows["displacement"].notna() & rows["lower"].notna()]
    assert (known["lower"] <= known["displacement"]).all() and (known["displacement"] <= known["upper"]).all()
    assert (known["lower"] <= known["clustered_lower"] + 1e-9).all()
    assert set(rows[rows["financial_year"] == "2011-12"]["published_share"]) == {0.177}
    assert {"plain arithmetic", "across areas", "against the least treated"} <= set(rows["design"])


def test_expected_changes_are_measured_against_nothing_and_class_alone_in_every_year_of_every_window(
    assessed: Path,
) -> None:
    rows: Any = read_table(assessed, "expected_spend_error")
    assert {"W1", "W2", "placebo_2009_10", "placebo_2010_11"} == set(rows["window"]) and "all" in set(rows["class"])
    errors = rows[["error_nothing_share", "error_class_share", "error_covariates_share"]]
    assert (errors > 0).all().all()
    assert rows["gain_of_class"].to_numpy() == pytest.approx(1.0 - errors.iloc[:, 1] / errors.iloc[:, 0])
    assert rows["gain_of_covariates"].to_numpy() == pytest.approx(1.0 - errors.iloc[:, 2] / errors.iloc[:, 1])
    assert set(rows[rows["window"] == "W2"]["expect"]) == {"class"}
    assert (rows["areas"] >= 10).all()


def test_money_worked_out_is_set_beside_what_the_returns_book(assessed: Path) -> None:
    rows: Any = read_table(assessed, "transfer_check").set_index("financial_year")
    assert {"2011-12", "2012-13", "2013-14"} <= set(rows.index)
    assert rows.loc["2011-12", "worked_out_gbp"] == pytest.approx(648e6)
    assert rows.loc["2011-12", "correlation"] > 0.9 and rows.loc["2011-12", "basis"] == "estimated"
