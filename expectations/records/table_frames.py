"""Hand the checks the tables of a run, each read once and only in the columns asked for.

In: a folder of Parquet tables (or frames already in memory, by table name). Out: pandas frames that always carry
`record_id`. A table that is not there raises `NotRunError`, so a check on it ends as *not run* with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.records.checks import Finding, NotRunError, as_text
from pipelines.declarations.catalogue import Table
from pipelines.declarations.catalogue import tables as declared_tables

Frame = Any
"""A pandas frame: its stubs cannot follow column arithmetic, so it is left open."""
ENGLAND = "ENG"
LONG = ("ledger",)
"""Tables of which the checks need the key alone: it is text that repeats, and is read as codes."""
CONTEXT = ("record_id", "area_code", "financial_year", "authority_code")
"""Columns carried along with every frame where the table has them: they say whose and when."""


@dataclass(frozen=True)
class Frames:
    """Tables by name, from `folder` or from `held` (Arrow tables); `counted` is what was counted in the ledger of
    payments, by the name of the count.
    """

    folder: Path | None = None
    held: dict[str, Any] = field(default_factory=dict)
    declared: Mapping[str, Table] = field(default_factory=declared_tables)
    counted: dict[str, Any] = field(default_factory=dict)

    def has(self, table: str) -> bool:
        """True when the table is there to be checked."""
        return table in self.held or (self.folder is not None and (self.folder / f"{table}.parquet").is_file())

    def arrow(self, table: str, *, whole: bool = False) -> Any:
        """The table as Arrow; a long table in its key columns only, as codes, unless `whole`. Raises NotRunError."""
        if not self.has(table):
            raise NotRunError(f"table '{table}' was not loaded in this run")
        if self.folder is None or (table in self.held and not (whole and table in LONG)):
            return self.held[table]
        path = self.folder / f"{table}.parquet"
        if whole and table in LONG:
            return _read(path, None)
        self.held[table] = _read(path, _ruled(self.declared[table]) if table in LONG else None)
        return self.held[table]

    def schema(self, table: str) -> Any:
        """The table's schema as stored. Raises NotRunError when it is not there."""
        import pyarrow.parquet as pq

        if self.folder is None or table not in LONG:
            return self.arrow(table).schema
        self.arrow(table)
        return pq.read_schema(self.folder / f"{table}.parquet")

    def frame(self, table: str, columns: Iterable[str] = (), *, where: Mapping[str, Any] | None = None) -> Frame:
        """The named columns with the context columns, rows filtered by `where` (column to value or values).

        Raises NotRunError.
        """
        arrow = self.arrow(table)
        key = self.declared[table].key if table in self.declared else ()
        wanted = [*CONTEXT, *key, *columns, *(where or {})]
        absent = [name for name in (*columns, *(where or {})) if name not in arrow.column_names]
        if absent:
            raise NotRunError(f"table '{table}' has no column '{absent[0]}' in this run")
        frame = arrow.select([name for name in dict.fromkeys(wanted) if name in arrow.column_names]).to_pandas()
        if "record_id" not in frame.columns:
            frame["record_id"] = joined_key(frame, key)
        for name, value in (where or {}).items():
            frame = frame[frame[name].isin(value if isinstance(value, list) else [value])]
        return frame


def _ruled(table: Table) -> list[str]:
    """The text columns of a table that its declaration has a rule for: its key and what is required or listed."""
    return [
        column.name
        for column in table.columns
        if column.type == "string" and (column.name in table.key or column.required or column.enum or column.pattern)
    ]


def _read(path: Path, coded: Sequence[str] | None) -> Any:
    """One table; with `coded` only these text columns, as codes with one dictionary: five times faster."""
    import pyarrow.parquet as pq

    if coded is None:
        return pq.read_table(path)
    columns = list(coded)
    return pq.read_table(path, columns=columns, read_dictionary=columns).unify_dictionaries().combine_chunks()


def joined_key(frame: Frame, key: Iterable[str]) -> Any:
    """A record id for tables without one: the key values joined by '/'."""
    import pandas as pd

    parts = [frame[name].map(as_text) for name in key if name in frame.columns]
    if not parts:
        return pd.Series([f"row {number + 1}" for number in range(len(frame))], index=frame.index, dtype="str")
    made = parts[0]
    for part in parts[1:]:
        made = made + "/" + part
    return made


def arrow_compute() -> Any:
    """Arrow's compute functions; they are made at import, so no stub lists them."""
    import importlib

    return importlib.import_module("pyarrow.compute")


def on_distinct(values: Any, fits: Callable[[Any], Any]) -> Any:
    """`fits` of every value of a column; where the values are codes, asked once of each different one."""
    if not str(values.type).startswith("dictionary"):
        return fits(values)
    import pyarrow as pa

    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    array = pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array
    return fits(array.dictionary).take(array.indices)


def councils(frame: Frame) -> Frame:
    """The rows of single authorities: without the England row."""
    return frame[frame["authority_code"] != ENGLAND] if "authority_code" in frame.columns else frame


def in_years(frame: Frame, only_years: list[str] | None, except_years: list[str] | None) -> Frame:
    """Rows of the years asked for. A frame without years passes unchanged."""
    if "financial_year" not in frame.columns:
        return frame
    if only_years is not None:
        frame = frame[frame["financial_year"].isin(only_years)]
    if except_years is not None:
        frame = frame[~frame["financial_year"].isin(except_years)]
    return frame


def next_year(year: Any) -> str:
    """The financial year after `year`: 2014-15 to 2015-16. Empty for what is no year: another check sets it aside."""
    if not isinstance(year, str) or not year[:4].isdigit() or len(year) != len("2014-15"):
        return ""
    start = int(year[:4]) + 1
    return f"{start}-{(start + 1) % 100:02d}"


def unlike(frame: Frame, one: str, other: str, *, tolerance: float, share: float) -> Frame:
    """Rows in which two columns differ by more than the larger of `tolerance` and `share` of the larger figure."""
    size = frame[[one, other]].abs().max(axis=1)
    return frame[(frame[one] - frame[other]).abs() > (size * share).clip(lower=tolerance) + 1e-6]


def findings(frame: Frame, column: str, *, value: str, expected: str = "", reason: str) -> tuple[Finding, ...]:
    """One Finding per row of `frame`.

    `value` and `expected` name columns of it; `reason` is a template over {value}, {expected}, {row[...]}.
    """
    found: list[Finding] = []
    for row in frame.to_dict("records"):
        seen, due = row.get(value), row.get(expected) if expected else None
        gap = float(seen - due) if isinstance(seen, int | float) and isinstance(due, int | float) else None
        texts = {"value": grouped(seen), "expected": grouped(due), "row": row}
        found.append(
            Finding(
                record_id=str(row["record_id"]),
                column=column,
                value=as_text(seen),
                expected=as_text(due),
                gap=gap,
                reason=reason.format(**texts),  # pyright: ignore[reportOperatorIssue, reportOptionalOperand]
                area_code=as_text(row.get("area_code")),
                financial_year=as_text(row.get("financial_year")),
            )
        )
    return tuple(found)


def grouped(value: Any) -> str:
    """A number with thousands separators for a sentence; text unchanged."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:,.3g}"
    return as_text(value)
