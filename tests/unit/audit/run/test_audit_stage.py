"""The assessment as a whole, on made returns."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from made_returns import area_code, codes, write_made_returns

from audit.method.look_alikes.all_tests import LABELS
from audit.method.work_out import work_out
from audit.run.audit_stage import assess
from audit.settings import load_settings
from pipelines.declarations.parquet import read_table, write_table

REPLACED = 5
TABLES = (
    "area_year",
    "area_year_block",
    "expected_spend",
    "feature_value",
    "peer",
    "area_score",
    "yearly_change",
    "list_variant",
    "list_summary",
    "flag",
    "look_alike",
    "evidence",
)


@pytest.fixture(scope="module")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_made_returns(tmp_path_factory.mktemp("made"), replaced=REPLACED)
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
    mine = flags.loc[area_code(REPLACED)]
    assert mine["gap_gbp"] == flags["gap_gbp"].max()
    assert mine["replacement_rate"] >= flags["replacement_rate"].nlargest(3).min()
    assert mine["review_place"] <= 3 and mine["list"] in ("review list", "both lists") and mine["onset"] == "at once"
    scores = read_table(assessed, "area_score").query("window == 'W1'").set_index("area_code")
    assert scores.loc[area_code(REPLACED), "rank"] <= 10


def test_there_is_one_flag_for_every_area_and_real_window(assessed: Path) -> None:
    flags = read_table(assessed, "flag")
    assert len(flags) == 2 * len(codes())
    assert set(flags["window"]) == {"W1", "W2"}
    assert flags[["list", "reason", "headline", "settle_with", "maintenance_of_effort"]].notna().all().all()
    assert set(flags["region"]) == {"London", "North East"}


def test_the_path_adds_up_to_what_is_judged(assessed: Path) -> None:
    rows = read_table(assessed, "yearly_change")
    assert len(rows) == len(codes()) * (4 + 6) and not rows.duplicated(["area_code", "window", "financial_year"]).any()
    known = rows[rows["spans"] > 0]
    left = known["actual_percent"] - known["expected_percent"] - known["unexplained_percent"]
    assert left.abs().max() < 1e-9 and (known["noise_percent"] > 0).all()
    keys = ["area_code", "financial_year"]
    spend = read_table(assessed, "expected_spend").merge(read_table(assessed, "area_year"), on=keys)
    real = (spend["actual_gbp"] / spend["deflator"]).groupby([spend["area_code"], spend["window"]])
    change = spend.assign(change=100.0 * real.transform(lambda values: np.log(values).diff()))
    both = rows.merge(change[["area_code", "window", "financial_year", "change"]])
    assert (both["actual_percent"] - both["change"]).abs().max() < 1e-9 and len(both) == len(rows)
    steps = rows.pivot(index="area_code", columns=["window", "financial_year"], values="step_percent")
    assert (steps["W1"]["2010-11"] == 0).all() and (steps["W1"]["2011-12"] > 0).all()
    assert (steps["W2"]["2014-15"] == 0).all() and (steps["W2"]["2015-16"] > 0).all()


def test_a_summary_of_a_list_adds_up_the_posteriors_of_those_on_it(assessed: Path) -> None:
    flags = read_table(assessed, "flag")
    for row in read_table(assessed, "list_summary").query("list == 'review list'").to_dict("records"):
        listed = flags[(flags["window"] == row["window"]) & flags["review_place"].notna()]
        assert row["places"] == len(listed) <= 15 and row["by_lot_10"] == pytest.approx(0.1 * len(listed))
        for prior in ("05", "10", "30"):
            assert row[f"expected_{prior}"] == pytest.approx(listed[f"posterior_{prior}"].sum())


def test_variants_hold_every_assessed_area_and_give_the_share_in_which_a_name_stays(assessed: Path) -> None:
    rows, flags = read_table(assessed, "list_variant"), read_table(assessed, "flag")
    first = rows[rows["window"] == "W1"]
    assert first["variant"].nunique() == 6 and (first.groupby("variant").size() == len(codes())).all()
    stays = first.assign(on=first["place"].notna()).groupby("area_code")["on"].mean()
    mine = flags[(flags["window"] == "W1") & flags["review_place"].notna()].set_index("area_code")["kept_share"]
    assert mine.to_numpy() == pytest.approx(stays[mine.index].to_numpy())


def test_every_look_alike_has_a_result_for_every_area(assessed: Path) -> None:
    rows = read_table(assessed, "look_alike")
    assert len(rows) == 2 * len(codes()) * len(LABELS)
    assert set(rows["result"]) <= {"positive", "negative", "not tested"}


def test_pretend_care_teaches_the_forest_and_is_neither_listed_nor_flagged(assessed: Path) -> None:
    for name in ("area_score", "flag", "list_variant", "yearly_change", "look_alike"):
        assert set(read_table(assessed, name)["window"]) == {"W1", "W2"}, name
    values = read_table(assessed, "feature_value")
    assert len(values) == 2 * len(codes()) * 4
    assert values[["contribution", "rank_if_in_line"]].notna().all().all()


def test_the_peers_of_a_run_are_those_whose_middle_value_stands_beside_each_feature(assessed: Path) -> None:
    peers, values = read_table(assessed, "peer"), read_table(assessed, "feature_value")
    own, theirs = peers[peers["place"] == 0], peers[peers["place"] > 0]
    assert (own["area_code"] == own["peer_code"]).all() and len(own) == 2 * len(codes())
    assert (theirs["area_code"] != theirs["peer_code"]).all()
    assert (theirs.groupby(["area_code", "window"])["place"].max() == 20).all()
    keys = ["window", "feature"]
    beside = theirs.merge(values[[*keys, "area_code", "value"]].rename(columns={"area_code": "peer_code"}))
    middle = beside.groupby(["area_code", *keys])["value"].median().rename("middle").reset_index()
    both = values.merge(middle)
    assert len(both) == len(values)
    assert (both["peer_median"] - both["middle"]).abs().max() < 1e-12


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
    write_made_returns(tmp_path, replaced=REPLACED)
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
    assert set(first["list"]) == {"not assessed"} and first["band"].isna().all()
    assert first["reason"].str.startswith("No figure for adult social care").all()
    assert (flags[flags["window"] == "W2"]["list"] != "not assessed").any()


@pytest.mark.parametrize(
    ("year", "declared", "reason"),
    [
        ("2014-15", True, "{figure} in 2014-15, or not from every authority of the area."),
        ("2015-16", True, "{figure} in 2015-16, or not from every authority of the area."),
        ("2016-17", True, ""),
        ("2016-17", False, "{figure} in 2016-17, which must be there: no gap is declared."),
    ],
)
def test_an_area_with_one_authority_missing_is_bridged_in_an_inner_year_if_the_gap_is_declared_and_else_not_assessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, year: str, *, declared: bool, reason: str
) -> None:
    write_made_returns(tmp_path)
    rs = read_table(tmp_path, "rs")
    write_table("rs", rs[~((rs["authority_code"] == codes()[3]) & (rs["financial_year"] == year))], tmp_path)
    gaps = tmp_path / "gaps.csv"
    row = f"rs,{codes()[3]},{year},{year},not received,made up\n" if declared else ""
    gaps.write_text("table,authority_code,first_year,last_year,reason,source\n" + row)
    monkeypatch.setattr("expectations.domain.completeness.GAPS", gaps)
    data = work_out(tmp_path, load_settings(also="forest.repeats = 1; forest.trees = 10")).found["W2"].data
    figure = "No figure for adult social care less social-care grants"
    marked = f"No figure for {year}: the change over it is judged as one."
    assert data.reasons[3] == reason.replace("{figure}", figure)
    assert data.marks[3] == ((marked,) if not reason else ())
