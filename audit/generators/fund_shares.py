"""What the second generator needs to know of each authority: its share of the Better Care Fund and its later grants.

In: a folder of loaded tables and the codes of a cube. Out: shares (codes) and social-care grants (codes, years) in
thousands of pounds, NaN where they cannot be derived. Refuses nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.generators.plant_fund import YEARS
from audit.panel import grants
from audit.panel.member_sums import read_or_empty


def fund_shares(tables: Path, codes: tuple[str, ...]) -> tuple[Any, Any]:
    """Shares of the derived 2015-16 fund, and the grants of `YEARS` in thousands of pounds."""
    import numpy as np

    power, parts = read_or_empty(tables, "spending_power"), read_or_empty(tables, "spending_power_components")
    differences = {} if power.empty or parts.empty else grants.difference(power, parts)
    funds = grants.better_care_fund(differences, read_or_empty(tables, "rs"))
    later = grants.social_care_grants(differences)
    fund = np.array([funds.get(code, np.nan) for code in codes])
    given = np.array([[later.get((code, year), np.nan) for year in YEARS] for code in codes]) / 1000.0
    return fund / np.nansum(fund), given
