"""What an answer says in words, as tables: documents named, replies to the questions, notes, each with its cells.

In: rows of table `answer_text` of one area. Out: `DataTable` records for what there is. Texts are printed as they were
supplied; nothing is judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.supplied.answer_form import DOCUMENTS, REPLIES
from reports.area.supplied.answer_tables import YEAR, labels_of, source_of, told_from
from reports.words.enquiry_words import day
from reports.words.narrative import MISSING
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable

TEXTS = (
    (
        "document",
        "answer-documents",
        DOCUMENTS,
        "Documents named",
        "What was asked for",
        ("title", "paper_date", "where_held", "held"),
    ),
    ("reply", "answer-replies", REPLIES, "Replies, unedited", "Question", ("reply", "document", "page")),
)
Fields = Mapping[str, Row]


def texts_tables(rows: Sequence[Row]) -> tuple[DataTable, ...]:
    """Every table that has rows."""
    made: list[DataTable] = []
    for part, identity, form, caption, first, names in TEXTS:
        mine = [row for row in rows if row["part"] == part]
        (where, each), labels = told_from(mine), labels_of(form)
        columns = (Column("No.", short=True), Column(first), *(Column(labels[name]) for name in names), Column("Cells"))
        cells = tuple(
            (
                Cell(f"{number}"),
                Cell(_label(one)),
                *(Cell(day(_text(one, name))) for name in names),
                _where(one, each=each),
            )
            for number, one in _by_number(mine).items()
        )
        made.append(DataTable(id=identity, caption=caption, columns=columns, rows=cells, note=where))
    notes = [row for row in rows if row["part"] == "note"]
    where, each = told_from(notes)
    cells = tuple(
        (Cell(f"{year}-{(year + 1) % 100:02d}"), Cell(_text(one, "note")), _where(one, each=each))
        for year, one in _by_number(notes).items()
    )
    columns = (YEAR, Column("Note"), Column("Cell"))
    made.append(DataTable(id="answer-notes", caption="Notes, unedited", columns=columns, rows=cells, note=where))
    return tuple(table for table in made if table.rows)


def _by_number(rows: Sequence[Row]) -> dict[int, dict[str, Row]]:
    made: dict[int, dict[str, Row]] = {}
    for row in rows:
        made.setdefault(int(row["number"]), {})[str(row["field"])] = row
    return dict(sorted(made.items()))


def _where(fields: Fields, *, each: bool) -> Cell:
    cells = ", ".join(sorted(str(row["cell"]) for row in fields.values() if row["cell"]))
    return Cell(cells or MISSING, small=source_of(next(iter(fields.values()))) if each else "")


def _text(fields: Fields, name: str) -> str:
    return str(fields[name]["text"] or MISSING) if name in fields else MISSING


def _label(fields: Fields) -> str:
    return next((str(row["label"]) for row in fields.values() if row["label"]), "not asked for")
