"""The validation page's view model: one row per check that did not pass, all checks by table, and what was set aside.

In: a run's tables `check_result`, `check_finding`, `check_history`, `check_mark`, `data_quality` and `quarantine`. Out:
a `TablesPage`. Failed, errored and not run are kept apart; every failed check leads to the rows that failed.
"""

from __future__ import annotations

from collections import Counter

from pipelines.declarations.reviews import dates_sentence
from reports.checks.check_series import check_series
from reports.checks.check_words import plain_detail
from reports.checks.evidence_checks import FINDINGS
from reports.checks.failing_rows_page import PAGE, rows_link
from reports.checks.passed_checks_page import PASSED, PASSED_PAGE, by_table
from reports.words.frame import frame
from reports.words.narrative import count_of, plain_code, sentence, whole
from reports.words.read_run import Run
from reports.words.view_models import Cell, Column, DataTable, Link, TablesPage

OUTCOMES = ("errored", "failed", "not run", "passed")
SEVERITIES = ("critical", "warning", "info")
GRADES = ("good", "fair", "poor")
FINDING = ("table", "check_code")


def _place(value: object, order: tuple[str, ...]) -> int:
    return order.index(str(value)) if str(value) in order else len(order)


def checks_table(run: Run) -> DataTable | None:
    """One row per check that did not pass, the gravest first; None where all passed."""
    rows = sorted(
        (row for row in run.rows("check_result") if row["outcome"] != PASSED),
        key=lambda row: (
            _place(row["outcome"], OUTCOMES),
            _place(row["severity"], SEVERITIES),
            str(row["table"]),
            str(row["code"]),
        ),
    )
    if not rows:
        return None
    earlier = check_series(run)
    reasons = {key: str(found[0]["reason"] or "") for key, found in run.grouped("check_finding", *FINDING).items()}
    return DataTable(
        id="checks",
        caption="Checks with findings or not run",
        note=earlier.note,
        columns=(
            Column("Check"),
            Column("Table"),
            Column("Outcome and severity"),
            Column("Why it exists, and what was found"),
            Column("Rows seen", numeric=True),
            Column("Rows failed", numeric=True),
            Column("Set aside", numeric=True),
            Column("Released", numeric=True),
            *earlier.columns,
        ),
        rows=tuple(
            (
                Cell(str(row["code"]), small=plain_code(str(row["type"] or ""))),
                Cell(str(row["table"])),
                Cell(str(row["outcome"] or "not run"), small=str(row["severity"] or "")),
                Cell(
                    sentence(row["because"]),
                    small=plain_detail(row["detail"] or reasons.get((row["table"], row["code"])))[:300],
                ),
                Cell(whole(row["rows_seen"])),
                Cell(whole(row["rows_failed"]), href=rows_link(str(row["code"])) if row["outcome"] in FINDINGS else ""),
                Cell(whole(row["rows_quarantined"])),
                Cell(whole(row["rows_released"] or 0)),
                *earlier.cells(row),
            )
            for row in rows
        ),
    )


def grades_table(run: Run) -> DataTable | None:
    """How many areas have which grade of data, by year."""
    graded = run.grouped("data_quality", "financial_year")
    if not graded:
        return None
    counts = {str(year): Counter(str(row["grade"]) for row in rows) for (year,), rows in sorted(graded.items())}
    return DataTable(
        id="data-quality",
        caption="Areas by the grade of their data, year by year",
        note="Poor data in a window are a mark beside the result that changes no list. Which areas, and why, is on the "
        "page of failing rows.",
        columns=(Column("Year", short=True), *(Column(grade.capitalize(), numeric=True) for grade in GRADES)),
        rows=tuple(
            (
                Cell(year, href=f"{PAGE}#data-quality" if count["fair"] + count["poor"] else ""),
                *(Cell(f"{count[grade]:,}") for grade in GRADES),
            )
            for year, count in counts.items()
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


def revision_words(run: Run) -> tuple[str, ...]:
    """What differs from the figures accepted before, in one sentence; none where every return could be compared and is
    the same.
    """
    rows = run.rows("compared_return")
    differ = [row for row in rows if row["revised"] or row["beyond"]]
    if not rows:
        return ("No return could be set against figures accepted before.",)
    if not differ:
        return (f"{count_of(len(rows), 'return', 'returns')} set against the figures accepted before: none differs.",)
    named = "; ".join(
        f"{row['file_name']}: {whole(row['revised'])} of {whole(row['figures'])} figures differ from {row['against']}"
        + (f" (accepted: {row['reason']})" if row["reason"] else "")
        for row in differ
    )
    return (f"Set against the figures accepted before, {count_of(len(differ), 'return', 'returns')} differ: {named}.",)


def review_words(run: Run) -> tuple[str, ...]:
    """When the checks are to be looked at again; a page knows no clock, so its reader sees what is overdue."""
    said = dates_sentence((str(row["code"]), str(row.get("review_by") or "")) for row in run.rows("check_result"))
    return (said,) if said else ()


def validation_page(run: Run) -> TablesPage:
    """What was set aside, one row per check that did not pass, all checks by table, and grades of data by year."""
    outcomes = Counter(str(row["outcome"]) for row in run.rows("check_result"))
    total = sum(outcomes.values())
    told = ", ".join(f"{outcomes[name]:,} {name}" for name in ("passed", "failed", "errored", "not run"))
    aside, marked = len(run.rows("quarantine")), len(run.rows("check_mark"))
    tables = (
        aside_summary(run, "quarantine", "Rows and values set aside, by check or loading rule"),
        checks_table(run),
        by_table(run) if total else None,
        grades_table(run),
    )
    return TablesPage(
        frame=frame(run, title="Checks", here="validation"),
        heading="Checks of the data",
        lead=(
            f"{count_of(total, 'check was', 'checks were')} declared and accounted for: {told}."
            if total
            else "This run recorded no checks.",
            f"{count_of(aside, 'row or value was', 'rows or values were')} set aside with a reason; none was lost. "
            f"{count_of(marked, 'figure was', 'figures were')} kept and marked as doubtful.",
            *revision_words(run),
            *review_words(run),
            "A failed check is a finding about data, not about an authority; the number of rows that failed leads to "
            "them. An errored check counts as critical.",
        ),
        tables=tuple(table for table in tables if table),
        downloads=(
            Link("Checks that passed, one by one", PASSED_PAGE),
            Link("Check results (CSV)", "downloads/check_result.csv"),
            Link("Failing rows (CSV)", "downloads/check_finding.csv"),
            Link("Data quality by area and year (CSV)", "downloads/data_quality.csv"),
            Link("Quarantine (CSV)", "downloads/quarantine.csv"),
        ),
    )
