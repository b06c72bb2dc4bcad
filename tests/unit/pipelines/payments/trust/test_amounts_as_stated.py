"""Amounts: the unit a file states, one grammar, and every column of money accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from payment_files import HEAD, amounts, closes, codes, loaded, payment, text, workbook

from pipelines.payments.words.grammar import may_mean, pounds_of
from pipelines.payments.words.units import least_in, unit_in

SMALL = [payment(1, "31.5"), payment(2, "1250.0"), payment(3, "44.2")]
IN_THOUSANDS = [31_500.0, 1_250_000.0, 44_200.0]


@pytest.mark.parametrize(
    "rows",
    [
        [["All amounts in £000"], HEAD, *SMALL],
        [["Payments over £25k"], ["£ thousands"], HEAD, *SMALL],
        [[*HEAD[:4], "Amount (£000)"], *SMALL],
        [[*HEAD[:4], "Amount £'000"], *SMALL],
        [[*HEAD[:4], "Amount £k"], *SMALL],
        [HEAD, ["", "", "", "", "£000s"], *SMALL],
        [HEAD, *SMALL, ["All figures are in thousands of pounds"]],
        [HEAD, *SMALL, ["", "Note: amounts are shown in £000"]],
    ],
)
def test_a_unit_stated_in_title_header_or_note_holds_for_the_amounts(tmp_path: Path, rows: list[Any]) -> None:
    found = loaded(tmp_path, text(rows))
    assert amounts(found) == IN_THOUSANDS
    assert "amounts are in thousand pounds" in found.record["notes"]
    assert closes(found)


def test_pence_and_millions_are_units_too(tmp_path: Path) -> None:
    pence = loaded(tmp_path, text([[*HEAD[:4], "Amount (pence)"], payment(1, "125050"), payment(2, "990")]))
    assert amounts(pence) == [1250.5, 9.9]
    millions = loaded(tmp_path, text([[*HEAD[:4], "Amount (£m)"], payment(1, "1.25"), payment(2, "0.03")]))
    assert amounts(millions) == [1_250_000.0, 30_000.0]


def test_a_threshold_is_no_unit() -> None:
    for title in ("Payments over £25k", "Spend over £500,000", "Invoices above £25 thousand", "over £1m"):
        assert unit_in(title) == (0.0, "")
    assert least_in("Payments over £25k - August 2019") == 25_000
    assert least_in("expenditure-over-500-for-april-2012") == 500
    assert least_in("Spend over 2019") == 0


@pytest.mark.parametrize("title", ["Payments over £25,000, in £000", "All figures in thousands", "£ million"])
def test_a_stated_unit_that_the_amounts_contradict_refuses_the_file(tmp_path: Path, title: str) -> None:
    rows = [[title], HEAD, *(payment(number, f"{number * 26_000}.00") for number in range(1, 6))]
    found = loaded(tmp_path, text(rows))
    assert found.record["outcome"] == "refused"
    assert "as they stand" in found.record["reason"]


def test_amounts_below_what_the_file_says_it_lists_from_are_named(tmp_path: Path) -> None:
    found = loaded(tmp_path, text([HEAD, *SMALL]), "Payments over £25k June 2019.csv")
    assert "3 of 3 amounts lie below the £25,000" in found.record["notes"]


@pytest.mark.parametrize(
    ("cell", "pounds"),
    [("1,234.00", 1234.0), ("£ 1,234.00-", -1234.0), ("(12.00)", -12.0), ("1 234.50", 1234.5), ("-£5", -5.0),
     ("£-5.00", -5.0), ("5.00CR", -5.0), ("5.00 DR", 5.0), ("12.", 12.0), ("\u22127.10", -7.1), ("+3", 3.0)],
)  # fmt: skip
def test_an_amount_has_groups_of_three_a_point_and_one_sign(cell: str, pounds: float) -> None:
    assert pounds_of(cell) == pounds


@pytest.mark.parametrize(
    ("cell", "guess"),
    [("834,50", "834.50"), ("1.250,75", "1250.75"), ("12,34,567.00", "1234567.00"), ("1234 1", "1234 with a note"),
     ("1e3", "exponent"), ("１２３", "123"), ("1_000", ""), ("(-5.00)", ""), ("-5.00-", ""), ("1,23", "1.23"),
     ("1,2345", ""), ("12?50", ""), ("12.5.1", ""), ("1234*", "1234 with a note"), ("5%", "")],
)  # fmt: skip
def test_all_else_is_set_aside_with_what_it_may_mean(tmp_path: Path, cell: str, guess: str) -> None:
    assert pounds_of(cell) is None
    assert guess in may_mean(cell)
    rows = [HEAD, *(payment(number, f"{number}00.50") for number in range(1, 9)), payment(9, cell)]
    found = loaded(tmp_path, text(rows, mark=";"))
    assert codes(found) == ["PAY-003"]
    assert len(amounts(found)) == 8
    assert closes(found)


COMMAS = ["1.250,75", "834,50", "12,5", "640,00", "-75,25", "2.000.000,00", "1.500"]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_column_of_decimal_commas_is_read_as_such(tmp_path: Path, mark: str) -> None:
    rows = [HEAD, *(payment(number, cell) for number, cell in enumerate(COMMAS, 1))]
    found = loaded(tmp_path, text(rows, mark=mark))
    assert amounts(found) == [1250.75, 834.5, 12.5, 640.0, -75.25, 2_000_000.0, 1500.0]
    assert "decimal comma" in found.record["notes"]


def test_where_points_and_commas_mix_what_may_be_either_is_set_aside(tmp_path: Path) -> None:
    cells = ["834,50", "12,75", "99.50", "1.250", "2,500"]
    found = loaded(tmp_path, text([HEAD, *(payment(at, cell) for at, cell in enumerate(cells, 1))], mark=";"))
    assert amounts(found) == [99.5]
    assert codes(found) == ["PAY-003"] * 4


@pytest.mark.parametrize(
    ("head", "rows"),
    [
        (("Debit", "Credit"), [("1500.00", ""), ("", "300.00"), ("8000.00", ""), ("", "8000.00")]),
        (("Amount", "Credit Note Amount"), [("1500.00", "0.00"), ("0.00", "300.00"), ("8000", "0"), ("0", "8000")]),
        (("Net Amount", "Credits"), [("1500.00", "-"), ("", "-300.00"), ("8000.00", ""), ("", "(8000.00)")]),
    ],
)
def test_credits_in_a_column_of_their_own_are_taken_off(tmp_path: Path, head: Any, rows: Any) -> None:
    made = [[*payment(at, "")[:4], *pair] for at, pair in enumerate(rows, 1)]
    found = loaded(tmp_path, text([[*HEAD[:4], *head], *made]))
    assert amounts(found) == [1500.0, -300.0, 8000.0, -8000.0]
    assert "holds credits" in found.record["notes"]


def test_a_payment_and_a_credit_in_one_row_are_set_aside(tmp_path: Path) -> None:
    found = loaded(tmp_path, text([[*HEAD[:4], "Debit", "Credit"], [*payment(1, 100)[:4], 100, 30],
                                   [*payment(2, 100)[:4], 50, ""]]))  # fmt: skip
    assert amounts(found) == [50.0]
    assert codes(found) == ["PAY-010"]


@pytest.mark.parametrize(
    ("head", "said"),
    [(("Net Amount", "VAT", "Gross Amount"), "column F 'VAT' is not used: it comes to 40.00"),
     (("Amount", "Discount", "Fee"), "column F 'Discount' is not used: it comes to 40.00"),
     (("Amount excl VAT", "Paid", "Amount inc VAT"), "column G 'Amount inc VAT' is not used: it comes to 240.00")],
)  # fmt: skip
def test_money_that_is_not_used_is_named_with_its_sum(tmp_path: Path, head: Any, said: str) -> None:
    rows = [[*payment(at, "")[:4], "100.00", "20.00", "120.00"] for at in (1, 2)]
    found = loaded(tmp_path, text([[*HEAD[:4], *head], *rows]))
    assert amounts(found) == [100.0, 100.0]
    assert said in found.record["notes"]


def test_numbers_of_a_workbook_are_amounts_whatever_their_size(tmp_path: Path) -> None:
    rows = [HEAD, payment(1, 1e-7), payment(2, 1234567.89), payment(3, -0.5)]
    found = loaded(tmp_path, workbook({"June": rows}), "June 2019.xlsx")
    assert amounts(found)[1:] == [1234567.89, -0.5]
