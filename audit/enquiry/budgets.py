"""Adult social care in the budget returns held beside its outturn, by area and year, each with its cells.

In: tables ra, rs, area_authority and ledger of a run. Out: pounds by area and year, for years in which every authority
with the area's duty has a figure; rows of table `budget_outturn`; and how far an area's outturn leaves its budget by
its own record. Refuses to add a part of an area.
"""

from __future__ import annotations

import math
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from audit.enquiry.answers import Held
from audit.panel.member_sums import active_members, read_or_empty

COLUMN = "adult_social_care_nce_gbp_thousand"
BUDGET, OUTTURN = "ra", "rs"
PRIOR_YEARS = 3.0
"""Years for which the spread among all councils counts beside a council's own: leaving one year out in turn, this
foretold the years left out best (2013-14 to 2021-22; docs/decisions/0019).
"""
Place = tuple[str, str]


class OwnShock(NamedTuple):
    """How far outturn leaves the budget in one area: the share, and of how many years it is the record."""

    share: float
    years: int


def budgets(tables: Path, areas: set[str]) -> dict[Place, Held]:
    """Budgets of `areas` by area and year; none where no budget return is held."""
    return figures(tables, BUDGET, areas)


def figures(tables: Path, table: str, areas: set[str] | None = None) -> dict[Place, Held]:
    """Adult social care in a return by area and year, of all areas where none are named."""
    import pyarrow.parquet as pq

    rows = read_or_empty(tables, table)
    if rows.empty or areas == set():
        return {}
    rows = rows[rows["area_code"].notna() & rows[COLUMN].notna()]
    if areas is not None:
        rows = rows[rows["area_code"].isin(areas)]
    ledger = pq.read_table(
        tables / "ledger.parquet",
        columns=["record_id", "sheet", "cell"],
        filters=[("table", "==", table), ("column", "==", COLUMN)],
    ).to_pylist()
    cells = {row["record_id"]: f"sheet {row['sheet']}: {row['cell']}" for row in ledger}
    years = tuple(sorted(set(rows["financial_year"].astype(str))))
    by_key = {(row["authority_code"], row["financial_year"]): row for row in rows.to_dict("records")}
    made: dict[Place, Held] = {}
    for (area, year), members in active_members(read_or_empty(tables, "area_authority"), years).items():
        found = [by_key[(code, year)] for code in members if (code, year) in by_key]
        if (areas is None or area in areas) and found and len(found) == len(members):
            where = "; ".join(
                f"{table.upper()} {year}, {cells.get(row['record_id'], 'cell not held')}" for row in found
            )
            made[(area, year)] = Held(1000.0 * sum(float(row[COLUMN]) for row in found), where)
    return made


def budget_rows(tables: Path) -> list[dict[str, Any]]:
    """Rows of table `budget_outturn`: areas and years in which both are held and above nought."""
    planned, spent = figures(tables, BUDGET), figures(tables, OUTTURN)
    both = sorted(key for key in planned.keys() & spent.keys() if min(planned[key].gbp, spent[key].gbp) > 0)
    over = {key: spent[key].gbp / planned[key].gbp - 1.0 for key in both}
    middles = {year: median(over[key] for key in both if key[1] == year) for year in {year for _, year in both}}
    return [
        {
            "area_code": area, "financial_year": year, "budget_gbp": planned[area, year].gbp,
            "outturn_gbp": spent[area, year].gbp, "over_share": over[area, year], "middle_over_share": middles[year],
            "budget_where": planned[area, year].cell, "outturn_where": spent[area, year].cell,
        }
        for area, year in both
    ]  # fmt: skip


def own_shocks(rows: list[dict[str, Any]], *, among_all: float) -> dict[str, OwnShock]:
    """How far each area's outturn leaves its budget, the middle area's departure of the year taken off.

    The mean square of the area's own years, with `among_all` (a share) counting for PRIOR_YEARS more: a few years tell
    little of a spread.
    """
    squares: dict[str, list[float]] = {}
    for row in rows:
        off = math.log1p(row["over_share"]) - math.log1p(row["middle_over_share"])
        squares.setdefault(row["area_code"], []).append(off**2)
    return {
        area: OwnShock(math.sqrt((sum(own) + PRIOR_YEARS * among_all**2) / (len(own) + PRIOR_YEARS)), len(own))
        for area, own in squares.items()
    }
