"""Workbooks: hidden parts are no publication, merged cells fill downwards, formulas without a value are named."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hostile_files import ods, zipped
from payment_files import HEAD, amounts, closes, codes, loaded, payment, workbook

ROWS = [HEAD, *(payment(number, number * 1000.0) for number in range(1, 9))]
COPY = [HEAD, *(payment(number, number * 1030.0) for number in range(1, 9))]


def hide_sheet(book: Any, state: str = "hidden") -> None:
    book["Working copy"].sheet_state = state


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("first", [True, False])
def test_a_hidden_sheet_is_not_read_and_is_named(tmp_path: Path, state: str, *, first: bool) -> None:
    sheets = {"Working copy": COPY, "June": ROWS} if first else {"June": ROWS, "Working copy": COPY}
    data = workbook(sheets, lambda book: hide_sheet(book, state))
    found = loaded(tmp_path, data, "June 2019.xlsx")
    assert sum(amounts(found)) == 36_000.0
    assert "sheet 'Working copy' is hidden and not read" in found.record["notes"]


def test_a_workbook_of_hidden_sheets_is_refused(tmp_path: Path) -> None:
    data = workbook({"June": ROWS, "Cover": [["Nothing"]]})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = bytes(parts["xl/workbook.xml"]).replace(b'state="visible"', b'state="hidden"')  # type: ignore[arg-type]
    assert loaded(tmp_path, zipped(parts), "June 2019.xlsx").record["reason"] == "every sheet is hidden"


def hide_rows(book: Any) -> None:
    book["June"].row_dimensions[4].hidden = True
    book["June"].row_dimensions[9].hidden = True


def test_hidden_rows_are_set_aside(tmp_path: Path) -> None:
    found = loaded(tmp_path, workbook({"June": ROWS}, hide_rows), "June 2019.xlsx")
    assert codes(found) == ["PAY-009", "PAY-009"]
    assert sum(amounts(found)) == 36_000.0 - 3_000.0 - 8_000.0
    assert closes(found)


def test_a_hidden_column_is_not_used(tmp_path: Path) -> None:
    rows = [[*HEAD, "Net Amount"], *([*row, 1.0] for row in ROWS[1:])]

    def hide(book: Any) -> None:
        book["June"].column_dimensions["F"].hidden = True

    found = loaded(tmp_path, workbook({"June": rows}, hide), "June 2019.xlsx")
    assert sum(amounts(found)) == 36_000.0
    assert "column F is hidden and not used" in found.record["notes"]


def test_a_file_whose_amounts_are_hidden_is_refused_for_that(tmp_path: Path) -> None:
    def hide(book: Any) -> None:
        book["June"].column_dimensions["E"].hidden = True

    found = loaded(tmp_path, workbook({"June": ROWS}, hide), "June 2019.xlsx")
    assert found.record["outcome"] == "refused"
    assert "column E is hidden" in found.record["reason"]


OPEN = '<table:table-row{more}><table:table-cell office:value-type="string"><text:p>{payee}</text:p></table:table-cell>'
OPEN += (
    '<table:table-cell office:value-type="string"><text:p>{day}</text:p></table:table-cell>'
    '<table:table-cell office:value-type="string"><text:p>{amount}</text:p></table:table-cell></table:table-row>'
)


def test_hidden_rows_of_an_open_document_are_set_aside(tmp_path: Path) -> None:
    rows = OPEN.format(more="", payee="Supplier", day="Date", amount="Amount")
    for at in range(1, 5):
        more = ' table:visibility="filter"' if at == 2 else ""
        rows += OPEN.format(more=more, payee=f"Madeham {at} Ltd", day=f"0{at}/06/2019", amount=f"{at}00.00")
    data = ods(rows)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name).decode() for name in archive.namelist()}
    kinds = {"office": "office", "table": "table", "text": "text"}
    for short, name in kinds.items():
        old = {"office": "o", "table": "t", "text": "x"}[short]
        parts["content.xml"] = str(parts["content.xml"]).replace(
            f'xmlns:{short}="{old}"', f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        )
    found = loaded(tmp_path, zipped(parts), "June 2019.ods")
    assert amounts(found) == [100.0, 300.0, 400.0]
    assert codes(found) == ["PAY-009"]


@pytest.mark.parametrize("both", [{"June": ROWS, "All": [*ROWS, payment(9, 9000.0)]}, {"June": ROWS, "Copy": ROWS},
                                  {"All": ROWS, "Adults": ROWS[:5]}])  # fmt: skip
def test_a_summary_or_pivot_sheet_is_no_list_of_payments(tmp_path: Path, both: dict[str, Any]) -> None:
    pivot = [["Supplier Name", "Amount"], *([row[2], row[4]] for row in ROWS[1:])]
    found = loaded(tmp_path, workbook({"Pivot": pivot, **both}), "June 2019.xlsx")
    assert "sheet 'Pivot' is not read: a summary without dates and transactions" in found.record["notes"]


def merge(*ranges: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        for cells in ranges:
            book["June"].merge_cells(cells)

    return change


def test_a_merged_payee_is_the_payee_of_all_its_rows(tmp_path: Path) -> None:
    rows = [
        HEAD,
        *(payment(at, at * 100.0, payee="NHS Wiltshire CCG" if at in (1, 4) else "Alder Ltd") for at in range(1, 7)),
    ]
    found = loaded(tmp_path, workbook({"June": rows}, merge("C2:C4", "C5:C7", "A2:A7")), "June 2019.xlsx")
    assert found.columns["supplier_raw"] == ["NHS Wiltshire CCG"] * 6
    assert found.columns["department_family"] == ["Adult Care"] * 6
    assert "merged cells are filled downwards: A2:A7, C2:C4, C5:C7" in found.record["notes"]


def test_merged_dates_fill_and_merged_amounts_do_not(tmp_path: Path) -> None:
    found = loaded(tmp_path, workbook({"June": ROWS}, merge("B2:B4", "E5:E6")), "June 2019.xlsx")
    assert found.columns["date"][:3] == ["2019-06-02"] * 3
    assert codes(found) == ["PAY-004"]
    assert sum(amounts(found)) == 36_000.0 - 5_000.0


def test_a_title_merged_over_columns_changes_nothing(tmp_path: Path) -> None:
    rows = [["Payments", "", "", "", ""], *ROWS]
    found = loaded(tmp_path, workbook({"June": rows}, merge("A1:E1")), "June 2019.xlsx")
    assert sum(amounts(found)) == 36_000.0
    assert "merged" not in found.record["notes"]


@pytest.mark.parametrize("cell", ["=F2/1.2", "=SUM(F2:F2)", "=VLOOKUP(A2,Z1:Z9,1)"])
def test_a_formula_without_a_value_is_named_and_set_aside(tmp_path: Path, cell: str) -> None:
    rows = [[*HEAD[:4], "Net Amount", "Gross Amount"], [*payment(1, cell), 1200.0], [*payment(2, 50.0), 60.0]]
    found = loaded(tmp_path, workbook({"June": rows}), "June 2019.xlsx")
    assert amounts(found) == [50.0]
    assert codes(found) == ["PAY-007"]
    assert "formula without a value" in found.quarantine[0]["reason"]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!"])
def test_an_error_in_a_cell_of_amounts_is_shown(tmp_path: Path, error: str) -> None:
    found = loaded(tmp_path, workbook({"June": [HEAD, payment(1, error), payment(2, 50.0)]}), "June 2019.xlsx")
    assert (amounts(found), codes(found)) == ([50.0], ["PAY-007"])
    assert found.quarantine[0]["value"] == error


def test_a_payee_that_is_a_formula_without_a_value_is_set_aside(tmp_path: Path) -> None:
    rows = [HEAD, ["Adult Care", "02/06/2019", "=A1", "700001", 10.0], payment(2, 50.0)]
    found = loaded(tmp_path, workbook({"June": rows}), "June 2019.xlsx")
    assert (amounts(found), codes(found)) == ([50.0], ["PAY-014"])


PAGE = "<html><body><table><tr><td>Supplier</td><td>Amount</td></tr></table></body></html>"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (PAGE.encode(), "web page (HTML)"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE HTML PUBLIC>" + PAGE.encode(), "web page (HTML)"),
        (PAGE.encode("utf-16"), "web page (HTML)"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "written as XML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "MHTML"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100), "a picture (JPEG)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture (PNG)"),
        (b"\x1f\x8b\x08" + bytes(100), "packed (gzip)"),
        (b"{\\rtf1 Payments}", "a letter (RTF)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_a_file_that_is_no_table_is_refused_for_what_it_is(tmp_path: Path, data: bytes, said: str) -> None:
    found = loaded(tmp_path, data, "June 2019.xls")
    assert found.record["outcome"] == "refused"
    assert said in found.record["reason"]


def test_an_old_workbook_with_a_password_is_refused_for_that(tmp_path: Path) -> None:
    from hostile_files import xls

    locked = struct.pack("<HHHH", 0x0809, 4, 0x0600, 5) + struct.pack("<HH", 0x002F, 6) + bytes(6)
    assert "password" in loaded(tmp_path, xls(locked + bytes(5000)), "June 2019.xls").record["reason"]
