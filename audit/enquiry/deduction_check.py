"""The deduction for public health, set against the grant that was published a year later.

The Better Care Fund of 2015-16 is worked out from settlement figures, from which the public health line of the outturn
is taken off. In: tables rs, sg, area_authority and expected_spend of a run. Out: rows of table `deduction_check`: the
deduction and the grant of 2016-17 brought to the same total, by area, and their difference as a share of the money
worked out. Described: nothing is judged by it. Services for children under five joined the grant in October 2015, so
part of a difference is a real change. An area of which a council lacks either figure is left out, and so is one that
is judged on allocations given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.panel.grants import BCF_YEAR, public_health
from audit.panel.member_sums import active_members, read_or_empty

GRANT, GRANT_YEAR = "public_health_grant_gbp_thousand", "2016-17"
WINDOW, DERIVED = "W2", "derived"


def deduction_rows(tables: Path) -> Iterator[dict[str, Any]]:
    """Rows by area; none where the grant is not held."""
    grants, spend = read_or_empty(tables, "sg"), read_or_empty(tables, "expected_spend")
    if grants.empty or spend.empty:
        return
    deducted = next(iter(public_health(read_or_empty(tables, "rs"))), {})
    held = grants[(grants["financial_year"] == GRANT_YEAR) & grants[GRANT].notna()]
    granted = {
        str(code): 1000.0 * float(value) for code, value in zip(held["authority_code"], held[GRANT], strict=True)
    }
    both = deducted.keys() & granted.keys()
    if not both:
        return
    share = sum(deducted[code] for code in both) / sum(granted[code] for code in both)
    worked_out = (
        (spend["window"] == WINDOW) & (spend["financial_year"] == BCF_YEAR) & spend["reckoned_basis"].eq(DERIVED)
    )
    here = spend[worked_out & spend["reckoned_gbp"].notna()]
    money = dict(zip(here["area_code"].astype(str), here["reckoned_gbp"].astype(float), strict=True))
    for (area, _), members in sorted(active_members(read_or_empty(tables, "area_authority"), (BCF_YEAR,)).items()):
        if not money.get(area) or not both.issuperset(members):
            continue
        taken, brought = (sum(values[code] for code in members) for values in (deducted, granted))
        yield {
            "area_code": area, "financial_year": BCF_YEAR, "deducted_gbp": taken, "granted_gbp": brought * share,
            "money_gbp": money[area], "error_share": (taken - brought * share) / money[area],
        }  # fmt: skip
