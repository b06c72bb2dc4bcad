"""The traced flow by area and year: what each tier comes to, both directions, and their net as a range.

In: rows of `payment_flow`. Out: rows of `payment_flow_sum`. Low is labelled or proxy and regular, high all that is not
contradicted. Payments from copies whose minus signs may be lost are counted apart and never added up.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

DIRECTIONS = ("nhs_to_council", "council_to_nhs")
TIERS = ("labelled", "proxy_regular", "proxy", "unknown", "contradicts")
SIGNS_LOST = "may be lost"


def sum_flow(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `payment_flow_sum`, sorted by area and year."""
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["area_code"]:
            groups[row["area_code"], row["financial_year"]].append(row)
    return [{"area_code": area, "financial_year": year, **_sums(members)}
            for (area, year), members in sorted(groups.items())]  # fmt: skip


def _sums(members: list[dict[str, Any]]) -> dict[str, Any]:
    lost = [row for row in members if row["signs"] == SIGNS_LOST]
    told: dict[str, Any] = {"payments": len(members), "months": _months(members), "signs_lost_payments": len(lost),
                            "signs_lost_gbp": _total(lost)}  # fmt: skip
    for way in DIRECTIONS:
        added = [row for row in members if row["direction"] == way and row["signs"] != SIGNS_LOST]
        told |= {f"{way}_{tier}_gbp": _total([row for row in added if row["tier"] == tier]) for tier in TIERS}
        low, high = _range(told, way)
        told |= {f"{way}_payments": len(added), f"{way}_months": _months(added), f"{way}_low_gbp": low,
                 f"{way}_high_gbp": high}  # fmt: skip
    low, high = told["nhs_to_council_low_gbp"], told["nhs_to_council_high_gbp"]
    back_low, back_high = told["council_to_nhs_low_gbp"], told["council_to_nhs_high_gbp"]
    return told | {"net_low_gbp": round(low - back_high, 2), "net_high_gbp": round(high - back_low, 2)}


def _total(rows: list[dict[str, Any]]) -> float:
    return round(sum((row["amount_gbp"] for row in rows), 0.0), 2)


def _months(rows: list[dict[str, Any]]) -> int:
    return len({row["period"] for row in rows if row["period"]})


def _range(sums: dict[str, Any], way: str) -> tuple[float, float]:
    """(low, high) of a direction, in order: sums may be negative, as credit notes are payments too."""
    low = sums[f"{way}_labelled_gbp"] + sums[f"{way}_proxy_regular_gbp"]
    high = low + sums[f"{way}_proxy_gbp"] + sums[f"{way}_unknown_gbp"]
    return round(min(low, high), 2), round(max(low, high), 2)
