"""Slips in filled workbooks: each is named with its sheet and cell, all of a file at once, and the file is not used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_answers import (
    ONE,
    TWO,
    W1,
    blank_book,
    fill_list,
    filled_book,
    list_cell,
    plan_cell,
    put,
    put_csv_answer,
    read,
    said,
    values,
)
from openpyxl import Workbook

from pipelines.supplied import answer_form as forms

PLAN, LINES, DOCUMENTS, REPLIES = (forms.SHEETS[name] for name in forms.SHEETS)
OWN = "own_without_gbp_thousand"
AMOUNT = "amount_gbp_thousand"


def at_plan(column: str = OWN, year: str = "2011-12") -> tuple[str, str]:
    return PLAN, plan_cell(blank_book(), year, column)


def at_list(name: str, column: str, number: int = 1) -> tuple[str, str]:
    return forms.SHEETS[name], list_cell(name, number, column)


def refusals(folder: Path, book: Workbook, name: str = "request.xlsx") -> list[tuple[str, str, str]]:
    """The problems of a filled workbook; none of its figures is used."""
    path = put(folder, book, name=name)
    supplied = read(folder)
    assert [(row["file_name"], row["used"]) for row in supplied.files] == [(f"{ONE}/{path.name}", False)]
    assert not supplied.figures
    assert not supplied.texts
    assert all(row["do"] for row in supplied.problems)
    return said(supplied)


AMOUNTS = (at_plan(), at_list(forms.LINES, AMOUNT))
DATES = (at_plan("paper_date"), at_list(forms.DOCUMENTS, "paper_date", 3))
NUMBERS = (at_plan("document"), at_list(forms.REPLIES, "document"))
WORDS = (at_plan("note"), at_list(forms.REPLIES, "reply"))
CELLS: list[tuple[Any, str, tuple[tuple[str, str], ...]]] = [
    ("about 500", "'about 500', which is text", AMOUNTS),
    ("n/a", "'n/a', which is text", AMOUNTS),
    ("12,5", "a comma for decimals", AMOUNTS),
    ("1,23,456", "wrongly grouped", AMOUNTS),
    (-5, "below 0", AMOUNTS),
    (True, "no number", AMOUNTS),
    ("=1+1", "a formula without its value", AMOUNTS),
    ("=1+1", "a formula without its value", NUMBERS),
    ("#REF!", "the error #REF!", AMOUNTS),
    ("#N/A", "the error #N/A", NUMBERS),
    ("28/02/11", "two digits", DATES),
    ("03/04/2011", "could be two days", DATES),
    ("30 February 2011", "there is no day", DATES),
    (1.5, "found '1.5'", NUMBERS),
    (9, "document 9 is not on the list", NUMBERS),
    (42_000_000, "it looks like pounds", AMOUNTS),
    ("x" * 4001, "4,001 characters", WORDS),
    ("a\u202eb", "holds the character", WORDS),
]


@pytest.mark.parametrize(
    ("value", "what", "sheet", "cell"), [(value, what, *place) for value, what, places in CELLS for place in places]
)
def test_a_cell_that_cannot_be_used_is_named(tmp_path: Path, value: Any, what: str, sheet: str, cell: str):
    book = filled_book()
    book[sheet][cell] = value
    found = refusals(tmp_path, book)
    assert [(one[0], one[1]) for one in found] == [(sheet, cell)]
    assert what in found[0][2]


def test_all_slips_of_a_file_are_named_at_once(tmp_path: Path):
    book = filled_book()
    places = [(*at_plan(), "about 500"), (*at_plan("paper_date"), "early March"), (*at_list(forms.LINES, AMOUNT), -1)]
    for sheet, cell, value in places:
        book[sheet][cell] = value
    assert [(sheet, cell) for sheet, cell, _ in refusals(tmp_path, book)] == [(one[0], one[1]) for one in places]


@pytest.mark.parametrize(
    ("sheet", "reference"),
    [
        (PLAN, f"{at_plan()[1]}:{at_plan(year='2012-13')[1]}"),
        (LINES, f"{list_cell(forms.LINES, 1, 'line')}:{list_cell(forms.LINES, 2, 'line')}"),
    ],
)
def test_merged_cells_to_fill_in_are_named_by_their_range_and_others_do_no_harm(tmp_path, sheet, reference):
    book = filled_book()
    book[sheet].merge_cells("A1:C1")
    book[sheet].merge_cells(reference)
    found = refusals(tmp_path, book)
    assert [(one[0], one[1]) for one in found] == [(sheet, reference.split(":")[0])]
    assert reference in found[0][2]


def test_a_row_of_the_plan_that_is_gone_or_stands_twice_is_named_by_its_label(tmp_path: Path):
    book, label = filled_book(), forms.form(forms.PLAN).column(OWN).label
    plan = book[PLAN]
    row = int(at_plan()[1][1:])
    plan.cell(row, 1, "Something else")
    found = refusals(tmp_path, book)
    assert [(one[0], one[2]) for one in found] == [(PLAN, f"the row '{label}' of W1 is gone")]
    plan.cell(row, 1, label)
    plan.cell(row + 1, 1, label)
    found = refusals(tmp_path, book)
    assert (PLAN, f"A{row + 1}", f"'{label}' stands twice: in row {row} too") in found


@pytest.mark.parametrize("name", [forms.LINES, forms.DOCUMENTS, forms.REPLIES])
def test_a_column_of_a_list_that_is_gone_or_stands_twice_is_named_by_its_label(tmp_path: Path, name: str):
    book = filled_book()
    sheet = book[forms.SHEETS[name]]
    gone, kept = sheet["C5"].value, sheet["B5"].value
    sheet["C5"] = kept
    found = refusals(tmp_path, book)
    assert (sheet.title, "C5", f"'{kept}' stands twice: in B5 too") in found
    assert (sheet.title, "A5", f"the column '{gone}' is gone") in found


@pytest.mark.parametrize(
    ("cell", "value", "said_of_it"),
    [
        ("D5", "2011-12", "2011-12 stands twice: in C5 too"),
        ("D5", "2014-15", "2014-15 is no year of W1"),
        ("D5", "2015-16", "2015-16 is no year of W1"),
        ("D5", "later", "the column of 2012-13 is gone"),
    ],
)
def test_a_year_that_stands_twice_or_is_not_of_the_window_or_gone_is_named(tmp_path, cell, value, said_of_it):
    book = filled_book()
    book[PLAN][cell] = value
    assert said_of_it in {what for _, _, what in refusals(tmp_path, book)}


def test_a_block_that_is_gone_or_stands_twice_is_named(tmp_path: Path):
    book = filled_book()
    row = int(plan_cell(book, "2015-16", "own_returned_gbp_thousand")[1:]) - 1
    book[PLAN].cell(row, 1, "W1: again")
    found = {what for _, _, what in refusals(tmp_path, book)}
    assert {"the block of W1 stands twice: in row 5 too", "the block of W2 is gone"} <= found


@pytest.mark.parametrize("name", list(forms.SHEETS))
def test_a_form_that_is_gone_is_named(tmp_path: Path, name: str):
    book = filled_book()
    del book[forms.SHEETS[name]]
    assert f"the sheet '{forms.SHEETS[name]}' is gone" in {what for _, _, what in refusals(tmp_path, book)}


def test_a_form_that_stands_twice_is_named(tmp_path: Path):
    book = filled_book()
    book.copy_worksheet(book[LINES])
    assert any("are both taken for the form" in what for _, _, what in refusals(tmp_path, book))


@pytest.mark.parametrize(
    ("entries", "sheet", "what"),
    [
        ({"financial_year": None}, LINES, "line 1 has no year"),
        ({"financial_year": "2014-15"}, LINES, "2014-15 is not asked about"),
        ({"financial_year": "soon"}, LINES, "found 'soon'"),
    ],
)
def test_a_line_needs_a_year_that_is_asked_about(tmp_path: Path, entries: dict[str, Any], sheet: str, what: str):
    book = filled_book()
    book[sheet][list_cell(forms.LINES, 1, "financial_year")] = entries["financial_year"]
    assert any(what in one for _, _, one in refusals(tmp_path, book))


@pytest.mark.parametrize(("value", "what"), [(None, "no number"), ("two", "'two'"), (1, "stands twice"), (0, "'0'")])
@pytest.mark.parametrize("name", [forms.LINES, forms.REPLIES])
def test_a_filled_row_of_a_list_has_a_number_of_its_own(tmp_path: Path, name: str, value: Any, what: str):
    book = filled_book()
    column = {forms.LINES: "line", forms.REPLIES: "reply"}[name]
    fill_list(book, name, [{}, {column: "more"}])
    cell = list_cell(name, 2, "number")
    book[forms.SHEETS[name]][cell].value = value
    found = refusals(tmp_path, book)
    assert [(one[0], one[1]) for one in found] == [(forms.SHEETS[name], cell)]
    assert what in found[0][2]


# Whose answer, and of which layout


def test_a_workbook_of_another_layout_is_not_read(tmp_path: Path):
    book = filled_book()
    book[LINES]["A3"] = "ringfence request, layout 2, run later"
    found = refusals(tmp_path, book)
    assert len(found) == 1
    assert found[0][:2] == (LINES, "A3")
    assert "layout of another year" in found[0][2]


def test_a_workbook_without_the_line_of_its_layout_is_not_read(tmp_path: Path):
    book = filled_book()
    for sheet in book:
        sheet["A3"] = None
    assert [what for _, _, what in refusals(tmp_path, book)] == ["the line that names the request's layout is gone"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (f"Middlesbrough ({TWO})", f"it is for {TWO}, and lies in the folder of {ONE}"),
        (f"Middlesbrough ({ONE})", f"'Middlesbrough' does not belong to {ONE}"),
        ("Nowhere (E06000099)", "'E06000099' is no area"),
        (None, "no sheet names the area"),
    ],
)
def test_a_workbook_of_another_area_is_not_used(tmp_path: Path, line: str | None, what: str):
    book = filled_book()
    for sheet in book:
        sheet["A2"] = line
    assert what in {one for _, _, one in refusals(tmp_path, book)}


def test_sheets_that_name_different_areas_are_named_with_both_cells(tmp_path: Path):
    book = filled_book()
    book[DOCUMENTS]["A2"] = forms.area_line(TWO, "Middlesbrough")
    expected = (DOCUMENTS, "A2", f"it names {TWO}, and sheet 'Read first', cell A2, names {ONE}")
    assert refusals(tmp_path, book) == [expected]


def test_an_answer_in_the_wrong_folder_does_not_stop_the_one_that_is_there(tmp_path: Path):
    put(tmp_path, filled_book(code=TWO), code=ONE, name="astray.xlsx")
    put(tmp_path, filled_book())
    put(tmp_path, filled_book(code=TWO), code=TWO)
    used = {row["file_name"]: row["used"] for row in read(tmp_path).files}
    assert used == {f"{ONE}/astray.xlsx": False, f"{ONE}/request.xlsx": True, f"{TWO}/request.xlsx": True}


@pytest.mark.parametrize("second", ["workbook", "tables"])
def test_of_two_answers_for_one_area_neither_is_used_and_both_are_named(tmp_path: Path, second: str):
    put(tmp_path, filled_book())
    if second == "workbook":
        put(tmp_path, filled_book(), name="later/again.xlsx")
    else:
        put_csv_answer(tmp_path)
    put(tmp_path, filled_book(code=TWO), code=TWO)
    supplied = read(tmp_path)
    assert {row["area_code"] for row in supplied.figures} == {TWO}
    refused = {row["file_name"]: row["what"] for row in supplied.problems if row["refused"]}
    assert set(refused) == {row["file_name"] for row in supplied.files if row["area_code"] == ONE}
    assert all(what.startswith(f"two answers for {ONE}") for what in refused.values())


# What is read all the same, and named


def remarks(folder: Path, book: Workbook, name: str = "request.xlsx") -> list[tuple[str, str, str]]:
    """The remarks on a workbook that is used, and says what it said without them."""
    put(folder, filled_book(), name="plain.xlsx")
    plain = values(read(folder))
    (folder / ONE / "plain.xlsx").unlink()
    put(folder, book, name=name)
    supplied = read(folder)
    assert said(supplied) == []
    assert values(supplied) == plain
    return said(supplied, refused=False)


@pytest.mark.parametrize("title", [PLAN, REPLIES])
def test_a_renamed_sheet_is_taken_by_its_labels_and_named(tmp_path: Path, title: str):
    book = filled_book()
    book[title].title = "Our figures"
    expected = [("Our figures", "", f"the sheet was taken for '{title}' by its labels")]
    assert remarks(tmp_path, book) == expected


def test_columns_in_another_order_are_read_by_their_heads_and_named(tmp_path: Path):
    book = filled_book()
    for row in book[PLAN].iter_rows(min_row=5, max_row=23):
        row[2].value, row[4].value = row[4].value, row[2].value
    lines = book[LINES]
    for row in lines.iter_rows(min_row=5, max_row=9):
        row[2].value, row[5].value = row[5].value, row[2].value
    assert [(sheet, cell) for sheet, cell, _ in remarks(tmp_path, book)] == [(PLAN, "A5"), (LINES, "A5")]


def test_an_inserted_column_and_inserted_rows_move_nothing(tmp_path: Path):
    book = filled_book()
    book[PLAN].insert_cols(1)
    book[LINES].insert_rows(5, 3)
    book[DOCUMENTS].insert_cols(1)
    assert {sheet for sheet, _, _ in remarks(tmp_path, book)} == {PLAN, DOCUMENTS}


def test_an_inserted_row_without_a_known_label_is_not_read_and_named(tmp_path: Path):
    book = filled_book()
    row = int(at_plan()[1][1:])
    book[PLAN].insert_rows(row)
    book[PLAN].cell(row, 1, "Inflation")
    book[PLAN].cell(row, 3, 300)
    expected = (PLAN, f"C{row}", "the row 'Inflation' is no item of the form; it is not read")
    assert remarks(tmp_path, book) == [expected]


@pytest.mark.parametrize(("title", "cell"), [(PLAN, "H10"), (LINES, "H8"), (REPLIES, "J7")])
def test_text_beside_the_form_is_not_read_and_named(tmp_path: Path, title: str, cell: str):
    book = filled_book()
    book[title][cell] = "see our letter"
    assert remarks(tmp_path, book) == [(title, cell, "found 'see our letter' beside the form; it is not read")]


@pytest.mark.parametrize(("sheet", "cell"), [at_plan(), at_list(forms.DOCUMENTS, "title", 3)])
def test_a_comment_in_a_cell_is_named_and_its_words_are_not_read(tmp_path: Path, sheet: str, cell: str):
    from openpyxl.comments import Comment

    book = filled_book()
    book[sheet][cell].comment = Comment("secret words", "office")
    found = remarks(tmp_path, book)
    assert found == [(sheet, cell, "a comment is attached to the cell; its words are not read")]


@pytest.mark.parametrize("hide", ["sheet", "row", "column"])
def test_entries_that_nobody_sees_are_read_and_named(tmp_path: Path, hide: str):
    book = filled_book()
    sheet, cell = at_list(forms.LINES, "financial_year")
    if hide == "sheet":
        book[sheet].sheet_state = "hidden"
    elif hide == "row":
        book[sheet].row_dimensions[7].hidden = True
    else:
        book[sheet].column_dimensions["B"].hidden = True
    [(where, at, what)] = remarks(tmp_path, book)
    assert (where, at) == (sheet, cell)
    assert "hidden" in what


def test_a_sheet_that_was_added_is_not_read_and_named(tmp_path: Path):
    book = filled_book()
    book.create_sheet("Workings")["B2"] = 12
    assert remarks(tmp_path, book) == [("Workings", "", "the sheet is none of the request's; it is not read")]


def test_numbers_kept_as_text_say_the_same_as_numbers(tmp_path: Path):
    book = filled_book()
    for column, value in W1.items():
        if column.endswith("gbp_thousand"):
            book[PLAN][plan_cell(book, "2011-12", column)] = f"£{value:,}"
    book[PLAN][plan_cell(book, "2011-12", "document")] = "3"
    book[LINES][list_cell(forms.LINES, 1, AMOUNT)] = "640.00"
    assert remarks(tmp_path, book) == []


def test_lines_without_an_amount_or_a_name_are_named(tmp_path: Path):
    book = filled_book()
    fill_list(book, forms.LINES, [{}, {"line": "Day care"}, {"financial_year": "2015-16", AMOUNT: 5}])
    put(tmp_path, book)
    supplied = read(tmp_path)
    assert said(supplied) == []
    assert said(supplied, refused=False) == [
        (LINES, list_cell(forms.LINES, 2, "line"), "line 2 has no amount; it is not read"),
        (LINES, list_cell(forms.LINES, 3, AMOUNT), "line 3 is not named"),
    ]
    assert [(row["number"], row["window"]) for row in supplied.figures if row["item"] == AMOUNT] == [
        (1, "W1"),
        (3, "W2"),
    ]
