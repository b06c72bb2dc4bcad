"""Evidence: every published figure used for an area and window, with the file, sheet and cell it came from.

In: core tables, `ledger` and `source_file` of one run. Out: the rows of table `evidence`. Refuses nothing: a figure
without a cell is listed without one, so that its absence shows. Values and units are as published.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.grants import BCF_YEAR, COMPONENTS, GRANT_YEARS
from audit.member_sums import read_or_empty
from audit.panel import Panel
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
    rows.append(("rs", "public_health_nce_gbp_thousand", "Public health net current expenditure", (BCF_YEAR,)))
    rows += [("rs", f"{name}_gbp_thousand", label, years) for name, label in RS_BALANCES.items()]
    rows += [
        ("rs", f"{name}_nce_gbp_thousand", f"{name.replace('_', ' and ').capitalize()} net current expenditure", years)
        for name in CONTROLS
    ]
    return rows


def _one(frame: Any, spec: tuple[str, str, str, tuple[str, ...]], order: int) -> Any:
    table, column, label, years = spec
    if frame.empty or column not in frame.columns:
        return None
    rows = frame[frame["financial_year"].isin(years) & frame["area_code"].notna() & frame[column].notna()]
    figure = label
    if "client_group" in frame.columns:
        rows = rows[~rows["client_group"].isin(("total_adult", "learning_disability"))]
        figure = rows["client_group"].str.replace("_", " ").str.capitalize() + ": " + label
    made = rows[["area_code", "authority_code", "financial_year", "record_id", "file_sha256"]].copy()
    return made.assign(
        figure=figure,
        table=table,
        column=column,
        value=rows[column],
        order=order,
        unit="£ million" if column.endswith("_million") else "£ thousand",
    )


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


def evidence(folder: Path, panel: Panel, settings: Settings) -> Any:
    """Rows of table `evidence` for every area and real window, numbered in the order of the page."""
    import pandas as pd

    frames: dict[str, Any] = {}
    parts: list[Any] = []
    names = pd.DataFrame({"area_code": panel.areas})
    for window in settings.windows:
        if window.is_placebo:
            continue
        for order, spec in enumerate(_spec(window)):
            if spec[0] not in frames:
                frames[spec[0]] = read_or_empty(folder, spec[0])
            part = _one(frames[spec[0]], spec, order)
            if part is not None:
                parts.append(part.assign(window=window.name))
    if not parts:
        return pd.DataFrame()
    rows = pd.concat(parts, ignore_index=True).merge(names, on="area_code")
    rows = rows.merge(_cells(folder, rows), on=["table", "record_id", "column"], how="left")
    files = read_or_empty(folder, "source_file")
    if not files.empty:
        wanted = files[["file_sha256", "source", "publisher", "title", "release", "file_name"]].drop_duplicates(
            "file_sha256"
        )
        rows = rows.merge(wanted, on="file_sha256", how="left")
    rows = rows.sort_values(
        ["area_code", "window", "order", "figure", "financial_year", "authority_code", "record_id"], kind="stable"
    )
    number = rows.groupby(["area_code", "window"], sort=False).cumcount() + 1
    rows["evidence_id"] = rows["window"] + "-" + number.astype(str).str.zfill(3)
    rows["status"] = rows["status"].fillna("")
    several: Any = rows.groupby(["area_code", "window", "order", "figure", "financial_year"])[
        "authority_code"
    ].transform("nunique")
    rows.loc[several > 1, "figure"] += " (" + rows["authority_code"] + ")"
    return rows.drop(columns=["order", "authority_code"])
