"""Marks once the checks have spoken: the worse of a row's own data quality and that of the area's years.

In: tables `flag` and `data_quality` of a run, and settings. Out: `flag` rewritten with the mark; lists, ratios and
bands stay as they are: poor data is a mark, not a verdict. Without table `data_quality` nothing changes.
Doing it twice changes nothing more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.settings import Settings
from pipelines.declarations.parquet import read_table, write_table

ORDER = {"good": 0, "fair": 1, "poor": 2}


def worst_by_window(graded: list[dict[str, Any]], settings: Settings) -> dict[tuple[str, str], str]:
    """(area, window) to the worst data-quality grade among the window's years and base years."""
    windows = {
        year: [item.name for item in settings.windows if year in (*item.base, *item.years)]
        for year in {str(row["financial_year"]) for row in graded}
    }
    worst: dict[tuple[str, str], str] = {}
    for row in graded:
        for window in windows[str(row["financial_year"])]:
            key = (str(row["area_code"]), window)
            worst[key] = max(worst.get(key, "good"), str(row["grade"]), key=ORDER.__getitem__)
    return worst


def mark_quality(tables_folder: Path, settings: Settings) -> int:
    """Rewrite `flag` with the checks' data-quality grades. Returns how many rows changed."""
    if not (tables_folder / "data_quality.parquet").exists():
        return 0
    import pyarrow.parquet as pq

    worst = worst_by_window(pq.read_table(tables_folder / "data_quality.parquet").to_pylist(), settings)
    frame = read_table(tables_folder, "flag")
    before = [str(value) for value in frame["data_quality"]]
    keys = zip(frame["area_code"], frame["window"], before, strict=True)
    after = [max(mine, worst.get((area, window), "good"), key=ORDER.__getitem__) for area, window, mine in keys]
    if after != before:
        frame["data_quality"] = after
        write_table("flag", frame, tables_folder)
    return sum(new != old for new, old in zip(after, before, strict=True))
