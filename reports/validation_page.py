"""The validation page's view model: one row per check, and what was set aside.

In: a run's tables `check_result`, `quarantine` and `check_mark`. Out: a `TablesPage`. Failed, errored and not run are
kept apart.
"""

from __future__ import annotations

from collections import Counter

from reports.evidence_checks import check_anchor
from reports.frame import frame
from reports.narrative import count_of, plain_code, plain_detail, sentence, whole
from reports.read_run import Run
from reports.view_models import Cell, Column, DataTable, Link, TablesPage

OUTCOMES = ("errored", "failed", "not run", "passed")
SEVERITIES = ("critical", "warning", "info")


def _place(value: object, order: tuple[str, ...]) -> int:
    return order.index(str(value)) if str(value) in order else len(order)


def checks_table(run: Run) -> DataTable:
    """One row per check, those with findings first."""
    rows = sorted(
        run.rows("check_result"),
        key=lambda row: (
            _place(row["outcome"], OUTCOMES),
            _place(row["severity"], SEVERITIES),
            str(row["table"]),
            str(row["code"]),
        ),
    )
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(str(row["table"]), place)
    return DataTable(
        id="checks",
        caption="Checks of the data, those with findings first",
        columns=(
            Column("Check"),
            Column("Table"),
            Column("Outcome"),
            Column("Severity"),
            Column("Why it exists"),
            Column("Rows seen", numeric=True),
            Column("Rows failed", numeric=True),
            Column("Set aside", numeric=True),
            Column("What was found"),
        ),
        rows=tuple(
            (
                Cell(
                    str(row["code"]),
                    small=plain_code(str(row["type"] or "")),
                    anchor=check_anchor(str(row["table"])) if first[str(row["table"])] == place else "",
                ),
                Cell(str(row["table"])),
                Cell(str(row["outcome"] or "not run")),
                Cell(str(row["severity"] or "")),
                Cell(sentence(row["because"])),
                Cell(whole(row["rows_seen"])),
                Cell(whole(row["rows_failed"])),
                Cell(whole(row["rows_quarantined"])),
                Cell(plain_detail(row["detail"])[:300]),
            )
            for place, row in enumerate(rows)
        ),
    )


def aside_summary(run: Run, table: str, caption: str) -> DataTable | None:
    """Counts by table and check, with one reason as an example."""
    counts: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for row in run.rows(table):
        key = (str(row.get("table") or "not known"), str(row.get("check_code") or "not known"))
        counts[key] += 1
        example.setdefault(key, str(row.get("reason") or row.get("expected") or ""))
    if not counts:
        return None
    return DataTable(
        id=table.replace("_", "-"),
        caption=caption,
        columns=(
            Column("Check or rule"),
            Column("Table"),
            Column("Rows or values", numeric=True),
            Column("Reason of the first"),
        ),
        rows=tuple(
            (Cell(code), Cell(name), Cell(whole(count)), Cell(plain_detail(example[(name, code)])))
            for (name, code), count in sorted(counts.items())
        ),
    )


def validation_page(run: Run) -> TablesPage:
    """One row per check, then what was marked and what was set aside."""
    outcomes = Counter(str(row["outcome"]) for row in run.rows("check_result"))
    total = sum(outcomes.values())
    told = ", ".join(f"{outcomes[name]:,} {name}" for name in ("passed", "failed", "errored", "not run"))
    aside, marked = len(run.rows("quarantine")), len(run.rows("check_mark"))
    tables = (
        aside_summary(run, "quarantine", "Rows and values set aside, by check or loading rule"),
        aside_summary(run, "check_mark", "Figures kept and marked as doubtful, by check"),
        checks_table(run) if total else None,
    )
    return TablesPage(
        frame=frame(run, title="Validation", here="validation"),
        heading="Validation",
        lead=(
            f"{count_of(total, 'check was', 'checks were')} declared and accounted for: {told}."
            if total
            else "This run recorded no checks.",
            f"{count_of(aside, 'row or value was', 'rows or values were')} set aside with a reason; none was lost. "
            f"{count_of(marked, 'figure was', 'figures were')} kept and marked as doubtful.",
            "A failed check is a finding about data, not about an authority. An errored check counts as critical.",
        ),
        tables=tuple(table for table in tables if table),
        downloads=(
            Link("Check results (CSV)", "downloads/check_result.csv"),
            Link("Quarantine (CSV)", "downloads/quarantine.csv"),
        ),
    )
