"""Whole columns at once: the same answers as one text at a time, and hashes that tell texts apart."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.payments.file.amounts import Slide
from pipelines.payments.file.canonical import one_line
from pipelines.payments.file.load_file import load_file, read_payments
from pipelines.payments.file.payee_columns import PAYEE, payee_columns
from pipelines.payments.file.payees import resolve
from pipelines.payments.file.row_reasons import text_of
from pipelines.payments.ledger.stage import read_staged, write_tables
from pipelines.payments.words.expense_names import fold_name, fold_names
from pipelines.payments.words.organisations import normalise
from pipelines.payments.words.row_hash import hash_rows, hash_texts
from pipelines.payments.words.texts import Coded, coded, loosely_coded, says

WORDS = ["the", "The", "N H S", "n", "h", "nhs", "Camden", "Council", "London Borough of", "Devon", "CCG", "(", ")",
         "#", "!", "&", "'", "’", "  ", "Ltd", "redacted", "CONFIDENTIAL", "Boots", "é", "ﬁre", "K", "care", ".", "-",
         "primary care trust", "LB", "Hospital", "Nhs Trust"]  # fmt: skip
NAMES = st.one_of(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), st.text(max_size=12))


def texts_of(column: Any) -> list[Any]:
    return (column.texts.take(pa.array(column.codes)) if isinstance(column, Coded) else column).to_pylist()


@settings(deadline=None)
@given(names=st.lists(NAMES, min_size=1, max_size=30, unique=True))
@example(names=["Nobody of note", "NHS Devon CCG", "the the", "a (b) c council", "N (x) H S Devon"])
@example(names=["NHS Devon CCG"])
def test_payees_of_a_column_are_those_of_its_names_one_by_one(names: list[str]) -> None:
    codes = np.array([*range(len(names)), 0])
    columns = payee_columns(Coded(codes, pa.array(names, pa.string())))
    assert list(columns) == list(PAYEE)
    every = [*names, names[0]]
    assert texts_of(columns["supplier_raw"]) == every
    assert texts_of(columns["supplier_clean"]) == [normalise(name) for name in every]
    for column, field in (("supplier_kind", "kind"), ("supplier_org_code", "code"), ("supplier_area_code", "area_code"),
                          ("supplier_match_score", "score"), ("supplier_match_reason", "reason")):  # fmt: skip
        assert texts_of(columns[column]) == [getattr(resolve(name), field) for name in every], column
    for name, hidden in zip(every, texts_of(columns["redacted"]), strict=True):
        assert hidden == any(word in name.casefold() for word in ("redact", "confidential"))


@settings(deadline=None)
@given(names=st.lists(NAMES, max_size=30))
def test_account_names_of_a_column_are_folded_as_one_by_one(names: list[str]) -> None:
    assert fold_names(pa.array(names, pa.string())).to_pylist() == [fold_name(name) for name in names]


@settings(deadline=None)
@given(texts=st.lists(st.text(alphabet="ab \t\n\u00a0é~\x7f", max_size=5), max_size=8))
@example(texts=["a ", "b"])
@example(texts=["a", "", " b"])
@example(texts=["a b", "", "~"])
def test_texts_of_a_column_stand_on_one_line_as_one_by_one(texts: list[str]) -> None:
    column = pa.array(["before ", *texts, " after"], pa.string())[1 : len(texts) + 1]
    assert one_line(column).to_pylist() == [text_of(text) for text in texts]


@settings(deadline=None)
@given(texts=st.lists(st.text(max_size=40), max_size=50))
@example(texts=["a", "a\0", "", "12345678", "123456789", "12345678\0"])
def test_equal_texts_have_equal_hashes_and_others_have_not(texts: list[str]) -> None:
    hashes = hash_texts(pa.array(["before", *texts], pa.string())[1:]).tolist()
    assert len(set(zip(texts, hashes, strict=True))) == len(set(texts)) == len(set(hashes))
    assert all((text == "") == (number == 0) for text, number in zip(texts, hashes, strict=True))


@settings(deadline=None)
@given(texts=st.lists(st.sampled_from(["", "a", "b", "12345678", "a longer text than eight", "\u00e9"]), min_size=1))
@example(texts=["a", "b", "", "b", "c"])
def test_rows_have_the_same_hash_however_their_columns_are_coded(texts: list[str]) -> None:
    column, pounds = pa.array(texts, pa.string()), np.arange(len(texts)) / 4
    some = np.flatnonzero([text != "a" for text in texts])
    for rows in (slice(0, len(texts)), slice(1, len(texts)), some):
        made = [hash_rows([how(column).of(rows)], pounds[rows]).tolist() for how in (coded, loosely_coded)]
        alone = [hash_rows([coded(column[at : at + 1])], pounds[at : at + 1])[0] for at in np.arange(len(texts))[rows]]
        assert made[0] == made[1] == alone


@settings(deadline=None)
@given(texts=st.lists(st.text(alphabet="a \t\n\x1c\x85\u00a0\u2003\u200b\u3000\x7f\0\u00e9", max_size=4), max_size=12))
def test_texts_that_are_more_than_white_space_are_those_python_finds(texts: list[str]) -> None:
    assert says(pa.array(["before", *texts], pa.string())[1:]).tolist() == [bool(text.strip()) for text in texts]


def test_blank_lines_between_payments_leave_their_row_numbers_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    rows = "".join(f"MADE SUPPLIES LTD,{day:02d}/04/2020,T{day},{day}.50\n,,,\n" for day in range(1, 21))
    path = tmp_path / "april.csv"
    path.write_text(f"Made Council\n,,,\nSupplier,Date,Transaction Number,Amount\n,,,\n{rows}", encoding="utf-8")
    loaded = load_file(path, tmp_path)
    assert loaded.columns["source_row"] == list(range(5, 45, 2))
    assert loaded.columns["amount_gbp"] == [day + 0.5 for day in range(1, 21)]
    assert [loaded.record[name] for name in ("rows_read", "rows_kept", "rows_quarantined", "rows_not_data")] == [
        22,
        20,
        0,
        2,
    ]


@settings(deadline=None)
@given(texts=st.lists(st.text(alphabet="0123456789.()-\u00a3, x", max_size=10), max_size=30))
@example(texts=["1234567", " 12345678 ", "1.23", "(1.23)", "1.23-", "", "123456789.00", " 4.56 "])
def test_slid_numbers_and_pence_are_counted_as_patterns_find_them(texts: list[str]) -> None:
    seen = Slide()
    seen.add(pa.array(["before", *texts], pa.string())[1:], np.full(len(texts), 2))
    assert seen.cells == 2 * len(texts)
    assert seen.bare == 2 * sum(bool(re.fullmatch("[0-9]{7,9}", text.strip())) for text in texts)
    assert seen.pence == 2 * sum(bool(re.search(r"[.][0-9]{2}[)]?-?$", text.strip())) for text in texts)


def test_sheets_with_other_columns_are_staged_together_and_read_back_whole(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Second")
    assert first is not None
    for row in (["Supplier", "Date", "Transaction Number", "Net Amount", "Gross Amount", "Expense Area"],
                ["MADE SUPPLIES LTD", "01/04/2020", "T1", 100.5, 120.6, "REABLEMENT"],
                ["MADE CARE LTD", "02/04/2020", "T2", 7, 8.4, "REABLEMENT"]):  # fmt: skip
        first.append(row)
    for row in (["Supplier", "Date", "Amount", "Directorate"], ["MADE HOMES LTD", "03/04/2020", 55, "Adults"],
                ["MADE LANE LTD", "04/04/2020", 66, "Children"]):  # fmt: skip
        second.append(row)
    path = tmp_path / "in" / "Camden Council" / "april.xlsx"
    path.parent.mkdir(parents=True)
    book.save(path)

    reading = read_payments(path, tmp_path / "in")
    write_tables(reading.tables(), tmp_path / "staged")
    rows = [row for table in read_staged(tmp_path / "staged", reading.same) for row in table.to_pylist()]
    start = reading.record["file_sha256"][:12]
    assert [row["record_id"] for row in rows] == [f"{start}:{sheet}:{row}" for sheet in (0, 1) for row in (2, 3)]
    assert [row["amount_gbp"] for row in rows] == [100.5, 7.0, 55.0, 66.0]
    assert [row["amount_net"] for row in rows] == [100.5, 7.0, None, None]
    assert [row["amount_basis"] for row in rows] == ["net", "net", "unknown", "unknown"]
    assert [row["transaction_number"] for row in rows] == ["T1", "T2", "", ""]
    assert [row["expense_area"] for row in rows] == ["REABLEMENT", "REABLEMENT", "", ""]
    assert [row["department"] for row in rows] == ["", "", "Adults", "Children"]
    assert [row["sheet"] for row in rows] == ["Sheet", "Sheet", "Second", "Second"]
    looked_at = load_file(path, tmp_path / "in").columns
    assert looked_at == {name: [row[name] for row in rows] for name in looked_at}


@pytest.mark.parametrize("column", ["source_file", "file_sha256", "body_name", "flags", "procurement_class"])
def test_what_all_rows_of_a_file_have_in_common_is_not_staged_with_every_row(tmp_path: Path, column: str) -> None:
    path = tmp_path / "Camden Council" / "april.csv"
    path.parent.mkdir()
    path.write_text("Supplier,Date,Amount\nMADE SUPPLIES LTD,13/04/2020,100.50\n", encoding="utf-8")
    reading = read_payments(path, tmp_path)
    (table,) = reading.tables()
    assert column in reading.same and column not in table.column_names
