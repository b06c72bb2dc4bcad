"""The files and sheets that an area's figures came from, numbered, and the table that names them.

In: rows of table `evidence` for one area. Out: `Files`, and a table of files by publication, each linked to its entry
on the sources page. A figure that was worked out in the run has no file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from reports.checks.evidence_checks import is_worked_out
from reports.words.frame import source_anchor
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable

NO_SHEET = "(file)"
FileKey = tuple[str, str]


@dataclass(frozen=True)
class Files:
    """The files and sheets that an area's figures came from, numbered in the order of first use."""

    numbers: Mapping[FileKey, int]
    rows: Mapping[FileKey, Row]
    csv: str
    places: Mapping[tuple[str, str], int]

    def number_of(self, row: Row) -> int:
        """The number of a figure's file; 0 where it was worked out in the run."""
        return self.numbers.get(file_key(row), 0)

    def row_of_csv(self, row: Row) -> str:
        """Where a figure stands in the page's CSV: a row by RFC 7111, the header being the first."""
        place = self.places.get((str(row["window"]), str(row["evidence_id"])))
        return f"{self.csv}#row={place}" if place else ""


def evidence_order(row: Row) -> tuple[str, int, str]:
    """Window, then the last number in the figure's id as a number, then the id as text."""
    identity = str(row["evidence_id"])
    return str(row["window"]), _last_number(identity), identity


@cache
def _last_number(identity: str) -> int:
    numbers = re.findall(r"\d+", identity)
    return int(numbers[-1]) if numbers else 10**6


def file_key(row: Row) -> FileKey:
    """A sheet of a file."""
    return str(row["file_sha256"] or ""), str(row["sheet"] or "")


def files_used(rows: Sequence[Row], *, csv: str, listed: Sequence[Row]) -> Files:
    """Number the files and sheets of the published `rows` in order of publisher, publication, year and sheet.

    `csv` is the page's own CSV, `listed` the figures that it lists.
    """
    first: dict[FileKey, Row] = {}
    for row in rows:
        if row["file_sha256"] or not is_worked_out(str(row["table"] or "")):
            first.setdefault(file_key(row), row)
    ordered = sorted(
        first,
        key=lambda key: (
            *(str(first[key][name] or "") for name in ("publisher", "title", "financial_year", "file_name")),
            *key,
        ),
    )
    places = {
        (str(row["window"]), str(row["evidence_id"])): place
        for place, row in enumerate(sorted(listed, key=evidence_order), start=2)
    }
    numbers = {key: place for place, key in enumerate(ordered, start=1)}
    return Files(numbers=numbers, rows=first, csv=csv, places=places)


def files_table(files: Files) -> DataTable | None:
    """The files and sheets under their publication, each linked to its entry on the sources page."""
    if not files.numbers:
        return None
    groups: dict[int, Cell] = {}
    rows: list[tuple[Cell, ...]] = []
    before, publisher = "", ""
    for key, number in files.numbers.items():
        row = files.rows[key]
        title, said = str(row["title"] or row["source"] or "not held").partition(":")[0], str(row["publisher"] or "")
        if (title, said) != (before, publisher) or not rows:
            groups[len(rows)] = Cell(title, small=said if said != publisher else "")
            before, publisher = title, said
        rows.append(
            (
                Cell(f"F{number}", anchor=f"f{number}"),
                Cell(
                    str(row["file_name"] or "not held"),
                    small=key[1] if key[1] != NO_SHEET else "",
                    href=f"sources.html#{source_anchor(key[0])}" if key[0] else "",
                ),
                Cell(key[0][:10] or "none"),
            )
        )
    return DataTable(
        id="files-table",
        caption="Files and sheets of these figures",
        columns=(Column("No.", short=True), Column("File and sheet"), Column("sha256", code=True)),
        rows=tuple(rows),
        groups=groups,
        note="A publisher stands at its first publication; a file leads to its release and full sha256.",
    )
