"""What a scheduler can mail: `summary.json` of a run, without a clock, from what the run wrote, and `summary.txt`,
which also tells what changed since the run before, how long it took, and which checks are overdue for review on the day
it is written.
"""

from __future__ import annotations

import datetime
import json
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from audit.account.summary_text import CHANCES, none_assessed, summary_text
from audit.flags.warnings import warnings
from audit.panel.member_sums import read_or_empty
from pipelines.declarations.parquet import read_table
from pipelines.declarations.reviews import overdue, overdue_sentence
from pipelines.declarations.table_words import BAND_WORDS, FLAGGED, RESULTS, REVIEW_LIST

JSON, TEXT = "summary.json", "summary.txt"
COLUMNS = ["area_code", "window", "list", "band", "evidence_ratio", "posterior_10", "review_place", "unusual_place"]


def result_counts(tables: Path) -> dict[str, int]:
    """How many areas are on which list, on none, or not assessed, over the windows."""
    found: Any = read_table(tables, "flag", ["list"])["list"]
    return {name: int((found == name).sum()) for name in RESULTS}


def band_counts(tables: Path) -> dict[str, dict[str, int]]:
    """How many areas of each window are in which band."""
    flags: Any = read_table(tables, "flag", ["window", "band"])
    return {
        str(window): {words: int((rows["band"] == words).sum()) for words in BAND_WORDS}
        for window, rows in flags.groupby("window", sort=True)
    }


def chance_counts(flags: Any) -> dict[str, dict[str, int]]:
    """By window, how many areas have which chance of replacement if one council in ten replaced its own money."""
    made: dict[str, dict[str, int]] = {}
    for window, rows in flags.groupby("window", sort=True):
        left = rows["posterior_10"].dropna()
        made[str(window)] = {}
        for least, words in CHANCES:
            made[str(window)][words] = int((left >= least).sum())
            left = left[left < least]
    return made


def reviews_of(tables: Path) -> list[tuple[str, str]]:
    """The checks that were run and have a date to be looked at again, each with that date."""
    held: Any = read_or_empty(tables, "check_result")
    rows = [] if held.empty else held[["code", "review_by"]].fillna("").to_dict("records")
    return [(str(row["code"]), str(row["review_by"])) for row in rows if row["review_by"]]


def overdue_checks(folder: Path) -> str:
    """Which checks of a run are overdue for review today, in one sentence; empty where none is.

    The dates stand in `summary.json`, so the table is read only where one of them has passed.
    """
    today = datetime.date.today()
    dates = json.loads((folder / JSON).read_text(encoding="utf-8"))["reviews"]
    if not overdue(((by, by) for by in dates), today):
        return ""
    return overdue_sentence(overdue(reviews_of(folder / "tables"), today))


def unassessed(folder: Path) -> str:
    """That a run could assess no area, in one sentence; empty where it could."""
    return none_assessed(json.loads((folder / JSON).read_text(encoding="utf-8"))["results"])


def summary(work: Path, identity: str, counts: dict[str, Any]) -> dict[str, Any]:
    """Counts of files, rows, checks, results and bands; the lists by window and what they are worth."""
    flags: Any = read_table(work / "tables", "flag", COLUMNS)
    names = read_table(work / "tables", "area", ["area_code", "area_name"]).set_index("area_code")["area_name"]
    worth: Any = read_table(work / "tables", "list_summary")
    review = worth[worth["list"] == REVIEW_LIST].sort_values("window")
    flagged = flags[flags["list"].isin(FLAGGED)].sort_values(
        ["window", "review_place", "unusual_place", "area_code"], na_position="last"
    )
    return {
        "run": identity,
        **counts,
        "chances": chance_counts(flags),
        "warnings": warnings(work / "tables"),
        "reviews": dict(sorted(Counter(by for _, by in reviews_of(work / "tables")).items())),
        "review_lists": [
            {
                "window": row["window"],
                "places": int(row["places"]),
                **{name: round(float(row[name]), 1) for name in ("expected_05", "expected_10", "expected_30")},
            }
            for row in review.to_dict("records")
        ],
        "flagged": [
            {
                "window": row["window"],
                "list": row["list"],
                "area": row["area_code"],
                "name": names[row["area_code"]],
                "evidence_ratio": round(float(row["evidence_ratio"]), 2),
                "posterior_10": round(float(row["posterior_10"]), 2),
            }
            for row in flagged.to_dict("records")
        ],
    }


def write_summary(work: Path, identity: str, counts: dict[str, Any]) -> None:
    """Write `summary.json` into the run folder."""
    told = summary(work, identity, counts)
    (work / JSON).write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def write_summary_text(work: Path, since: Sequence[str], *, seconds: float, as_before: Path | None = None) -> None:
    """Write `summary.txt` beside it: `since` says what changed since the run before, `seconds` how long the run took.

    A run made again at `as_before` keeps the text that stands there: what it was compared with is not known any more.
    """
    if as_before is not None and (as_before / TEXT).is_file():
        shutil.copyfile(as_before / TEXT, work / TEXT)
        return
    told: dict[str, Any] = json.loads((work / JSON).read_text(encoding="utf-8"))
    flags: Any = read_table(work / "tables", "flag", ["area_code", "window", "band"])
    bands = {(str(row["area_code"]), str(row["window"])): str(row["band"] or "") for row in flags.to_dict("records")}
    areas = len(read_table(work / "tables", "area", ["area_code"]))
    late = overdue_checks(work)
    text = summary_text(told, bands, areas=areas, since=since, seconds=seconds, late=late)
    (work / TEXT).write_text(text, encoding="utf-8")
