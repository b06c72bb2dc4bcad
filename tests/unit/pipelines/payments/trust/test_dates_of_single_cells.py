"""Dates: one that contradicts all the others and the month of the file is turned; the others stay as they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from payment_files import HEAD, closes, loaded, payment, text, workbook


def may(day: int) -> dt.date:
    return dt.date(2019, 5, day)


def half_swapped(date: dt.date) -> Any:
    """What a spreadsheet that reads month first makes of a British date: a wrong date, or a text where none is."""
    return dt.date(date.year, date.day, date.month) if date.day <= 12 else f"{date:%d/%m/%Y}"


@pytest.mark.parametrize("name", ["spend-may-2019.xlsx", "spend.xlsx", "Q1 April to June 2019.xlsx"])
def test_typed_dates_among_texts_are_turned_where_a_spreadsheet_read_them_month_first(
    tmp_path: Path, name: str
) -> None:
    rows = [HEAD, *(payment(day, 10.0, day=half_swapped(may(day))) for day in range(1, 32))]
    found = loaded(tmp_path, workbook({"May": rows}), name)
    assert found.columns["date"] == [f"2019-05-{day:02d}" for day in range(1, 32)]
    assert "12 dates had day and month exchanged" in found.record["notes"]


@pytest.mark.parametrize(
    "write",
    [lambda date: f"{half_swapped(date)}", lambda date: f"{date:%d/%m/%Y}" if date.day > 12 else f"{date:%m/%d/%Y}"],
)
def test_texts_exchanged_in_half_of_a_month_are_turned_by_the_month_of_the_file(
    tmp_path: Path, write: Callable[[dt.date], str]
) -> None:
    rows = [HEAD, *(payment(day, "10.00", day=write(may(day))) for day in range(1, 32))]
    found = loaded(tmp_path, text(rows), "Spend May 2019.csv")
    assert found.columns["date"] == [f"2019-05-{day:02d}" for day in range(1, 32)]


def test_a_single_exchanged_date_is_turned(tmp_path: Path) -> None:
    rows = [HEAD, *(payment(day, "10.00", day=f"{may(day):%d/%m/%Y}") for day in range(1, 32))]
    rows[3][1] = "05/03/2019"
    found = loaded(tmp_path, text(rows), "Spend May 2019.csv")
    assert found.columns["date"][2] == "2019-05-03"


def test_a_text_that_is_a_date_only_month_first_is_turned_into_the_month_of_the_file(tmp_path: Path) -> None:
    rows = [HEAD, *(payment(day, "10.00", day=f"{may(day):%d/%m/%Y}") for day in range(1, 32))]
    rows[20][1] = "05/20/2019"
    found = loaded(tmp_path, text(rows), "Spend May 2019.csv")
    assert found.columns["date"][19] == "2019-05-20"
    assert found.record["rows_without_date"] == 0
    assert closes(found)


def test_dates_of_invoices_from_other_months_stay(tmp_path: Path) -> None:
    days = [dt.date(2019, month, day) for month in (1, 2, 3, 4) for day in (5, 9, 20)]
    rows = [HEAD, *(payment(at, "10.00", day=f"{day:%d/%m/%Y}") for at, day in enumerate(days, 1))]
    found = loaded(tmp_path, text(rows), "Spend May 2019.csv")
    assert found.columns["date"] == [f"{day:%Y-%m-%d}" for day in days]


def test_right_dates_typed_beside_texts_stay(tmp_path: Path) -> None:
    rows = [HEAD, *(payment(day, 10.0, day=may(day) if day <= 12 else f"{may(day):%d/%m/%Y}") for day in range(1, 32))]
    found = loaded(tmp_path, workbook({"May": rows}), "spend-may-2019.xlsx")
    assert found.columns["date"] == [f"2019-05-{day:02d}" for day in range(1, 32)]
    assert "exchanged" not in found.record["notes"]
