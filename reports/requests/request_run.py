"""The part of a run that requests are written from.

In: a run folder and its manifest. Out: a `Run` with eight tables; of the evidence only own spend, grants and NHS money.
A table the run does not hold is empty, as on its pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.declarations.catalogue import tables
from reports.words.read_run import Row, Run, read_table_rows

TABLES = ("area", "flag", "look_alike", "feature_value", "criteria", "list_summary", "expected_spend")
EVIDENCE = (
    "area_code", "window", "evidence_id", "figure", "financial_year", "value", "unit", "table", "column", "source",
    "title", "release", "file_name", "sheet", "cell",
)  # fmt: skip
OWN = ("net_current_expenditure_gbp_thousand", "adult_social_care_nce_gbp_thousand")
GRANTS = "social_care_grants_gbp"
WORKED_OUT, ALLOCATED = "transfer_gbp", "amount_gbp"


def request_run(folder: Path, manifest: Mapping[str, Any]) -> Run:
    """The run's tables. Raises InputError where one cannot be read."""
    declared, here = tables(), folder / "tables"
    held = {name: read_table_rows(here / f"{name}.parquet", declared[name].column_names) for name in TABLES}
    return Run(manifest=manifest, tables={**held, "evidence": _evidence(here / "evidence.parquet")})


def _evidence(path: Path) -> list[Row]:
    """The evidence of own spend and NHS money, in the order of the page."""
    import pyarrow.parquet as pq

    if not path.is_file():
        return []
    wanted = [("column", "in", [*OWN, GRANTS, WORKED_OUT, ALLOCATED])]
    found: list[dict[str, Any]] = pq.read_table(path, columns=list(EVIDENCE), filters=wanted).to_pylist()
    return [{name: None if value != value else value for name, value in row.items()} for row in found]


def window_years(run: Run) -> dict[str, tuple[str, ...]]:
    """The windows that are judged with their years, base years left out, as the run's settings have them."""
    kept: dict[str, set[str]] = {}
    for row in run.rows("expected_spend"):
        if not row["is_base"]:
            kept.setdefault(str(row["window"]), set()).add(str(row["financial_year"]))
    return {window: tuple(sorted(kept[window])) for window in sorted(kept)}
