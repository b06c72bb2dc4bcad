"""The CSV forms of an answer: the same answer as the workbook's, and the same slips named by cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_answers import (
    DOCUMENT,
    LINE,
    ONE,
    REPLY,
    TWO,
    USUAL,
    W1,
    csv_rows,
    filled_book,
    put,
    put_csv,
    put_csv_answer,
    read,
    said,
    values,
)  # fmt: skip

from pipelines.supplied import answer_form as forms

FILLED: dict[str, Any] = {
    forms.PLAN: USUAL, forms.LINES: {1: LINE}, forms.DOCUMENTS: {3: DOCUMENT}, forms.REPLIES: {1: REPLY},
}  # fmt: skip
ROW = {forms.PLAN: 2, forms.LINES: 2, forms.DOCUMENTS: 4, forms.REPLIES: 2}
OWN, AMOUNT = "own_without_gbp_thousand", "amount_gbp_thousand"
PATHS = {name: f"{ONE}/{file}" for name, file in forms.FILES.items()}


def column_at(name: str, column: str) -> int:
    return forms.form(name).column_names.index(column)


def letter(name: str, column: str) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column_at(name, column)]


def changed(folder: Path, name: str, column: str, value: str) -> list[tuple[str, str, str]]:
    """(file, cell, what) of the problems after one cell of a filled row was changed."""
    put_csv_answer(folder)
    lines = csv_rows(name, FILLED[name])
    lines[ROW[name] - 1][column_at(name, column)] = value
    put_csv(folder, lines, name=forms.FILES[name])
    supplied = read(folder)
    assert not supplied.figures
    assert not any(row["used"] for row in supplied.files)
    return [(row["file_name"], row["cell"], row["what"]) for row in supplied.problems if row["refused"]]


@pytest.mark.parametrize(
    "writing", [{}, {"delimiter": ";"}, {"delimiter": "\t"}, {"encoding": "utf-16"}, {"encoding": "utf-8-sig"},
                {"encoding": "cp1252"}],
)  # fmt: skip
def test_the_tables_of_an_answer_say_what_its_workbook_says_however_they_are_written(tmp_path: Path, writing: Any):
    put(tmp_path / "book", filled_book())
    put_csv_answer(tmp_path / "tables", **writing)
    supplied = read(tmp_path / "tables")
    assert said(supplied) == said(supplied, refused=False) == []
    assert values(supplied) == values(read(tmp_path / "book"))
    assert {row["kind"] for row in supplied.files} == {"answer table"}
    assert sum(row["entries"] for row in supplied.files) == read(tmp_path / "book").files[0]["entries"]


@pytest.mark.parametrize(
    ("name", "column", "value", "what"),
    [
        (forms.PLAN, OWN, "about 500", "which is text"),
        (forms.LINES, AMOUNT, "n/a", "which is text"),
        (forms.PLAN, OWN, "12,5", "comma for decimals"),
        (forms.LINES, AMOUNT, "1,23,456", "wrongly grouped"),
        (forms.PLAN, OWN, "-5", "below 0"),
        (forms.LINES, AMOUNT, "42000000", "looks like pounds"),
        (forms.PLAN, OWN, "42000000", "looks like pounds"),
        (forms.PLAN, "paper_date", "03/04/2011", "could be two days"),
        (forms.DOCUMENTS, "paper_date", "31/02/2011", "there is no day"),
        (forms.PLAN, "document", "9", "document 9 is not on the list"),
        (forms.REPLIES, "document", "9", "document 9 is not on the list"),
        (forms.DOCUMENTS, "held", "perhaps", "'perhaps'"),
        (forms.PLAN, "area_code", TWO, f"found '{TWO}'"),
        (forms.LINES, "area_code", "E06000099", "found 'E06000099'"),
        (forms.PLAN, "area_name", "Middlesbrough", "found 'Middlesbrough'"),
        (forms.PLAN, "window", "W3", "found 'W3'"),
        (forms.PLAN, "financial_year", "2014-15", "found '2014-15'"),
        (forms.LINES, "financial_year", "2014-15", "not asked about"),
        (forms.LINES, "number", "first", "found 'first'"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(tmp_path: Path, name: str, column: str, value: str, what: str):
    found = [one for one in changed(tmp_path, name, column, value) if "belongs to the answer" not in one[2]]
    assert [(one[0], one[1]) for one in found] == [(PATHS[name], f"{letter(name, column)}{ROW[name]}")]
    assert what in found[0][2]


def test_where_one_form_is_refused_the_others_of_the_answer_are_not_used_and_say_why(tmp_path: Path):
    found = {file: what for file, _, what in changed(tmp_path, forms.PLAN, OWN, "x")}
    assert set(found) == set(PATHS.values())
    assert all(PATHS[forms.PLAN] in what for file, what in found.items() if file != PATHS[forms.PLAN])


@pytest.mark.parametrize("name", [forms.PLAN, forms.REPLIES])
def test_a_row_twice_and_a_row_of_another_length_are_named(tmp_path: Path, name: str):
    lines = csv_rows(name, FILLED[name])
    put_csv(tmp_path, [*lines[:2], lines[1], lines[2][:-1]], name=forms.FILES[name])
    found = [(cell, what) for _, cell, what in said(read(tmp_path)) if "document" not in what]
    assert [cell for cell, _ in found] == ["A3", "A4"]
    assert "stands twice: in row 2 too" in found[0][1]
    assert f"the row has {len(lines[0]) - 1} cells" in found[1][1]


@pytest.mark.parametrize("name", [forms.PLAN, forms.LINES])
def test_columns_are_read_by_their_names_and_others_are_refused(tmp_path: Path, name: str):
    put_csv_answer(tmp_path / "usual")
    put_csv_answer(tmp_path / "turned")
    lines = csv_rows(name, FILLED[name])
    put_csv(tmp_path / "turned", [line[::-1] for line in lines], name=forms.FILES[name])
    assert values(read(tmp_path / "turned")) == values(read(tmp_path / "usual"))
    lines[0][-1] = "remarks"
    put_csv(tmp_path / "turned", lines, name=forms.FILES[name])
    last = forms.form(name).column_names[-1]
    found = {what for _, cell, what in said(read(tmp_path / "turned")) if cell == "A1"}
    assert found == {"the header is another: 'remarks' is no column of it",
                     f"the header is another: column '{last}' is missing"}  # fmt: skip


def test_one_form_twice_for_an_area_is_two_answers(tmp_path: Path):
    put_csv_answer(tmp_path)
    put_csv(tmp_path, csv_rows(forms.PLAN, USUAL), name="again.csv")
    supplied = read(tmp_path)
    assert not supplied.figures
    assert len(said(supplied)) == 5
    assert all(what.startswith(f"two answers for {ONE}") for _, _, what in said(supplied))


def test_forms_left_blank_beside_filled_ones_are_no_second_answer(tmp_path: Path):
    put_csv_answer(tmp_path)
    for name in (forms.LINES, forms.REPLIES):
        put_csv(tmp_path, csv_rows(name, {}), name=forms.FILES[name])
    supplied = read(tmp_path)
    assert said(supplied) == []
    assert {row["used"] for row in supplied.files if row["entries"]} == {True}
    assert {row["used"] for row in supplied.files if not row["entries"]} == {False}
    assert {row["item"] for row in supplied.figures if row["number"]} == set()


def test_a_list_of_documents_left_blank_still_tells_the_kinds_that_others_name(tmp_path: Path):
    put_csv(tmp_path, csv_rows(forms.PLAN, USUAL), name=forms.FILES[forms.PLAN])
    put_csv(tmp_path, csv_rows(forms.DOCUMENTS, {}), name=forms.FILES[forms.DOCUMENTS])
    supplied = read(tmp_path)
    assert said(supplied) == []
    assert {row["document"] for row in supplied.figures if row["item"] == OWN} == {"Budget report"}


def test_texts_that_a_spreadsheet_could_run_are_read_without_their_apostrophe(tmp_path: Path):
    plan = {"2011-12": {**W1, "note": "'=SUM(A1)"}}
    put_csv_answer(tmp_path, plan)
    assert [row["text"] for row in read(tmp_path).texts if row["part"] == "note"] == ["=SUM(A1)"]


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (lambda data: data.replace(b"Hartlepool", b"Hart\x00epool", 1), "the text holds NUL characters"),
        (lambda data: b'"' + data, "the header cannot be read"),
        (lambda data: data.replace(b"\n", b'\n"', 1), "the row has"),
        (lambda data: b"\xff\xfe" + data.decode().encode("utf-16-le")[:-1], "the text cannot be read"),
    ],
)
def test_a_form_that_is_damaged_is_refused_and_never_passed_over(tmp_path: Path, damage: Any, what: str):
    path = put_csv(tmp_path, csv_rows(forms.PLAN, USUAL), name=forms.FILES[forms.PLAN])
    path.write_bytes(damage(path.read_bytes()))
    supplied = read(tmp_path)
    assert supplied.figures == []
    assert what in said(supplied)[0][2]
    assert [(row["kind"], row["used"]) for row in supplied.files] == [("answer table", False)]


def test_a_form_whose_header_was_spoiled_is_at_least_named(tmp_path: Path):
    path = put_csv(tmp_path, csv_rows(forms.DOCUMENTS, {3: DOCUMENT}), name=forms.FILES[forms.DOCUMENTS])
    path.write_bytes(path.read_bytes().replace(b"title,", b"ti\n,", 1))
    [(_, _, what)] = said(read(tmp_path), refused=False)
    assert what == "taken for no answer: it holds no form of a request"
