"""Rows of tables `answer_figure` and `answer_text` from the entries of an answer that is used.

In: the files of one area's answer by name. Out: rows with the declared columns, each with its cell. A figure's date is
that of its paper; where it has none, that of the document it names. Refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.supplied.answer_form import AMOUNT, DOCUMENTS, LINES, PLAN, REPLIES
from pipelines.supplied.answers.answer_records import Entry, Expected, FileRead
from pipelines.supplied.answers.check_answer import LINE_AMOUNT, all_entries, column_of, documents, line_years

Row = dict[str, Any]
Files = Mapping[str, FileRead]
PARTS = {DOCUMENTS: ("document", "kind"), REPLIES: ("reply", "question")}
"""Part of table `answer_text` that a form is, and its column that says what was asked."""
NOTE = "note"


def _source(name: str, read: FileRead, entry: Entry) -> Row:
    return {"file_name": name, "file_sha256": read.sha256, "sheet": entry.sheet, "cell": entry.cell}


def _beside(files: Files) -> dict[tuple[str, str | int], Row]:
    """What stands beside the amounts of a year of the plan, or of a line, by form and year or number."""
    made: dict[tuple[str, str | int], Row] = {}
    for entry in all_entries(list(files.values()), PLAN, LINES):
        if column_of(entry).unit != AMOUNT:
            made.setdefault((entry.form, entry.year or entry.number), {})[entry.column] = entry.value
    return made


def figure_rows(area: str, files: Files, expected: Expected) -> Iterator[Row]:
    """Rows of `answer_figure`: amounts of the plan, given ones among them, and lines met before."""
    reads = list(files.values())
    beside, named, years = _beside(files), documents(reads), line_years(reads)
    dates = {e.number: str(e.value) for e in all_entries(reads, DOCUMENTS) if e.column == "paper_date"}
    for name, read in files.items():
        for entry in (*read.entries, *read.given):
            of_line = entry.form == LINES and entry.column == LINE_AMOUNT
            if not of_line and not (entry.form == PLAN and column_of(entry).unit == AMOUNT):
                continue
            year = years[entry.number] if of_line else entry.year
            asked = column_of(entry).asked
            about = beside.get((entry.form, entry.number if of_line else year), {}) if asked else {}
            document = about.get("document", 0)
            yield {
                "area_code": area,
                "window": expected.window_of(year),
                "financial_year": year,
                "item": entry.column,
                "number": entry.number if of_line else 0,
                "label": about.get("line", "") if of_line else column_of(entry).label,
                "value_gbp_thousand": float(entry.value),
                "document": named.get(document, ""),
                "page": about.get("page", ""),
                "paper_date": about.get("paper_date") or dates.get(document, ""),
                **_source(name, read, entry),
            }


def text_rows(area: str, files: Files) -> Iterator[Row]:
    """Rows of `answer_text`: documents named, replies, and the notes of the plan."""
    reads = list(files.values())
    named = documents(reads)
    said = {(e.form, e.number, e.column): str(e.value) for read in reads for e in read.given}
    for name, read in files.items():
        for entry in read.entries:
            if entry.form == PLAN and entry.column == NOTE:
                part, number, label = NOTE, int(entry.year[:4]), entry.year
            elif entry.form in PARTS:
                part, about = PARTS[entry.form]
                number, label = entry.number, said.get((entry.form, entry.number, about), "")
            else:
                continue
            text = named.get(entry.value, "") if entry.column == "document" else str(entry.value)
            yield {
                "area_code": area,
                "part": part,
                "number": number,
                "field": entry.column,
                "label": label,
                "text": text,
                **_source(name, read, entry),
            }
