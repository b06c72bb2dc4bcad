"""The sources page's view model: every file read, who published it, under which licence, and what became of its rows.

In: a run's table `source_file`. Out: a `TablesPage`; each file's row has an id that the evidence tables point at.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.frame import frame, source_anchor
from reports.narrative import count_of, release_words, whole
from reports.read_run import Row, Run
from reports.view_models import Cell, Column, DataTable, TablesPage

NUMBERS = ("rows_read", "rows_kept", "rows_quarantined", "rows_out_of_scope", "rows_not_data")


def files_table(rows: Sequence[Row]) -> DataTable:
    """One row per file, by publisher, source and year."""
    ordered = sorted(
        rows,
        key=lambda row: tuple(
            str(row[name] or "") for name in ("publisher", "source", "financial_year", "file_sha256")
        ),
    )
    return DataTable(
        id="files",
        caption="Files read and what became of their rows",
        columns=(
            Column("Publication"),
            Column("Year", short=True),
            Column("File and release"),
            Column("Licence"),
            Column("Rows read", numeric=True),
            Column("Kept", numeric=True),
            Column("Set aside", numeric=True),
            Column("Out of scope", numeric=True),
            Column("Not data", numeric=True),
            Column("sha256", code=True),
        ),
        rows=tuple(
            (
                Cell(
                    str(row["title"] or row["source"] or "not stated"),
                    small=str(row["publisher"] or ""),
                    anchor=source_anchor(row["file_sha256"]),
                ),
                Cell(str(row["financial_year"] or "")),
                Cell(str(row["file_name"] or ""), small=release_words(row["release"]) or "Release not stated"),
                Cell(str(row["licence"] or "not stated")),
                *(Cell(whole(row[name])) for name in NUMBERS),
                Cell(str(row["file_sha256"])),
            )
            for row in ordered
        ),
        note="Rows read = kept + set aside + out of scope + not data. Out of scope: bodies without social-care duties, "
        "class and region totals.",
    )


def sources_page(run: Run) -> TablesPage:
    """Every publication with its licence, release, sha256 and rows."""
    rows = run.rows("source_file")
    publishers = sorted({str(row["publisher"]) for row in rows if row["publisher"]})
    values = sum(int(row["values_kept"] or 0) for row in rows)
    return TablesPage(
        frame=frame(run, title="Sources", here="sources"),
        heading="Sources",
        lead=(
            f"{count_of(len(rows), 'file', 'files')} of {count_of(len(publishers), 'publisher', 'publishers')} "
            f"{'was' if len(rows) == 1 else 'were'} read, {whole(values)} values kept. "
            "Each figure on an area page points at a file here by its sha256."
            if rows
            else "This run recorded no files.",
            "Contains public sector information licensed under the Open Government Licence v3.0, except where the "
            "table states another licence.",
        ),
        tables=(files_table(rows),) if rows else (),
    )
