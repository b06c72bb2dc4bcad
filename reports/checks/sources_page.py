"""The sources page's view model: every file read, who published it, under which licence, and what became of its rows.

In: a run's tables `source_file` and `payment_source`. Out: a `TablesPage`; each file's row has an id that the evidence
tables point at.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.words.frame import frame, source_anchor
from reports.words.narrative import count_of, release_words, whole
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable, Link, TablesPage

OPEN_GOVERNMENT_LICENCE = "Open Government Licence v3.0"
LICENCE_PAGE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
LEFT_OUT = {"rows_quarantined": "set aside", "rows_out_of_scope": "out of scope", "rows_not_data": "not data"}
SHORT = 10
NO_ADDRESS = "no address held"


def _read(row: Row) -> str:
    """The hash of the file that was read; that it is the original where it is."""
    same = row["input_sha256"] == row["file_sha256"]
    return "the original was read" if same else str(row["input_sha256"] or "")[:SHORT] or "file read not stated"


def _left_out(row: Row) -> str:
    """Rows that were not kept, by why; "none" where every row was."""
    said = [f"{whole(row[name])} {words}" for name, words in LEFT_OUT.items() if row[name]]
    return "; ".join(said) or "none"


def _licence(licence: str) -> str:
    """Where the licence stands, where it is the Open Government Licence and nothing else."""
    return LICENCE_PAGE if licence == OPEN_GOVERNMENT_LICENCE else ""


def _publication(row: Row) -> Cell:
    address = str(row.get("landing_page") or "")
    return Cell(
        str(row["title"] or row["source"] or "not stated"),
        href=address,
        small="" if address else NO_ADDRESS,
        anchor=source_anchor(row["file_sha256"]),
    )


def files_table(rows: Sequence[Row]) -> DataTable:
    """One row per file, under its publisher and licence, by source and year."""
    order = ("publisher", "licence", "source", "financial_year", "file_sha256")
    ordered = sorted(rows, key=lambda row: tuple(str(row[name] or "") for name in order))
    groups: dict[int, Cell] = {}
    before: tuple[str, str] | None = None
    for place, row in enumerate(ordered):
        who = str(row["publisher"] or "Publisher not stated"), str(row["licence"] or "not stated")
        if who != before:
            groups[place] = Cell(f"{who[0]}. Licence: ", small=who[1], small_href=_licence(who[1]))
        before = who
    return DataTable(
        id="files",
        caption="Files read and what became of their rows, by publisher",
        columns=(
            Column("Publication"),
            Column("Year", short=True),
            Column("File and release"),
            Column("Rows read", numeric=True),
            Column("Kept", numeric=True),
            Column("Not kept"),
            Column("sha256 of the original, and of the file read", code=True),
        ),
        rows=tuple(
            (
                _publication(row),
                Cell(str(row["financial_year"] or "")),
                Cell(str(row["file_name"] or ""), small=release_words(row["release"]) or "Release not stated"),
                Cell(whole(row["rows_read"])),
                Cell(whole(row["rows_kept"])),
                Cell(_left_out(row)),
                Cell(str(row["file_sha256"])[:SHORT], small=_read(row)),
            )
            for row in ordered
        ),
        groups=groups,
        note="A publication leads to its publisher's page. Out of scope: bodies without social-care duties, class and "
        f"region totals. The first {SHORT} characters of each sha256 are shown; source_file.csv below gives them in "
        "full. manifest.json lists the second, that of the file read.",
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
                Cell(licence, href=_licence(licence)),
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
        downloads=(
            Link("Files read (CSV)", "downloads/source_file.csv", "every hash in full, with addresses and rows"),
            Link("Column descriptions (CSVW)", "downloads/source_file.csv-metadata.json"),
        )
        if rows
        else (),
    )
