"""Adult social care in the budget returns held, by area and year, each with its cells.

In: tables ra, area_authority and ledger of a run. Out: pounds by area and year, for years in which every authority
with the area's duty has a figure. Refuses to add a part of an area.
"""

from __future__ import annotations

from pathlib import Path

from audit.enquiry.answers import Held
from audit.panel.member_sums import active_members, read_or_empty

COLUMN = "adult_social_care_nce_gbp_thousand"


def budgets(tables: Path, areas: set[str]) -> dict[tuple[str, str], Held]:
    """Budgets of `areas`; none where no budget return is held."""
    import pyarrow.parquet as pq

    rows = read_or_empty(tables, "ra")
    if rows.empty or not areas:
        return {}
    rows = rows[rows["area_code"].isin(areas) & rows[COLUMN].notna()]
    ledger = pq.read_table(
        tables / "ledger.parquet",
        columns=["record_id", "sheet", "cell"],
        filters=[("table", "==", "ra"), ("column", "==", COLUMN)],
    ).to_pylist()
    cells = {row["record_id"]: f"sheet {row['sheet']}: {row['cell']}" for row in ledger}
    years = tuple(sorted(set(rows["financial_year"].astype(str))))
    by_key = {(row["authority_code"], row["financial_year"]): row for row in rows.to_dict("records")}
    made: dict[tuple[str, str], Held] = {}
    for (area, year), members in active_members(read_or_empty(tables, "area_authority"), years).items():
        found = [by_key[(code, year)] for code in members if (code, year) in by_key]
        if area in areas and found and len(found) == len(members):
            where = "; ".join(f"RA {year}, {cells.get(row['record_id'], 'cell not held')}" for row in found)
            made[(area, year)] = Held(1000.0 * sum(float(row[COLUMN]) for row in found), where)
    return made
