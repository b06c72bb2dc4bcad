"""Allocations derived from settlement figures."""

from __future__ import annotations

import pandas as pd
import pytest

from audit.panel.grants import better_care_fund, difference, public_health, social_care_grants


def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    power = pd.DataFrame(
        {
            "authority_code": ["E1", "E1", "E2"],
            "financial_year": ["2017-18", "2015-16", "2017-18"],
            "spending_power_gbp_million": [110.0, 160.0, 50.0],
        }
    )
    parts = pd.DataFrame(
        {
            "authority_code": ["E1", "E1", "E2"],
            "financial_year": ["2017-18", "2015-16", "2017-18"],
            "sfa_gbp_million": [60.0, 70.0, None],
            "ct_total_gbp_million": [40.0, 40.0, 10.0],
            "rsdg_gbp_million": [None, 1.0, 0.0],
        }
    )
    return power, parts


def test_the_grants_are_spending_power_less_its_components() -> None:
    assert social_care_grants(difference(*tables())) == {("E1", "2017-18"): 10_000_000.0}


def rs_with(spent: dict[tuple[str, str], float]) -> pd.DataFrame:
    keys = {"authority_code": [code for code, _ in spent], "financial_year": [year for _, year in spent]}
    return pd.DataFrame({**keys, "public_health_nce_gbp_thousand": list(spent.values())})


def test_the_derived_better_care_fund_takes_off_public_health_of_the_year_whose_grant_was_the_same() -> None:
    rs = rs_with({("E1", "2014-15"): 9_000.0, ("E1", "2015-16"): 11_000.0, ("E2", "2014-15"): 1.0})
    assert better_care_fund(difference(*tables()), rs) == {"E1": 40_000_000.0}


def test_other_deductions_are_brought_to_the_same_total_so_that_only_their_shares_differ() -> None:
    years = ("2013-14", "2014-15", "2015-16")
    rs = rs_with(
        {(code, year): 10.0 * at + place for at, code in enumerate(("A", "B"), 1) for place, year in enumerate(years)}
    )
    totals = [sum(deduction.values()) for deduction in public_health(rs)]
    assert len(totals) == 3 and totals == pytest.approx([totals[0]] * 3)
    assert public_health(rs)[1] != public_health(rs)[0]
