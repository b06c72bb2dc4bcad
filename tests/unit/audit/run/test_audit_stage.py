"""The assessment as a whole, on made returns."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from made_returns import area_code, codes, write_made_returns

from audit.method.look_alikes import LABELS
from audit.method.work_out import work_out
from audit.run.audit_stage import assess
from audit.settings import load_settings
from pipelines.declarations.parquet import read_table

DISPLACED = 5
TABLES = (
    "area_year",
    "area_year_block",
    "expected_spend",
    "feature_value",
    "area_score",
    "flag",
    "look_alike",
    "evidence",
)


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_made_returns(tmp_path_factory.mktemp("made"), displaced=DISPLACED)
    assess(folder, load_settings())
    return folder


def test_every_audit_table_is_written(assessed: Path) -> None:
    assert all((assessed / f"{name}.parquet").exists() for name in TABLES)


def test_nhs_income_is_never_subtracted_twice_from_own_funded_spend(assessed: Path) -> None:
    rows = read_table(assessed, "area_year").query("financial_year == '2012-13'")
    rs = read_table(assessed, "rs").query("financial_year == '2012-13'")
    assert (rows["own_funded_gbp"].to_numpy() == rs["adult_social_care_nce_gbp_thousand"].to_numpy() * 1000.0).all()
    blocks = read_table(assessed, "area_year_block").query("financial_year == '2012-13'")
    left = blocks["gross_gbp"] - blocks["charges_gbp"] - blocks["other_income_gbp"] - blocks["own_funded_gbp"]
    assert left.abs().max() < 1.0


def test_w1_is_judged_without_learning_disability(assessed: Path) -> None:
    blocks = read_table(assessed, "area_year_block").query("financial_year == '2012-13'")
    wanted = blocks[blocks["client_group"] != "learning_disability"].groupby("area_code")["own_funded_gbp"].sum()
    spend = read_table(assessed, "expected_spend").query("window == 'W1' and financial_year == '2012-13'")
    assert abs(spend.set_index("area_code")["actual_gbp"] - wanted).max() < 1.0


def test_an_area_whose_own_spend_was_cut_as_money_came_stands_out(assessed: Path) -> None:
    flags = read_table(assessed, "flag").query("window == 'W1'").set_index("area_code")
    mine = flags.loc[area_code(DISPLACED)]
    assert mine["gap_gbp"] == flags["gap_gbp"].max()
    assert mine["displacement_rate"] == flags["displacement_rate"].max()
    scores = read_table(assessed, "area_score").query("window == 'W1'").set_index("area_code")
    assert scores.loc[area_code(DISPLACED), "rank"] <= 3
    assert scores.loc[area_code(DISPLACED), "stability"] > 0.6


def test_the_forest_is_not_grown_again_for_features_it_has_scored(
    assessed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from audit.method import forest

    settings, grown, fit = load_settings(), list[int](), forest.fit
    monkeypatch.setattr(forest, "fit", lambda *given: grown.append(1) or fit(*given))
    first, again = work_out(assessed, settings), work_out(assessed, settings)
    assert len(grown) <= 1 and first.scores["W1"] is again.scores["W1"]
    other = replace(settings, values=dict(settings.values) | {"forest.repeats": 2})
    assert work_out(assessed, other).scores["W1"] is not first.scores["W1"] and len(grown) <= 2


def test_there_is_one_flag_for_every_area_and_real_window(assessed: Path) -> None:
    flags = read_table(assessed, "flag")
    assert len(flags) == 2 * len(codes())
    assert set(flags["window"]) == {"W1", "W2"}
    assert flags[["grade", "reason", "headline", "settle_with", "maintenance_of_effort"]].notna().all().all()


def test_the_gap_per_pound_is_the_gap_divided_by_the_rise_in_nhs_money_and_empty_where_it_did_not_rise(
    assessed: Path,
) -> None:
    flags = read_table(assessed, "flag")
    risen = flags["transfer_gbp"] > 0
    for bound in ("", "_lower", "_upper"):
        ratio = flags[f"gap{bound}_gbp"] / flags["transfer_gbp"]
        assert abs(ratio - flags[f"gap_per_pound{bound}"])[risen & flags["gap_gbp"].notna()].max() < 1e-9
        assert flags.loc[~risen, f"gap_per_pound{bound}"].isna().all()


def test_every_look_alike_has_a_result_for_every_area(assessed: Path) -> None:
    rows = read_table(assessed, "look_alike")
    assert len(rows) == 2 * len(codes()) * len(LABELS)
    assert set(rows["result"]) <= {"positive", "negative", "not tested"}


def test_placebo_windows_are_scored_but_never_flagged(assessed: Path) -> None:
    scores = read_table(assessed, "area_score")
    assert "placebo_W1_cultural" in set(scores["window"])
    assert not read_table(assessed, "flag")["window"].str.startswith("placebo").any()


def test_expected_spend_lies_inside_its_interval_and_the_gap_is_expected_less_actual(assessed: Path) -> None:
    rows = read_table(assessed, "expected_spend").query("window in ('W1', 'W2') and not is_base").dropna()
    assert ((rows["lower_gbp"] <= rows["expected_gbp"]) & (rows["expected_gbp"] <= rows["upper_gbp"])).all()
    assert abs(rows["expected_gbp"] - rows["actual_gbp"] - rows["gap_gbp"]).max() < 1e-3
    flags = read_table(assessed, "flag").set_index(["area_code", "window"])["gap_gbp"]
    assert abs(rows.groupby(["area_code", "window"])["gap_gbp"].sum() - flags).max() < 1.0


def test_evidence_points_at_the_cell(assessed: Path) -> None:
    rows = read_table(assessed, "evidence")
    mine = rows[
        (rows["record_id"] == f"rs/2013-14/{codes()[0]}") & (rows["column"] == "adult_social_care_nce_gbp_thousand")
    ]
    assert set(mine["cell"]) == {"I8"} and set(mine["publisher"]) == {"Made Department"}
    assert not rows.duplicated(["area_code", "window", "evidence_id"]).any()


def test_the_same_inputs_give_the_same_bytes(assessed: Path, tmp_path: Path) -> None:
    write_made_returns(tmp_path, displaced=DISPLACED)
    assess(tmp_path, load_settings())
    for name in TABLES:
        first, second = (
            hashlib.sha256((folder / f"{name}.parquet").read_bytes()).digest() for folder in (assessed, tmp_path)
        )
        assert first == second, name


def test_a_window_without_its_returns_is_not_assessed_with_the_reason(tmp_path: Path) -> None:
    write_made_returns(tmp_path)
    (tmp_path / "ro3.parquet").unlink()
    assess(tmp_path, load_settings())
    flags = read_table(tmp_path, "flag")
    first = flags[flags["window"] == "W1"]
    assert set(first["grade"]) == {"not assessed"}
    assert first["reason"].str.startswith("No figure for adult social care").all()
    assert (flags[flags["window"] == "W2"]["grade"] != "not assessed").any()


def test_an_area_with_one_authority_missing_in_a_year_is_missing_that_year(tmp_path: Path) -> None:
    write_made_returns(tmp_path)
    rs = read_table(tmp_path, "rs")
    from pipelines.declarations.parquet import write_table

    write_table("rs", rs[~((rs["authority_code"] == codes()[3]) & (rs["financial_year"] == "2016-17"))], tmp_path)
    found = work_out(tmp_path, load_settings())
    second = next(data for data in found.windows if data.name == "W2")
    assert second.reasons[3] == (
        "No figure for adult social care less social-care grants in 2016-17, or not from every authority of the area."
    )
