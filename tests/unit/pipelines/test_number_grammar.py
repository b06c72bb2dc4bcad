"""One grammar of numbers for every reader of returns: what is one, what is set aside, and what it may have meant."""

from __future__ import annotations

import pytest

from pipelines.cell_values import may_mean, parse_number

NUMBERS = {
    "1234": 1234.0, "1,234": 1234.0, "1 234 567": 1234567.0, "1,234,567.25": 1234567.25, "-12": -12.0, "+7": 7.0,
    "£ 1,250": 1250.0, "-£1,250": -1250.0, "£-3": -3.0, "(1,234.5)": -1234.5, "12.5-": -12.5, "4.2%": 4.2, ".5": 0.5,
    "−8": -8.0, "-2.84E-17": -2.84e-17, "0": 0.0,
}  # fmt: skip
OTHERS = [
    "1234,5", "1.234,50", "12,34", "1,2345", "1,23,456", "1_000", "1'234", "1.234.567", "1e3", "1.2E+05", "１２３４",
    "٣٤", "1234 1", "1234*", "1234 [p]", "1234(a)", "1,234 567", "--5", "(5", "(-5)", "5--", "£", "1234.", "12 34",
    "1,,234", ",5", "nan", "inf", "0x10", "1 2 3",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_digits_one_kind_of_mark_in_groups_of_three_a_point_and_one_sign_are_a_number(text: str, value: float) -> None:
    assert parse_number(text) == (value, "", True)


@pytest.mark.parametrize("text", OTHERS)
def test_whatever_else_looks_like_a_number_is_set_aside_and_never_guessed(text: str) -> None:
    assert parse_number(text) == (None, "x", False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1234,5", "it may mean 1234.5 (a comma for decimals)"),
        ("1.234,50", "it may mean 1234.50 (a comma for decimals)"),
        ("1,23,456", "it may mean 123456 (digits in groups of two)"),
        ("1_000", "it may mean 1000 (another mark between thousands)"),
        ("1e3", "it may mean 1000 (written with an exponent)"),
        ("１２３４", "it may mean 1234 (digits of another alphabet)"),
        ("1234 1", "it may mean 1234 (a note stands behind it)"),
        ("1,234*", "it may mean 1,234 (a note stands behind it)"),
        ("see note", ""),
    ],
)
def test_a_cell_set_aside_says_what_it_may_mean(text: str, said: str) -> None:
    assert may_mean(text) == said
