"""Evidence: every published figure used for an area and window, with the file, sheet and cell it came from.

In: core tables, `ledger` and `source_file` of one run. Out: the rows of table `evidence`. Refuses nothing: a figure
without a cell is listed without one, so that its absence shows, and a figure the publisher left out is listed with
its status letter. Values and units are as published; what the method derives or estimates is marked [e].
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.panel.grants import BCF_YEAR, COMPONENTS, GRANT_YEARS, PUBLIC_HEALTH_YEAR
from audit.panel.member_sums import read_or_empty
from audit.panel.panel import Panel
from audit.settings import CONTROLS, Settings, Window

RS_BALANCES = {
    "council_tax_requirement": "Council tax requirement",
    "revenue_support_grant": "Revenue support grant",
    "business_rates": "Business rates",
    "earmarked_reserves_closing": "Earmarked reserves at the end of the year",
    "unallocated_reserves_closing": "Unallocated reserves at the end of the year",
}
RO3_MEASURES = {
    "total_expenditure": "total expenditure (C3)",
    "sales_fees_charges": "sales, fees and charges (C4)",
    "other_income": "other income, where NHS receipts are booked (C5)",
    "net_current_expenditure": "net current expenditure (C7)",
}
SETTLEMENT = {
    "sfa": "settlement funding assessment",
    "under_index": "under-indexing of the multiplier",
    "ct_total": "council tax",
    "nhb": "new homes bonus",
    "nhb_return": "returned new homes bonus",
    "rsdg": "rural services delivery grant",
}
NHS_LINES = (
    ("pss_ex1_summary", "income_nhs_gbp_thousand", "Income from the NHS"),
    ("pss_ex1_summary", "income_joint_arrangements_gbp_thousand", "Income from joint arrangements"),
    ("bcf_income", "bcf_income_gbp_thousand", "Income from the Better Care Fund"),
)


KEYS = ("area_code", "authority_code", "financial_year", "record_id", "file_sha256", "client_group")
MONEY = ("_gbp_thousand", "_gbp_million")
FILE_COLUMNS = ("source", "publisher", "title", "release", "file_name")
COLUMNS = (
    "area_code", "window", "evidence_id", "figure", "financial_year", "value", "unit", "table", "record_id", "column",
    *FILE_COLUMNS, "file_sha256", "sheet", "cell", "status", "check_code",
)  # fmt: skip


def _spec(window: Window) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """(table, column, label, years) of the figures a window rests on, in the order of the page."""
    years = (*window.base, *window.years)
    rows: list[tuple[str, str, str, tuple[str, ...]]] = []
    if window.own == "own_without_ld":
        rows += [("ro3", f"{name}_gbp_thousand", label, years) for name, label in RO3_MEASURES.items()]
    else:
        rows.append(("rs", "adult_social_care_nce_gbp_thousand", "Adult social care net current expenditure", years))
        rows += [(table, column, label, years) for table, column, label in NHS_LINES]
        power = (BCF_YEAR, *GRANT_YEARS)
        rows.append(("spending_power", "spending_power_gbp_million", "Spending power", power))
        rows += [
            ("spending_power_components", f"{name}_gbp_million", f"Spending power: {SETTLEMENT[name]}", power)
            for name in COMPONENTS
        ]
    if window.own == "own_without_ld":
        rows.append(("spending_power", "spending_power_gbp_million", "Spending power", (BCF_YEAR,)))
        rows += [
            ("spending_power_components", f"{name}_gbp_million", f"Spending power: {SETTLEMENT[name]}", (BCF_YEAR,))
            for name in COMPONENTS
        ]
    rows.append(
        ("rs", "public_health_nce_gbp_thousand", "Public health net current expenditure", (PUBLIC_HEALTH_YEAR,))
    )
    rows += [("rs", f"{name}_gbp_thousand", label, years) for name, label in RS_BALANCES.items()]
    rows += [
        ("rs", f"{name}_nce_gbp_thousand", f"{name.replace('_', ' and ').capitalize()} net current expenditure", years)
        for name in CONTROLS
    ]
    return rows


def _arrays(frame: Any) -> dict[str, Any]:
    """A core table as plain arrays, read once for all the figures taken from it."""
    made = {name: frame[name].to_numpy(dtype=object) for name in KEYS if name in frame.columns}
    made |= {name: frame[name].to_numpy(dtype=float) for name in frame.columns if name.endswith(MONEY)}
    return made


def _one(arrays: dict[str, Any], spec: tuple[str, str, str, tuple[str, ...]], areas: set[str]) -> dict[str, Any]:
    """Columns of the figures of one line: every area's, published or missing."""
    import numpy as np

    table, column, label, years = spec
    chosen = np.isin(arrays["financial_year"].astype(str), years)
    chosen &= np.fromiter((code in areas for code in arrays["area_code"]), dtype=bool, count=len(chosen))
    if "client_group" in arrays:
        groups = arrays["client_group"].astype(str)
        chosen &= (groups != "total_adult") & (groups != "learning_disability")
    at = np.flatnonzero(chosen)
    made = {name: arrays[name][at] for name in KEYS[:5]}
    figure = [label] * len(at)
    if "client_group" in arrays:
        figure = [f"{group.replace('_', ' ').capitalize()}: {label}" for group in arrays["client_group"][at]]
    unit = "£ million" if column.endswith("_million") else "£ thousand"
    many = {"figure": figure, "table": [table] * len(at), "column": [column] * len(at), "unit": [unit] * len(at)}
    return {**made, **many, "value": arrays[column][at]}


