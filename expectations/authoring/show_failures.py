"""Run the checks of one table and show the rows that would fail, as a table on the terminal. Writes nothing.

In: the run's `Frames`, a table, perhaps one code. Out: text. Refused: a table that is not declared, a code that the
table does not have.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from expectations.authoring.scaffold import table_named
from expectations.quarantine.quarantine import lineage
from expectations.quarantine.releases import apply_releases, load_releases
from expectations.records.checks import FAILED, PASSED, Check, Finding, Outcome, as_text
from expectations.records.settings import load_quality
from expectations.records.table_frames import Frames, grouped
from expectations.running.check_all import declared_checks, run_checks
from expectations.suite.suite import SUITES
from pipelines.declarations.catalogue import tables
from pipelines.declarations.declared_files import perhaps
from pipelines.declarations.reviews import overdue, overdue_sentence
from pipelines.errors import DefinitionError

CONSEQUENCE = {
    "stop": "the run would stop",
    "quarantine": "the rows would be set aside",
    "mark": "the rows are used and marked",
    "report": "reported only",
}
WIDEST = 60


def chosen_checks(table: str, only: str = "") -> tuple[Check, ...]:
    """The checks of `table`, or the one called `only`. Raises DefinitionError."""
    table_named(table, tables())
    declared = declared_checks(SUITES)
    load_quality([check.code for check in declared])
    checks = tuple(check for check in declared if check.table == table)
    if not only:
        return checks
    found = tuple(check for check in checks if check.code == only)
    if not found:
        expected = perhaps(only, [check.code for check in checks])
        raise DefinitionError(f"table '{table}' has no check '{only}'", expected=expected)
    return found


def show(frames: Frames, checks: tuple[Check, ...], *, explain: bool, limit: int) -> tuple[str, tuple[Outcome, ...]]:
    """Text on how `checks` end on `frames`, failing rows as a table of at most `limit` lines each; and the outcomes."""
    outcomes = apply_releases(run_checks(checks, frames), load_releases())
    shown = [item for item in outcomes if explain or item.outcome != PASSED or len(outcomes) == 1]
    parts = [_one(item, frames, explain=explain, limit=limit) for item in shown]
    counts = {kind: sum(item.outcome == kind for item in outcomes) for kind in {item.outcome for item in outcomes}}
    told = ", ".join(f"{counts[kind]} {kind}" for kind in sorted(counts))
    number = f"{len(outcomes)} check{'' if len(outcomes) == 1 else 's'}"
    reviews = ((item.check.code, item.check.review_by) for item in outcomes)
    late = overdue_sentence(overdue(reviews, datetime.date.today()))
    return "\n\n".join([*parts, *([late] if late else []), f"{number}: {told}. Nothing was written."]), outcomes


def _one(outcome: Outcome, frames: Frames, *, explain: bool, limit: int) -> str:
    check = outcome.check
    head = f"{check.code}: {outcome.outcome}, {check.severity}; {outcome.rows_failed:,} of {outcome.rows_seen:,} rows"
    if outcome.rows_without_value:
        head += f", {outcome.rows_without_value:,} without the value"
    if outcome.outcome == FAILED:
        head += f"; {CONSEQUENCE[check.on_failure]}"
    lines = [head]
    if outcome.detail:
        lines.append(f"  {outcome.detail}")
    if explain:
        rule = ", ".join(f"{key} {value}" for key, value in check.kwargs.items())
        where = check.file + (f", line {check.line}" if check.line else "")
        lines += [
            f"  because    {check.because}",
            f"  rule       {check.type} ({rule})",
            f"  reference  {check.reference}",
        ]
        lines.append(f"  declared   {where}; review by {check.review_by or 'the declaration'}")
    if outcome.findings:
        lines.append(_rows(outcome, frames, explain=explain, limit=limit))
    return "\n".join(lines)


def _rows(outcome: Outcome, frames: Frames, *, explain: bool, limit: int) -> str:
    found = sorted(outcome.findings, key=lambda item: (-abs(item.gap or 0.0), item.record_id, item.column))[:limit]
    heads = ["record", "area", "year", "column", "value", "expected", "gap"]
    rows = [_cells(item) for item in found]
    if explain:
        heads.append("cell")
        cells = lineage(frames, {(outcome.check.table, item.record_id) for item in found})
        for row, item in zip(rows, found, strict=True):
            cell = cells.get((outcome.check.table, item.record_id, item.column)) or {}
            row.append(" ".join(str(cell[name]) for name in ("file_name", "sheet", "cell") if cell.get(name)))
    for row, item in zip(rows, found, strict=True):
        if item.record_id in outcome.released:
            row[0] += " (released)"
    text = aligned([heads, *rows])
    more = len(outcome.findings) - len(found)
    return text + (f"\n  and {more:,} more (--limit {len(outcome.findings)} shows them)" if more else "")


def _cells(item: Finding) -> list[str]:
    gap = "" if item.gap is None else grouped(item.gap)
    value = item.value if len(item.value) <= WIDEST else item.value[: WIDEST - 1] + "…"
    return [item.record_id, item.area_code, item.financial_year, item.column, value, _rounded(item.expected), gap]


def _rounded(text: str) -> str:
    """An expected figure as a reader wants it: the middle of many is seldom a whole number."""
    try:
        return as_text(round(float(text), 3))
    except ValueError:
        return text


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as text in columns; columns without any text are left out."""
    used = [place for place in range(len(rows[0])) if any(row[place] for row in rows[1:])]
    widths = {place: max(len(row[place]) for row in rows) for place in used}
    lines = ["  " + "  ".join(row[place].ljust(widths[place]) for place in used).rstrip() for row in rows]
    return "\n".join([lines[0], "  " + "  ".join("-" * widths[place] for place in used), *lines[1:]])
