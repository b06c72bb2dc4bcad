"""What changed in the flags between two runs, and why: the figures behind each area, and what caused the change.

In: two run folders. Out: lines of text: for each result that moved, which of its own figures changed, in which tables
and years, and which other causes are left. Where several are, only a run with one of them changed at a time can tell
them apart, and the output says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.run.verify import CAUSES, causes, read_run
from pipelines.declarations.method_version import refuse_other_method
from pipelines.declarations.parquet import read_table
from pipelines.errors import Place

KEY = ["area_code", "window"]
FIGURE = ["area_code", "window", "table", "column", "figure", "financial_year", "record_id"]


def changed_flags(one: Path, other: Path) -> Any:
    """Frame of areas and windows whose list or band changed: name and both in both runs, and figures that changed."""
    first, second = (read_table(run / "tables", "flag", [*KEY, "list", "band"]).set_index(KEY) for run in (one, other))
    both = first.join(second, how="outer", suffixes=("_before", "_after"))
    other_list = both["list_before"].fillna("") != both["list_after"].fillna("")
    other_band = both["band_before"].fillna("") != both["band_after"].fillna("")
    moved = both[other_list | other_band].reset_index()
    names = read_table(other / "tables", "area", ["area_code", "area_name"])
    moved = moved.merge(names, on="area_code", how="left")
    changed = _changed_figures(one, other)
    pairs = [(str(area), str(window)) for area, window in zip(moved["area_code"], moved["window"], strict=True)]
    moved["figures_changed"] = [len(changed.get(pair, ())) for pair in pairs]
    moved["changed_in"] = [", ".join(sorted(set(changed.get(pair, ())))) for pair in pairs]
    return moved.sort_values(["window", "area_code"])


def _changed_figures(one: Path, other: Path) -> dict[tuple[str, str], list[str]]:
    """For each area and window, the table and year of every figure that changed."""
    frames = []
    for run in (one, other):
        frame = read_table(run / "tables", "evidence", [*FIGURE, "value"])
        frame["record_id"] = frame["record_id"].str.partition("@")[0]
        frames.append(frame.set_index(FIGURE)["value"])
    before, after = frames
    both = before.to_frame("before").join(after.to_frame("after"), how="outer")
    moved = both[both["before"].fillna(float("inf")) != both["after"].fillna(float("inf"))].reset_index()
    found: dict[tuple[str, str], list[str]] = {}
    for row in moved.to_dict("records"):
        where = f"{row['table']} {row['financial_year']}"
        found.setdefault((str(row["area_code"]), str(row["window"])), []).append(where)
    return found


def because(changed: int, changed_in: str, why: list[str]) -> str:
    """What can have moved one result, from the figures behind it and the causes that differ between the runs."""
    others = [kind for kind in (words for kind, words in CAUSES.items() if kind != "inputs") if _differs(kind, why)]
    if changed:
        said = f"{changed} of its figures changed ({changed_in})"
        return said + (f"; beside it: {', '.join(others)}" if others else "")
    around = ["the figures of other areas"] if _differs(CAUSES["inputs"], why) else []
    left = [*others, *around]
    return "none of its figures changed" + (f", so it was {' or '.join(left)}" if left else "")


def _differs(kind: str, why: list[str]) -> bool:
    return any(cause.startswith(f"{kind} differs") for cause in why)


def _result(row: dict[str, Any], when: str) -> str:
    """List and band of one side, as printed."""
    said = [str(row[f"{name}_{when}"]) for name in ("list", "band") if isinstance(row[f"{name}_{when}"], str)]
    return ", ".join(said) or "no result"


def explain(one: Path, other: Path) -> list[str]:
    """Lines that say what differs between two runs and which results moved."""
    records = read_run(one), read_run(other)
    for run, record in zip((one, other), records, strict=True):
        refuse_other_method(record, Place(str(run)))
    why = causes(*records)
    lines = [f"{one.name} -> {other.name}", *(f"cause: {cause}" for cause in why or ["nothing that decides a result"])]
    moved = changed_flags(one, other)
    for row in moved.to_dict("records"):
        basis = because(row["figures_changed"], row["changed_in"], why)
        lines.append(
            f"{row['window']} {row['area_name']} ({row['area_code']}): "
            f"{_result(row, 'before')} -> {_result(row, 'after')}; {basis}"
        )
    lines.append(f"{len(moved)} results changed")
    if len(why) > 1 and len(moved):
        lines.append("Several causes differ; run with one of them changed at a time to tell them apart.")
    return lines