def _cells(folder: Path, wanted: Any) -> Any:
    """The ledger rows of the records and columns wanted; an empty frame when the run has no ledger."""
    import pandas as pd
    import pyarrow.parquet as pq

    names = ["table", "record_id", "column", "sheet", "cell", "status"]
    path = folder / "ledger.parquet"
    if not path.exists():
        return pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    chosen = pq.read_table(
        path,
        columns=names,
        filters=[("table", "in", sorted(set(wanted["table"]))), ("column", "in", sorted(set(wanted["column"])))],
    )
    return chosen.to_pandas().drop_duplicates(["table", "record_id", "column"], keep="last")


def _derived(panel: Panel, window: Window) -> list[dict[str, Any]]:
    """NHS money and grants worked out from the published figures above them: marked [e], without a cell."""
    if "entitlement" not in panel.money:
        return []
    years = (*window.base, *window.years)
    names = [("entitlement", "transfer_gbp", "NHS money: national amount x share of the derived allocation", years)]
    if window.own != "own_without_ld":
        names.append(
            ("grants", "social_care_grants_gbp", "Social-care grants: spending power less its components", GRANT_YEARS)
        )
    made: list[dict[str, Any]] = []
    for series, column, label, held in names:
        for area, code in enumerate(panel.areas):
            for year, at in zip(held, panel.at(held), strict=True):
                value = float(panel.money[series][area, at])
                if value == value and value > 0:
                    made.append(
                        {
                            "area_code": code,
                            "financial_year": year,
                            "record_id": f"area_year/{year}/{code}",
                            "figure": label,
                            "table": "area_year",
                            "column": column,
                            "unit": "£",
                            "value": value,
                            "status": "e",
                            "source": "derived",
                            "title": "Worked out from the settlement and public health figures listed here",
                        }
                    )
    return made


def _set_aside(folder: Path, window: Window, areas: set[str]) -> Any:
    """Figures that a check set aside before use: listed without a value, with their cell and the check's code."""
    import pandas as pd

    rows = read_or_empty(folder, "check_finding")
    if rows.empty:
        return pd.DataFrame()
    rows = rows[(rows["done"] == "set aside") & rows["area_code"].isin(areas)]
    parts = [
        rows[(rows["table"] == table) & (rows["column"] == column) & rows["financial_year"].isin(years)].assign(
            figure=label, unit="£ million" if column.endswith("_million") else "£ thousand", order=order
        )
        for order, (table, column, label, years) in enumerate(_spec(window))
    ]
    made: Any = pd.concat(parts, ignore_index=True)
    sheets = read_or_empty(folder, "quarantine").set_index(["table", "record_id", "check_code", "column"])
    keys = pd.MultiIndex.from_frame(made[["table", "record_id", "check_code", "column"]])
    made["file_sha256"] = sheets["file_sha256"].reindex(keys).to_numpy()
    wanted = ["area_code", "financial_year", "record_id", "table", "column", "figure", "unit", "order", "check_code"]
    return made[[*wanted, "file_sha256"]].assign(status="x", window=window.name)


