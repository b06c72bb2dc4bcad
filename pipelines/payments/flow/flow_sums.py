"""The traced flow by area and year: what each tier comes to, both directions, and their net as a range.

In: table `payment_flow`. Out: rows of `payment_flow_sum`. Low is labelled or proxy and regular, high all that is not
contradicted. Payments from copies whose minus signs may be lost are counted apart and never added up. Amounts are
added in the order of the table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pipelines.payments.flow.both_sides import plain
from pipelines.payments.words.texts import arrow_compute

COLUMNS = ["area_code", "financial_year", "direction", "tier", "signs", "period", "amount_gbp"]
DIRECTIONS = ("nhs_to_council", "council_to_nhs")
TIERS = ("labelled", "proxy_regular", "proxy", "unknown", "contradicts")
SIGNS_LOST = "may be lost"


def sum_flow(flow: Any) -> list[dict[str, Any]]:
    """Rows of `payment_flow_sum`, sorted by area and year, from a table with the columns of `COLUMNS`."""
    pc = arrow_compute()
    rows = plain(flow, COLUMNS)
    lost = pc.equal(rows["signs"], SIGNS_LOST)
    for name in ("direction", "tier"):  # of payments that are never added up neither matters
        rows = rows.set_column(COLUMNS.index(name), name, pc.if_else(lost, "", rows[name]))
    cells = rows.filter(pc.not_equal(rows["area_code"], "")).group_by(COLUMNS[:4], use_threads=False).aggregate(
        [("amount_gbp", "sum"), ("amount_gbp", "count"), ("period", "distinct")])  # fmt: skip
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for cell in cells.to_pylist():
        groups[cell["area_code"], cell["financial_year"]].append(cell)
    return [{"area_code": area, "financial_year": year, **_sums(members)}
            for (area, year), members in sorted(groups.items())]  # fmt: skip


def sum_rows(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same from rows as dicts, as pages have them; columns that are not summed are left out."""
    import pyarrow as pa

    from pipelines.declarations.catalogue import arrow_schema, tables

    schema = arrow_schema(tables()["payment_flow"])
    return sum_flow(pa.Table.from_pylist(list(rows), schema=pa.schema([schema.field(name) for name in COLUMNS])))


def _sums(members: list[dict[str, Any]]) -> dict[str, Any]:
    lost = [cell for cell in members if not cell["direction"]]
    told: dict[str, Any] = {"payments": _count(members), "months": _months(members),
                            "signs_lost_payments": _count(lost), "signs_lost_gbp": _total(lost)}  # fmt: skip
    for way in DIRECTIONS:
        added = [cell for cell in members if cell["direction"] == way]
        told |= {f"{way}_{tier}_gbp": _total([cell for cell in added if cell["tier"] == tier]) for tier in TIERS}
        low, high = _range(told, way)
        told |= {f"{way}_payments": _count(added), f"{way}_months": _months(added), f"{way}_low_gbp": low,
                 f"{way}_high_gbp": high}  # fmt: skip
    low, high = told["nhs_to_council_low_gbp"], told["nhs_to_council_high_gbp"]
    back_low, back_high = told["council_to_nhs_low_gbp"], told["council_to_nhs_high_gbp"]
    return told | {"net_low_gbp": round(low - back_high, 2), "net_high_gbp": round(high - back_low, 2)}


def _total(cells: list[dict[str, Any]]) -> float:
    return round(sum((cell["amount_gbp_sum"] for cell in cells), 0.0), 2)


def _count(cells: list[dict[str, Any]]) -> int:
    return sum(cell["amount_gbp_count"] for cell in cells)


def _months(cells: list[dict[str, Any]]) -> int:
    return len({period for cell in cells for period in cell["period_distinct"] if period})


def _range(sums: dict[str, Any], way: str) -> tuple[float, float]:
    """(low, high) of a direction, in order: sums may be negative, as credit notes are payments too."""
    low = sums[f"{way}_labelled_gbp"] + sums[f"{way}_proxy_regular_gbp"]
    high = low + sums[f"{way}_proxy_gbp"] + sums[f"{way}_unknown_gbp"]
    return round(min(low, high), 2), round(max(low, high), 2)
