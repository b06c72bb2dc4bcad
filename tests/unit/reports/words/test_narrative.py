"""Numbers and sentences as printed: a small table per rule."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED, RESULTS
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


def test_on_a_list_on_no_list_and_not_assessed_are_different_statements():
    said = [narrative.outcome(result) for result in RESULTS]
    assert len(set(said)) == len(RESULTS)
    assert [text.split(":")[0] for text in said] == ["Flagged"] * 3 + ["Settled", "On no list", "Not assessed"]
    assert narrative.outcome(None) == narrative.outcome("of another version") == "Not assessed"


def test_each_band_has_a_mark_of_its_own_on_the_map_and_one_where_nothing_was_assessed():
    marks = [narrative.BAND_MARKS[band] for band in (*BAND_WORDS, NOT_ASSESSED)]
    assert marks == ["+3", "+2", "+1", "0", "−1", "−2", "x"]
    assert narrative.band_words(BAND_WORDS[3]) == "Says nothing either way"
    assert narrative.band_words(None) == "[x]"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.481, "48%"), (0.001, "under 1%"), (0.999, "over 99%"), (0.0, "under 1%"), (None, "[x]"), (math.nan, "[x]")],
)
def test_a_chance_is_a_whole_percentage_and_never_nought_or_all(share, text):
    assert narrative.chance(share) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(8.3314, "8.33"), (11.308, "11.3"), (0.4012, "0.401"), (1234.0, "1,234"), (0.0001, "under 0.001"), (None, "[x]")],
)
def test_an_evidence_ratio_has_three_figures_as_its_reason_prints_it(ratio, text):
    assert narrative.evidence(ratio) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0.2, "fewer than one"), (1.4, "about one"), (3.37, "about 3"), (10.5, "about 10")]
)
def test_an_expected_number_of_councils_is_said_as_about_a_whole_number(count, text):
    assert narrative.about(count) == text


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
