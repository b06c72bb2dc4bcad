"""What a check is, what it found and how it ended: the records passed between the modules of this room.

In: nothing. Out: frozen records `Check`, `Finding`, `Outcome`. A check that cannot be judged raises `NotRunError` with
the reason; it is never counted as passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

PASSED, FAILED, ERRORED, NOT_RUN = "passed", "failed", "errored", "not run"
CRITICAL, WARNING, INFO = "critical", "warning", "info"
STOP, QUARANTINE, MARK, REPORT = "stop", "quarantine", "mark", "report"
ON_FAILURE_ALLOWED = {CRITICAL: (STOP,), WARNING: (QUARANTINE, MARK), INFO: (REPORT,)}
"""Critical stops the run, warning sets aside or marks, info reports."""


class NotRunError(Exception):
    """The check cannot be judged (a table, a year or any value is missing); the text says why."""


@dataclass(frozen=True)
class Check:
    """One declared check.

    `origin` is structural, gx or domain; `line` is where a suite declares it (0 when derived).
    """

    table: str
    code: str
    type: str
    kwargs: dict[str, Any]
    severity: str
    on_failure: str
    because: str
    reference: str = ""
    added_by: str = ""
    review_by: str = ""
    origin: str = "domain"
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Finding:
    """One row (or value) that breaks a check. `gap` is found less expected in the column's own unit."""

    record_id: str
    column: str = ""
    value: str = ""
    expected: str = ""
    gap: float | None = None
    reason: str = ""
    area_code: str = ""
    financial_year: str = ""


@dataclass(frozen=True)
class Found:
    """What a check function returns: rows it could judge, rows without the values needed, and what breaks the rule.

    `judged` are the record ids of the rows it could judge, where the function can name them.
    """

    rows_seen: int
    rows_without_value: int = 0
    findings: tuple[Finding, ...] = ()
    detail: str = ""
    failed_without_rows: bool = False
    judged: Iterable[str] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class Outcome:
    """How one check ended. `released` holds the failing records that may be used all the same, each with its reason;
    `rows_failed_in_all` is given where the findings list only some of the rows that fail; `judged` are the record ids
    of the rows judged, where the check names them.
    """

    check: Check
    outcome: str
    rows_seen: int = 0
    rows_without_value: int = 0
    detail: str = ""
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    released: Mapping[str, str] = field(default_factory=dict[str, str])
    rows_failed_in_all: int | None = None
    judged: Iterable[str] = field(default=(), repr=False, compare=False)

    @property
    def rows_failed(self) -> int:
        """Different records among the findings, or all where not all are listed."""
        if self.rows_failed_in_all is not None:
            return self.rows_failed_in_all
        return len({finding.record_id for finding in self.findings})

    @property
    def stops_the_run(self) -> bool:
        """True for a failed critical check and for any check that raised: an error is always critical."""
        return self.outcome == ERRORED or (self.outcome == FAILED and self.check.severity == CRITICAL)


def judge(check: Check, found: Found) -> Outcome:
    """Turn what a check function returned into its outcome; nothing judged at all is *not run*, never *passed*."""
    if found.rows_seen == 0 and not found.failed_without_rows:
        return Outcome(
            check, NOT_RUN, 0, found.rows_without_value, found.detail or "no row has the values this check needs"
        )
    failed = bool(found.findings) or found.failed_without_rows
    findings = tuple(sorted(found.findings, key=lambda item: (item.record_id, item.column, item.reason)))
    outcome = FAILED if failed else PASSED
    return Outcome(
        check, outcome, found.rows_seen, found.rows_without_value, found.detail, findings, judged=found.judged
    )


def as_text(value: Any) -> str:
    """A value as short, stable text: whole floats without decimals, missing as nothing."""
    if value is None or value != value:  # NaN differs from itself
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(float(value), 6))
    return str(value)
