"""Allocations derived from settlement figures: social-care grants by council and the 2015-16 Better Care Fund.

In: core tables `spending_power`, `spending_power_components` and `rs`. Out: pounds by (authority, financial year).
Refuses to guess: an authority without one of the two settlement figures, or without its public health line in
2015-16, gets no allocation. Source of the formulas: core spending power is the sum of its published components and
the social-care grants, so the grants are the difference; the older "revenue spending power" also counted the Better
Care Fund and the public health grant.
"""

from __future__ import annotations

from typing import Any

COMPONENTS = ("sfa", "under_index", "ct_total", "nhb", "nhb_return", "rsdg")
GRANT_YEARS = ("2017-18", "2018-19", "2019-20")
BCF_YEAR = "2015-16"
POUNDS = 1_000_000.0


def difference(spending_power: Any, components: Any) -> dict[tuple[str, str], float]:
    """Spending power less its components, pounds, by (authority_code, financial_year).

    A component the settlement leaves blank counts as nought; a missing total or settlement funding assessment gives
    no row.
    """
    totals = {
        (str(code), str(year)): float(value)
        for code, year, value in zip(
            spending_power["authority_code"],
            spending_power["financial_year"],
            spending_power["spending_power_gbp_million"],
            strict=True,
        )
        if value == value and code not in (None, "ENG")
    }
    columns = [f"{name}_gbp_million" for name in COMPONENTS if f"{name}_gbp_million" in components.columns]
    found: dict[tuple[str, str], float] = {}
    known = components[components["sfa_gbp_million"].notna() & components["ct_total_gbp_million"].notna()]
    sums = known[columns].fillna(0.0).sum(axis=1)
    for code, year, parts in zip(known["authority_code"], known["financial_year"], sums, strict=True):
        key = (str(code), str(year))
        if key in totals:
            found[key] = (totals[key] - float(parts)) * POUNDS
    return found


def social_care_grants(differences: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The improved Better Care Fund and other social-care grants, pounds, in the years the derivation is exact."""
    return {key: max(value, 0.0) for key, value in differences.items() if key[1] in GRANT_YEARS}


def better_care_fund(differences: dict[tuple[str, str], float], rs: Any) -> dict[str, float]:
    """Derived 2015-16 Better Care Fund by authority, pounds: the difference less public health spending.

    An estimate: public health spending (about £3.13bn) stands in for the grant (£2.80bn), so the sum is below the
    fund's £3.46bn.
    """
    column = "public_health_nce_gbp_thousand"
    if column not in rs.columns:
        return {}
    year = rs[rs["financial_year"] == BCF_YEAR]
    found: dict[str, float] = {}
    for code, value in zip(year["authority_code"], year[column], strict=True):
        left = differences.get((str(code), BCF_YEAR))
        if left is not None and value == value:
            found[str(code)] = max(left - float(value) * 1000.0, 0.0)
    return found
