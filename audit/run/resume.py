"""Continue a killed run where it stopped: a stage is done when its mark says so and its files still have their hashes.

In: the working folder of a run, whose name is the run's id, so inputs, settings and code are the same. Out: the counts
of a stage that need not be done again. A mark that does not fit the files is worth nothing: the stage is done again.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from pipelines import lasting
from pipelines.payments.ledger.put_in_place import READY
from pipelines.recorded import hashes

MARKS = ".stages"
NOT_RESULTS = ("log.jsonl",)


def _results(work: Path) -> dict[str, str]:
    return {name: digest for name, digest in hashes(work, but=NOT_RESULTS).items() if not name.startswith(MARKS)}


def begin(work: Path) -> None:
    """Make the working folder, or clean what a killed run left half-written in it."""
    (work / "tables").mkdir(parents=True, exist_ok=True)
    (work / MARKS).mkdir(exist_ok=True)
    for part in (*sorted(work.rglob("*.part")), *work.glob(f"tables/{READY}")):  # and payments not yet put in place
        lasting.remove(part)


def mark(work: Path, stage: str, counts: dict[str, Any]) -> None:
    """Record that `stage` is done, with its counts and the hash of every file there is."""
    text = json.dumps({"counts": counts, "files": _results(work)})
    temporary = work / MARKS / f"{stage}.part"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(work / MARKS / f"{stage}.json")


def done(work: Path, stage: str) -> dict[str, Any] | None:
    """Counts of a stage that is done and whose files are all as it left them, else None."""
    path = work / MARKS / f"{stage}.json"
    if not path.is_file():
        return None
    try:
        recorded = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:  # power was lost before it was on the disk
        return None
    found = _results(work)
    same = all(found.get(name) == digest for name, digest in recorded["files"].items())
    counts: dict[str, Any] = recorded["counts"]
    return counts if same else None


def start_again(work: Path) -> None:
    """Forget everything a killed run left: none of its marks fits."""
    shutil.rmtree(work, ignore_errors=True)
    begin(work)


def end(work: Path) -> None:
    """Remove the marks: a published run does not need them."""
    shutil.rmtree(work / MARKS)