def _supplied(folder: Path, window: Window) -> Any:
    """Allocations a user supplied for the window's years, each with the cell of their table."""
    import pandas as pd

    rows = read_or_empty(folder, "transfer")
    if rows.empty:
        return pd.DataFrame()
    rows = rows[rows["financial_year"].isin((*window.base, *window.years))]
    figure = "NHS money allocated: " + rows["kind"].astype(str)
    made = rows[["area_code", "authority_code", "financial_year", "record_id", "file_name", "file_sha256", "cell"]]
    return made.assign(
        authority_code=rows["authority_code"].where(rows["authority_code"] != ""), figure=figure, table="transfer",
        column="amount_gbp", unit="£", value=rows["amount_gbp"], status="", source="supplied", title=rows["source"],
    )  # fmt: skip


def evidence(folder: Path, panel: Panel, settings: Settings) -> Any:
    """Rows of table `evidence` for every area and real window, numbered in the order of the page."""
    import numpy as np
    import pandas as pd

    tables: dict[str, dict[str, Any]] = {}
    parts: list[Any] = []
    areas = set(panel.areas)
    for window in (window for window in settings.windows if not window.is_placebo):
        for order, spec in enumerate(_spec(window)):
            if spec[0] not in tables:
                frame = read_or_empty(folder, spec[0])
                tables[spec[0]] = {} if frame.empty else _arrays(frame)
            if spec[1] in tables[spec[0]]:
                parts.append(pd.DataFrame(_one(tables[spec[0]], spec, areas) | {"order": order, "window": window.name}))
        parts.append(_set_aside(folder, window, areas))
        parts.append(pd.DataFrame(_derived(panel, window)).assign(order=99, window=window.name))
        parts.append(_supplied(folder, window).assign(order=99, window=window.name))
    parts = [part for part in parts if len(part)]
    if not parts:  # no window is declared, or nothing was given that one uses: budgets alone
        return pd.DataFrame()
    rows: Any = pd.concat(parts, ignore_index=True).astype({"column": object})
    cells = _cells(folder, rows)
    rows = rows.merge(cells, on=["table", "record_id", "column"], how="left", suffixes=("", "_ledger"))
    if "cell_ledger" in rows:  # what a user supplied brings its own cell
        rows["cell"] = rows["cell_ledger"].fillna(rows["cell"])
    own = rows["status"] if "status_ledger" in rows else np.nan
    told = pd.Series(own, index=rows.index, dtype=object)
    rows["status"] = told.fillna(rows.get("status_ledger", rows["status"])).fillna("")
    rows = rows[rows["value"].notna() | rows["status"].isin(("x", "c"))]
    files = read_or_empty(folder, "source_file")
    if not files.empty:
        wanted = files[["file_sha256", *FILE_COLUMNS]].drop_duplicates("file_sha256")
        rows = rows.merge(wanted, on="file_sha256", how="left", suffixes=("_own", ""))
        for name in ("source", "title", "file_name"):
            if f"{name}_own" in rows:
                rows[name] = rows[name].fillna(rows[f"{name}_own"])
    rows = rows.sort_values(
        ["area_code", "window", "order", "figure", "financial_year", "authority_code", "record_id"], kind="stable"
    )
    group = rows["area_code"].astype(str) + rows["window"]
    number = group.groupby(group, sort=False).cumcount() + 1
    rows["evidence_id"] = rows["window"] + "-" + number.astype(str).str.zfill(3)
    line = rows["area_code"].astype(str) + rows["window"] + rows["figure"] + rows["financial_year"]
    pairs: Any = pd.DataFrame({"line": line, "authority": rows["authority_code"]}).drop_duplicates().dropna()
    several: Any = line.map(pairs["line"].value_counts()).fillna(0) > 1
    rows.loc[several, "figure"] += " (" + rows["authority_code"] + ")"
    return rows[[name for name in COLUMNS if name in rows]]
