"""The checks that passed, table by table, on a page of their own: they are nine in ten and would hide the findings.

In: a run's tables `check_result` and `check_history`. Out: a `TablesPage`, and the table of the validation page that
counts each table's checks and leads here.
"""

from __future__ import annotations

from collections import Counter

from reports.checks.check_series import CheckSeries, check_series
from reports.checks.check_words import plain_detail
from reports.checks.evidence_checks import check_anchor
from reports.words.frame import frame
from reports.words.narrative import count_of, plain_code, sentence, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, Link, TablesPage

PASSED_PAGE = "passed-checks.html"
PASSED = "passed"


def _passed(run: Run) -> list[Row]:
    rows = [row for row in run.rows("check_result") if row["outcome"] == PASSED]
    return sorted(rows, key=lambda row: (str(row["table"]), str(row["code"])))


def by_table(run: Run) -> DataTable:
    """One row per table of the data: how many checks it has, and how they ended."""
    counts: dict[str, Counter[bool]] = {}
    for row in run.rows("check_result"):
        counts.setdefault(str(row["table"]), Counter())[row["outcome"] == PASSED] += 1
    return DataTable(
        id="checks-by-table",
        caption="Checks by table of the data",
        columns=(
            Column("Table"),
            Column("Checks", numeric=True),
            Column("With findings or not run", numeric=True),
            Column("Passed", numeric=True),
        ),
        rows=tuple(
            (
                Cell(name, anchor=check_anchor(name)),
                Cell(whole(found.total())),
                Cell(whole(found[False])),
                Cell(whole(found[True]), href=f"{PASSED_PAGE}#{check_anchor(name)}" if found[True] else ""),
            )
            for name, found in sorted(counts.items())
        ),
    )


def _table(rows: list[Row], earlier: CheckSeries) -> DataTable:
    groups: dict[int, Cell] = {}
    seen: set[str] = set()
    for place, row in enumerate(rows):
        name = str(row["table"])
        if name not in seen:
            seen.add(name)
            groups[place] = Cell(name, anchor=check_anchor(name))
    return DataTable(
        id="passed",
        caption="Checks that passed, by table of the data",
        note=f"A check that allows a share of exceptions may pass with rows that failed. {earlier.note}",
        columns=(
            Column("Check"),
            Column("Severity", short=True),
            Column("Why it exists, and what was seen"),
            Column("Rows seen", numeric=True),
            Column("Rows failed", numeric=True),
            *earlier.columns,
        ),
        rows=tuple(
            (
                Cell(str(row["code"]), small=plain_code(str(row["type"] or ""))),
                Cell(str(row["severity"] or "")),
                Cell(sentence(row["because"]), small=plain_detail(row["detail"])[:300]),
                Cell(whole(row["rows_seen"])),
                Cell(whole(row["rows_failed"])),
                *earlier.cells(row),
            )
            for row in rows
        ),
        groups=groups,
    )


def passed_checks_page(run: Run) -> TablesPage:
    """Every check that passed, under a heading for each table."""
    rows = _passed(run)
    return TablesPage(
        frame=frame(run, title="Checks that passed", here="validation"),
        heading="Checks that passed",
        lead=(
            f"{count_of(len(rows), 'check', 'checks')} passed. Those with findings are on the validation page.",
            "A passed check says that the data are as expected in that one respect, not that they are right.",
        ),
        tables=(_table(rows, check_series(run)),) if rows else (),
        downloads=(Link("Check results (CSV)", "downloads/check_result.csv"),),
    )
