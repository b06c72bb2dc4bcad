"""What an answer holds, as tables: its files, figures by year with their cells, checks.

In: rows of tables `answer_file`, `answer_figure` and `answer_check` of one area. Out: `DataTable`
records, None where there is nothing to show. Nothing is judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.supplied.answer_form import AMOUNT, GIVEN, LINES, PLAN, form
from reports.words.enquiry_words import day
from reports.words.narrative import MISSING, as_published, in_unit, plain_code, thousand, whole
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable

YEAR = Column("Financial year", short=True)
LINE = "amount_gbp_thousand"
NAMED = ("document", "page", "paper_date")
AGREES = "agrees"
TOGETHER = {"uses": "Uses of the transfer together", "plans": "Plans without and with the transfer"}
CHECKS = {
    "identity": "against itself: own spend and transfer make the total",
    "return": "against the council's return",
    "receipts": "against NHS income as the return books it",
    "worked-out amount": "against the amount worked out",
    "budget": "against the budget return",
    "uses": "against the transfer of the year",
    "range": "planned displacement, against nought and one",
    "date": "date of its paper against the start of the year",
    "coverage": "against the years of the window",
}
Table = DataTable | None


def labels_of(name: str) -> Mapping[str, str]:
    """The columns of a form in the words that stand on it."""
    return {column.name: column.label or plain_code(column.name) for column in form(name).columns}


def label_of(item: str | None) -> str:
    """A figure of the answer in the words of the form."""
    labels, name = labels_of(PLAN), item or ""
    return TOGETHER.get(name) or labels.get(name) or labels.get(f"{name}_{AMOUNT}") or plain_code(name)


def is_asked(row: Row) -> bool:
    """True for a figure that was filled in; what the request itself gave comes back with it."""
    return row["item"] not in GIVEN


def source_of(row: Row) -> str:
    """File and sheet of a row."""
    sheet = f", sheet {row['sheet']}" if row["sheet"] else ""
    return f"{row['file_name'] or 'file not named'}{sheet}"


def files_table(rows: Sequence[Row]) -> Table:
    """The area's files that hold something: what each was taken for, whether it is used, and its hash.

    Forms left blank and the request's own letters are in the run's table of files.
    """
    rows = [row for row in rows if row["entries"] or row["problems"] or row["remarks"]]
    if not rows:
        return None
    return DataTable(
        id="answer-files",
        caption="Files of the answer",
        columns=(
            Column("File"), Column("Taken for"), Column("Used"), Column("Entries", numeric=True),
            Column("Problems", numeric=True), Column("Remarks", numeric=True), Column("SHA-256", code=True),
        ),
        rows=tuple(
            (
                Cell(str(row["file_name"])), Cell(str(row["kind"])), Cell("yes" if row["used"] else "no"),
                *(Cell(whole(row[name] or 0)) for name in ("entries", "problems", "remarks")),
                Cell(str(row["file_sha256"] or MISSING)),
            )
            for row in rows
        ),
    )  # fmt: skip


def figures_table(window: str, rows: Sequence[Row]) -> Table:
    """The plan of one window by year, every figure over its cell; what the request gave is marked."""
    plan = [row for row in rows if row["item"] != LINE]
    if not any(is_asked(row) for row in plan):
        return None
    years = sorted({str(row["financial_year"]) for row in plan})
    sources = sorted({source_of(row) for row in plan})
    made: list[tuple[Cell, ...]] = []
    groups: dict[int, Cell] = {}
    for source in sources:
        mine = [row for row in plan if source_of(row) == source]
        if len(sources) > 1:
            groups[len(made)] = Cell(source)
        made += _figure_rows(mine, years)
    where = f"From {sources[0]}: the cell stands under each figure. " if len(sources) == 1 else ""
    return DataTable(
        id=f"answer-figures-{window.lower()}",
        caption="Figures of the answer (£ thousand, cash)",
        columns=(Column("Figure"), *(Column(year, numeric=True) for year in years)),
        rows=tuple(made),
        note=f"{where}Given: filled in by the request from the returns. [x]: not filled in.",
        groups=groups,
    )


def _figure_rows(rows: Sequence[Row], years: Sequence[str]) -> list[tuple[Cell, ...]]:
    order = [column.name for column in form(PLAN).columns]
    made: list[tuple[Cell, ...]] = []
    for item in sorted({str(row["item"]) for row in rows}, key=lambda name: (name not in order, name)):
        by_year = {str(row["financial_year"]): row for row in rows if row["item"] == item}
        found = [by_year.get(year) for year in years]
        cells = (
            Cell(as_published(row["value_gbp_thousand"], None), small=str(row["cell"] or "")) if row else Cell(MISSING)
            for row in found
        )
        made.append((Cell(label_of(item), small="given" if item in GIVEN else ""), *cells))
    return sorted(made, key=lambda row: _place(row[0].text, order))


def _place(label: str, order: Sequence[str]) -> int:
    labels = [label_of(name) for name in order]
    return labels.index(label) if label in labels else len(labels)


def named_table(window: str, rows: Sequence[Row]) -> Table:
    """The document, page and date that the answer names for each year's figures."""
    named: dict[tuple[str, ...], None] = {}
    for row in sorted(rows, key=lambda row: str(row["financial_year"])):
        if row["item"] != LINE and is_asked(row) and any(row[name] for name in NAMED):
            told = (str(row["document"] or MISSING), str(row["page"] or MISSING), day(row["paper_date"]) or MISSING)
            named[str(row["financial_year"]), *told] = None
    if not named:
        return None
    return DataTable(
        id=f"answer-papers-{window.lower()}",
        caption="Papers named for these figures",
        columns=(YEAR, Column("Document"), Column("Page"), Column("Date of the paper", short=True)),
        rows=tuple(tuple(Cell(text) for text in told) for told in named),
    )


