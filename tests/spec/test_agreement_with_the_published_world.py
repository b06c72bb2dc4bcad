"""The loaded figures against totals published elsewhere. They run on the embedded figures, so they run everywhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.declarations.parquet import read_table

NET = "adult_social_care_nce_gbp_thousand"
# England, adult social care net current expenditure, £ billion; from RO3 to 2010-11, from RS afterwards.
ENGLAND_NET = {
    "2008-09": 13.80, "2009-10": 14.57, "2010-11": 14.41, "2011-12": 14.74, "2012-13": 14.52, "2013-14": 14.57,
    "2014-15": 14.50, "2015-16": 14.40, "2016-17": 14.91, "2017-18": 15.33, "2018-19": 16.08, "2019-20": 16.91,
    "2020-21": 18.72, "2021-22": 18.97, "2022-23": 20.52,
}  # fmt: skip


def of_england(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["authority_code"] == "ENG"]


def of_councils(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["authority_code"] != "ENG"]


@pytest.fixture(scope="module")
def rs(embedded_tables: Path) -> pd.DataFrame:
    return read_table(embedded_tables, "rs")


@pytest.fixture(scope="module")
def ro3(embedded_tables: Path) -> pd.DataFrame:
    return read_table(embedded_tables, "ro3")


@pytest.mark.parametrize(("year", "billions"), ENGLAND_NET.items())
def test_england_adult_social_care_agrees_to_the_nearest_ten_million(rs, ro3, year, billions):
    if year in ("2008-09", "2009-10", "2010-11"):  # one combined social-care line in RS; RO3 gives no adult total
        found = of_england(ro3[ro3["financial_year"] == year])["net_current_expenditure_gbp_thousand"].sum()
    else:
        found = of_england(rs[rs["financial_year"] == year])[NET].item()
    assert round(found / 1e6, 2) == pytest.approx(billions, abs=0.0051)


@pytest.mark.parametrize("year", ["2011-12", "2012-13", "2013-14"])
def test_ro3_equals_rs_for_every_council_where_both_exist(rs, ro3, year):
    total = ro3[(ro3["financial_year"] == year) & (ro3["client_group"] == "total_adult")]
    summary = rs[rs["financial_year"] == year].set_index("authority_code")[NET]
    detail = total.set_index("authority_code")["net_current_expenditure_gbp_thousand"]
    assert len(detail) == len(summary) == 153
    assert (detail - summary).abs().max() <= 1


def test_gross_less_income_is_net_for_every_council_client_group_and_year(ro3):
    councils = of_councils(ro3)
    rest = councils["total_expenditure_gbp_thousand"] - councils["total_income_gbp_thousand"]
    difference = (rest - councils["net_current_expenditure_gbp_thousand"]).abs()
    assert len(difference.dropna()) > 6_000
    assert difference.max() <= 2


def test_the_mislabelled_adult_total_of_2011_12_is_the_sum_of_its_seven_client_groups(ro3):
    year = of_councils(ro3[ro3["financial_year"] == "2011-12"])
    net = year.pivot(index="authority_code", columns="client_group", values="net_current_expenditure_gbp_thousand")
    groups = net.drop(columns="total_adult").sum(axis=1)
    assert (groups - net["total_adult"]).abs().max() <= 10
    assert net["total_adult"].sum() / 1e6 == pytest.approx(14.73, abs=0.01)


@pytest.mark.parametrize(("year", "millions"), [("2010-11", 611), ("2011-12", 916), ("2012-13", 1049)])
def test_older_peoples_other_income_shows_the_section_256_money_arriving(ro3, year, millions):
    row = of_england(ro3[(ro3["financial_year"] == year) & (ro3["client_group"] == "older_people")])
    assert round(row["other_income_gbp_thousand"].item() / 1e3) == millions


def test_pss_ex1_nhs_income_and_both_net_expenditure_identities(embedded_tables):
    form = of_councils(read_table(embedded_tables, "pss_ex1_summary"))
    money = {name.removesuffix("_gbp_thousand"): form[name] for name in form.columns if name.endswith("_gbp_thousand")}
    assert len(form) == 152
    assert round(money["income_nhs"].sum() / 1e3) == 1716
    taken_off = ("capital_charges", "income_joint_arrangements", "income_nhs", "income_other")
    gross = money["gross_total_cost"] - sum(money[name] for name in taken_off)
    net = money["gross_current_expenditure"] - money["client_contributions"]
    assert (gross - money["gross_current_expenditure"]).abs().max() <= 20
    assert (net - money["net_current_expenditure"]).abs().max() <= 20


@pytest.mark.parametrize(("year", "millions", "councils"), [("2015-16", 1018, 103), ("2016-17", 1244, 119)])
def test_better_care_fund_income_and_how_many_councils_answered(embedded_tables, year, millions, councils):
    form = of_councils(read_table(embedded_tables, "bcf_income"))
    answers = form[form["financial_year"] == year]["bcf_income_gbp_thousand"].dropna()
    aside = read_table(embedded_tables, "quarantine").query("`table` == 'bcf_income'")
    aside = aside[aside["record_id"].str.contains(year)]["value"].astype(float)  # one, given in £ million
    assert (round((answers.sum() + aside.sum()) / 1e3), len(answers) + len(aside)) == (millions, councils)


@pytest.mark.parametrize(
    ("year", "millions"), [("2011-12", 1.37), ("2015-16", 1.81), ("2016-17", 2.25), ("2018-19", 1.67)]
)
def test_delayed_days_of_england(embedded_tables, year, millions):
    england = of_england(read_table(embedded_tables, "dtoc_by_reason"))
    days = england[england["financial_year"] == year]["total_days"]
    assert len(days) == 12
    assert days.sum() / 1e6 == pytest.approx(millions, abs=0.005)


def test_the_two_delayed_day_series_agree_in_every_month_of_england(embedded_tables):
    reason = of_england(read_table(embedded_tables, "dtoc_by_reason")).set_index("month")["total_days"]
    by_body = of_england(read_table(embedded_tables, "dtoc_by_organisation")).set_index("month")
    added = by_body[["nhs_days", "social_care_days", "both_days"]].sum(axis=1)
    assert len(reason) == 105
    assert np.array_equal(reason.sort_index().to_numpy(), added.sort_index().to_numpy())


def test_commissioner_weights_sum_to_one_in_each_vintage(embedded_tables):
    weights = read_table(embedded_tables, "commissioner_area_weight")
    sums = weights.groupby(["vintage", "commissioner_code"])["weight"].sum()
    assert {vintage: len(group) for vintage, group in sums.groupby(level=0)} == {"2015-07": 209, "2021-04": 106}
    assert (sums - 1).abs().max() < 1e-9


def test_there_are_one_hundred_and_fifty_areas_and_the_panel_holds_each_once_a_year(embedded_tables):
    areas = set(read_table(embedded_tables, "area")["area_code"])
    panel = read_table(embedded_tables, "area_year")
    assert len(areas) == 150
    assert set(panel["area_code"]) == areas
    assert not panel.duplicated(["area_code", "financial_year"]).any()
    adult = panel[panel["own_funded_gbp"].notna()]
    counts = adult.groupby("financial_year")["area_code"].nunique()
    assert counts.loc["2009-10":"2021-22"].min() >= 149


@pytest.mark.parametrize(("year", "millions"), [("2017-18", 1504), ("2018-19", 1889), ("2019-20", 2456)])
def test_social_care_grants_derived_from_settlement_figures(embedded_tables, year, millions):
    key = ["authority_code", "financial_year"]
    total = read_table(embedded_tables, "spending_power").set_index(key)["spending_power_gbp_million"]
    parts = read_table(embedded_tables, "spending_power_components").set_index(key)
    known = parts[[name for name in parts.columns if name.endswith("_gbp_million")]].sum(axis=1)
    derived = (total - known).xs(year, level="financial_year").dropna()
    assert derived.sum() == pytest.approx(millions, abs=1)


def test_the_derived_better_care_fund_adds_up_to_the_published_3460_million_within_one_per_cent(embedded_tables):
    from audit.panel.grants import better_care_funds, difference

    power, parts = (read_table(embedded_tables, f"spending_power{end}") for end in ("", "_components"))
    funds = better_care_funds(difference(power, parts), read_table(embedded_tables, "rs"))
    assert len(funds[0]) == 151
    assert sum(funds[0].values()) / 1e6 == pytest.approx(3460, rel=0.01)


@pytest.mark.parametrize("council", ["Lincolnshire", "Kent", "Norfolk"])
def test_spending_moved_between_adult_care_and_housing_is_seen_where_the_returns_show_it(embedded_tables, council):
    """Housing's net spending: Lincolnshire 206 to 13,688 in 2013-14, Kent 745 to 41,132 and Norfolk -318 to 21,313 in
    2010-11 (£ thousand), while own-funded adult care fell by as much or more.
    """
    areas = read_table(embedded_tables, "area").set_index("area_name")["area_code"]
    rows = read_table(embedded_tables, "look_alike").query("window == 'W1' and test == 'housing_recode'")
    mine = rows.set_index("area_code").loc[areas[council]]
    assert mine["result"] == "positive", mine["detail"]


def test_the_one_income_given_in_millions_is_set_aside_and_not_used_and_those_of_small_councils_are(embedded_tables):
    """North Tyneside 2015-16 is 15.233 where the next year is 15,724; the City of London and Scilly are small."""
    aside = read_table(embedded_tables, "quarantine").query("check_code == 'BCF-SLIP'")
    assert aside["value"].tolist() == ["15.233"]
    held = read_table(embedded_tables, "bcf_income").query("financial_year == '2015-16'").set_index("area_code")
    assert "E08000022" not in held.index
    assert held["bcf_income_gbp_thousand"][["E06000053", "E09000001"]].tolist() == [15.0, 128.0]
    flags = read_table(embedded_tables, "flag").set_index(["area_code", "window"]).loc[("E08000022", "W2")]
    assert "NHS money received rose by" in flags["maintenance_of_effort"]
    listed = read_table(embedded_tables, "evidence").query("check_code == 'BCF-SLIP'")
    assert listed[["area_code", "financial_year", "status", "cell"]].to_numpy().tolist() == [
        ["E08000022", "2015-16", "x", "I131"]
    ]
    assert listed["value"].isna().all()
