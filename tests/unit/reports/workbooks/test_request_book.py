"""The workbook of a request: what is locked, what may be typed, how it prints, and equal bytes for equal books."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openpyxl
import pytest

from pipelines.supplied.answer_form import (
    CHECK,
    DOCUMENTS,
    EXAMPLE,
    GIVEN,
    LINES,
    PLAN,
    REPLIES,
    SHEETS,
    asked,
    form,
    mark,
)
from reports.workbooks.records import HEADING, TEXT, Block, Book, GivenYear, Line, SourceCell
from reports.workbooks.request_book import CELLS, FRONT, request_workbook
from reports.workbooks.sheets import height_of

W1 = ("2011-12", "2012-13", "2013-14")
W2 = ("2015-16", "2016-17", "2017-18", "2018-19", "2019-20")


def block(window: str, years: tuple[str, ...]) -> Block:
    given = tuple(GivenYear(year, 19_687.5, "RO3: DH42; DR42", 1_570.0, "estimated") for year in years)
    return Block(window=window, head=f"{window}: a window", definition="adult social care", years=given)


BOOK = Book(
    area_code="E06000001", area_name="Anytown & District", run_id="0123456789abcdef",
    front=(Line(HEADING, "Why"), Line(TEXT, "Because. " * 40)),
    blocks=(block("W1", W1), block("W2", W2)),
    rows={
        LINES: tuple({"number": number} for number in range(1, 21)),
        DOCUMENTS: ({"number": 1, "kind": "Budget report"}, {"number": 2, "kind": ""}),
        REPLIES: ({"number": 1, "question": "=1+1", "would_answer": "@SUM(A1)"},),
    },
    cells=(SourceCell("W1-001", "Older people", "2011-12", 13.0, "£ thousand", "RO3", "ro3.xls", "RO3", "DH42"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def opened() -> Any:
    return openpyxl.load_workbook(io.BytesIO(request_workbook(BOOK)))


def cells(sheet: Any) -> Iterator[Any]:
    return (cell for row in sheet.iter_rows() for cell in row)


def row_of(sheet: Any, label: str, *, nth: int = 0) -> int:
    return [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == label][nth]


def rules(sheet: Any, cell: str) -> list[Any]:
    return [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]


def test_the_same_book_gives_the_same_bytes_and_another_book_others() -> None:
    assert request_workbook(BOOK) == request_workbook(BOOK)
    assert request_workbook(replace(BOOK, run_id="fedcba9876543210")) != request_workbook(BOOK)


def test_every_sheet_begins_with_a_heading_the_area_and_the_mark(opened: Any) -> None:
    assert opened.sheetnames == [FRONT, SHEETS[PLAN], SHEETS[LINES], SHEETS[DOCUMENTS], SHEETS[REPLIES], CELLS]
    for sheet in opened:
        assert sheet["A1"].value
        assert sheet["A2"].value == "Anytown & District (E06000001)"
        assert sheet["A3"].value == mark("0123456789abcdef")


def test_a_block_holds_every_label_of_the_form_once_under_its_years(opened: Any) -> None:
    plan = opened[SHEETS[PLAN]]
    for nth, years in enumerate((W1, W2)):
        head = row_of(plan, f"W{nth + 1}: a window")
        assert plan.cell(head, 2).value == EXAMPLE
        assert tuple(plan.cell(head, 3 + place).value for place in range(len(years))) == years
    labels = [plan.cell(row, 1).value for row in range(1, plan.max_row + 1)]
    for column in (*asked(PLAN), *(form(PLAN).column(name) for name in GIVEN)):
        assert labels.count(column.label) == 2


def test_what_is_asked_is_open_and_everything_else_is_locked_without_a_password(opened: Any) -> None:
    plan = opened[SHEETS[PLAN]]
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in opened)
    assert not plan.protection.formatColumns, "columns can be made wider on a protected sheet"
    open_cells = {cell.coordinate for cell in cells(plan) if not cell.protection.locked}
    wanted = {
        plan.cell(row_of(plan, column.label, nth=nth), 3 + place).coordinate
        for column in asked(PLAN)
        for nth, years in enumerate((W1, W2))
        for place in range(len(years))
    }
    assert open_cells == wanted
    questions = opened[SHEETS[REPLIES]]
    assert {cell.coordinate for cell in cells(questions) if not cell.protection.locked} == {"D7", "E7", "F7"}


def test_cells_to_fill_in_are_empty_and_given_ones_hold_numbers(opened: Any) -> None:
    plan = opened[SHEETS[PLAN]]
    assert not [cell.coordinate for cell in cells(plan) if not cell.protection.locked and cell.value is not None]
    returned = plan.cell(row_of(plan, form(PLAN).column(GIVEN[0]).label), 3)
    assert returned.value == 19_687.5 and returned.number_format.startswith("#,##0")


def test_amounts_days_documents_and_choices_are_the_only_things_that_may_be_typed(opened: Any) -> None:
    plan, lines, documents = (opened[SHEETS[name]] for name in (PLAN, LINES, DOCUMENTS))
    amount, document, day = (
        plan.cell(row_of(plan, form(PLAN).column(name).label, nth=1), 7).coordinate
        for name in ("use_other_gbp_thousand", "document", "paper_date")
    )
    (rule,) = rules(plan, amount)
    assert (rule.type, rule.operator, rule.formula1) == ("decimal", "greaterThanOrEqual", "0")
    assert "£ thousand" in rule.prompt
    (rule,) = rules(plan, document)
    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "1", "99")
    (rule,) = rules(plan, day)
    assert (rule.type, rule.formula1, rule.formula2) == ("date", "36526", "49674"), "from 2000 to 2035"
    assert plan[day].number_format == "d mmm yyyy"
    assert rules(lines, "B7")[0].formula1 == f'"{",".join((*W1, *W2))}"'
    assert rules(documents, "F7")[0].formula1 == '"yes,no,not known"'


def test_a_year_and_a_page_are_kept_as_typed_and_never_become_a_day(opened: Any) -> None:
    lines = opened[SHEETS[LINES]]
    assert lines["B7"].number_format == "@" and lines["F7"].number_format == "@"


def test_the_check_row_is_a_locked_formula_over_own_spend_transfer_and_total(opened: Any) -> None:
    plan = opened[SHEETS[PLAN]]
    row = row_of(plan, CHECK)
    total, own, transfer = (
        plan.cell(row_of(plan, form(PLAN).column(name).label), 3).coordinate
        for name in ("total_with_gbp_thousand", "own_with_gbp_thousand", "transfer_agreed_gbp_thousand")
    )
    cell = plan.cell(row, 3)
    assert cell.protection.locked
    assert cell.value == f'=IF(COUNT({total},{own},{transfer})=3,{total}-{own}-{transfer},"")'


def test_the_made_up_figures_of_the_example_agree_with_each_other(opened: Any) -> None:
    plan = opened[SHEETS[PLAN]]

    def example(name: str) -> float:
        return plan.cell(row_of(plan, form(PLAN).column(name).label), 2).value

    own, transfer = example("own_with_gbp_thousand"), example("transfer_agreed_gbp_thousand")
    assert example("total_with_gbp_thousand") == own + transfer
    assert transfer == sum(example(f"use_{use}_gbp_thousand") for use in ("protecting", "new", "prevention", "other"))
    for name in (LINES, DOCUMENTS, REPLIES):
        assert opened[SHEETS[name]]["A6"].value == EXAMPLE


def test_text_that_looks_like_a_formula_is_written_as_text(opened: Any) -> None:
    questions = opened[SHEETS[REPLIES]]
    assert (questions["B7"].value, questions["B7"].data_type) == ("=1+1", "s")
    assert (questions["C7"].value, questions["C7"].data_type) == ("@SUM(A1)", "s")


def test_every_sheet_prints_on_a4_one_page_wide_with_page_numbers_and_the_run(opened: Any) -> None:
    for sheet in opened:
        assert sheet.page_setup.paperSize in (9, "9")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToWidth in (None, 1, "1")
        assert sheet.print_area
        assert "&P" in sheet.oddFooter.right.text and "0123456789abcdef" in sheet.oddFooter.center.text
        assert "Anytown && District" in sheet.oddFooter.left.text, "one ampersand alone is an instruction"
    assert opened[SHEETS[PLAN]].page_setup.orientation == "landscape"


def test_type_is_printed_no_smaller_than_nine_points() -> None:
    """Width of the columns against what A4 holds at the type's own size: 7 pixels a character, 96 an inch."""
    book = openpyxl.load_workbook(io.BytesIO(request_workbook(BOOK)))
    for sheet in book:
        last = openpyxl.utils.cell.range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))[2]
        letters = [openpyxl.utils.get_column_letter(place) for place in range(1, last + 1)]
        pixels = sum(7 * _width(sheet, letter) for letter in letters)
        inches = (11.69 if sheet.page_setup.orientation == "landscape" else 8.27) - 0.8
        assert 11 * min(1.0, inches * 96 / pixels) >= 9.0, sheet.title


def _width(sheet: Any, letter: str) -> float:
    """A column's width: openpyxl keeps the width of neighbours that are equally wide with the first of them."""
    place = openpyxl.utils.column_index_from_string(letter)
    return next(held.width for held in sheet.column_dimensions.values() if (held.min or 0) <= place <= (held.max or 0))


def test_a_row_is_as_high_as_its_longest_text_needs() -> None:
    assert height_of([("short", 20.0)]) < height_of([("a longer text " * 6, 20.0)])
    assert height_of([("short", 20.0)], least=50.0) == 50.0


def test_a_year_the_returns_do_not_tell_is_an_empty_locked_cell() -> None:
    bare = replace(block("W1", W1), years=(GivenYear("2011-12", None, "", None, ""),))
    plan = openpyxl.load_workbook(io.BytesIO(request_workbook(replace(BOOK, blocks=(bare,)))))[SHEETS[PLAN]]
    cell = plan.cell(row_of(plan, form(PLAN).column(GIVEN[0]).label), 3)
    assert cell.value is None and cell.protection.locked
