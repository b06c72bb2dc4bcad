"""From a figure to the published cells it rests on: file, sheet, cell, SHA-256, publisher and release.

In: a run, and a row of one of its frames, or a record and a column. Out: a frame, a row a published cell, from tables
`ledger`, `evidence` and `source_file`. A published figure has one cell; an area's has those of every figure beneath it.
Refuses (InputError) what names no figure, and a figure beneath which nothing was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from audit.panel.build_panel import MEASURES, RS_SERIES
from audit.settings import CONTROLS
from pipelines.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from audit.api.tables import Held

RECORD = ("table", "record_id", "column")
COLUMNS = (
    "figure", "financial_year", "value", "text", "unit", "status", "file_name", "sheet", "row", "cell", "file_sha256",
    "input_sha256", "publisher", "title", "release", "licence", "landing_page", "table", "record_id", "column",
)  # fmt: skip
UNITS = {"_gbp_thousand": "£ thousand", "_gbp_million": "£ million", "_gbp": "£"}
OF_AREA = {"gross_gbp": "gross", "charges_gbp": "charges", "other_income_gbp": "other_income", "own_funded_gbp": "own"}
"""Columns of `area_year` that are sums of lines of RO3 or RSX, by measure; below, those of lines of RS."""
OF_RS = {
    "own_funded_gbp": ("rs_adult",),
    "childrens_gbp": ("childrens",),
    "total_service_gbp": ("total_service",),
    "council_tax_requirement_gbp": ("council_tax",),
    "funding_gbp": ("rsg", "rates", "area_based_grant"),
    "earmarked_reserves_gbp": ("earmarked",),
    "unallocated_reserves_gbp": ("unallocated",),
    "comparable_services_gbp": CONTROLS,
}
WHAT = "a row of a frame of this run, or (table, record id, column)"


def lineage(run: Held, cell: Any, column: str) -> pd.DataFrame:
    """The published cells beneath a figure, a row a cell. Raises InputError."""
    told = _named(cell, column)
    if not told.get("record_id") and told.get("evidence_id"):
        found = run.table("evidence", area_code=str(told["area_code"]), evidence_id=str(told["evidence_id"]))
        if found.empty:
            raise InputError(
                f"area {told['area_code']} has no figure {told['evidence_id']}", expected=_some_ids(run, told)
            )
        told = {**told, **found.iloc[0].to_dict()}
    if told.get("record_id") and told.get("table") not in ("area_year", "area_year_block"):
        return _of_record(run, told)
    return _of_area(run, told)


def _some_ids(run: Held, told: Mapping[str, Any]) -> str:
    ids: Any = run.table("evidence", ["evidence_id"], area_code=str(told["area_code"]))["evidence_id"]
    return f"{ids.iloc[0]} to {ids.iloc[-1]}" if len(ids) else ""


def _named(cell: Any, column: str) -> dict[str, Any]:
    """What the figure is named by: table, record and column, or area, year, window and column."""
    if isinstance(cell, tuple | list):
        parts: list[str] = [str(part) for part in cell]
        if len(parts) != len(RECORD):
            raise InputError(f"'{cell}' names no figure", expected=WHAT)
        return dict(zip(RECORD, parts, strict=True))
    if not isinstance(cell, Mapping) and not hasattr(cell, "to_dict"):
        raise InputError(f"'{cell}' names no figure", expected=WHAT)
    plain: Any = cell
    told: dict[str, Any] = dict(plain) if isinstance(cell, Mapping) else plain.to_dict()
    told = {name: None if value != value else value for name, value in told.items() if _is_plain(value)}
    told["column"] = column or told.get("column") or ""
    if told.get("record_id"):
        told.setdefault("table", str(told["record_id"]).partition("/")[0])
    else:
        told.setdefault("table", getattr(cell, "attrs", {}).get("table", ""))
    if not told.get("record_id") and not told.get("area_code"):
        raise InputError("the row has neither a record id nor an area", expected=WHAT)
    return told


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _of_record(run: Held, told: Mapping[str, Any]) -> pd.DataFrame:
    """The one cell of a published value; what a user supplied has its cell in the evidence."""
    if not told["column"]:
        raise InputError("the row does not say which figure", expected="column=, the name of one of its columns")
    named = {name: str(told[name]) for name in RECORD}
    cells: Any = run.table("ledger", None, **named) if run.has("ledger") else None
    if cells is None or cells.empty:
        cells = run.table("evidence", None, **named).drop_duplicates(list(RECORD))
    if cells.empty:
        raise InputError(
            f"no cell was published for {named['column']} of record {named['record_id']}",
            do="Follow a column of the record that holds a published value; run.table(NAME).attrs tells them.",
        )
    return _with_files(run, cells, told)


def _of_area(run: Held, told: Mapping[str, Any]) -> pd.DataFrame:
    """The cells beneath an area's figure: those of the column where it is a sum of lines, else all of its window."""
    area, year, window = (str(told.get(name) or "") for name in ("area_code", "financial_year", "window"))
    if told["table"] in ("area_year", "") and year and not window:
        for table, columns, only in _lines_beneath(told):
            cells = _cells_beneath(run, table, columns, {**only, "area_code": area, "financial_year": year})
            if cells is not None:
                return _with_files(run, cells, {})
    where = {"area_code": area, **({"window": window} if window else {}), **({"financial_year": year} if year else {})}
    figures: Any = run.table("evidence", None, **where)
    figures = figures[figures["source"] != "derived"].drop_duplicates(list(RECORD))
    if figures.empty:
        raise InputError(f"nothing published is held beneath this figure of {area} {year}".rstrip())
    return _with_files(run, figures, {})


