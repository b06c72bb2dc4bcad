"""What a run of all checks came to, as a record and as files: `validation.json`, `validation.csv`,
`quarantine.csv`, lines of `check_result`.

In: outcomes, balances and the tables rewritten. Out: plain data and text, the same bytes for the same outcomes; no
clock.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from expectations.quarantine.quarantine import Balance
from expectations.records.checks import FAILED, Outcome
from expectations.records.table_frames import Frames
from pipelines.declarations.catalogue import tables

EXAMPLES = 10
"""Failing rows shown per check in `validation.json`; table `check_finding` holds them all."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


@dataclass(frozen=True)
class Validation:
    """What a run of all checks came to."""

    outcomes: tuple[Outcome, ...]
    balances: tuple[Balance, ...]
    rewritten: tuple[str, ...]
    quarantined: dict[str, int]

    @property
    def stopped_by(self) -> tuple[Outcome, ...]:
        """Outcomes that forbid publication."""
        return tuple(outcome for outcome in self.outcomes if outcome.stops_the_run)


def result_line(outcome: Outcome, validation: Validation) -> dict[str, Any]:
    """One line of table `check_result`."""
    check = outcome.check
    released = "; ".join(f"{record}: {reason}" for record, reason in outcome.released.items())
    return {
        "table": check.table,
        "code": check.code,
        "type": check.type,
        "origin": check.origin,
        "severity": check.severity,
        "on_failure": check.on_failure,
        "outcome": outcome.outcome,
        "because": check.because,
        "reference": check.reference,
        "added_by": check.added_by,
        "review_by": check.review_by,
        "declared_in": check.file + (f", line {check.line}" if check.line else ""),
        "rows_seen": outcome.rows_seen,
        "rows_without_value": outcome.rows_without_value,
        "rows_failed": outcome.rows_failed,
        "rows_quarantined": validation.quarantined.get(check.code, 0),
        "rows_released": len(outcome.released),
        "detail": "; ".join(part for part in (outcome.detail, released) if part),
    }


def as_json(validation: Validation, *, history: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What `validation.json` holds: counts, what stopped the run, the balances, and a line with examples per check;
    with `history` (past outcomes by code) also that.
    """
    lines: list[dict[str, Any]] = []
    for item in validation.outcomes:
        examples = [asdict(finding) for finding in item.findings[:EXAMPLES]]
        line = {**result_line(item, validation), "stops_the_run": item.stops_the_run, "examples": examples}
        lines.append(line if history is None else line | {"history": history.get(item.check.code, "")})
    counts: dict[str, int] = {}
    for item in validation.outcomes:
        counts[item.outcome] = counts.get(item.outcome, 0) + 1
    return {
        "declared": len(validation.outcomes),
        "outcomes": dict(sorted(counts.items())),
        "stopped_by": [f"{item.check.code}: {item.detail or item.check.because}" for item in validation.stopped_by],
        "tables_rewritten": list(validation.rewritten),
        "balances": [asdict(item) for item in validation.balances],
        "checks": lines,
    }


def write_json(validation: Validation, path: Path, *, history: Mapping[str, str] | None = None) -> None:
    """Write `validation.json`."""
    text = json.dumps(as_json(validation, history=history), indent=1, ensure_ascii=False, sort_keys=True)
    _write(path, text + "\n")


def write_csv(validation: Validation, path: Path, *, history: Mapping[str, str] | None = None) -> None:
    """Write `validation.csv`: one row per check, as in table `check_result`; with `history` (past outcomes by code) one
    more column.
    """
    lines = [result_line(item, validation) for item in validation.outcomes]
    names = [*tables()["check_result"].column_names, *(["history"] if history is not None else [])]
    for line in lines:
        line["history"] = (history or {}).get(line["code"], "")
    _write(path, _csv(names, lines))


def quarantine_csv(tables_folder: Path, path: Path) -> None:
    """Write table `quarantine` as CSV; text that a spreadsheet would take for a formula gets a leading apostrophe."""
    lines = Frames(tables_folder).arrow("quarantine").to_pylist()
    _write(path, _csv(tables()["quarantine"].column_names, lines))


def _csv(names: Iterable[str], lines: Iterable[Mapping[str, Any]]) -> str:
    """The text, with the mark by which spreadsheets know UTF-8."""
    stream = io.StringIO(newline="")
    stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names := list(names))
    writer.writerows([_harmless(line.get(name)) for name in names] for line in lines)
    return stream.getvalue()


def _write(path: Path, text: str) -> None:
    """Under a temporary name first: what stands there may be a link to a file of the last generation of tables."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="")
    part.replace(path)


def _harmless(value: Any) -> Any:
    risky = isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS) and not _is_number(value)
    return f"'{value}" if risky else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def summary(validation: Validation) -> str:
    """One line per outcome kind and per table with rows set aside, for a log."""
    counts = as_json(validation)["outcomes"]
    lines = [
        f"checks declared {len(validation.outcomes)}: " + ", ".join(f"{count} {name}" for name, count in counts.items())
    ]
    for item in validation.balances:
        lines.append(
            f"{item.table}: {item.rows_in} rows in = {item.rows_kept} kept + {item.rows_quarantined} quarantined"
        )
    failed = [item for item in validation.outcomes if item.outcome == FAILED]
    lines += [
        f"{item.check.code} ({item.check.severity}): {item.rows_failed} rows failed of {item.rows_seen}"
        for item in failed
    ]
    return "\n".join(lines)
