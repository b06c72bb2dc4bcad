"""When checks are to be looked at again: overdue is what lies wholly in the past, and files know no clock."""

from __future__ import annotations

import datetime

import pytest

from pipelines.declarations.reviews import NAMED, by_words, dates_sentence, overdue, overdue_sentence

TODAY = datetime.date(2027, 3, 31)


@pytest.mark.parametrize(
    ("by", "late"),
    [
        ("2027-02", True),
        ("2027-03", False),
        ("2027-04", False),
        ("2027-03-30", True),
        ("2027-03-31", False),
        ("", False),
    ],
)
def test_a_check_is_overdue_when_its_month_or_day_is_over(by: str, late: bool) -> None:
    assert overdue([("A-B", by)], TODAY) == ([("A-B", by)] if late else [])


def test_the_longest_overdue_stands_first_and_many_are_counted() -> None:
    reviews = [(f"A-{number}", "2026-05") for number in range(10)] + [("Z-Z", "2025-01"), ("A-A", "2028-01")]
    said = overdue_sentence(overdue(reviews, TODAY))
    assert said.startswith("11 checks are overdue for review: Z-Z (by 2025-01), A-0 (by 2026-05), ")
    assert f"and {11 - NAMED} more." in said and "A-A" not in said


def test_nothing_is_said_where_nothing_is_overdue() -> None:
    assert overdue_sentence([]) == ""
    assert overdue_sentence(overdue([("A-B", "2027-03")], TODAY)) == ""
    assert overdue_sentence(overdue([("A-B", "2026-03")], TODAY)).startswith("1 check is overdue for review: A-B")


def test_dates_are_told_in_words_without_a_clock() -> None:
    said = dates_sentence([("A-B", "2027-03"), ("A-C", "2027-03"), ("A-D", "2026-12-31"), ("A-E", "")])
    assert said.startswith("Checks to be looked at again: 1 by 31 December 2026, 2 by March 2027.")
    assert dates_sentence([("A-B", "")]) == ""
    assert (by_words("2027-03"), by_words("2027-03-31")) == ("March 2027", "31 March 2027")
