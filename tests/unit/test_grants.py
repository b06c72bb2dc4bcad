"""Allocations derived from settlement figures."""

from __future__ import annotations

import pandas as pd

from audit.grants import better_care_fund, difference, social_care_grants


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


def test_the_derived_better_care_fund_also_takes_off_public_health() -> None:
    rs = pd.DataFrame(
        {
            "authority_code": ["E1", "E2"],
            "financial_year": ["2015-16", "2015-16"],
            "public_health_nce_gbp_thousand": [9_000.0, 1.0],
        }
    )
    assert better_care_fund(difference(*tables()), rs) == {"E1": 40_000_000.0}
