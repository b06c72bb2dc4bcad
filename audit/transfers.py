"""NHS money and grants on the panel: what was received, and what an area was entitled to.

In: settlement, PSS-EX1 and Better Care Fund tables. Out: (areas x years) pounds: derived grants, the derived 2015-16
Better Care Fund, the entitlement path, and the income lines councils reported. Refuses nothing: what is not held
stays NaN.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit import grants
from audit.member_sums import cells, read_or_empty, sum_over_members
from audit.settings import Settings

if TYPE_CHECKING:
    from audit.panel import Panel


def allocations(folder: Path, panel: Panel, rs: Any, settings: Settings) -> dict[str, Any]:
    """Grants, NHS income lines and the entitlement path (national amount x share of the derived 2015-16 allocation)."""
    import numpy as np

    power, parts = read_or_empty(folder, "spending_power"), read_or_empty(folder, "spending_power_components")
    differences = {} if power.empty or parts.empty else grants.difference(power, parts)
    made = {"grants": sum_over_members(grants.social_care_grants(differences), panel)}
    funds = {} if rs.empty else grants.better_care_fund(differences, rs)
    allocation = sum_over_members({(code, grants.BCF_YEAR): value for code, value in funds.items()}, panel)
    bcf = np.full(len(panel.areas), np.nan)
    if grants.BCF_YEAR in panel.years:
        bcf = allocation[:, panel.years.index(grants.BCF_YEAR)]
    share = bcf / np.nansum(bcf) if np.nansum(bcf) > 0 else bcf
    amounts = dict(settings["transfer.section_256"])
    national = [
        float(amounts.get(year, settings["transfer.bcf_to_councils"] if year >= grants.BCF_YEAR else 0.0)) * 1e6
        for year in panel.years
    ]
    made["entitlement"] = share[:, None] * np.array(national)[None, :]
    made["bcf_derived"] = allocation
    pss, bcf_income = read_or_empty(folder, "pss_ex1_summary"), read_or_empty(folder, "bcf_income")
    made["nhs_income"] = sum_over_members(cells(pss, "income_nhs_gbp_thousand"), panel)
    made["joint_income"] = sum_over_members(cells(pss, "income_joint_arrangements_gbp_thousand"), panel)
    made["bcf_income"] = sum_over_members(cells(bcf_income, "bcf_income_gbp_thousand"), panel)
    return made
