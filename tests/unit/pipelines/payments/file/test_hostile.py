"""Payment files that want to do harm: one clear reason each, bounded memory and time, and the batch goes on."""

from __future__ import annotations

import argparse
import os
import random
import re
import time
from dataclasses import replace
from pathlib import Path

import hostile_files  # noqa: E402
import pytest
from pyarrow import dataset, fs

from pipelines.declarations.limits import limits, use
from pipelines.errors import EXIT_INPUT, EXIT_OK, EXIT_QUARANTINED, InputError
from pipelines.payments.file import sniff, tables
from pipelines.payments.file.load_file import load_file, read_payments
from pipelines.payments.ledger import stage as staging
from pipelines.payments.ledger.ledger import read_ledger
from pipelines.payments.load.commands import file_lines, run_payments
from pipelines.payments.load.load_payments import load_payments
from pipelines.payments.sheet.blocks import LONGEST_LINE

HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
ROW = "NHS Bolton CCG,30/04/2020,Services,COMMUNITY,{payee},{number},{amount}\n"
FINE = HEAD + ROW.format(payee="MADEHAM WORKS LTD", number=1, amount="5.00")
SECONDS = 20


def pdf_without_text() -> bytes:
    import io

    import pypdfium2

    book, stream = pypdfium2.PdfDocument.new(), io.BytesIO()
    book.new_page(595, 842)
    book.save(stream)
    return stream.getvalue()


def reason(folder: Path, data: bytes, name: str = "x.csv") -> str:
    path = folder / name
    path.write_bytes(data)
    began = time.monotonic()
    record = read_payments(path, folder).record
    assert time.monotonic() - began < SECONDS
    assert record["outcome"] == "refused"
    return str(record["reason"])


