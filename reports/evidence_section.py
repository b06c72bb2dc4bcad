"""The evidence table: every figure used for an area, ticked back to publication, sheet and cell; and the look-alike tests.

In: rows of tables `evidence` and `look_alike` for one area. Out: tables ready to print. A missing figure shows its status letter.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.frame import source_anchor, window_words
from reports.narrative import UNIT_WORDS, as_published, plain_code, sentence
from reports.read_run import Row
from reports.view_models import Cell, Column, DataTable, WindowPart

EVIDENCE_COLUMNS = (
    Column("No."), Column("Figure"), Column("Year"), Column("Value as published", numeric=True), Column("Publication and file"),
    Column("Sheet and cell"), Column("Release"), Column("sha256", code=True), Column("Status"), Column("Checks"),
)


def _row(row: Row) -> tuple[Cell, ...]:
    status = str(row["status"] or "")
    sha = str(row["file_sha256"] or "")
    unit = str(row["unit"] or "")
    return (
        Cell(f"{row['window']}.{row['evidence_id']}", anchor=f"e-{row['window']}-{row['evidence_id']}"),
        Cell(sentence(row["figure"]).rstrip(".")), Cell(str(row["financial_year"] or "")),
        Cell(as_published(row["value"], status), small=UNIT_WORDS.get(unit, plain_code(unit))),
        Cell(str(row["title"] or row["source"] or "not held"), href=f"sources.html#{source_anchor(sha)}" if sha else "",
             small=", ".join(str(part) for part in (row["publisher"], row["file_name"]) if part)),
        Cell(str(row["cell"] or "not held"), small=str(row["sheet"] or "")), Cell(str(row["release"] or "not stated")),
        Cell(sha[:10]), Cell(f"[{status}]" if status else "as published"), Cell(str(row["checks"] or "none recorded")),
    )


def evidence_order(row: Row) -> tuple[str, int, str]:
    """Window, then the figure's number as a number, then as text."""
    number = str(row["evidence_id"])
    return str(row["window"]), int(number) if number.isdigit() else 10**6, number


def evidence_table(rows: Sequence[Row]) -> DataTable | None:
    """All figures used for the area, by window and number; None where there are none."""
    if not rows:
        return None
    return DataTable(
        id="evidence-table", caption="Figures on this page and the cells they came from", columns=EVIDENCE_COLUMNS,
        rows=tuple(_row(row) for row in sorted(rows, key=evidence_order)),
        note="Values are exactly as published, in the unit of the publication. The same rows with full sha256 are in the CSV of this page.",
    )


def look_alike_part(window: str, rows: Sequence[Row]) -> WindowPart:
    """Each explanation with its own test result: positive, negative and not tested are three different results."""
    heading, identity = window_words(window), f"look-alikes-{window.lower()}"
    if not rows:
        return WindowPart(id=identity, heading=heading, empty="No tests of other explanations were recorded for this window.")
    words = {"positive": "Positive: may explain it", "negative": "Negative: does not explain it", "not tested": "Not tested"}
    order = {"positive": 0, "not tested": 1, "negative": 2}
    ordered = sorted(rows, key=lambda row: (order.get(str(row["result"]), 3), str(row["test"])))
    table = DataTable(
        id=f"{identity}-table", caption=f"Explanations to rule out, {heading}",
        columns=(Column("Explanation"), Column("Result"), Column("What the test found")),
        rows=tuple(
            (
                Cell(str(row["label"] or plain_code(str(row["test"])))), Cell(words.get(str(row["result"]), "Not tested")),
                Cell(sentence(row["detail"]) or "No detail recorded."),
            )
            for row in ordered
        ),
    )
    return WindowPart(id=identity, heading=heading, table=table)
