"""NHS money and grants on the panel: what was received, what an area was entitled to, and the best basis there is.

In: settlement, PSS-EX1 and Better Care Fund tables, and table `transfer` where a user supplied one. Out: (areas x
years) pounds: derived grants, the derived 2015-16 Better Care Fund, the entitlement path with its error, allocations
as supplied, and the income lines councils reported. Refuses to mix bases within an area and window: an area whose
supplied allocations do not cover every year with NHS money keeps its entitlement. What is not held stays NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.panel import grants
from audit.panel.member_sums import cells, read_or_empty, sum_over_members
from audit.settings import Settings

if TYPE_CHECKING:
    from audit.panel.panel import Panel

ALLOCATED, RECEIVED, DERIVED, ESTIMATED = "allocated", "received", "derived", "estimated"


@dataclass(frozen=True)
class Transfer:
    """NHS money of some years on each area's best basis: pounds (areas, years); `error_share` is NaN where unknown."""

    gbp: Any
    basis: tuple[str, ...]
    error_share: Any


def allocations(folder: Path, panel: Panel, rs: Any, settings: Settings) -> dict[str, Any]:
    """Grants, NHS income lines and the entitlement path (national amount x share of the derived 2015-16 allocation)."""
    import numpy as np

    power, parts = read_or_empty(folder, "spending_power"), read_or_empty(folder, "spending_power_components")
    differences = {} if power.empty or parts.empty else grants.difference(power, parts)
    made = {"grants": sum_over_members(grants.social_care_grants(differences), panel)}
    derived = [
        sum_over_members({(code, grants.BCF_YEAR): value for code, value in fund.items()}, panel)
        for fund in (grants.better_care_funds(differences, rs) or [{}])
    ]
    shares = [_share(values, panel) for values in derived]
    amounts = dict(settings["transfer.section_256"])
    national = [
        float(amounts.get(year, settings["transfer.bcf_to_councils"] if year >= grants.BCF_YEAR else 0.0)) * 1e6
        for year in panel.years
    ]
    made["entitlement_national"] = np.tile(np.array(national), (len(panel.areas), 1))
    made["entitlement_share"] = np.repeat(shares[0][:, None], len(panel.years), axis=1)
    made["entitlement"] = made["entitlement_national"] * made["entitlement_share"]
    made["bcf_derived"] = derived[0]
    apart = (np.max(shares, axis=0) - np.min(shares, axis=0)) / 2.0 / shares[0]
    made["entitlement_error_share"] = np.repeat(apart[:, None], len(panel.years), axis=1)
    made["allocated"] = supplied(read_or_empty(folder, "transfer"), panel)
    pss, bcf_income = read_or_empty(folder, "pss_ex1_summary"), read_or_empty(folder, "bcf_income")
    made["nhs_income"] = sum_over_members(cells(pss, "income_nhs_gbp_thousand"), panel)
    made["joint_income"] = sum_over_members(cells(pss, "income_joint_arrangements_gbp_thousand"), panel)
    made["bcf_income"] = sum_over_members(cells(bcf_income, "bcf_income_gbp_thousand"), panel)
    return made


def _share(allocation: Any, panel: Panel) -> Any:
    """Share of each area in the derived Better Care Fund; NaN where it is not known."""
    import numpy as np

    bcf = np.full(len(panel.areas), np.nan)
    if grants.BCF_YEAR in panel.years:
        bcf = allocation[:, panel.years.index(grants.BCF_YEAR)]
    return bcf / np.nansum(bcf) if np.nansum(bcf) > 0 else bcf


def supplied(rows: Any, panel: Panel) -> Any:
    """(areas, years) pounds of the supplied table, kinds added up: given for the area or for all its authorities."""
    import numpy as np

    made = np.full((len(panel.areas), len(panel.years)), np.nan)
    if rows.empty:
        return made
    whole = rows["authority_code"].fillna("") == ""
    by_authority = rows[~whole].groupby(["authority_code", "financial_year"])["amount_gbp"].sum()
    made = sum_over_members(
        {(str(code), str(year)): float(value) for (code, year), value in by_authority.items()}, panel
    )
    row, column = ({name: at for at, name in enumerate(names)} for names in (panel.areas, panel.years))
    for (area, year), value in rows[whole].groupby(["area_code", "financial_year"])["amount_gbp"].sum().items():
        if area in row and year in column:
            made[row[area], column[year]] = value
    return made


def worked_out_basis(year: str) -> str:
    """What the entitlement of a year is: derived from the settlement, or before that estimated from it."""
    return DERIVED if year >= grants.BCF_YEAR else ESTIMATED


def entitlement(panel: Panel, years: tuple[str, ...]) -> Transfer:
    """NHS money of `years` as worked out: national amounts by the area's share of the derived 2015-16 allocation."""
    at = panel.at(years)
    return Transfer(
        gbp=panel.money["entitlement"][:, at],
        basis=(worked_out_basis(years[-1]),) * len(panel.areas),
        error_share=panel.money["entitlement_error_share"][:, at[-1]],
    )


def rise_above_base(money: Transfer, base: int) -> Transfer:
    """(areas) pounds above the base years' rate over the window, summed over its years, on the same bases."""
    count = money.gbp.shape[1] - base
    rise = money.gbp[:, base:].sum(axis=1) - count * money.gbp[:, :base].mean(axis=1)
    return Transfer(gbp=rise, basis=money.basis, error_share=money.error_share)


def best_basis(panel: Panel, years: tuple[str, ...]) -> Transfer:
    """NHS money of `years`: as allocated where that is supplied for every year that had any, else the entitlement."""
    import numpy as np

    at = panel.at(years)
    entitled, allocated = panel.money["entitlement"][:, at], panel.money["allocated"][:, at]
    due = (np.nan_to_num(entitled) > 0).any(axis=0)
    due = due if due.any() else np.isfinite(allocated).any(axis=0)
    whole = np.isfinite(allocated[:, due]).all(axis=1) if due.any() else np.zeros(len(allocated), dtype=bool)
    kind = worked_out_basis(years[-1])
    return Transfer(
        gbp=np.where(whole[:, None], np.nan_to_num(allocated), entitled),
        basis=tuple(ALLOCATED if fine else kind for fine in whole.tolist()),
        error_share=np.where(whole, 0.0, panel.money["entitlement_error_share"][:, at[-1]]),
    )
