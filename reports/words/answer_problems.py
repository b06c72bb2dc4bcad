"""Problems and remarks of answers as a table, for the area's page and for files that belong to no area.

In: rows of table `answer_problem`. Out: a `DataTable`, None where there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable


def problems_table(rows: Sequence[Row], *, identity: str = "answer-problems") -> DataTable | None:
    """Problems for which an answer is not used, and remarks on what was read all the same."""
    if not rows:
        return None
    return DataTable(
        id=identity,
        caption="Problems and remarks",
        columns=(
            Column("Where"), Column("What was found"), Column("What was expected"), Column("What to do"),
            Column("Effect"),
        ),
        rows=tuple(
            (
                Cell(" ".join(filter(None, (row["sheet"], row["cell"]))) or "file", small=str(row["file_name"] or "")),
                *(Cell(str(row[name] or "")) for name in ("what", "expected", "do")),
                Cell("not used for it" if row["refused"] else "remark"),
            )
            for row in rows
        ),
        note="A file or row that is not used waits until it is mended; a remark names what a reader should look at.",
    )  # fmt: skip
