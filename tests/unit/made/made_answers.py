"""Made answers: the forms of a request filled in, as workbooks and as CSV, in the layout of `answer_form`."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.declarations.limits import Limits
from pipelines.supplied import answer_form as forms
from pipelines.supplied.answers import read_answers
from pipelines.supplied.answers.put_together import Supplied
from pipelines.supplied.answers.read_answer_file import read_answer_file

ONE, TWO = "E06000001", "E06000002"
AREAS = {ONE: "Hartlepool", TWO: "Middlesbrough"}
WINDOWS = {"W1": ("2011-12", "2012-13", "2013-14"), "W2": ("2015-16", "2016-17")}
LABELS = ("W1: section 256 money", "W2: the Better Care Fund")
DOCUMENTS = ("Section 256 agreement", "Better Care Fund plan", "Budget report")
QUESTIONS = ("What was bought?", "Which budget was it?")
RUN = "made"
GIVEN = {"own_returned_gbp_thousand": 40000.0, "own_returned_cells": "RO3 DH42", "nhs_money_gbp_thousand": 2000.0}
W1 = {
    "own_without_gbp_thousand": 42500.0, "own_with_gbp_thousand": 41500.5, "transfer_agreed_gbp_thousand": 2100.0,
    "total_with_gbp_thousand": 43600.5, "document": 3, "page": "12", "paper_date": "2011-02-28", "note": "Table 3",
}  # fmt: skip
Filled = Mapping[str, Mapping[str, Any]]
Change = Callable[[Workbook], Any]
USUAL: Filled = {"2011-12": W1}
"""Entries of the plan by year and column."""
LINE = {"financial_year": "2011-12", "line": "Home care", "amount_gbp_thousand": 640.0, "document": 3, "page": "4"}
DOCUMENT = {"title": "Revenue budget 2011-12", "paper_date": "2011-02-28", "held": "yes"}
REPLY = {"reply": "Two social workers.", "document": 3, "page": "7"}


def blank_book(code: str = ONE, name: str = "", windows: Mapping[str, tuple[str, ...]] = WINDOWS) -> Workbook:
    """A request's workbook with nothing filled in."""
    book = Workbook()
    front = book.active
    assert isinstance(front, Worksheet)
    front.title = "Read first"
    sheets = [front, *(book.create_sheet(title) for title in forms.SHEETS.values())]
    for sheet in sheets:
        sheet["A1"], sheet["A2"] = sheet.title, forms.area_line(code, name or AREAS[code])
        sheet["A3"] = forms.mark(RUN)
    front["A5"] = "Nothing is alleged."
    plan = book[forms.SHEETS[forms.PLAN]]
    row = 5
    for label, years in zip(LABELS, windows.values(), strict=True):
        plan.cell(row, 1, label)
        plan.cell(row, 2, forms.EXAMPLE)
        for at, year in enumerate(years, start=3):
            plan.cell(row, at, year)
        row += 1
        for column in forms.form(forms.PLAN).columns:
            if column.name in forms.GIVEN or column.asked:
                plan.cell(row, 1, column.label)
                plan.cell(row, 2, 1)
                for at in range(3, 3 + len(years)):
                    plan.cell(row, at, GIVEN.get(column.name))
                row += 1
        plan.cell(row, 1, forms.CHECK)
        plan.cell(row, 3, "=C1-C2")
        row += 2
    for name_, given in ((forms.LINES, [{}] * 3), (forms.DOCUMENTS, document_rows()), (forms.REPLIES, question_rows())):
        fill_list(book, name_, [{"number": forms.EXAMPLE}, *given], blank=True)
    return book


def document_rows() -> list[dict[str, Any]]:
    return [{"kind": kind} for kind in DOCUMENTS] + [{}]


def question_rows() -> list[dict[str, Any]]:
    return [{"question": text, "would_answer": "A report"} for text in QUESTIONS]


def list_columns(name: str) -> list[Any]:
    return [column for column in forms.form(name).columns if column.label and column.name != "area_code"]


def fill_list(book: Workbook, name: str, rows: Iterable[Mapping[str, Any]], *, blank: bool = False) -> None:
    """Rows of a form that is a list, from its first row on; with `blank` the head and the numbers too."""
    sheet = book[forms.SHEETS[name]]
    for at, column in enumerate(list_columns(name), start=1):
        if blank:
            sheet.cell(5, at, column.label)
        for number, row in enumerate(rows, start=0 if blank else 1):
            value = row.get(column.name, number if blank and column.name == "number" else None)
            if value is not None:
                sheet.cell(6 + number, at, value)


