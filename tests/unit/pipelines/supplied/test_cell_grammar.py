"""What a cell that people fill in may say: one reading or none."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipelines.supplied.cell_grammar import Fault, amount, day, number, whole, words


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (12345, 12345.0), (0, 0.0), (0.5, 0.5), ("12345", 12345.0), ("12,345", 12345.0), ("1,234,567.25", 1234567.25),
        ("£12,345", 12345.0), ("£ 12,345.6", 12345.6), ("0", 0.0), ("007", 7.0),
    ],
)  # fmt: skip
def test_amounts_are_digits_or_groups_of_three_with_decimals_and_a_pound_sign_or_without(cell: Any, value: float):
    assert amount(cell) == value


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("about 500", "which is text"), ("n/a", "which is text"), ("500k", "which is text"), ("-", "which is text"),
        ("5 to 6", "which is text"), ("=1+1", "which is text"), ("1e5", "which is text"), ("٣", "which is text"),
        ("12,5", "comma for decimals"), ("1.234,56", "comma for decimals"), ("0,1234", "comma for decimals"),
        ("1,23,456", "wrongly grouped"), ("12 345", "wrongly grouped"), ("12,34,567", "wrongly grouped"),
        ("1234,567", "wrongly grouped"), ("12.345.678", "wrongly grouped"),
        ("-500", "below 0"), ("(500)", "below 0"), ("£-5", "below 0"), ("-£5", "below 0"), ("500-", "below 0"),
        ("\u2212500", "below 0"), (-0.5, "below 0"), (True, "no number"), (dt.datetime(2011, 2, 28), "no number"),
        (dt.timedelta(1), "no number"), (float("inf"), "found 'inf'"), ("9" * 400, "wrongly grouped"),
    ],
)  # fmt: skip
def test_anything_else_is_no_amount_and_is_told_apart(cell: Any, said: str):
    fault = amount(cell)
    assert isinstance(fault, Fault)
    assert said in fault.what
    assert fault.expected
    assert fault.do


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (dt.datetime(2011, 2, 28), "2011-02-28"), (dt.date(2011, 2, 28), "2011-02-28"), ("2011-02-28", "2011-02-28"),
        ("28/02/2011", "2011-02-28"), ("28 February 2011", "2011-02-28"), ("28 Feb 2011", "2011-02-28"),
        ("28th  Feb. 2011", "2011-02-28"), ("1 Sept 2011", "2011-09-01"), ("04/04/2011", "2011-04-04"),
        ("29 feb 2012", "2012-02-29"), ("2011-02-28 00:00:00", "2011-02-28"),
    ],
)  # fmt: skip
def test_a_day_is_read_where_it_can_be_one_day_only(cell: Any, value: str):
    assert day(cell) == value


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("03/04/2011", "could be two days"), ("28/02/11", "two digits"), ("28 Feb 11", "two digits"),
        ("30 February 2011", "there is no day"), ("2011-13-01", "there is no day"), ("02/28/2011", "there is no day"),
        ("February 2011", "no day"), ("28 Febtober 2011", "there is no day"), (40602.0, "no day"), ("2011", "no day"),
        ("28 F 2011", "no day"), ("early March", "no day"),
    ],
)  # fmt: skip
def test_a_day_that_is_none_or_could_be_another_is_refused(cell: Any, said: str):
    fault = day(cell)
    assert isinstance(fault, Fault)
    assert said in fault.what


def test_whole_numbers_are_from_one_up():
    assert [whole(cell) for cell in (1, 4.0, "12")] == [1, 4, 12]
    wrong = (0, -1, 1.5, "1.5", "x", "", True, float("nan"), "01", "9" * 20, 1e300)
    assert all(isinstance(whole(cell), Fault) for cell in wrong)


def test_texts_keep_their_lines_and_refuse_what_cannot_be_printed():
    assert [words(cell) for cell in ("a\nb", 12.0, 1.5, dt.datetime(2011, 2, 28))] == [
        "a\nb",
        "12",
        "1.5",
        "2011-02-28",
    ]
    assert isinstance(words("a\u202eb"), Fault)
    assert isinstance(words("x" * 4001), Fault)
    assert words("x" * 4000) == "x" * 4000


def test_numbers_of_programs_may_have_signs_and_exponents():
    assert [number(text) for text in ("1e-06", "-5.25", "0.1", "12,345")] == [1e-06, -5.25, 0.1, 12345.0]
    assert all(isinstance(number(text), Fault) for text in ("nan", "inf", "1e999", "x", "1,5"))
