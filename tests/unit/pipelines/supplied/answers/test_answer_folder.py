"""A folder of answers: every file recognised by its content, tables of many areas, hostile files, nothing written."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hostile_files import CELL, number, ods, xls, xls_stream, xlsx
from made_answers import (
    AREAS,
    ONE,
    TWO,
    WINDOWS,
    blank_book,
    csv_rows,
    filled_book,
    put,
    put_csv,
    read,
    said,
    values,
)  # fmt: skip

from pipelines.declarations.catalogue import tables
from pipelines.declarations.limits import defaults
from pipelines.errors import InputError
from pipelines.supplied import answer_form as forms
from pipelines.supplied.answers import read_answer_file as one_file
from pipelines.supplied.answers.answer_records import Expected
from pipelines.supplied.answers.read_answers import read_answers

CONCLUSION = {
    "area_code": ONE, "window": "W1", "outcome": "partly", "replaced_gbp": "1,200,000", "document": "Budget report",
    "page": "3", "date": "2026-05-01", "office": "External audit",
}  # fmt: skip
SAMPLE = {
    "area_code": ONE, "area_name": "Hartlepool", "stratum": "against replacement", "nhs_money_gbp": "1000",
    "probability": "0.5", "drawn": "true", "seed": "7", "run": "made",
}  # fmt: skip
ASKED = {"area_code": ONE, "area_name": "Hartlepool", "kind": "papers", "date": "", "run": "made"}


def put_table(folder: Path, table: str, *rows: dict[str, str], name: str = "") -> None:
    columns = tables()[table].column_names
    lines = [list(columns), *([row[column] for column in columns] for row in rows)]
    put_csv(folder, lines, name=name or f"{table}.csv", code="")


def kinds(folder: Path) -> dict[str, tuple[str, bool]]:
    return {row["file_name"]: (row["kind"], row["used"]) for row in read(folder).files}


def test_files_are_recognised_by_content_and_never_by_name(tmp_path: Path):
    put(tmp_path, filled_book(), name="scan.pdf.xlsx").rename(tmp_path / "anything.dat")
    put_table(tmp_path, "conclusion", CONCLUSION, name="outcomes.txt")
    put_table(tmp_path, "asked", ASKED, name="x")
    put_table(tmp_path, "sample", SAMPLE, name="deep/er/drawn.csv")
    put_csv(tmp_path, csv_rows(forms.PLAN, {}), name="conclusions.csv")
    assert kinds(tmp_path) == {
        "anything.dat": ("answer workbook", True), "outcomes.txt": ("conclusions", True), "x": ("asked", True),
        "deep/er/drawn.csv": ("sample", True), f"{ONE}/conclusions.csv": ("answer table", False),
    }  # fmt: skip


def test_rows_have_the_declared_columns_and_are_sorted_by_key(tmp_path: Path):
    put(tmp_path, filled_book(code=TWO), code=TWO)
    put(tmp_path, filled_book())
    put_table(tmp_path, "conclusion", {**CONCLUSION, "area_code": TWO}, CONCLUSION)
    put_table(tmp_path, "asked", {**ASKED, "area_code": TWO}, ASKED)
    put_table(tmp_path, "sample", {**SAMPLE, "area_code": TWO}, SAMPLE, {**SAMPLE, "area_code": "E06000099"})
    supplied = read(tmp_path)
    held = {
        "answer_file": supplied.files, "answer_problem": supplied.problems, "answer_figure": supplied.figures,
        "answer_text": supplied.texts, "asked": supplied.asked, "conclusion": supplied.conclusions,
        "sample": supplied.sample,
    }  # fmt: skip
    for name, rows in held.items():
        keys = [tuple(row[column] for column in tables()[name].key) for row in rows]
        assert all(tuple(sorted(row)) == tuple(sorted(tables()[name].column_names)) for row in rows), name
        assert keys == sorted(set(keys)), name
        assert rows, name
    assert supplied.conclusions[0]["replaced_gbp"] == 1_200_000.0
    assert supplied.sample[0]["drawn"] is True


def test_a_figure_says_where_it_stands_and_takes_its_documents_date_where_it_has_none(tmp_path: Path):
    path = put(tmp_path, filled_book())
    rows = {(row["item"], row["financial_year"]): row for row in read(tmp_path).figures}
    own = rows["own_without_gbp_thousand", "2011-12"]
    assert (own["value_gbp_thousand"], own["sheet"], own["cell"], own["page"]) == (42500.0, "Plan", "C10", "12")
    assert own["file_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    line = rows["amount_gbp_thousand", "2011-12"]
    assert (line["label"], line["document"], line["paper_date"]) == (
        "Home care",
        "Revenue budget 2011-12",
        "2011-02-28",
    )
    given = rows["own_returned_gbp_thousand", "2011-12"]
    assert (given["value_gbp_thousand"], given["document"], given["paper_date"]) == (40000.0, "", "")


def test_a_blank_request_is_no_answer_and_no_problem_wherever_it_lies(tmp_path: Path):
    put(tmp_path, blank_book())
    put(tmp_path, blank_book(), code=TWO)
    for name, file in forms.FILES.items():
        put_csv(tmp_path, csv_rows(name, {}), name=file, code=TWO) if name == forms.PLAN else None
    supplied = read(tmp_path)
    assert supplied.problems == supplied.figures == supplied.texts == []
    assert {(row["used"], row["entries"]) for row in supplied.files} == {(False, 0)}


def test_a_window_alone_may_be_answered(tmp_path: Path):
    put(tmp_path, filled_book())
    supplied = read(tmp_path)
    assert said(supplied) == []
    assert {row["window"] for row in supplied.figures if row["item"] == "own_without_gbp_thousand"} == {"W1"}


def test_letters_documents_and_descriptions_are_not_read_and_nothing_is_said_of_them(tmp_path: Path):
    texts = {
        "letter.html": b"<!DOCTYPE html><p>a, b", "letter.txt": b"Dear office,\n\nwe ask, as \"you know, for papers.\n",
        "answer.csv-metadata.json": b'{"a": 1}', "report.pdf": b"%PDF-1.7\n1,2\n3,4", "scan.png": b"\x89PNG\x00\x01",
        "plan.docx": b"PK\x03\x04word/document.xml", "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    }  # fmt: skip
    for name, data in texts.items():
        (tmp_path / name).write_bytes(data)
    put_csv(tmp_path, [tables()["where_to_look"].column_names], name="where-to-look.csv", code="")
    supplied = read(tmp_path)
    assert supplied.problems == []
    assert {(row["kind"], row["used"]) for row in supplied.files} == {("not read", False)}
    assert len(supplied.files) == len(texts) + 1


CELL_ROWS = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("budget.xlsx", xlsx(CELL_ROWS)), ("budget.csv", b"line,2011-12\nhome care,5\n"),
        ("budget.xls", xls(xls_stream(number(0, 0, 1.5)))), ("empty.xlsx", b""),
    ],
)  # fmt: skip
def test_a_spreadsheet_that_is_no_form_is_taken_for_no_answer_and_named(tmp_path: Path, name: str, data: bytes):
    (tmp_path / name).write_bytes(data)
    supplied = read(tmp_path)
    assert said(supplied) == []
    [(_, _, what)] = said(supplied, refused=False)
    assert what == ("the file is empty" if not data else "taken for no answer: it holds no form of a request")


def saved_as(folder: Path, form: str) -> Path:
    """A filled workbook in another form, made by its bytes."""
    path = put(folder, filled_book(), name="answer.bin")
    data = path.read_bytes()
    mark = forms.mark("made")
    made = {
        "cut short": data[: len(data) // 2],
        "macros": with_macros(data),
        "binary": data.replace(b"xl/workbook.xml", b"xl/workbook.bin"),
        "locked": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "ods": stored(ods("<table:table-row>" + CELL % ("", mark) + "</table:table-row>")),
        "bomb": xlsx('<row r="1"><c r="XFD1048576"><v>1</v></c></row>'),
    }  # fmt: skip
    path.write_bytes(made[form])
    return path


def stored(data: bytes) -> bytes:
    """The same archive, not compressed, as the first part of an OpenDocument file has to be."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(stream, "w") as made:
        for part in archive.namelist():
            made.writestr(part, archive.read(part))
    return stream.getvalue()