CASES = {
    "zip bomb": (lambda: hostile_files.xlsx(" " * 60_000_000), "times its size"),
    "a cell at the far end": (lambda: hostile_files.xlsx('<row><c r="XFD1048576"><v>1</v></c></row>'), "cells"),
    "a million columns": (lambda: b"Amount," * 1_000_000 + b"\n1\n", "columns"),
    "an endless line": (lambda: b"Date,Amount\n" + b"a" * (LONGEST_LINE + 9), "cells|characters"),
    "a giant cell": (lambda: FINE.encode() + b'"' + b"x," * 200_000, "cells"),
    "binary noise": (lambda: random.Random(1).randbytes(200_000), "neither"),
    "noise that begins as a workbook": (lambda: b"PK\x03\x04" + random.Random(2).randbytes(50_000), "cannot be opened"),
    "a PDF without text": (pdf_without_text, "holds no text"),
    "a PDF cut short": (lambda: pdf_without_text()[:200], "PDF"),
    "nothing but white space": (lambda: b" \r\n\t" * 500_000, "empty"),
    "nothing but line ends": (lambda: b"\r" * 3_000_000 + b"x", "no header"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_payment_file_is_refused_with_its_reason_in_bounded_time(name: str, tmp_path: Path) -> None:
    made, expected = CASES[name]
    found = reason(tmp_path, made())
    assert re.search(expected, found), found


def test_all_of_them_in_one_folder_are_refused_within_a_gigabyte_each_and_the_sound_file_is_read(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "in" / "body"
    folder.mkdir(parents=True)
    (folder / "sound.csv").write_text(FINE)
    for number, (made, _) in enumerate(CASES.values()):
        (folder / f"{number}.csv").write_bytes(made())
    try:
        use(replace(limits(), file_memory_bytes=1 << 30, file_seconds=SECONDS))
        files = load_payments(tmp_path / "in", tmp_path / "out", workers=1).files
    finally:
        use(None)
    told = {Path(record["source_file"]).stem: record for record in files}
    assert told.pop("sound")["outcome"] == "read"
    for number, (name, (_, expected)) in enumerate(CASES.items()):
        found = told.pop(str(number))
        assert found["outcome"] in ("refused", "copy"), name
        assert re.search(f"{expected}|a copy of", found["reason"]), (name, found["reason"])
    assert not told


def test_five_gigabytes_of_nothing_are_refused_from_their_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"")
    os.truncate(path, 5 << 30)
    began = time.monotonic()
    assert "neither" in read_payments(path, tmp_path).record["reason"]
    assert time.monotonic() - began < SECONDS


def test_a_text_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(FINE)
    os.truncate(path, sniff.LARGEST_TEXT + 1)
    assert "larger than" in read_payments(path, tmp_path).record["reason"]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.csv"
    path.write_text(FINE)
    sort = tables.sort_block

    def change(*arguments: object) -> None:
        path.write_text(FINE * 2)
        sort(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(tables, "sort_block", change)
    assert "changed while it was read" in read_payments(path, tmp_path).record["reason"]


def test_a_file_that_keeps_its_reader_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_SECONDS", -1)
    assert "seconds" in reason(tmp_path, FINE.encode())


def test_what_no_reader_foresaw_is_a_reason_to_refuse_one_file_and_a_broken_account_is_a_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.csv").write_text(FINE)

    def broken(error: Exception) -> None:
        def read(*_: object) -> None:
            raise error

        monkeypatch.setattr(staging, "read_payments", read)

    broken(IndexError("out of bounds"))
    problem = staging.stage_apart(tmp_path / "x.csv", limits(), tmp_path, tmp_path)
    assert problem
    assert "IndexError: out of bounds" in problem.what
    broken(AssertionError("the account does not close"))
    with pytest.raises(AssertionError):
        staging.stage_apart(tmp_path / "x.csv", limits(), tmp_path, tmp_path)


@pytest.mark.parametrize("address", ["s3://bucket/payments", "file:///payments"])
def test_the_address_of_a_store_is_refused_with_what_to_do(address: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="address of a store"):
        load_payments(Path(address), tmp_path)


def test_a_folder_copied_by_a_filesystem_of_arrow_gives_the_same_ledger_which_can_be_read_from_a_store(
    tmp_path: Path,
) -> None:
    (tmp_path / "store" / "body").mkdir(parents=True)
    (tmp_path / "store" / "body" / "x.csv").write_text(FINE)
    fs.copy_files((tmp_path / "store").as_uri(), (tmp_path / "here").as_uri())
    for given, out in (("store", "direct"), ("here", "ledger")):
        load_payments(tmp_path / given, tmp_path / out)
    fs.copy_files((tmp_path / "ledger" / "payment").as_uri(), (tmp_path / "back").as_uri())
    stored, place = fs.FileSystem.from_uri((tmp_path / "back").as_uri())
    read = dataset.dataset(place, filesystem=stored, partitioning="hive").to_table()
    assert read["amount_gbp"].to_pylist() == [5.0]
    for path in (tmp_path / "direct" / "payment").rglob("*.parquet"):
        assert (tmp_path / "back" / path.relative_to(tmp_path / "direct" / "payment")).read_bytes() == path.read_bytes()


def test_lines_in_two_encodings_are_each_read_in_their_own(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    one, two, three = (ROW.format(payee=f"CAF{mark} LTD", number=n, amount="£5.00") for n, mark in enumerate("éèê"))
    path.write_bytes(HEAD.encode() + one.encode() + two.encode("cp1252") + three.encode())
    loaded = load_file(path, tmp_path)
    assert loaded.columns["supplier_raw"] == ["CAFé LTD", "CAFè LTD", "CAFê LTD"]
    assert loaded.columns["amount_gbp"] == [5.0, 5.0, 5.0]


def test_the_batch_goes_on_and_the_exit_code_says_what_became_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()

    printed: list[str] = []

    def run(*, strict: bool) -> int:
        told = {
            "folder": folder,
            "out": tmp_path / "out",
            "workers": 1,
            "cluster": "",
            "strict": strict,
            "extract": None,
        }
        answer = run_payments(argparse.Namespace(**told))
        printed.extend(answer.lines)
        return answer.code

    (folder / "noise.csv").write_bytes(random.Random(1).randbytes(9_000))
    assert run(strict=False) == EXIT_INPUT
    formula = ROW.format(payee="\"=cmd|' /C calc'!A0\"", number=2, amount="7.50")
    (folder / "fine.csv").write_text(FINE + formula + "Printed on Monday,,,,,,\n")
    assert run(strict=False) == EXIT_OK
    assert run(strict=True) == EXIT_QUARANTINED
    assert "fine.csv: 4 rows = 2 kept + 0 set aside + 0 repeated + 2 not data" in printed
    assert any(line.startswith("refused: noise.csv: the file is neither a spreadsheet, a PDF") for line in printed)
    assert read_ledger(tmp_path / "out", ["supplier_raw"])["supplier_raw"].to_pylist()[1].startswith("=cmd")


def test_the_account_of_a_file_is_printed_as_a_sum_that_closes() -> None:
    record = {"source_file": "x.csv", "outcome": "read", "rows_read": 1200, "rows_kept": 1190, "rows_quarantined": 3,
              "rows_repeated": 5, "rows_not_data": 2}  # fmt: skip
    assert file_lines([record]) == ["x.csv: 1,200 rows = 1,190 kept + 3 set aside + 5 repeated + 2 not data"]
