"""The rows behind the validation page: what each failed check found, and which areas and years have poor data.

In: a run's tables `check_finding`, `check_result`, `data_quality` and `area`. Out: a `TablesPage` on which every failed
check has a place of its own to link to. A long list is cut and says so; the download holds every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.checks.check_words import column_words, number_words, plain_detail
from reports.words.frame import frame
from reports.words.narrative import count_of
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, Link, TablesPage

PAGE = "failing-rows.html"
SHOWN = 40
"""Rows shown per check."""
GRADED_SHOWN = 400
"""Areas and years shown."""
WORSE = ("poor", "fair")


def rows_link(code: str) -> str:
    """Where the failing rows of a check stand."""
    return f"{PAGE}#{code.lower()}"


def _named(areas: Mapping[str, str], code: object, other: str = "") -> Cell:
    name = areas.get(str(code))
    return Cell(name, href=f"areas/{code}.html") if name else Cell(str(code or other))


def failing_table(run: Run, areas: Mapping[str, str]) -> DataTable | None:
    """The rows of every failed or errored check, in the order of the checks, under a heading for each."""
    found = run.grouped("check_finding", "table", "check_code")
    failed = [row for row in run.rows("check_result") if row["outcome"] in ("failed", "errored")]
    groups: dict[int, Cell] = {}
    rows: list[tuple[Cell, ...]] = []
    for check in failed:
        of_check = found.get((check["table"], check["code"]), [])
        code = str(check["code"])
        groups[len(rows)] = Cell(_heading(check, of_check), anchor=code.lower())
        rows += [_row(row, areas) for row in of_check[:SHOWN]]
        if not of_check:
            rows.append((Cell("No single row"), *(Cell("") for _ in range(4)), Cell(plain_detail(check["detail"]))))
    if not rows:
        return None
    return DataTable(
        id="failing-rows",
        caption="Rows that failed, by check",
        note=f"Up to {SHOWN} rows a check; the download holds all. Money is in £ thousand, in payments in £.",
        columns=(
            Column("Area or record"),
            Column("Year", short=True),
            Column("Figure"),
            Column("Value", numeric=True),
            Column("Expected", numeric=True),
            Column("What was found"),
        ),
        rows=tuple(rows),
        groups=groups,
    )


def _heading(check: Row, rows: Sequence[Row]) -> str:
    done = sorted({str(row["done"]) for row in rows})
    shown = f", {SHOWN} shown" if len(rows) > SHOWN else ""
    told = f"{count_of(len(rows), 'row', 'rows')}{shown}; {' or '.join(done)}" if rows else "names no rows"
    return f"{check['code']}: {told}"


def _row(row: Row, areas: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        _named(areas, row["area_code"], str(row["record_id"])),
        Cell(str(row["financial_year"] or "")),
        Cell(column_words(str(row["column"] or ""))),
        Cell(number_words(row["value"])),
        Cell(number_words(row["expected"])),
        Cell(plain_detail(row["reason"])),
    )


def graded_table(run: Run, areas: Mapping[str, str]) -> DataTable | None:
    """Every area and year graded poor or fair, poor ones first, with the checks that say so."""
    graded = [row for row in run.rows("data_quality") if row["grade"] in WORSE]
    order = sorted(graded, key=lambda row: (WORSE.index(row["grade"]), str(row["financial_year"]), row["area_code"]))
    if not order:
        return None
    cut = f" {GRADED_SHOWN} of {len(order):,} are shown; the download holds all." if len(order) > GRADED_SHOWN else ""
    return DataTable(
        id="data-quality",
        caption="Areas and years whose data are graded poor or fair",
        note="Poor data are a mark that changes no list. Areas and years not listed are graded good." + cut,
        columns=(Column("Area"), Column("Year", short=True), Column("Grade"), Column("Checks that say so")),
        rows=tuple(
            (
                _named(areas, row["area_code"]),
                Cell(str(row["financial_year"])),
                Cell(str(row["grade"])),
                Cell(str(row["reasons"])),
            )
            for row in order[:GRADED_SHOWN]
        ),
    )


def failing_rows_page(run: Run) -> TablesPage:
    """Failing rows by check, then areas and years by grade of their data."""
    areas = {str(row["area_code"]): str(row["area_name"]) for row in run.rows("area")}
    tables = (failing_table(run, areas), graded_table(run, areas))
    return TablesPage(
        frame=frame(run, title="Failing rows", here="validation"),
        heading="Failing rows",
        lead=(
            "What each failed check found, row by row. A finding is a prompt to look at the return; it says nothing "
            "about an authority.",
            "What each check asks, and how it ended in earlier runs, is on the validation page.",
        )
        if any(tables)
        else ("No check failed in this run.",),
        tables=tuple(table for table in tables if table),
        downloads=(
            Link("Failing rows (CSV)", "downloads/check_finding.csv"),
            Link("Data quality by area and year (CSV)", "downloads/data_quality.csv"),
        ),
    )
