"""One sheet or CSV of an answer while it is read: its cells taken one by one, each as an entry or as a problem.

In: rows, the marks of its XML, and the `FileRead` that is being made. Out: entries, given cells and problems, added to
that. A cell that cannot be used is named with what is expected; nothing is guessed and nothing stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pipelines.cell_values import fold, printed_as
from pipelines.declarations.catalogue import Column
from pipelines.financial_year import parse_year
from pipelines.supplied.answer_form import AMOUNT
from pipelines.supplied.answers.answer_records import Entry, FileRead, Problem, address, problem_of
from pipelines.supplied.answers.sheet_marks import Cell, SheetMarks
from pipelines.supplied.cell_grammar import Fault, amount, bare, day, found, whole, words

Rows = list[list[Any]]
LONGEST_LABEL = 200
NOT_BESIDE = "Put it in the cell it belongs to, or in a note; what stands beside the form is not read."


@dataclass
class Sheet:
    """A sheet by name (empty for a CSV), its rows from row 1 on, and what is found while it is read."""

    name: str
    rows: Rows
    marks: SheetMarks
    read: FileRead
    asked: set[Cell] = field(default_factory=set[Cell])
    hidden: list[Cell] = field(default_factory=list[Cell])

    def value(self, row: int, column: int) -> Any:
        """The bare value of a cell; empty text beyond the edge."""
        cells = self.rows[row - 1] if 0 < row <= len(self.rows) else []
        return bare(cells[column - 1]) if 0 < column <= len(cells) else ""

    def filled(self, row: int, column: int) -> bool:
        """True for a cell that holds anything, be it an error or a formula without a value."""
        at = (row, column)
        return self.value(row, column) != "" or at in self.marks.errors or at in self.marks.unvalued

    def refuse(self, fault: Fault, at: Cell) -> None:
        """Name a problem of a cell."""
        self.read.problems.append(problem_of(fault, sheet=self.name, cell=address(*at)))

    def remark(self, what: str, do: str, *, at: Cell | None = None) -> None:
        """Name what a reader should look at."""
        cell = address(*at) if at else ""
        self.read.problems.append(Problem(what, do=do, sheet=self.name, cell=cell, refused=False))


def label(cell: Any) -> str:
    """The text of a cell for comparing it with a label; empty for what can be none."""
    return _folded(cell) if isinstance(cell, str) and len(cell) <= LONGEST_LABEL else ""


@lru_cache(4096)
def _folded(text: str) -> str:
    return fold(text)


def value_of(column: Column, cell: Any) -> Any:
    """What a filled cell of a column of a form says, or a Fault."""
    if column.unit == AMOUNT:
        return amount(cell)
    if column.type == "int":
        return whole(cell)
    if column.name == "paper_date":
        return day(cell)
    text = words(printed_as(cell) if isinstance(cell, str) else cell)
    if isinstance(text, Fault):
        return text
    if column.name == "financial_year":
        return year_of(text) or Fault(found(text), "a financial year, written 2011-12")
    if column.enum:
        known = {fold(word): word for word in column.enum}
        return known.get(fold(text)) or Fault(found(text), "one of " + ", ".join(column.enum))
    return text


def year_of(cell: Any) -> str:
    """The financial year a head names; empty for anything else. Two digits alone name none."""
    text = cell.strip() if isinstance(cell, str) else ""
    return (parse_year(text) or "") if len(text) >= len("2011-12") and text[:4].isdigit() else ""


def take(sheet: Sheet, column: Column, at: Cell, where: Entry) -> None:
    """Read one cell that is asked for: nothing, an entry at the address of `where`, or a problem."""
    sheet.asked.add(at)
    if not sheet.filled(*at):
        return
    sheet.read.filled += 1
    if sheet.marks.is_hidden(at):
        sheet.hidden.append(at)
    value = _usable(sheet, column, at)
    if isinstance(value, Fault):
        sheet.refuse(value, at)
    else:
        made = replace(where, column=column.name, value=value, sheet=sheet.name, cell=address(*at))
        sheet.read.entries.append(made)


def _usable(sheet: Sheet, column: Column, at: Cell) -> Any:
    if at in sheet.marks.errors:
        what = f"the cell holds the error {sheet.marks.errors[at][:20]}"
        return Fault(what, column.label, "Write the value in its place, or leave the cell empty.")
    if at in sheet.marks.unvalued:
        do = "Open and save it in a spreadsheet program, or write the value in place of the formula."
        return Fault("the cell holds a formula without its value", column.label, do)
    return value_of(column, sheet.value(*at))


def give(sheet: Sheet, column: Column, at: Cell, where: Entry) -> None:
    """Note what the request had filled in; a cell that cannot be read says nothing."""
    value = value_of(column, sheet.value(*at)) if sheet.value(*at) != "" else Fault("", "")
    if not isinstance(value, Fault):
        given = replace(where, column=column.name, value=value, sheet=sheet.name, cell=address(*at))
        sheet.read.given.append(given)


def close(sheet: Sheet, *, beside: Iterable[Cell]) -> None:
    """Name what concerns the whole sheet: merged cells to fill in, hidden entries, notes, and text beside the form."""
    for first, last, reference in sheet.marks.merged:
        if any(first[0] <= row <= last[0] and first[1] <= column <= last[1] for row, column in sheet.asked):
            what = f"the cells {reference} are merged, and they are to be filled in one by one"
            sheet.refuse(Fault(what, "a value in each cell", "Unmerge them and fill in each."), first)
    if sheet.hidden:
        count = len(sheet.hidden)
        what = f"{count} filled cell{'s stand' if count > 1 else ' stands'} where nobody sees them: hidden"
        do = "Look at them; show the sheet, row or column."
        sheet.remark(what, do, at=min(sheet.hidden))
    for at in sorted(sheet.marks.comments):
        do = "Put its words in the row or column for notes if they are to be read."
        sheet.remark("a comment is attached to the cell; its words are not read", do, at=at)
    rows: dict[int, Cell] = {}
    for at in beside:
        rows.setdefault(at[0], at)
    for at in rows.values():
        sheet.remark(f"{found(sheet.value(*at))} beside the form; it is not read", NOT_BESIDE, at=at)