def with_macros(data: bytes) -> bytes:
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ("cut short", "cannot be opened"), ("macros", "it holds macros"), ("binary", "binary form"),
        ("locked", "locked with a password"), ("ods", "OpenDocument"), ("bomb", "17,179,869,184 cells"),
    ],
)  # fmt: skip
def test_a_workbook_of_another_form_is_refused_with_one_line(tmp_path: Path, form: str, what: str):
    saved_as(tmp_path, form)
    supplied = read(tmp_path)
    [(_, _, found)] = said(supplied)
    assert what in found
    assert [(row["used"], row["area_code"], row["problems"]) for row in supplied.files] == [(False, ONE, 1)]


def test_a_reader_that_dies_or_fails_is_one_problem_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = put(tmp_path, filled_book())

    def broken(*_: Any) -> Any:
        raise KeyError("planted")

    monkeypatch.setattr(one_file, "open_workbook", broken)
    found = one_file.read_answer_file(path, defaults(), Expected(AREAS, WINDOWS), str(tmp_path))
    assert [problem.what for problem in found.problems] == ["its content cannot be read (KeyError: 'planted')"]
    monkeypatch.undo()
    dead = lambda paths, *_, **__: dict.fromkeys(paths, InputError("it died"))  # noqa: E731
    monkeypatch.setattr("pipelines.supplied.answers.read_answers.read_apart", dead)
    supplied = read_answers(tmp_path, windows=WINDOWS, areas=AREAS, workers=1)
    assert [what for _, _, what in said(supplied)] == ["it died"]