def plan_cell(book: Workbook, year: str, column: str) -> str:
    """The address of an item of the plan in a year."""
    plan = book[forms.SHEETS[forms.PLAN]]
    label = forms.form(forms.PLAN).column(column).label
    heads = [(cell.row, cell.column_letter) for row in plan.iter_rows() for cell in row if cell.value == year]
    row, letter = heads[0]
    return letter + str(next(at for at in range(row, row + 40) if plan.cell(at, 1).value == label))


def list_cell(name: str, number: int, column: str) -> str:
    """The address of a cell of a form that is a list."""
    at = [one.name for one in list_columns(name)].index(column)
    return f"{'ABCDEFG'[at]}{6 + number}"


def filled_book(plan: Filled = USUAL, code: str = ONE) -> Workbook:
    """A workbook with a plan, a line, a document and a reply."""
    book = blank_book(code)
    for year, entries in plan.items():
        for column, value in entries.items():
            book["Plan"][plan_cell(book, year, column)] = value
    fill_list(book, forms.LINES, [LINE])
    fill_list(book, forms.DOCUMENTS, [{}, {}, DOCUMENT])
    fill_list(book, forms.REPLIES, [REPLY])
    return book


def put(
    folder: Path, book: Workbook, *, code: str = ONE, name: str = "request.xlsx", change: Change | None = None
) -> Path:
    """Save a workbook into an area's folder, changed if so wished."""
    if change:
        change(book)
    path = folder / code / name
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def csv_rows(name: str, entries: Mapping[Any, Mapping[str, Any]], code: str = ONE) -> list[list[str]]:
    """The lines of a CSV form: header, then every row that was sent, with what is filled in by year or number."""
    columns = forms.form(name).column_names
    about = {"area_code": code, "area_name": AREAS[code]}
    if name == forms.PLAN:
        rows = [
            {**about, **GIVEN, "window": window, "financial_year": year, **entries.get(year, {})}
            for window, years in WINDOWS.items()
            for year in years
        ]
    else:
        given = {forms.LINES: [{}] * 3, forms.DOCUMENTS: document_rows(), forms.REPLIES: question_rows()}[name]
        rows = [
            {**about, **row, "number": number, **entries.get(number, {})} for number, row in enumerate(given, start=1)
        ]
    return [list(columns), *([str(row.get(column, "")) for column in columns] for row in rows)]


def put_csv(
    folder: Path,
    lines: Iterable[Iterable[Any]],
    *,
    name: str,
    code: str = ONE,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Path:
    """Write lines as CSV into an area's folder, or with an empty code into the folder itself."""
    path = folder / code / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(lines)
    return path


def put_csv_answer(folder: Path, plan: Filled = USUAL, code: str = ONE, **writing: Any) -> None:
    """The four CSV forms of an answer with the same entries as `filled_book`."""
    held: dict[str, Mapping[Any, Mapping[str, Any]]] = {
        forms.PLAN: plan, forms.LINES: {1: LINE}, forms.DOCUMENTS: {3: DOCUMENT}, forms.REPLIES: {1: REPLY},
    }  # fmt: skip
    for name, entries in held.items():
        put_csv(folder, csv_rows(name, entries, code), name=forms.FILES[name], code=code, **writing)


def read_here(paths: Iterable[Path], _reader: str, *, allowed: Limits, more: tuple[Any, ...], **_: Any) -> Any:
    """What the reader gives for every path, in this very process: quicker than a process of its own for each test."""
    return {path: read_answer_file(path, allowed, *more) for path in paths}


def read(folder: Path) -> Supplied:
    """What the made folder supplies."""
    with patch.object(read_answers, "read_apart", read_here):
        return read_answers.read_answers(folder, windows=WINDOWS, areas=AREAS, workers=1)


def values(supplied: Supplied) -> dict[tuple[str, ...], Any]:
    """What was read, without where it stood: figures and texts by what they are."""
    figures = {
        (row["area_code"], row["window"], row["financial_year"], row["item"], str(row["number"])): (
            row["label"], row["value_gbp_thousand"], row["document"], row["page"], row["paper_date"],
        )
        for row in supplied.figures
    }  # fmt: skip
    texts = {
        (row["area_code"], row["part"], str(row["number"]), row["field"]): (row["label"], row["text"])
        for row in supplied.texts
    }
    return {**figures, **texts}


def said(supplied: Supplied, *, refused: bool = True) -> list[tuple[str, str, str]]:
    """(sheet, cell, what) of the problems, or of the remarks."""
    return [(row["sheet"], row["cell"], row["what"]) for row in supplied.problems if row["refused"] is refused]
