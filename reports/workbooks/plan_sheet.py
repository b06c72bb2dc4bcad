"""The plan: a block for each window, items in rows under their labels, years in columns.

In: the blocks of a `Book`, the declared form. Out: the sheet. Given rows are grey and locked, asked ones yellow and
open; a locked row of formulas says whether own spend and transfer add up to the total. The column headed "Example"
holds made-up figures, and no reader takes them for an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from pipelines.declarations.catalogue import Column
from pipelines.supplied.answer_form import CHECK, EXAMPLE, GIVEN, PLAN, SHEETS, asked, form
from reports.workbooks.records import Block, Book, GivenYear
from reports.workbooks.sheets import FIRST_FREE, begin, finish, height_of
from reports.workbooks.styles import kind_of, look_of, validation

HINT = (
    "Fill in the yellow cells, in \u00a3 thousand, cash; leave empty what is not known. Grey cells are from published "
    "returns. The column 'Example' is made up."
)
EXAMPLES: Mapping[str, float | int | str] = {
    "own_returned_gbp_thousand": 41_200,
    "own_returned_cells": "RO3: DH42",
    "nhs_money_gbp_thousand": 2_850,
    "nhs_money_basis": "estimated",
    "own_without_gbp_thousand": 42_600,
    "own_with_gbp_thousand": 41_500,
    "transfer_agreed_gbp_thousand": 2_900,
    "total_with_gbp_thousand": 44_400,
    "own_outturn_gbp_thousand": 41_250,
    "use_protecting_gbp_thousand": 1_800,
    "use_new_gbp_thousand": 700,
    "use_prevention_gbp_thousand": 300,
    "use_other_gbp_thousand": 100,
    "document": 4,
    "page": "12",
    "paper_date": "28 Feb 2011",
    "note": "Table 3, before inflation",
}
TOTAL, OWN, TRANSFER = "total_with_gbp_thousand", "own_with_gbp_thousand", "transfer_agreed_gbp_thousand"
LABEL_WIDTH, EXAMPLE_WIDTH, YEAR_WIDTH = 45.0, 16.0, 16.0
ASKED_HEIGHT, NOTE_HEIGHT, GAP = 19.0, 50.0, 34.0


def plan_sheet(workbook: Any, book: Book, looks: Mapping[str, Any]) -> None:
    """Write the sheet."""
    most = max((len(block.years) for block in book.blocks), default=0)
    widths = [LABEL_WIDTH, EXAMPLE_WIDTH] + [YEAR_WIDTH] * most
    sheet = begin(workbook, SHEETS[PLAN], book, looks, heading=form(PLAN).title, widths=widths)
    sheet.write_string(FIRST_FREE, 0, HINT, looks["hint"])
    row = FIRST_FREE + 2
    breaks: list[int] = []
    for block in book.blocks:
        if breaks:
            sheet.set_row(row - 1, GAP)
        breaks.append(row)
        row = _block(sheet, row, block, looks) + 1
    sheet.set_h_pagebreaks(breaks[1:])
    sheet.freeze_panes(FIRST_FREE, 1)
    finish(sheet, book, last_row=row - 2, last_column=1 + most, landscape=True, repeat=(0, FIRST_FREE - 1))


def _block(sheet: Any, row: int, block: Block, looks: Mapping[str, Any]) -> int:
    """One window from `row` on; the first row after it."""
    sheet.write_string(row, 0, f"Own spend here is {block.definition}.", looks["hint"])
    row += 1
    sheet.set_row(row, height_of([(block.head, LABEL_WIDTH)]))
    sheet.write_string(row, 0, block.head, looks["head"])
    sheet.write_string(row, 1, EXAMPLE, looks["year"])
    for place, given in enumerate(block.years, start=2):
        sheet.write_string(row, place, given.year, looks["year"])
    row += 1
    for name in GIVEN:
        _given(sheet, row, form(PLAN).column(name), block.years, looks)
        row += 1
    return _asked(sheet, row, len(block.years), looks)


def _example(sheet: Any, row: int, column: Column, looks: Mapping[str, Any]) -> None:
    sheet.write_string(row, 0, column.label, looks["label"])
    value = EXAMPLES[column.name]
    if isinstance(value, str):
        sheet.write_string(row, 1, value, looks["example"])
    else:
        sheet.write_number(row, 1, value, looks["example_amount"])


def _given(sheet: Any, row: int, column: Column, years: tuple[GivenYear, ...], looks: Mapping[str, Any]) -> None:
    """A row that is filled in from the run."""
    _example(sheet, row, column, looks)
    at = GIVEN.index(column.name)
    values = [(given.own_returned, given.own_cells, given.nhs_money, given.nhs_basis)[at] for given in years]
    sheet.set_row(row, height_of((str(value), YEAR_WIDTH) for value in values if isinstance(value, str)))
    for place, value in enumerate(values, start=2):
        if isinstance(value, str):
            sheet.write_string(row, place, value, looks["given"])
        elif value is None:
            sheet.write_blank(row, place, None, looks["given"])
        else:
            sheet.write_number(row, place, value, looks["given_amount"])


def _asked(sheet: Any, row: int, years: int, looks: Mapping[str, Any]) -> int:
    """The rows to fill in, with what may be typed, and the check below the total; the first row after them."""
    rows: dict[str, int] = {}
    first, last = 2, 1 + years
    for kind, columns in groupby(asked(PLAN), key=kind_of):
        for column in columns:
            rows[column.name] = row
            _example(sheet, row, column, looks)
            for place in range(first, last + 1):
                sheet.write_blank(row, place, None, looks[look_of(column)])
            if rule := validation(column):
                sheet.data_validation(row, first, row, last, rule)
            sheet.set_row(row, NOTE_HEIGHT if kind == "text" else ASKED_HEIGHT)
            row += 1
            if column.name == TOTAL:
                _check(sheet, row, rows, last, looks)
                row += 1
    return row


def _check(sheet: Any, row: int, rows: Mapping[str, int], last: int, looks: Mapping[str, Any]) -> None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    sheet.set_row(row, ASKED_HEIGHT)
    sheet.write_string(row, 0, CHECK, looks["label"])
    sheet.write_number(row, 1, 0, looks["example_amount"])
    for place in range(2, last + 1):
        total, own, transfer = (xl_rowcol_to_cell(rows[name], place) for name in (TOTAL, OWN, TRANSFER))
        formula = f'=IF(COUNT({total},{own},{transfer})=3,{total}-{own}-{transfer},"")'
        sheet.write_formula(row, place, formula, looks["check"], "")