def told_from(rows: Sequence[Row]) -> tuple[str, bool]:
    """(where all the rows come from, or nothing; whether each must name its own)."""
    sources = sorted({source_of(row) for row in rows})
    return (f"From {sources[0]}. ", False) if len(sources) == 1 else ("", True)


def lines_table(window: str, rows: Sequence[Row]) -> Table:
    """Budget lines met from NHS money that the council met itself before."""
    lines = [row for row in rows if row["item"] == LINE]
    if not lines:
        return None
    where, each = told_from(lines)
    return DataTable(
        id=f"answer-lines-{window.lower()}",
        caption=form(LINES).title,
        columns=(
            Column("Budget line"), YEAR, Column("£ thousand", numeric=True), Column("Document"), Column("Page"),
            Column("Date of the paper", short=True), Column("Cell"),
        ),
        rows=tuple(
            (
                Cell(str(row["label"] or "not named")), Cell(str(row["financial_year"])),
                Cell(as_published(row["value_gbp_thousand"], None)),
                *(Cell(str(row[name] or MISSING)) for name in ("document", "page")),
                Cell(day(row["paper_date"]) or MISSING),
                Cell(str(row["cell"] or MISSING), small=source_of(row) if each else ""),
            )
            for row in lines
        ),
        note=f"{where}Their sum is a floor for what was replaced.",
    )  # fmt: skip


def checks_table(window: str, rows: Sequence[Row]) -> Table:
    """The answer against itself and against the returns; a difference is shown, and neither figure is preferred."""
    if not rows:
        return None
    made: list[tuple[Cell, ...]] = []
    groups: dict[int, Cell] = {}
    for check, said in CHECKS.items():
        for item in dict.fromkeys(str(row["item"]) for row in rows if row["check"] == check):
            groups[len(made)] = Cell(f"{label_of(item)}, {said}")
            made += [_check_row(row) for row in rows if (row["check"], row["item"]) == (check, item)]
    return DataTable(
        id=f"answer-checks-{window.lower()}",
        caption="The answer set against the returns and itself (£ thousand)",
        columns=(
            YEAR, Column("Answer", numeric=True), Column("Held", numeric=True), Column("Difference", numeric=True),
            Column("Outcome"), Column("Cells of the answer, of what is held"),
        ),
        rows=tuple(made),
        note="A difference is shown, and neither figure is put in the other's place. [x]: not told, or not an amount.",
        groups=groups,
    )  # fmt: skip


def _check_row(row: Row) -> tuple[Cell, ...]:
    return (
        Cell(str(row["financial_year"] or "window")),
        Cell(thousand(row["quoted_gbp"])), Cell(thousand(row["held_gbp"])),
        Cell(in_unit(row["difference_share"], "share")),
        Cell(str(row["outcome"] or MISSING), small="" if row["outcome"] == AGREES else str(row["said"] or "")),
        Cell(" ".join(filter(None, (row["sheet"], row["cell"]))) or MISSING, small=str(row["held_cell"] or "")),
    )  # fmt: skip
