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

from reports.checks.evidence_checks import Checked
from reports.words.frame import source_anchor, window_words
from reports.words.narrative import UNIT_WORDS, as_published, count_of, release_words, sentence, whole
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, WindowPart

MARK = " \u2020"
MOST_USED = "gbp_thousand"
AUTHORITY = re.compile(r"E\d{4}\b")
FileKey = tuple[str, str]
LineKey = tuple[str, str, str, str, int]


@dataclass(frozen=True)
class Files:
    """The files and sheets that an area's figures came from, numbered in the order of first use."""

    numbers: Mapping[FileKey, int]
    rows: Mapping[FileKey, Row]
    counts: Mapping[FileKey, int]
    csv: str
    places: Mapping[tuple[str, str], int]

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
    """Number the files and sheets of `rows` in publication, year and sheet order.

    `csv` is the page's own CSV, `listed` the figures that it lists.
    """
    first: dict[FileKey, Row] = {}
    counts: dict[FileKey, int] = {}
    for row in rows:
        first.setdefault(file_key(row), row)
        counts[file_key(row)] = counts.get(file_key(row), 0) + 1
    ordered = sorted(
        first,
        key=lambda key: (
            *(str(first[key][name] or "") for name in ("source", "title", "publisher", "financial_year", "file_name")),
            *key,
        ),
    )
    places = {
        (str(row["window"]), str(row["evidence_id"])): place
        for place, row in enumerate(sorted(listed, key=evidence_order), start=2)
    }
    numbers = {key: place for place, key in enumerate(ordered, start=1)}
    return Files(numbers=numbers, rows=first, counts=counts, csv=csv, places=places)


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
    place = row["cell"] or ("no cell" if row["file_sha256"] else "see")
    number = files.numbers[file_key(row)]
    return Cell(
        f"{value}{letter}", href=files.row_of_csv(row),
        small=f"{place} F{number}{MARK if checked.marks_of(row) else ''}", small_href=f"#f{number}",
    )  # fmt: skip


def _unit(unit: str) -> str:
    words = UNIT_WORDS.get(unit, unit)
    return "" if words == UNIT_WORDS[MOST_USED] else words


def _figures_of(line: Mapping[str, Row]) -> frozenset[tuple[str, str]]:
    return frozenset((str(row["record_id"]), str(row["column"])) for row in line.values())


def evidence_part(
    window: str, rows: Sequence[Row], *, others: Sequence[Row], files: Files, checked: Checked, several: bool
) -> WindowPart:
    """One window's figures, without the lines that `others`, the rows of later windows, hold in full.

    `several` adds the authority's code where an area joins more than one.
    """
    heading, identity = window_words(window), f"evidence-{window.lower()}"
    if not rows:
        return WindowPart(
            id=identity, heading=heading, empty="This run recorded no figures for this area in this window."
        )
    lines = lines_of(sorted(rows, key=evidence_order))
    below = {(str(row["record_id"]), str(row["column"])) for row in others}
    told = {key for key, line in lines.items() if _figures_of(line) <= below}
    lines = {key: line for key, line in lines.items() if key not in told}
    years = sorted({year for line in lines.values() for year in line})
    table = DataTable(
        id=f"{identity}-table",
        caption=f"Figures used, {heading}: £ thousand unless said, as published where a cell is given",
        columns=(Column("Figure"), *(Column(year or "No year", numeric=True, short=True) for year in years)),
        rows=tuple(
            (
                Cell(
                    sentence(key[1].removesuffix(f" ({key[3]})")).rstrip("."),
                    small=", ".join(part for part in (_unit(key[2]), key[3] if several else "") if part),
                ),
                *(_figure(line.get(year), files, checked) for year in years),
            )
            for key, line in lines.items()
        ),
        note="A value leads to its row of this page's CSV. Its cell and file (F) lead to the list of files below. "
        "\u2020: a check asks for a look at the return."
        + (f" {count_of(len(told), 'line', 'lines')} used here too, in the next table." if told else ""),
    )
    return WindowPart(id=identity, heading=heading, table=table)


def _released(text: str | None) -> str:
    return release_words(release_words(text).removeprefix("Published on "))


def _publication(row: Row) -> tuple[str, str]:
    return str(row["title"] or row["source"] or "not held"), str(row["publisher"] or "")


def files_table(files: Files) -> DataTable | None:
    """The files and sheets under their publication, each linked to its entry on the sources page."""
    if not files.numbers:
        return None
    groups: dict[int, Cell] = {}
    rows: list[tuple[Cell, ...]] = []
    before: tuple[str, str] | None = None
    for key, number in files.numbers.items():
        row = files.rows[key]
        if (publication := _publication(row)) != before:
            groups[len(rows)] = Cell(publication[0], small=publication[1])
            before = publication
        name = str(row["file_name"] or ("not held" if key[0] else "worked out in this run"))
        rows.append(
            (
                Cell(f"F{number}", anchor=f"f{number}"),
                Cell(str(row["financial_year"] or "") if key[0] else ""),
                Cell(name, small=key[1], href=f"sources.html#{source_anchor(key[0])}" if key[0] else ""),
                Cell(_released(row["release"]) or ("not stated" if key[0] else "")),
                Cell(key[0][:10]),
                Cell(f"{files.counts[key]:,}"),
            )
        )
    return DataTable(
        id="files-table",
        caption="Files and sheets of the figures above",
        columns=(
            Column("No.", short=True), Column("Year", short=True), Column("File and sheet"), Column("Release"),
            Column("sha256 begins", code=True), Column("Figures", numeric=True),
        ),
        rows=tuple(rows),
        groups=groups,
        note="By publication: number, year, file, sheet, release, how the file's sha256 begins, figures used. The CSV "
        "of this page gives each figure's record and column.",
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
