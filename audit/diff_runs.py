"""What changed in the flags between two runs, and why: the figures behind each area, and what caused the change.

In: two run folders. Out: lines of text. Where more than one kind of cause differs, all are named: only a run with one
of them changed at a time can tell them apart, and the output says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.verify import causes, read_run
from pipelines.write_parquet import read_table

KEY = ["area_code", "window"]
FIGURE = ["area_code", "window", "table", "column", "figure", "financial_year", "record_id"]


def changed_flags(one: Path, other: Path) -> Any:
    """Frame of areas and windows whose grade changed: name, grade and pounds in both runs, and figures that changed."""
    first, second = (
        read_table(run / "tables", "flag", [*KEY, "grade", "gap_gbp"]).set_index(KEY) for run in (one, other)
    )
    both = first.join(second, how="outer", lsuffix="_before", rsuffix="_after")
    moved = both[both["grade_before"].fillna("") != both["grade_after"].fillna("")].reset_index()
    names = read_table(other / "tables", "area", ["area_code", "area_name"])
    moved = moved.merge(names, on="area_code", how="left")
    counts = _changed_figures(one, other)
    pairs = zip(moved["area_code"], moved["window"], strict=True)
    moved["figures_changed"] = [counts.get((str(area), str(window)), 0) for area, window in pairs]
    return moved.sort_values(["window", "area_code"])


def _changed_figures(one: Path, other: Path) -> dict[tuple[str, str], int]:
    frames = []
    for run in (one, other):
        frame = read_table(run / "tables", "evidence", [*FIGURE, "value"])
        frame["record_id"] = frame["record_id"].str.partition("@")[0]
        frames.append(frame.set_index(FIGURE)["value"])
    before, after = frames
    both = before.to_frame("before").join(after.to_frame("after"), how="outer")
    moved = both[both["before"].fillna(float("inf")) != both["after"].fillna(float("inf"))]
    return {(str(area), str(window)): int(size) for (area, window), size in moved.groupby(level=[0, 1]).size().items()}


def explain(one: Path, other: Path) -> list[str]:
    """Lines that say what differs between two runs and which grades moved."""
    why = causes(read_run(one), read_run(other))
    lines = [f"{one.name} -> {other.name}", *(f"cause: {cause}" for cause in why or ["nothing that decides a result"])]
    moved = changed_flags(one, other)
    for row in moved.to_dict("records"):
        changed = row["figures_changed"]
        basis = f"{changed} of its figures changed" if changed else "none of its figures changed"
        lines.append(
            f"{row['window']} {row['area_name']} ({row['area_code']}): "
            f"{row['grade_before']} -> {row['grade_after']}; {basis}"
        )
    lines.append(f"{len(moved)} grades changed")
    if len(why) > 1 and len(moved):
        lines.append("Several causes differ; run with one of them changed at a time to tell them apart.")
    return lines
