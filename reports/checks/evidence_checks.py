"""What the figures of an area went through: how many checks each table had, and which of them marked these figures.

In: tables `check_result` and `check_mark` of a run, and the evidence of one area. Out: `Checked`, prepared once a run,
and a table per area. A mark on a whole record touches every figure of that record. A mark is a prompt to look at the
return; it says nothing about an authority.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipelines.declarations.catalogue import tables
from reports.words.narrative import count_of, join_words, plain_code
from reports.words.read_run import Row, Run
from reports.words.view_models import Cell, Column, DataTable

FINDINGS = ("failed", "errored")
NOT_RUN = "not run"


@dataclass(frozen=True)
class Checked:
    """Checks run and checks with findings by table; codes of checks that marked a record, by column."""

    ran: Mapping[str, int]
    found: Mapping[str, int]
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
    return Checked(
        ran=Counter(str(row["table"]) for row in results if row["outcome"] != NOT_RUN),
        found=Counter(str(row["table"]) for row in results if row["outcome"] in FINDINGS),
        marks=marks,
    )


def _title(table: str) -> str:
    declared = tables().get(table)
    return declared.title if declared else plain_code(table)


def _marked_words(marks: Collection[tuple[str, str, str, str]]) -> str:
    """Each check with how many of the figures it marked and in which years, from (check, record, column, year)."""
    said: list[str] = []
    for code in sorted({mark[0] for mark in marks}):
        years = [mark[3] for mark in marks if mark[0] == code]
        said.append(f"{code}: {count_of(len(years), 'figure', 'figures')}, {join_words(sorted(set(years)))}")
    return "; ".join(said) or "none"


def checks_table(run: Checked, evidence: Sequence[Row]) -> DataTable | None:
    """One row per table of the evidence; None where there are no figures."""
    figures: Counter[str] = Counter()
    marks: dict[str, set[tuple[str, str, str, str]]] = {}
    for row in evidence:
        name = str(row["table"] or "")
        figures[name] += 1
        of_table = marks.setdefault(name, set())
        for code in run.marks_of(row):
            of_table.add((code, str(row["record_id"]), str(row["column"]), str(row["financial_year"] or "")))
    if not figures:
        return None
    return DataTable(
        id="evidence-checks",
        caption="Checks that these figures went through",
        columns=(
            Column("Table"),
            Column("Figures", numeric=True),
            Column("Checks run on the table", numeric=True),
            Column("With findings anywhere", numeric=True),
            Column("Marks on these figures"),
        ),
        rows=tuple(
            (
                Cell(_title(name), href=f"validation.html#{check_anchor(name)}" if run.ran.get(name) else ""),
                Cell(f"{figures[name]:,}"),
                Cell(f"{run.ran.get(name, 0):,}"),
                Cell(f"{run.found.get(name, 0):,}"),
                Cell(_marked_words(marks[name])),
            )
            for name in sorted(figures)
        ),
        note="A mark is a prompt to look at the return, and stays with the figure. What each check asks is on the "
        "validation page. Figures worked out in this run have no checks of their own: those they are worked out from "
        "have.",
    )


def check_anchor(table: str) -> str:
    """The id of a table's first check on the validation page."""
    return f"checks-{table.replace('_', '-')}"
