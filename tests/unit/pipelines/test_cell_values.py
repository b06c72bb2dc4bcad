"""What a cell says: every missing marker and every way of writing a number has its rule."""

import pytest

from pipelines.cell_values import fold, parse_number


@pytest.mark.parametrize(
    ("marker", "letter"),
    [("", "x"), ("...", "x"), ("…", "x"), ("-", "z"), ("n/a", "z"), ("[x]", "x"), ("[n]", "x"), ("[Y]", "x")],
)
def test_each_of_the_eight_missing_markers_of_revenue_outturn_becomes_a_status_letter_and_never_a_number(
    marker: str, letter: str
) -> None:
    assert parse_number(marker) == (None, letter, True)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234", 1234.0),
        ("£1,234.50", 1234.5),
        ("(12)", -12.0),
        ("12-", -12.0),
        ("−7", -7.0),
        ("5%", 5.0),
        (3, 3.0),
        (" 1\xa0000 ", 1000.0),
    ],
)
def test_numbers_are_read_however_a_publisher_writes_them(written: str | float, value: float) -> None:
    assert parse_number(written) == (value, "", True)


def test_a_cell_that_is_neither_a_number_nor_a_marker_is_not_guessed() -> None:
    assert parse_number("see note") == (None, "x", False)


def test_a_source_may_say_what_its_own_marker_means() -> None:
    assert parse_number("No data", missing={"no data": "x"}) == (None, "x", True)


def test_headers_compare_without_note_marks_case_or_line_breaks() -> None:
    assert fold("Adult Social Care\n [note 5] ") == "adult social care"
