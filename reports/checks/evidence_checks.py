"""What the figures of an area went through: how many checks each table had, and which of them marked these figures.

In: tables `check_result` and `check_mark` of a run, and the evidence of one area. Out: `Checked`, prepared once a run,
and a table per area. A mark on a whole record touches every figure of that record. A mark is a prompt to look at the
return; it says nothing about an authority.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.declarations.catalogue import tables
from reports.words.narrative import plain_code
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable

FINDINGS = ("failed", "errored")
NOT_RUN = "not run"


@dataclass(frozen=True)
class Checked:
    """Checks run by table; codes of checks that marked a record, by column."""

    ran: Mapping[str, int]
    marks: Mapping[str, Mapping[str, tuple[str, ...]]]

    def marks_of(self, row: Row) -> tuple[str, ...]:
        """Codes of the checks that marked a figure or its whole record, sorted."""
        marked = self.marks.get(row["record_id"])
        if not marked:
            return ()
        return tuple(sorted({*marked.get(str(row["column"]), ()), *marked.get("", ())}))


def checked(run: Run) -> Checked:
    """Counts and marks of a run."""
    results = run.rows("check_result")
    marks: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in run.rows("check_mark"):
        of_record, column = marks.setdefault(str(row["record_id"]), {}), str(row["column"] or "")
        of_record[column] = (*of_record.get(column, ()), str(row["check_code"]))
    return Checked(ran=Counter(str(row["table"]) for row in results if row["outcome"] != NOT_RUN), marks=marks)


def is_worked_out(table: str) -> bool:
    """Whether a table's figures were worked out in the run rather than published."""
    declared = tables().get(table)
    return declared is not None and declared.layer == "audit"


def short_title(table: str) -> str:
    """What the figures of a table come from, in few words: its title up to the first colon, or its code in words."""
    if is_worked_out(table):
        return "Worked out in this run"
    declared = tables().get(table)
    return declared.title.partition(":")[0] if declared else plain_code(table)


def each_once(evidence: Sequence[Row]) -> list[Row]:
    """The figures of an area, each once: base years of one window are years of another."""
    found = {(row["table"], row["record_id"], row["column"], row["financial_year"]): row for row in evidence}
    return list(found.values())


def checks_table(run: Checked, evidence: Sequence[Row]) -> DataTable | None:
    """How many figures were used, how many checks their tables had and how many of them were marked; None without."""
    figures = each_once(evidence)
    if not figures:
        return None
    ran = sum(run.ran.get(name, 0) for name in {str(row["table"] or "") for row in figures})
    counts = (len(figures), ran, sum(bool(run.marks_of(row)) for row in figures))
    return DataTable(
        id="evidence-checks",
        caption="Figures and checks",
        columns=(
            Column("Figures used"),
            Column("Checks of their returns", numeric=True),
            Column("Figures marked", numeric=True),
        ),
        rows=(tuple(Cell(f"{count:,}") for count in counts),),
        note="A mark asks for a look at the return.",
    )


def check_anchor(table: str) -> str:
    """The id of a table's first check on the validation page."""
    return f"checks-{table.replace('_', '-')}"
