"""The figures of one return that differ from those accepted before, cell by cell.

In: the tables of a run, the rows of one file, and the old figures: the tables of a run or embedded extracts. Out: one
row per figure that differs, with the old and the new one, and the number of figures both hold. The England row and text
are not compared.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.areas.authorities import ENGLAND
from pipelines.declarations.catalogue import Table, tables

Row = dict[str, Any]
THOUSANDS = {"gbp": 1e-3, "gbp_thousand": 1.0, "gbp_million": 1e3}
SPEND = (
    ("rs", "adult_social_care_nce_gbp_thousand", "", ""),
    ("ro3", "net_current_expenditure_gbp_thousand", "client_group", "total_adult"),
    ("rsx", "net_current_expenditure_gbp_thousand", "service", "adult_social_care"),
    ("ra", "adult_social_care_nce_gbp_thousand", "", ""),
)
"""Tables with own spend on adult social care, its column, and the rows that give it."""
TOLERANCE = 1e-6


def own_spend(folder: Path) -> dict[tuple[str, str], float]:
    """Own spend on adult social care by (financial year, authority), in thousands of pounds."""
    from pipelines.declarations.parquet import read_table

    made: dict[tuple[str, str], float] = {}
    for name, column, dimension, wanted in SPEND:
        if not (folder / f"{name}.parquet").is_file():
            continue
        frame: Any = read_table(folder, name, ["financial_year", "authority_code", column, *filter(None, [dimension])])
        frame = frame[frame[dimension] == wanted] if dimension else frame
        for row in frame.dropna(subset=[column]).to_dict("records"):
            made.setdefault((row["financial_year"], row["authority_code"]), abs(float(row[column])))
    return made


def revised(
    folder: Path, file: Row, old: Path | list[Path] | None, spend: dict[tuple[str, str], float]
) -> tuple[list[Row], int]:
    """(figures that differ, number of figures both hold) of the rows that came from one file."""
    from pipelines.declarations.parquet import read_table

    table = tables()[file["table"]]
    new: Any = read_table(folder, table.name)
    new = new[new["file_sha256"] == file["file_sha256"]]
    before: Any = _extracts(old, table) if isinstance(old, list) else read_table(Path(str(old)) / "tables", table.name)
    key = list(table.key)
    columns = [column.name for column in table.columns if column.type in ("int", "float") and column.name not in key]
    both: Any = new.merge(before[[*key, *columns]].drop_duplicates(key), on=key, suffixes=("", "__old"))
    if "authority_code" in both.columns:
        both = both[both["authority_code"] != ENGLAND]
    made: list[Row] = []
    count = 0
    for column in columns:
        now, was = both[column], both[f"{column}__old"]
        count += int((now.notna() & was.notna()).sum())
        differ = both[((now - was).abs() > TOLERANCE) | (now.isna() != was.isna())]
        made += [_figure(row, table, column, spend) for row in differ.to_dict("records")]
    return made, count


def _extracts(paths: list[Path], table: Table) -> Any:
    """The rows of embedded extracts, as `load` makes them."""
    import pandas as pd

    from pipelines.declarations.catalogue import sources
    from pipelines.extract.read_extract import read_extract
    from pipelines.load.assemble import wide_columns

    return pd.DataFrame(wide_columns(table, [read_extract(path, tables(), sources()) for path in paths]))


def _figure(row: Row, table: Table, column: str, spend: dict[tuple[str, str], float]) -> Row:
    new, old = _number(row[column]), _number(row[f"{column}__old"])
    year, code = str(row.get("financial_year", "")), str(row.get("authority_code", ""))
    scale = THOUSANDS.get(table.column(column).unit)
    share = None
    if scale and old is not None and new is not None:  # a figure that is gone is told by the checks on completeness
        size = spend.get((year, code)) or abs(old) * scale or 1.0
        share = abs(new - old) * scale / size
    return {
        "table": table.name, "record_id": str(row["record_id"]), "column": column, "financial_year": year,
        "authority_code": code, "area_code": str(row.get("area_code") or ""), "old": old, "new": new, "share": share,
    }  # fmt: skip


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