def _lines_beneath(told: Mapping[str, Any]) -> list[tuple[str, list[str], dict[str, str]]]:
    """(table, columns, rows) of the lines that a column of `area_year` sums, in the order they are looked for."""
    column = told["column"].replace("_real_gbp", "_gbp")
    rs = ("rs", [f"{RS_SERIES[name]}_gbp_thousand" for name in OF_RS.get(column, ())], dict[str, str]())
    found = [rs] if rs[1] else []
    if measure := MEASURES.get(OF_AREA.get(column, "")):
        lines = [f"{measure}_gbp_thousand"]
        found += [("ro3", lines, {}), ("rsx", lines, {"service": "adult_social_care"})]
    source = told.get("own_funded_source")
    return [one for one in found if column != "own_funded_gbp" or not source or one[0] == source]


def _cells_beneath(run: Held, table: str, columns: list[str], where: dict[str, str]) -> Any:
    """Ledger rows of these columns in the rows of a core table; None where there are none."""
    if not run.has(table):
        return None
    rows: Any = run.table(table, None, **where)
    if "client_group" in rows:  # a total beside its parts would count them twice
        rows = rows[rows["client_group"] != "total_adult"]
    cells: Any = run.table("ledger", None, table=table)
    cells = cells[cells["record_id"].isin(rows["record_id"]) & cells["column"].isin(columns)]
    return None if cells.empty else cells


def _with_files(run: Held, cells: Any, told: Mapping[str, Any]) -> pd.DataFrame:
    """Cells with the files they stand in, in the columns and order of the answer."""
    files: Any = run.table("source_file").drop_duplicates("file_sha256")
    wanted = [name for name in COLUMNS if name in files and name not in RECORD and name != "financial_year"]
    made = cells.drop(columns=[name for name in wanted if name in cells and name != "file_sha256"])
    made = made.merge(files[wanted], on="file_sha256", how="left")
    if "file_name" in cells:  # what a user supplied is in no list of files
        made["file_name"] = made["file_name"].fillna(cells.reset_index(drop=True)["file_name"])
    if "figure" not in made:
        made["figure"] = told.get("figure") or made["column"].str.replace("_", " ")
    if "financial_year" not in made:
        made["financial_year"] = made["record_id"].str.extract(r"/(\d{4}-\d{2})", expand=False)
    if "unit" not in made:
        columns: list[str] = list(made["column"])
        made["unit"] = [next((unit for end, unit in UNITS.items() if name.endswith(end)), "") for name in columns]
    made = made.reindex(columns=list(COLUMNS)).sort_values(["financial_year", *RECORD]).reset_index(drop=True)
    made.attrs = {"title": "Published cells", "run": run.id}
    return made
