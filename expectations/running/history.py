"""How each check ended in past runs.

In: past runs, each with a `validation.json`. Out: outcomes by check code, oldest run first; for a run that is being
made, the lines of its table `check_history`. Runs carry no clock, so the order of a folder's runs is that of their
files' dates; a run records which ones it considered and what they said, so that it can be made again without them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import write_table
from pipelines.errors import InputError, Place

FILE = "validation.json"
MOST = 5
"""Earlier runs that a run remembers."""
UNREADABLE = "unreadable"
HISTORY = "check_history"


@dataclass(frozen=True)
class Past:
    """How one check ended in one past run."""

    run: str
    outcome: str
    rows_failed: int


def finished_runs(runs: Path) -> list[Path]:
    """The finished runs below `runs`, oldest first by the dates of their files; ties by id."""
    found = [path for path in runs.glob(f"*/{FILE}") if not path.parent.is_symlink() and path.parent.name[:1] != "."]
    found = [path for path in found if path.is_file()]
    return [path.parent for path in sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.parent.name))]


def past_outcomes(runs: Path) -> dict[str, tuple[Past, ...]]:
    """Outcomes by check code over the finished runs below `runs`, oldest first.

    Raises InputError for a `validation.json` that cannot be read.
    """
    found: dict[str, list[Past]] = {}
    for run in finished_runs(runs):
        path = run / FILE
        try:
            checks: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["checks"]
            for line in checks:
                past = Past(path.parent.name, str(line["outcome"]), int(line["rows_failed"]))
                found.setdefault(str(line["code"]), []).append(past)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"cannot be read: {error}", place=Place(f"{path.parent.name}/{FILE}"), do="Move the folder away."
            ) from error
    return {code: tuple(items) for code, items in sorted(found.items())}


def sentences(past: dict[str, tuple[Past, ...]]) -> dict[str, str]:
    """By code, how often each outcome was met, and the last: `passed 3, failed 1 (last: failed, 2 rows)`."""
    made: dict[str, str] = {}
    for code, items in past.items():
        counts = Counter(item.outcome for item in items)
        told = ", ".join(f"{outcome} {number}" for outcome, number in counts.items())
        last = items[-1]
        made[code] = f"{told} (last: {last.outcome}, {last.rows_failed} rows failed)"
    return made


def history_lines(runs: Sequence[Path]) -> list[dict[str, Any]]:
    """Lines of table `check_history` from earlier runs, given oldest first.

    A run whose `validation.json` cannot be read is told with one line: it must not keep a new run from being made.
    """
    made: list[dict[str, Any]] = []
    for place, run in enumerate(runs, start=1):
        of_run = {"place": place, "run_id": run.name, "sha256": ""}
        try:
            content = (run / FILE).read_bytes()
            of_run["sha256"] = hashlib.sha256(content).hexdigest()
            lines = [of_run | _past_line(line) for line in json.loads(content)["checks"]]
        except (OSError, ValueError, KeyError, TypeError):
            lines = [of_run | {"code": "", "outcome": UNREADABLE, "rows_failed": 0, "told": UNREADABLE}]
        made += lines
    return made


def write_history(runs: Sequence[Path], tables_folder: Path) -> None:
    """Write table `check_history` from the last of the earlier runs, given oldest first."""
    lines = history_lines(runs[-MOST:])
    names = tables()[HISTORY].column_names
    write_table(HISTORY, {name: [line[name] for line in lines] for name in names}, tables_folder)


def _past_line(line: Mapping[str, Any]) -> dict[str, Any]:
    outcome, failed = str(line["outcome"]), int(line["rows_failed"])
    counted = outcome == "passed" or (outcome == "failed" and failed > 0)
    told = str(failed) if counted else outcome
    return {"code": str(line["code"]), "outcome": outcome, "rows_failed": failed, "told": told}


def series(lines: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By code, the rows that failed in each earlier run, oldest first: `0, 0, 3`; a dash where there was no such
    check.
    """
    found: dict[str, dict[int, str]] = {}
    places: set[int] = set()
    for line in lines:
        places.add(line["place"])
        found.setdefault(line["code"], {})[line["place"]] = line["told"]
    return {code: ", ".join(told.get(place, "-") for place in sorted(places)) for code, told in found.items() if code}
