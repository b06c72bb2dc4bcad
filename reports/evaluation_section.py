"""How well the method works, as measured: evaluation tables, the error of expected spend, and national displacement.

In: a run's `evaluation_*`, `expected_spend_error` and `national_displacement`, or the committed figures of
`data/reference/evaluation/<table>.csv` where the run holds none. Out: `DataTable` records; none for a table not held.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.catalogue import tables
from reports.narrative import MISSING, decimal, plain_code, sentence, whole
from reports.read_run import Run
from reports.view_models import Cell, Column, DataTable

FOLDER = Path(__file__).resolve().parents[1] / "data" / "reference" / "evaluation"
EVALUATION = (
    "evaluation_target",
    "evaluation_scenario",
    "evaluation_detector",
    "evaluation_size",
    "evaluation_calibration",
)
MOST = 60


def committed(table: str, folder: Path = FOLDER) -> list[dict[str, str]]:
    """Rows of a committed evaluation table; none where it is not there."""
    path = folder / f"{table}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def shown(value: Any, kind: str) -> str:
    """A cell: numbers with two or three decimals, yes or no, text as a sentence begins."""
    if value is None or value == "":
        return MISSING
    if kind == "bool":
        return "yes" if str(value).lower() == "true" else "no"
    if kind in ("int", "float"):
        try:
            number = float(value)
        except (TypeError, ValueError):
            return str(value)
        return whole(number) if number.is_integer() and kind == "int" else decimal(number, places=3)
    return plain_code(str(value)) if str(value).replace("_", "").isalnum() else str(value)


def _table(name: str, rows: Sequence[Mapping[str, Any]], note: str = "") -> DataTable:
    declared = tables()[name]
    columns = [column for column in declared.columns if any(row.get(column.name) not in (None, "") for row in rows)]
    kept = rows[:MOST]
    more = f" The first {MOST} of {len(rows):,} rows." if len(rows) > MOST else ""
    return DataTable(
        id=plain_code(name).replace(" ", "-"),
        caption=declared.title,
        columns=tuple(
            Column(plain_code(column.name).capitalize(), numeric=column.type in ("int", "float")) for column in columns
        ),
        rows=tuple(tuple(Cell(shown(row.get(column.name), column.type)) for column in columns) for row in kept),
        note=sentence(declared.description) + note + more,
    )


def evaluation_tables(run: Run, folder: Path = FOLDER) -> tuple[DataTable, ...]:
    """Every evaluation table that the run or the committed figures hold, then expected-spend error."""
    made: list[DataTable] = []
    for name in EVALUATION:
        own = run.rows(name)
        rows = own or committed(name, folder)
        if rows:
            made.append(_table(name, rows, "" if own else " Measured once for this method, not by this run."))
    errors = [row for row in run.rows("expected_spend_error") if row["class"] == "all"]
    if errors:
        made.append(_table("expected_spend_error", errors, " All classes together. A gain below nought is a loss."))
    return tuple(made)
