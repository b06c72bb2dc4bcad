"""What each commissioner paid to councils in a year, beside two per cent of its allocation: a measure of exposure.

In: table `payment_flow`, and the published allocations. Out: rows of `payment_exposure`. A commissioner formed by
merger takes the allocations published for those it was formed from, and says so. Where none is known the row says so
too; nothing is estimated.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

from pipelines.declarations.declared_files import read_rows
from pipelines.payments.flow.both_sides import plain
from pipelines.payments.words.organisations import COMMISSIONER
from pipelines.payments.words.texts import arrow_compute
from pipelines.places import REFERENCE

RING_FENCE = 0.02
COLUMNS = ["payer_kind", "payer_code", "payer_name", "direction", "financial_year", "period", "tier", "amount_gbp"]
ORDER = [("payer_name", "ascending"), ("financial_year", "ascending")]
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


def exposure(flow: Any) -> list[dict[str, Any]]:
    """Rows of `payment_exposure`, sorted by commissioner and year, from a table with the columns of `COLUMNS`."""
    import pyarrow as pa

    pc = arrow_compute()
    rows = plain(flow, COLUMNS)
    paid = pc.and_(pc.equal(rows["payer_kind"], COMMISSIONER), pc.equal(rows["direction"], "nhs_to_council"))
    rows = rows.filter(paid)
    low, high = pc.is_in(rows["tier"], value_set=pa.array(LOW_TIERS)), pc.not_equal(rows["tier"], "contradicts")
    code = pc.if_else(pc.equal(rows["payer_code"], ""), None, rows["payer_code"])
    groups = pa.table({
        "payer_name": rows["payer_name"], "financial_year": rows["financial_year"], "code": code,
        "low": pc.if_else(low, rows["amount_gbp"], 0.0), "high": pc.if_else(high, rows["amount_gbp"], 0.0),
        "period": rows["period"],
    }).group_by(["payer_name", "financial_year"], use_threads=False).aggregate(
        [("code", "first"), ("low", "sum"), ("high", "sum"), ("period", "distinct")])  # fmt: skip
    return [_row(group) for group in groups.sort_by(ORDER).to_pylist()]


def _row(group: dict[str, Any]) -> dict[str, Any]:
    year, code, low, high = group["financial_year"], group["code_first"] or "", group["low_sum"], group["high_sum"]
    allocation, basis = allocation_of(code, year)
    fence = allocation * 1000 * RING_FENCE if allocation else None
    return {
        "payer_name": group["payer_name"], "payer_code": code, "financial_year": year,
        "months": len([period for period in group["period_distinct"] if period]),
        "flow_low_gbp": round(min(low, high), 2), "flow_high_gbp": round(max(low, high), 2),
        "allocation_gbp_thousand": allocation, "two_per_cent_gbp": fence,
        "low_share": min(low, high) / fence if fence else None, "high_share": max(low, high) / fence if fence else None,
        "basis": basis,
    }  # fmt: skip
