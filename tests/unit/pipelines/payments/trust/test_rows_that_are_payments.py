"""Rows: totals are no payments, headers rule what stands beneath them, and no line of a text is swallowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from payment_files import HEAD, amounts, closes, codes, loaded, payment, text, workbook

A, B = payment(1, "1200.00", payee="Alder Ltd"), payment(2, "800.50", payee="Alder Ltd")
C, D = payment(3, "650.00", payee="Birch Ltd"), payment(4, "-50.00", payee="Birch Ltd")
PAID = [1200.0, 800.5, 650.0, -50.0]


def total(label: str, amount: str, at: int = 2) -> list[str]:
    row = ["", "", "", "", amount]
    row[at] = label
    return row


@pytest.mark.parametrize(
    "rows",
    [
        [A, B, total("Alder Ltd Total", "2000.50"), C, D, total("Birch Ltd Total", "600.00"),
         total("Grand Total", "2600.50")],
        [A, B, total("Sub-total", "2000.50", 0), C, D, total("Sub-total", "600.00", 0), total("TOTAL", "2600.50", 3)],
        [A, B, total("Alder Ltd", "2000.50"), C, D, total("Birch Ltd", "600.00"), total("", "2600.50")],
        [A, B, total("Adult Care", "2000.50", 0), C, D, total("Adult Care", "600.00", 0), total("All", "2600.50")],
        [total("Total for June", "2600.50", 0), A, B, C, D],
        [A, B, C, D, total("carried forward", "2600.50")],
        [A, B, ["Total", "30/06/2019", "", "", "2000.50"], C, D],
    ],
)  # fmt: skip
def test_a_total_is_no_payment_wherever_its_label_stands(tmp_path: Path, rows: list[Any]) -> None:
    found = loaded(tmp_path, text([HEAD, *rows]))
    assert amounts(found) == PAID
    assert codes(found) == []
    assert closes(found)


def test_a_supplier_whose_name_begins_with_total_stays(tmp_path: Path) -> None:
    rows = [
        A,
        payment(5, "300.00", payee="Total Gas & Power Ltd"),
        ["Adult Care", "", "Total Fitness Ltd", "", "75.00"],
    ]
    assert amounts(loaded(tmp_path, text([HEAD, *rows]))) == [1200.0, 300.0, 75.0]


def test_a_line_equal_to_the_one_above_it_without_date_and_reference_is_set_aside(tmp_path: Path) -> None:
    found = loaded(tmp_path, text([HEAD, A, total("Alder Ltd", "1200.00"), C]))
    assert amounts(found) == [1200.0, 650.0]
    assert codes(found) == ["PAY-008"]


def test_a_total_of_the_file_that_its_rows_do_not_come_to_is_named(tmp_path: Path) -> None:
    found = loaded(tmp_path, text([HEAD, A, B, total("Grand Total", "9999.00")]))
    assert "totals differ from its rows, the last in row 4: 9,999.00, rows 2,000.50" in found.record["notes"]


NET = ("Date", "Supplier", "Transaction number", "Net Amount", "VAT", "Gross Amount")
TURNED = ("Date", "Supplier", "Transaction number", "Gross Amount", "VAT", "Net Amount")


def six(at: int, net: float, *, turned: bool = False) -> list[Any]:
    money = [f"{value:.2f}" for value in (net, net / 5, net * 1.2)]
    return [f"{at:02d}/06/2019", f"Madeham {at} Ltd", f"70{at}", *(money[::-1] if turned else money)]


@pytest.mark.parametrize(
    "rows",
    [
        [NET, six(1, 100), six(2, 200), TURNED, six(3, 300, turned=True), six(4, 400, turned=True)],
        [TURNED, six(1, 100, turned=True), NET, six(2, 200), TURNED, six(3, 300, turned=True), NET, six(4, 400)],
        [["Invoices"], NET, six(1, 100), six(2, 200), [], ["Late ones"], TURNED, six(3, 300, turned=True),
         six(4, 400, turned=True)],
        [NET, *(six(at, 100) for at in range(1, 29)), NET, *(six(at, 100) for at in range(1, 29)), TURNED,
         six(3, 300, turned=True)],
    ],
)  # fmt: skip
def test_the_header_above_a_row_says_what_its_columns_are(tmp_path: Path, rows: list[Any]) -> None:
    found = loaded(tmp_path, text([list(row) for row in rows]))
    payments = [row for row in rows if len(row) == 6 and row not in (NET, TURNED)]
    assert sum(amounts(found)) == pytest.approx(sum(float(min(row[3], row[5], key=float)) for row in payments))
    assert len(amounts(found)) == len(payments)
    assert closes(found)


def test_a_header_far_down_a_long_file_rules_the_rows_beneath_it(tmp_path: Path) -> None:
    long = [six(at % 28 + 1, 100) for at in range(700)]
    found = loaded(tmp_path, text([NET, *long, TURNED, six(5, 1000, turned=True)]))
    assert amounts(found)[-1] == 1000.0
    assert "another header in row 702" in found.record["notes"]


CARDS = ("Merchant name", "Date", "Amount", "Transaction number")


@pytest.mark.parametrize("gap", [[[]], [[], ["Purchase cards"]], [["Purchase cards", "", ""], []]])
def test_a_second_table_below_is_read_as_its_own(tmp_path: Path, gap: list[Any]) -> None:
    first = [[f"0{at}/06/2019", f"Madeham {at} Ltd", f"81000{at}", f"{at}000.00"] for at in (1, 2, 3)]
    second = [[f"Shop {at}", f"1{at}/06/2019", f"{at}0.00", f"82000{at}"] for at in (1, 2)]
    found = loaded(tmp_path, text([HEAD[1:], *first, *gap, CARDS, *second]))
    assert amounts(found) == [1000.0, 2000.0, 3000.0, 10.0, 20.0]
    assert found.columns["supplier_raw"][-1] == "Shop 2"
    assert closes(found)


def test_a_wider_second_table_does_not_hide_the_first(tmp_path: Path) -> None:
    first = [["01/06/2019", "Madeham 1 Ltd", "10.00"], ["02/06/2019", "Madeham 2 Ltd", "20.00"]]
    rows = [["Date", "Supplier", "Amount"], *first, [], ["Entity", *HEAD], ["Wiltshire Council", *A]]
    assert amounts(loaded(tmp_path, text(rows))) == [10.0, 20.0, 1200.0]


@pytest.mark.parametrize("between", [["", ""], [""], []])
def test_a_second_table_beside_the_first_is_read_as_its_own(tmp_path: Path, between: list[str]) -> None:
    rows = [[*HEAD[1:], *between, *HEAD[1:]]]
    rows += [[*payment(at, f"{at}000")[1:], *between, *payment(at + 10, f"{at}0")[1:]] for at in (1, 2, 3)]
    found = loaded(tmp_path, workbook({"June": rows}), "June 2019.xlsx")
    assert sorted(amounts(found)) == [10.0, 20.0, 30.0, 1000.0, 2000.0, 3000.0]
    assert len(set(found.columns["record_id"])) == 6
    assert closes(found)


def test_rows_beneath_a_header_that_is_not_understood_are_set_aside(tmp_path: Path) -> None:
    other = [["Shop 1", "11/06/2019", "820001", "9"], ["Shop 2", "12/06/2019", "820002", "8"]]
    found = loaded(tmp_path, text([HEAD[1:], A[1:], C[1:], [], ["Supplier", "Date", "Whatsit", "Howmuch"], *other]))
    assert amounts(found) == [1200.0, 650.0]
    assert codes(found) == ["PAY-013", "PAY-013"]
    assert closes(found)


@pytest.mark.parametrize("first", ["1", "A1", "row 1"])
def test_a_leading_number_without_a_header_moves_the_columns(tmp_path: Path, first: str) -> None:
    rows = [[first.replace("1", str(at)), *payment(at, f"{at}00.00")] for at in range(1, 7)]
    found = loaded(tmp_path, text([HEAD, *rows]))
    assert amounts(found) == [100.0, 200.0, 300.0, 400.0, 500.0, 600.0]
    assert "one cell more than the header" in found.record["notes"]


def test_a_row_with_more_cells_than_the_header_is_set_aside(tmp_path: Path) -> None:
    rows = "".join(f"Adult Care,0{at}/06/2019,Madeham {at} Ltd,70{at},{at}00.00\n" for at in range(1, 9))
    found = loaded(tmp_path, ",".join(HEAD) + "\n" + rows + "Adult Care,09/06/2019,Madeham Ltd,709,1,234.00\n")
    assert codes(found) == ["PAY-011"]
    assert len(amounts(found)) == 8


def lined(*payees: str) -> str:
    rows = [f"Adult Care,{at:02d}/06/2019,{payee},70{at},{at}00.00\r\n" for at, payee in enumerate(payees, 1)]
    return ",".join(HEAD) + "\r\n" + "".join(rows)


@pytest.mark.parametrize(
    "payees",
    [
        ["One Ltd", '"Five Oaks Ltd', *(f"P{at} Ltd" for at in range(9))],
        ["One Ltd", '"Five Oaks Ltd', "Two Ltd", '24" Pipes Ltd', '"Quiet Lane" Homes Ltd', "Three Ltd"],
        ['"One Ltd', "Two Ltd", "Three Ltd", 'Four" Ltd'],
        ["One Ltd", '"Smith, Jones"', '"Five Oaks Ltd', '"Bolt, Nut"', "Two Ltd"],
        [*(f"P{at} Ltd" for at in range(400)), '"Late Ltd', *(f"Q{at} Ltd" for at in range(40))],
    ],
)
def test_a_quotation_mark_that_is_never_closed_swallows_no_line(tmp_path: Path, payees: list[str]) -> None:
    payees = payees[:28] if len(payees) < 100 else payees
    found = loaded(tmp_path, lined(*payees).replace("/06/2019", "/06/2019"))
    assert len(amounts(found)) + len(codes(found)) == len(payees)
    assert codes(found) == []
    assert "never closed" in found.record["notes"]
    assert closes(found)


def test_a_line_with_a_stray_quote_that_cannot_be_split_is_set_aside(tmp_path: Path) -> None:
    found = loaded(tmp_path, lined("One Ltd", '"Smith, Jones Ltd', "Two Ltd", "Three Ltd"))
    assert amounts(found) == [100.0, 300.0, 400.0]
    assert codes(found) == ["PAY-007"]
    assert "never closed" in found.quarantine[0]["reason"]


def test_a_line_break_within_a_cell_is_no_stray_quote(tmp_path: Path) -> None:
    found = loaded(tmp_path, lined("One Ltd", '"Two Ltd\r\nMadeham"', "Three Ltd"))
    assert amounts(found) == [100.0, 200.0, 300.0]
    assert found.record["lines_inside_cells"] == 1
    assert "never closed" not in found.record["notes"]
    assert closes(found)


def test_both_kinds_of_quotes_in_one_file_are_told_apart(tmp_path: Path) -> None:
    found = loaded(tmp_path, lined("One Ltd", '"Two Ltd\r\nMadeham"', '"Five Oaks Ltd', "Three Ltd"))
    assert amounts(found) == [100.0, 200.0, 300.0, 400.0]
    assert closes(found)


def test_a_stray_quote_above_the_header_does_not_hide_it(tmp_path: Path) -> None:
    found = loaded(tmp_path, '"Payments over 500\r\n' + lined("One Ltd", "Two Ltd", "Three Ltd"))
    assert amounts(found) == [100.0, 200.0, 300.0]
