"""The transfers worked out, set beside what councils say they received.

In: an `Assessment`. Out: rows of table `transfer_check`: by year and return, the sums, the correlation over areas and
the middle and spread of received over worked out. Refuses nothing: a comparison with fewer than twenty areas gives no
row. Receipts are booked by many conventions: agreement in rank is the test, not equal sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.method.comparable.huber_ridge import robust_spread
from audit.panel.transfers import worked_out_basis

if TYPE_CHECKING:
    from audit.method.assessment import Assessment

LEAST = 20
BASE = ("2009-10", "2010-11")
ROSE = "RO3 other income without learning disability, rise since 2009-11"
LINES = (("2014-15", "nhs_income", "PSS-EX1 income from the NHS"),
         ("2015-16", "bcf_income", "Better Care Fund income as councils reported it"),
         ("2016-17", "bcf_income", "Better Care Fund income as councils reported it"))  # fmt: skip


def rows(found: Assessment) -> list[dict[str, Any]]:
    """Every year from 2011-12 to 2016-17 for which a return holds NHS money."""
    money, years = found.panel.money, found.panel.years
    pairs: list[tuple[str, str, Any]] = []
    if set(BASE) <= set(years):
        income = money["other_income_without_ld"]
        base = income[:, found.panel.at(BASE)].mean(axis=1)
        pairs += [
            (year, ROSE, income[:, years.index(year)] - base)
            for year in ("2011-12", "2012-13", "2013-14")
            if year in years
        ]
    pairs += [(year, label, money[name][:, years.index(year)]) for year, name, label in LINES if year in years]
    made = [_row(year, label, received, money["entitlement"][:, years.index(year)]) for year, label, received in pairs]
    return [row for row in made if row]


def _row(year: str, label: str, received: Any, worked_out: Any) -> dict[str, Any]:
    import numpy as np

    fine = np.isfinite(received) & np.isfinite(worked_out) & (worked_out > 0)
    if fine.sum() < LEAST:
        return {}
    both = fine & (received > 0)
    ratio = np.log(received[both] / worked_out[both])
    return {
        "financial_year": year,
        "received_from": label,
        "basis": worked_out_basis(year),
        "areas": int(fine.sum()),
        "received_gbp": float(received[fine].sum()),
        "worked_out_gbp": float(worked_out[fine].sum()),
        "correlation": float(np.corrcoef(received[fine], worked_out[fine])[0, 1]),
        "areas_above_nought": int(both.sum()),
        "middle_ratio": float(np.exp(np.median(ratio))) if len(ratio) else float("nan"),
        "ratio_spread": robust_spread(ratio),
    }
