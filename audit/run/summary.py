"""What a scheduler can mail: `summary.json` and `summary.txt` of a run, without a clock, from what the run wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.declarations.parquet import read_table
from pipelines.declarations.table_words import FLAGGED


def summary(work: Path, identity: str, counts: dict[str, Any]) -> dict[str, Any]:
    """Counts of files, rows, checks and grades, and the flagged areas by window."""
    flags: Any = read_table(work / "tables", "flag", ["area_code", "window", "grade"])
    names = read_table(work / "tables", "area", ["area_code", "area_name"]).set_index("area_code")["area_name"]
    flagged = flags[flags["grade"].isin(FLAGGED)].sort_values(["grade", "window", "area_code"])
    return {
        "run": identity,
        **counts,
        "flagged": [
            {"window": row["window"], "grade": row["grade"], "area": row["area_code"], "name": names[row["area_code"]]}
            for row in flagged.to_dict("records")
        ],
    }


def grade_counts(tables: Path) -> dict[str, int]:
    """How many areas have which grade, over the windows."""
    grades = read_table(tables, "flag", ["grade"])["grade"].value_counts()
    return {str(grade): int(number) for grade, number in sorted(grades.items())}


def flagged_pounds(tables: Path) -> dict[str, int]:
    """By how many pounds own-funded spend of the flagged areas lies below what was expected, over the windows."""
    flags: Any = read_table(tables, "flag", ["grade", "gap_gbp"])
    return {"below_expected_where_flagged_gbp": round(flags[flags["grade"].isin(FLAGGED)]["gap_gbp"].sum())}


def write_summary(work: Path, identity: str, counts: dict[str, Any]) -> None:
    """Write both forms of the summary into the run folder."""
    told = summary(work, identity, counts)
    (work / "summary.json").write_text(
        json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )
    pounds = told["below_expected_where_flagged_gbp"]
    grades = ", ".join(f"{number} {grade}" for grade, number in told["grades"].items())
    lines = [
        f"ringfence run {identity}",
        f"{told['files']} files, {told['rows_read']:,} rows read, {told['rows_kept']:,} kept, "
        f"{told['quarantined']:,} rows or values quarantined",
        f"checks: {told['checks']}",
        f"areas and windows: {grades}",
        f"own-funded spend below what was expected, in the flagged areas: £{pounds:,}",
        "A flag is a prompt for enquiry, not evidence of misuse.",
        *(f"{item['grade']}, {item['window']}: {item['name']} ({item['area']})" for item in told["flagged"]),
    ]
    (work / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
