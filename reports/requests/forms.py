"""The forms of a request as CSV, and the rows that its workbook shows filled in.

In: an `AreaRequest`. Out: rows by form, CSV texts with CSVW metadata by file name, and the `Book` of the workbook. The
forms as CSV carry the same given figures as the workbook, and count as no answer while nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.supplied.answer_form import DOCUMENTS, FILES, LINES, PLAN, REPLIES
from reports.requests.front_words import front_lines
from reports.requests.request import AreaRequest
from reports.requests.where_to_look import where_to_look
from reports.words.downloads import csv_text, csvw_text
from reports.workbooks.records import Book

KINDS = (
    "Section 256 agreement and use-of-funds plan",
    "Better Care Fund plan and its sign-off",
    "Section 75 agreement, schedule of contributions and schemes",
    "Budget report to full council",
    "Medium-term financial plan",
)
"""Documents that are asked for by name; numbers after them are for any other."""
DOCUMENT_ROWS, LINE_ROWS = 12, 20
PAPERS, COMMENT = "papers", "comment"
"""Kinds of what is asked for, as table `asked` has them."""
ASKED_FILE, LOOK_FILE = "asked.csv", "where-to-look.csv"
Rows = tuple[Mapping[str, str | int], ...]


def list_rows(request: AreaRequest) -> dict[str, Rows]:
    """The rows of the forms that are lists, filled in as far as they are given."""
    return {
        LINES: tuple({"number": number} for number in range(1, LINE_ROWS + 1)),
        DOCUMENTS: tuple(
            {"number": number, "kind": KINDS[number - 1] if number <= len(KINDS) else ""}
            for number in range(1, DOCUMENT_ROWS + 1)
        ),
        REPLIES: tuple(
            {"number": number, "question": question.text, "would_answer": _capital(question.document)}
            for number, question in enumerate(request.questions, start=1)
        ),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def book_of(request: AreaRequest) -> Book:
    """The workbook of a request."""
    return Book(
        area_code=request.code, area_name=request.name, run_id=request.run_id, front=front_lines(request),
        blocks=request.blocks, rows=list_rows(request), cells=request.cells,
    )  # fmt: skip


def plan_rows(request: AreaRequest) -> list[dict[str, Any]]:
    """The plan as rows, a year each."""
    return [
        {
            "area_code": request.code, "area_name": request.name, "window": block.window, "financial_year": given.year,
            "own_returned_gbp_thousand": given.own_returned, "own_returned_cells": given.own_cells,
            "nhs_money_gbp_thousand": given.nhs_money, "nhs_money_basis": given.nhs_basis,
        }
        for block in request.full
        for given in block.years
    ]  # fmt: skip


def asked_row(request: AreaRequest, kind: str) -> dict[str, Any]:
    """The row that records that an area was asked."""
    return {
        "area_code": request.code, "area_name": request.name, "kind": kind, "date": request.asking.date,
        "run": request.run_id,
    }  # fmt: skip


def _with_metadata(table: str, name: str, rows: Sequence[Mapping[str, Any]], run_id: str) -> dict[str, str]:
    return {name: csv_text(table, rows), f"{name}-metadata.json": csvw_text(table, file_name=name, run_id=run_id)}


def asked_files(request: AreaRequest, kind: str) -> dict[str, str]:
    """`asked.csv` with its metadata."""
    return _with_metadata("asked", ASKED_FILE, [asked_row(request, kind)], request.run_id)


def form_files(request: AreaRequest) -> dict[str, str]:
    """The forms, the list of publications and `asked.csv`, each with its metadata."""
    rows = {name: [{"area_code": request.code, **row} for row in own] for name, own in list_rows(request).items()}
    made: dict[str, str] = {}
    for name, file in FILES.items():
        made |= _with_metadata(name, file, plan_rows(request) if name == PLAN else rows[name], request.run_id)
    made |= _with_metadata("where_to_look", LOOK_FILE, where_to_look(), request.run_id)
    return made | asked_files(request, PAPERS)
