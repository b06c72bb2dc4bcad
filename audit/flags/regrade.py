"""Grading again once the checks have spoken: the data-quality grade of an area and its years lowers the flag.

In: tables `flag` and `data_quality` of a run, and settings. Out: `flag` rewritten with the worse of its own quality
grade and that of the window's years (base years included), and the grade and reason that follow. Refuses nothing:
without table `data_quality` the flags stay as they are. Doing it twice changes nothing more.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from audit.flags import flags as rules
from audit.flags.flag_rows import judged
from audit.settings import Settings
from pipelines.declarations.parquet import read_table, write_table

ORDER = {"good": 0, "fair": 1, "poor": 2}


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def numbers_of(row: dict[str, Any], quality: str) -> rules.Numbers:
    """What the rules look at, from a row of table `flag`."""
    return rules.Numbers(
        unusable=row["reason"] if row["grade"] == rules.NOT_ASSESSED else "",
        gap=_number(row["gap_gbp"]),
        gap_lower=_number(row["gap_lower_gbp"]),
        gap_upper=_number(row["gap_upper_gbp"]),
        transfer=_number(row["transfer_gbp"]),
        gross=_number(row["gross_gbp"]),
        rate_lower=_number(row["displacement_lower"]),
        p_displacement=_number(row["displacement_p_value"]),
        p_forest=_number(row["forest_p_value"]),
        q_strict=_number(row["strict_q_value"]),
        q_combined=_number(row["combined_q_value"]),
        stability=_number(row["stability"]),
        features_beyond=int(row["features_beyond"]),
        features=int(row["features_measured"]),
        detectable=_number(row["minimum_detectable_gbp"]),
        quality=quality,
        look_alikes=tuple(part for part in (row["look_alikes"] or "").split(";") if part),
    )


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


def regrade(tables_folder: Path, settings: Settings) -> int:
    """Rewrite `flag` with the checks' data-quality grades. Returns how many grades changed."""
    if not (tables_folder / "data_quality.parquet").exists():
        return 0
    import pyarrow.parquet as pq

    graded = pq.read_table(tables_folder / "data_quality.parquet").to_pylist()
    worst = worst_by_window(graded, settings)
    rows = pq.read_table(tables_folder / "flag.parquet").to_pylist()
    changed = 0
    for row in rows:
        theirs = worst.get((row["area_code"], row["window"]), "good")
        quality = max(str(row["data_quality"]), theirs, key=ORDER.__getitem__)
        if quality != row["data_quality"]:
            before = row["grade"]
            row.update(judged(numbers_of(row, quality), settings))
            changed += row["grade"] != before
    frame = read_table(tables_folder, "flag")
    for name in ("grade", "reason", "q_value", "data_quality"):
        frame[name] = [row[name] for row in rows]
    write_table("flag", frame, tables_folder)
    return changed
