"""What each commissioner paid to councils in a year, beside two per cent of its allocation: a measure of exposure.

In: rows of `payment_flow`, and the published allocations. Out: rows of `payment_exposure`. A commissioner formed by
merger takes the allocations published for those it was formed from, and says so. Where none is known the row says so
too; nothing is estimated.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from pipelines.declared_files import read_rows
from pipelines.payments.organisations import COMMISSIONER
from pipelines.payments.vocabulary import REFERENCE

RING_FENCE = 0.02
LOW_TIERS = ("labelled", "proxy_regular")
BASIS = "payments in the files loaded (a lower bound), and 2% of the published allocation of the year"
MERGED = "payments in the files loaded (a lower bound), and 2% of the published allocations of the year of {members}, \
from which it was formed"
NO_CODE = "cannot be told: the commissioner has no code in the references"
NO_ALLOCATION = "cannot be told: no allocation of that year under the commissioner's code"


@cache
def allocations() -> dict[tuple[str, str], float]:
    """(commissioner code, financial year) to the allocation in thousand pounds; codes with two figures are left out."""
    found: dict[tuple[str, str], set[float]] = defaultdict(set)
    path = REFERENCE / "figures" / "commissioner_allocation_by_year.csv"
    for row in read_rows(path, ("commissioner_code", "financial_year", "allocation_gbp_thousand")):
        try:
            amount = float(row["allocation_gbp_thousand"])
        except ValueError:
            continue  # a status letter: the publisher gives no figure
        found[row["commissioner_code"], row["financial_year"]].add(amount)
    return {key: amounts.pop() for key, amounts in found.items() if len(amounts) == 1}


@cache
def formed_from() -> dict[str, tuple[str, ...]]:
    """Code of a commissioner formed in April 2020 to the codes it was formed from: it alone covers their partnership.

    From the lists of sustainability and transformation partnerships of the two years around that date.
    """
    before, after = _partnerships("2019-20"), _partnerships("2020-21")
    alone = {codes[0]: stp for stp, codes in after.items() if len(codes) == 1}
    found = {code: before.get(stp, ()) for code, stp in alone.items()}
    return {code: members for code, members in found.items() if len(members) > 1 and code not in members}


def _partnerships(year: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    path = REFERENCE / "figures" / f"commissioner_stp_{year}.csv"
    for row in read_rows(path, ("stp_code", "commissioner_code")):
        found[row["stp_code"]].append(row["commissioner_code"])
    return {stp: tuple(sorted(codes)) for stp, codes in found.items()}


def allocation_of(code: str, year: str) -> tuple[float | None, str]:
    """(allocation in thousand pounds or None, what it rests on or why there is none) of a commissioner in a year."""
    known = allocations().get((code, year))
    if known is not None:
        return known, BASIS
    members = formed_from().get(code, ())
    parts = [allocations()[member, year] for member in members if (member, year) in allocations()]
    if parts and len(parts) == len(members):
        return sum(parts), MERGED.format(members=", ".join(members))
    return None, NO_ALLOCATION if code else NO_CODE


def exposure(flow: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `payment_exposure`, sorted by commissioner and year."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in flow:
        if row["payer_kind"] == COMMISSIONER and row["direction"] == "nhs_to_council":
            groups[row["payer_name"], row["financial_year"]].append(row)
    return [_row(name, year, rows) for (name, year), rows in sorted(groups.items())]


def _row(name: str, year: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    code = next((row["payer_code"] for row in rows if row["payer_code"]), "")
    low = sum(row["amount_gbp"] for row in rows if row["tier"] in LOW_TIERS)
    high = sum(row["amount_gbp"] for row in rows if row["tier"] != "contradicts")
    allocation, basis = allocation_of(code, year)
    fence = allocation * 1000 * RING_FENCE if allocation else None
    return {
        "payer_name": name, "payer_code": code, "financial_year": year,
        "months": len({row["period"] for row in rows if row["period"]}), "flow_low_gbp": round(min(low, high), 2),
        "flow_high_gbp": round(max(low, high), 2), "allocation_gbp_thousand": allocation, "two_per_cent_gbp": fence,
        "low_share": min(low, high) / fence if fence else None, "high_share": max(low, high) / fence if fence else None,
        "basis": basis,
    }  # fmt: skip
