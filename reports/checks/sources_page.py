"""The sources page's view model: every file read, who published it, under which licence, and what became of its rows.

In: a run's tables `source_file` and `payment_source`. Out: a `TablesPage`; each file's row has an id that the evidence
tables point at.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.words.frame import frame, source_anchor
from reports.words.narrative import count_of, release_words, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, TablesPage

NUMBERS = ("rows_read", "rows_kept", "rows_quarantined", "rows_out_of_scope", "rows_not_data")


def _read(row: Row) -> str:
    """The hash of the file that was read; that it is the original where it is."""
    same = row["input_sha256"] == row["file_sha256"]
    return "the original was read" if same else str(row["input_sha256"] or "file read not stated")


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
            Column("sha256 of the original, and of the file read", code=True),
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
                Cell(str(row["file_sha256"]), small=_read(row)),
            )
            for row in ordered
        ),
        note="Rows read = kept + set aside + out of scope + not data. Out of scope: bodies without social-care duties, "
        "class and region totals. manifest.json lists the second sha256: that of the file read.",
    )


def payments_table(rows: Sequence[Row]) -> DataTable:
    """Publishers of the traced payments: what they published, under which licence, and how much of it is traced."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        names = ("publisher", "publication", "licence", "copy_state")
        groups.setdefault(tuple(str(row[name] or "") for name in names), []).append(row)
    return DataTable(
        id="payment-files",
        caption="Payment files with a payment between the NHS and a council",
        columns=(
            Column("Publisher, publication"),
            Column("Licence"),
            Column("State of the copy"),
            Column("Files", numeric=True),
            Column("Rows kept", numeric=True),
            Column("Payments traced", numeric=True),
        ),
        rows=tuple(
            (
                Cell(publisher, small=publication),
                Cell(licence),
                Cell(state),
                Cell(whole(len({row["source_file"] for row in members}))),
                Cell(whole(sum({row["source_file"]: row["rows_kept"] or 0 for row in members}.values()))),
                Cell(whole(sum(row["rows_traced"] or 0 for row in members))),
            )
            for (publisher, publication, licence, state), members in sorted(groups.items())
        ),
        note="Each file with its sha256 stands on the pages of the areas and commissioners its payments name.",
    )


def sources_page(run: Run) -> TablesPage:
    """Every publication with its licence, release, sha256 and rows."""
    rows, paid = run.rows("source_file"), run.rows("payment_source")
    publishers = sorted({str(row["publisher"]) for row in rows if row["publisher"]})
    values, missing = (sum(int(row[name] or 0) for row in rows) for name in ("values_kept", "values_missing"))
    return TablesPage(
        frame=frame(run, title="Sources", here="sources"),
        heading="Sources",
        lead=(
            f"{count_of(len(rows), 'file', 'files')} of {count_of(len(publishers), 'publisher', 'publishers')} "
            f"{'was' if len(rows) == 1 else 'were'} read, {whole(values)} values kept. "
            f"With {whole(missing)} that publishers left out they make the {whole(values + missing)} values of the "
            "run. "
            "Each figure on an area page points at a file here by its sha256."
            if rows
            else "This run recorded no files.",
            "Contains public sector information licensed under the Open Government Licence v3.0, except where the "
            "table states another licence.",
        ),
        tables=((files_table(rows),) if rows else ()) + ((payments_table(paid),) if paid else ()),
    )
