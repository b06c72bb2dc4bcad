"""Numbers and sentences as printed: a small table per rule."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declarations.table_words import GRADES
from reports.words import narrative


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3_100_000, "£3.1 million"), (-3_100_000, "−£3.1 million"), (640_000, "£640,000"), (999_999, "£1.0 million"),
        (994_999, "£990,000"),
        (1_240_000_000, "£1.2 billion"), (999_600_000, "£1.0 billion"), (45_678, "£46,000"), (1_234, "£1,200"),
        (0, "£0"), (-0.2, "£0"),
        (None, "an amount that is not available"), (math.nan, "an amount that is not available"),
    ],
)  # fmt: skip
def test_money_in_prose_names_its_size_in_words(value, text):
    assert narrative.prose_gbp(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(3_142_400, "3,142"), (-3_142_400, "−3,142"), (-400, "0"), (0, "0"), (None, "[x]"), (math.nan, "[x]")],
)
def test_tables_are_in_thousands_with_commas_a_true_minus_and_a_letter_for_missing(value, text):
    assert narrative.thousand(value) == text


def test_an_interval_with_a_missing_end_is_missing_as_a_whole():
    assert narrative.thousand_interval(None, 5.0) == "[x]"
    assert narrative.thousand_interval(-500_000, 3_000_000) == "−500 to 3,000"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (111, "111th"),
    ],
)
def test_ranks_are_ordinals(number, text):
    assert narrative.ordinal(number) == text


def test_counts_agree_with_their_nouns():
    assert [narrative.count_of(count, "area", "areas") for count in (0, 1, 2, 1234)] == [
        "0 areas",
        "1 area",
        "2 areas",
        "1,234 areas",
    ]


def test_flagged_not_flagged_cannot_tell_and_not_assessed_are_different_statements():
    said = [narrative.outcome(grade) for grade in GRADES]
    assert len(set(said)) == len(GRADES)
    assert [text.split(":")[0] for text in said] == ["Flagged"] * 3 + ["Cannot tell", "Not flagged", "Not assessed"]
    assert narrative.outcome(None) == "Not assessed"


def test_a_missing_figure_shows_its_own_status_letter():
    assert narrative.as_published(None, "c") == "[c]"
    assert narrative.as_published(None, "") == "[x]"
    assert narrative.as_published(51234.0, "") == "51,234"


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("last updated: 6 june 2024", "Last updated: 6 June 2024"),
        ("24th april 2015", "24th April 2015"),
        ("final, may be revised in may 2016", "Final, may be revised in May 2016"),
        (None, ""),
    ],
)
def test_a_release_is_printed_with_its_month_and_first_letter_large(stored, printed):
    assert narrative.release_words(stored) == printed


@given(st.floats(min_value=-1e13, max_value=1e13))
def test_no_printed_number_ever_uses_a_hyphen_as_minus_or_shows_minus_nought(value):
    for printed in (
        narrative.prose_gbp(value),
        narrative.thousand(value),
        narrative.decimal(value),
        narrative.percent(value),
    ):
        assert "-" not in printed
        assert not (printed.startswith("−") and not any(digit in printed for digit in "123456789"))
