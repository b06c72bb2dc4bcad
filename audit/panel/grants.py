"""Allocations derived from settlement figures: social-care grants by council and the 2015-16 Better Care Fund.

In: core tables `spending_power`, `spending_power_components` and `rs`. Out: pounds by (authority, financial year).
Refuses to guess: an authority without one of the two settlement figures, or without its public health line, gets no
allocation. Source of the formulas: core spending power is the sum of its published components and
the social-care grants, so the grants are the difference; the older "revenue spending power" also counted the Better
Care Fund and the public health grant.
"""

from __future__ import annotations

from typing import Any

COMPONENTS = ("sfa", "under_index", "ct_total", "nhb", "nhb_return", "rsdg")
GRANT_YEARS = ("2017-18", "2018-19", "2019-20")
BCF_YEAR = "2015-16"
PUBLIC_HEALTH_YEAR = "2014-15"
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


def public_health(rs: Any) -> list[dict[str, float]]:
    """Three deductions for the 2015-16 public health grant by authority, pounds; the first is the one used.

    The grant of 2015-16 was that of 2014-15 in cash, so spending in 2014-15 stands in for it: spending in 2015-16 also
    holds the services for young children that came in that October. The others are spending in 2015-16 and the mean of
    the two years before it, brought to the same total: how far they lie apart says how much the deduction may be wrong.
    """
    column = "public_health_nce_gbp_thousand"
    if rs.empty or column not in rs.columns:
        return []
    spent: dict[str, dict[str, float]] = {}
    for code, year, value in zip(rs["authority_code"], rs["financial_year"], rs[column], strict=True):
        if value == value and code != "ENG":
            spent.setdefault(str(code), {})[str(year)] = float(value) * 1000.0
    years = ("2013-14", PUBLIC_HEALTH_YEAR, BCF_YEAR)
    held = {code: values for code, values in spent.items() if set(years) <= set(values)}
    used = {code: values[PUBLIC_HEALTH_YEAR] for code, values in spent.items() if PUBLIC_HEALTH_YEAR in values}
    same = {code: values[BCF_YEAR] for code, values in held.items()}
    mean = {code: (values[years[0]] + values[years[1]]) / 2.0 for code, values in held.items()}
    return [used, *(_brought_to(other, sum(used[code] for code in held)) for other in (same, mean))]


def _brought_to(values: dict[str, float], total: float) -> dict[str, float]:
    now = sum(values.values())
    return {code: value * total / now for code, value in values.items()} if now > 0 else {}


def better_care_funds(differences: dict[tuple[str, str], float], rs: Any) -> list[dict[str, float]]:
    """Derived 2015-16 Better Care Fund by authority, pounds, for each public health deduction; none below nought."""
    return [
        {
            code: max(left - deduction[code], 0.0)
            for (code, year), left in differences.items()
            if _due(code, year, deduction)
        }
        for deduction in public_health(rs)
    ]


def _due(code: str, year: str, deduction: dict[str, float]) -> bool:
    return year == BCF_YEAR and code in deduction


def better_care_fund(differences: dict[tuple[str, str], float], rs: Any) -> dict[str, float]:
    """The same with the deduction that is used."""
    return next(iter(better_care_funds(differences, rs)), {})
