"""The evidence: every figure used for an area, ticked back to publication, file, sheet and cell.

In: rows of table `evidence` for one area, and what a run's checks marked. Out: one table of figures per window (a
line of a return per row, a year per column, the cell under each value) and one table of the files and sheets. A
missing figure shows its status letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from reports.evidence_checks import Checked
from reports.frame import source_anchor, window_words
from reports.narrative import UNIT_WORDS, as_published, count_of, release_words, sentence, whole
from reports.read_run import Row
from reports.view_models import Cell, Column, DataTable, WindowPart

AUTHORITY = re.compile(r"E\d{4}\b")
FileKey = tuple[str, str]
LineKey = tuple[str, str, str, str, int]


@dataclass(frozen=True)
class Files:
    """The files and sheets that an area's figures came from, numbered in the order of first use."""

    numbers: Mapping[FileKey, int]
    rows: Mapping[FileKey, Row]
    counts: Mapping[FileKey, int]


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


def files_used(rows: Sequence[Row]) -> Files:
    """Number the files and sheets of `rows` in publication, year and sheet order."""
    first: dict[FileKey, Row] = {}
    counts: dict[FileKey, int] = {}
    for row in rows:
        first.setdefault(file_key(row), row)
        counts[file_key(row)] = counts.get(file_key(row), 0) + 1
    ordered = sorted(
        first,
        key=lambda key: (*(str(first[key][name] or "") for name in ("source", "financial_year", "file_name")), *key),
    )
    return Files(numbers={key: place for place, key in enumerate(ordered, start=1)}, rows=first, counts=counts)


def lines_of(rows: Sequence[Row]) -> dict[LineKey, dict[str, Row]]:
    """Figures by line (table, figure, unit, authority, repeat) and year; one given twice starts a new line."""
    lines: dict[LineKey, dict[str, Row]] = {}
    for row in rows:
        found = AUTHORITY.search(str(row["record_id"] or ""))
        parts = (
            str(row["table"] or ""),
            str(row["figure"] or ""),
            str(row["unit"] or ""),
            found.group() if found else "",
        )
        year, repeat = str(row["financial_year"] or ""), 0
        while year in lines.get((*parts, repeat), {}):
            repeat += 1
        lines.setdefault((*parts, repeat), {})[year] = row
    return lines


def _figure(row: Row | None, files: Files, checked: Checked) -> Cell:
    if row is None:
        return Cell("")
    status = str(row["status"] or "")
    worked_out = not row["file_sha256"] and row["value"] is not None
    value = whole(row["value"]) if worked_out else as_published(row["value"], status)
    letter = f" [{status}]" if status and not value.startswith("[") else ""
    place = row["cell"] or ("no cell" if row["file_sha256"] else "worked out")
    where = f"{place} F{files.numbers[file_key(row)]}"
    return Cell(f"{value}{letter}", small=f"{where}, marked" if checked.marks_of(row) else where)


def evidence_part(window: str, rows: Sequence[Row], *, files: Files, checked: Checked, several: bool) -> WindowPart:
    """One window's figures; `several` adds the authority's code where an area joins more than one."""
    heading, identity = window_words(window), f"evidence-{window.lower()}"
    if not rows:
        return WindowPart(
            id=identity, heading=heading, empty="This run recorded no figures for this area in this window."
        )
    lines = lines_of(sorted(rows, key=evidence_order))
    years = sorted({year for line in lines.values() for year in line})
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Figures used, {heading}, exactly as published where a cell is given",
        columns=(Column("Figure"), *(Column(year or "No year", numeric=True, short=True) for year in years)),
        rows=tuple(
            (
                Cell(
                    sentence(key[1]).rstrip("."),
                    small=", ".join(
                        part for part in (UNIT_WORDS.get(key[2], key[2]), key[3] if several else "") if part
                    ),
                    anchor=f"e-{next(iter(line.values()))['evidence_id']}",
                ),
                *(_figure(line.get(year), files, checked) for year in years),
            )
            for key, line in lines.items()
        ),
        note="Under each value: its cell, and the number of the file and sheet (F) in the list below. Marked: a check "
        "asks for a look at the return; see the checks below.",
    )
    return WindowPart(id=identity, heading=heading, table=table)


def files_table(files: Files) -> DataTable | None:
    """The files and sheets with publisher, release and sha256, each linked to its entry on the sources page."""
    if not files.numbers:
        return None
    return DataTable(
        id="files-table",
        caption="Files and sheets of the figures above",
        columns=(
            Column("No.", short=True), Column("Publication"), Column("Year", short=True), Column("File and sheet"),
            Column("Release"), Column("sha256 begins", code=True), Column("Figures", numeric=True),
        ),
        rows=tuple(
            (
                Cell(f"F{number}", anchor=f"f-{number}"),
                Cell(
                    str(row["title"] or row["source"] or "not held"), small=str(row["publisher"] or ""),
                    href=f"sources.html#{source_anchor(key[0])}" if key[0] else "",
                ),
                Cell(str(row["financial_year"] or "") if key[0] else ""),
                Cell(str(row["file_name"] or ("not held" if key[0] else "worked out in this run")), small=key[1]),
                Cell(release_words(row["release"]) or ("not stated" if key[0] else "")),
                Cell(key[0][:10]),
                Cell(f"{files.counts[key]:,}"),
            )
            for key, number in files.numbers.items()
            for row in (files.rows[key],)
        ),
        note="The CSV of this page gives every figure with the full sha256, record and column.",
    )  # fmt: skip


def evidence_sentence(rows: Sequence[Row], marked: int) -> str:
    """How many figures were used and how many of them a check marked."""
    if not rows:
        return "This run recorded no figures for this area."
    derived = sum(not row["file_sha256"] for row in rows)
    said = f"{count_of(len(rows) - derived, 'figure', 'figures')} of this area, each with the cell it was published in"
    said += f", and {derived:,} worked out from them. " if derived else ". "
    return said + (
        f"A check marked {count_of(marked, 'figure', 'figures')} as doubtful."
        if marked
        else "No check marked any of them."
    )
