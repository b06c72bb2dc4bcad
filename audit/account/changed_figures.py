"""Published figures that moved between two runs, each with the input, or the check of a suite, that moved it.

In: the tables `evidence` of two runs. Out: a `Figure` for each value that differs, by area, window, table, column, year
and record. Refuses nothing: a run without the table moved nothing that can be named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reports.site.changes import Figure

KEY = ["area_code", "window", "table", "column", "figure", "financial_year", "record_id"]
TOLD = ["value", "unit", "file_name", "file_sha256", "check_code"]
BEFORE, AFTER = "_before", "_after"
EVERYWHERE = "every area"


def some_rows(run: Path, table: str, columns: Sequence[str], codes: Sequence[str] | None = None) -> Any:
    """Rows of the areas `codes` (of all for None) as a frame, columns it has not as missing; None without the table."""
    import pyarrow.parquet as pq

    path = run / "tables" / f"{table}.parquet"
    if not path.is_file():
        return None
    there = pq.read_schema(path).names
    wanted = [("area_code", "in", list(codes))] if codes is not None else None
    frame = pq.read_table(path, columns=[name for name in columns if name in there], filters=wanted).to_pandas()
    return frame.reindex(columns=list(columns))


def differ(both: Any, name: str) -> Any:
    """Where a column is not the same on both sides; missing on both is the same."""
    before, after = both[f"{name}{BEFORE}"], both[f"{name}{AFTER}"]
    return (before != after) & ~(before.isna() & after.isna())


def changed_figures(one: Path, other: Path, names: Mapping[str, str]) -> tuple[Figure, ...]:
    """Every figure whose value differs, sorted by area, window, table, column and year; `names` are those of areas."""
    frames: list[Any] = []
    for run in (one, other):
        frame = some_rows(run, "evidence", [*KEY, *TOLD])
        if frame is None:
            return ()
        frame["record_id"] = frame["record_id"].str.split("@").str[0]
        frames.append(frame.drop_duplicates(KEY).set_index(KEY))
    both = frames[0].join(frames[1], how="outer", suffixes=(BEFORE, AFTER))
    rows = both[differ(both, "value")].reset_index().sort_values(KEY)
    return tuple(_figure(row, names) for row in rows.to_dict("records"))


def _figure(row: Mapping[str, Any], names: Mapping[str, str]) -> Figure:
    def text(name: str) -> str:
        found = row[name]
        return found if isinstance(found, str) else ""

    def number(name: str) -> float | None:
        found = row[name]
        return None if found is None or found != found else float(found)

    area = text("area_code")
    return Figure(
        area_code=area,
        window=text("window"),
        area_name=names.get(area, area),
        figure=text("figure"),
        financial_year=text("financial_year"),
        table=text("table"),
        before=number(f"value{BEFORE}"),
        after=number(f"value{AFTER}"),
        unit=text(f"unit{AFTER}") or text(f"unit{BEFORE}"),
        cause=_cause(text),
    )


def _cause(text: Any) -> str:
    """What moved a figure: a check of a suite, an input; empty where neither can be named."""
    before, after = text(f"check_code{BEFORE}"), text(f"check_code{AFTER}")
    if before != after:
        suite = f"suite {text('table')}"
        return f"set aside by check {after} ({suite})" if after else f"no longer set aside by check {before} ({suite})"
    was, is_now = text(f"file_sha256{BEFORE}"), text(f"file_sha256{AFTER}")
    if was != is_now:
        name = text(f"file_name{AFTER}") or text(f"file_name{BEFORE}")
        return f"input {name} {'differs' if was and is_now else 'added' if is_now else 'gone'}"
    return ""