def test_links_locks_and_hidden_files_are_not_read(tmp_path: Path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    put(outside, filled_book(code=TWO), code=TWO)
    path = put(inside, filled_book())
    for name in (f"{ONE}/~$request.xlsx", f"{ONE}/.~lock.request.xlsx#", ".hidden/request.xlsx"):
        (inside / name).parent.mkdir(exist_ok=True)
        (inside / name).write_bytes(path.read_bytes())
    (inside / "link.xlsx").symlink_to(outside / TWO / "request.xlsx")
    (inside / "folder").symlink_to(outside)
    os.mkfifo(inside / "pipe")
    supplied = read(inside)
    assert {row["area_code"] for row in supplied.figures} == {ONE}
    assert [row["file_name"] for row in supplied.files] == [f"{ONE}/request.xlsx", "folder", "link.xlsx", "pipe"]
    assert {(row["file_name"], row["refused"]) for row in supplied.problems} == {
        ("folder", False), ("link.xlsx", False), ("pipe", False),
    }  # fmt: skip


def test_nothing_is_written_into_the_folder_and_the_order_of_workers_does_not_show(tmp_path: Path):
    put(tmp_path, filled_book())
    put(tmp_path, filled_book(code=TWO), code=TWO)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    one, two = (read_answers(tmp_path, windows=WINDOWS, areas=AREAS, workers=workers) for workers in (1, 2))
    assert one == two
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_folder_that_is_none_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="the folder does not exist"):
        read(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="it is not a folder"):
        read(tmp_path / "file")
    assert read(tmp_path).figures == []


# Tables of many areas


def test_a_wrong_row_is_named_with_its_area_and_the_others_are_used(tmp_path: Path):
    wrong = {**CONCLUSION, "area_code": TWO, "replaced_gbp": "a lot"}
    put_table(tmp_path, "conclusion", CONCLUSION, wrong, {**CONCLUSION, "area_code": "E06000099"})
    supplied = read(tmp_path)
    assert [row["area_code"] for row in supplied.conclusions] == [ONE]
    assert [(row["area_code"], row["cell"], row["refused"]) for row in supplied.problems] == [
        (TWO, "D3", True), ("", "A4", True),
    ]  # fmt: skip
    assert supplied.files[0]["used"]


@pytest.mark.parametrize("apart", [False, True])
def test_of_two_conclusions_that_differ_neither_is_used(tmp_path: Path, *, apart: bool):
    other, third = {**CONCLUSION, "outcome": "replaced"}, {**CONCLUSION, "window": "W2"}
    if apart:
        put_table(tmp_path, "conclusion", CONCLUSION, third, name="a.csv")
        put_table(tmp_path, "conclusion", other, name="b.csv")
    else:
        put_table(tmp_path, "conclusion", CONCLUSION, other, third)
    supplied = read(tmp_path)
    assert [row["window"] for row in supplied.conclusions] == ["W2"]
    assert [row["area_code"] for row in supplied.problems if row["refused"]] == [ONE, ONE]


def test_the_same_conclusion_twice_counts_once_and_is_named(tmp_path: Path):
    put_table(tmp_path, "conclusion", CONCLUSION, name="a.csv")
    put_table(tmp_path, "conclusion", CONCLUSION, name="b.csv")
    supplied = read(tmp_path)
    assert len(supplied.conclusions) == 1
    assert said(supplied) == []
    assert len(said(supplied, refused=False)) == 2


@pytest.mark.parametrize(("day", "told"), [("1 May 2026", "2026-05-01"), ("31/05/2026", "2026-05-31")])
def test_days_of_tables_may_be_written_as_on_the_forms(tmp_path: Path, day: str, told: str):
    put_table(tmp_path, "conclusion", {**CONCLUSION, "date": day})
    put_table(tmp_path, "asked", {**ASKED, "date": day})
    supplied = read(tmp_path)
    assert [row["date"] for row in (*supplied.conclusions, *supplied.asked)] == [told, told]


def test_of_two_samples_that_differ_neither_is_used_and_a_copy_does_no_harm(tmp_path: Path):
    put_table(tmp_path, "sample", SAMPLE, name="a.csv")
    put_table(tmp_path, "sample", SAMPLE, name="b.csv")
    supplied = read(tmp_path)
    assert [row["area_code"] for row in supplied.sample] == [ONE]
    assert supplied.problems == []
    put_table(tmp_path, "sample", {**SAMPLE, "seed": "8"}, name="b.csv")
    supplied = read(tmp_path)
    assert supplied.sample == []
    assert [row["file_name"] for row in supplied.problems if row["refused"]] == ["a.csv", "b.csv"]
    assert not any(row["used"] for row in supplied.files)


def test_an_area_asked_twice_in_the_same_way_was_asked_once(tmp_path: Path):
    put_table(tmp_path, "asked", ASKED, ASKED, name="a.csv")
    put_table(tmp_path, "asked", ASKED, {**ASKED, "kind": "comment"}, name="b.csv")
    supplied = read(tmp_path)
    assert [row["kind"] for row in supplied.asked] == ["comment", "papers"]
    assert supplied.problems == []


def test_an_answer_and_what_it_says_do_not_depend_on_its_name_or_folder(tmp_path: Path):
    put(tmp_path / "a", filled_book())
    put(tmp_path / "b", filled_book(), code="inbox/of/june", name="RE request (2).xlsx")
    assert values(read(tmp_path / "a")) == values(read(tmp_path / "b"))
