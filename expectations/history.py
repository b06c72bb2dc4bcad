"""How each check ended in past runs.

In: a folder of runs, each with a `validation.json`. Out: outcomes by check code, oldest run first. Runs carry no clock,
so their order is that of their files' dates; what is found beside a run is never written into it, or the same inputs
would not give the same bytes.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import InputError, Place

FILE = "validation.json"


@dataclass(frozen=True)
class Past:
    """How one check ended in one past run."""

    run: str
    outcome: str
    rows_failed: int


def past_outcomes(runs: Path) -> dict[str, tuple[Past, ...]]:
    """Outcomes by check code over the finished runs below `runs`, oldest first.

    Raises InputError for a `validation.json` that cannot be read.
    """
    paths = [path for path in runs.glob(f"*/{FILE}") if not path.parent.is_symlink() and path.parent.name[:1] != "."]
    found: dict[str, list[Past]] = {}
    for path in sorted(paths, key=lambda item: (item.stat().st_mtime_ns, item.parent.name)):
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
