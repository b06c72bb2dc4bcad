"""Sentences: direction, size, years, comparator."""

from __future__ import annotations

import math

from audit import sentences


def test_the_headline_gives_direction_size_years_and_comparator() -> None:
    said = sentences.headline(
        area="Anytown",
        years=("2011-12", "2012-13"),
        gap=3_140_000.0,
        transfer=2_400_000.0,
        basis="estimated",
        care="adult social care",
    )
    assert said == (
        "Over 2011-12 to 2012-13 Anytown spent £3.1 million less of its own money on adult social care than expected "
        "from comparable councils, while NHS money rose by £2.4 million (estimated)."
    )


def test_spending_more_than_expected_is_said_as_more() -> None:
    said = sentences.headline(
        area="Anytown", years=("2012-13",), gap=-420_000.0, transfer=math.nan, basis="", care="adult social care"
    )
    assert said.startswith("Over 2012-13 Anytown spent £420,000 more of its own money")
    assert said.endswith("the NHS money it was passed is not known.")


def test_amounts_below_zero_carry_a_true_minus_sign() -> None:
    assert sentences.shortfall(-1_200_000.0) == "£1.2 million above"
    assert sentences.span_in_words(-3_200_000.0, 13_300_000.0) == "£3.2 million above to £13.3 million below"
    assert sentences.span_in_words(1_000_000.0, 2_000_000.0) == "£1.0 million to £2.0 million below"
    assert sentences.span_in_words(-2_000_000.0, -1_000_000.0) == "£1.0 million to £2.0 million above"


def test_maintenance_of_effort_is_arithmetic_with_its_source() -> None:
    said = sentences.maintenance_of_effort(own_change=-2e6, nhs_change=1e6, nhs_source="RO3")
    assert said == (
        "Own-funded spend fell by £2.0 million a year against the base years and NHS money received rose by "
        "£1.0 million a year (RO3)."
    )


def test_the_year_before_the_money_is_told_with_its_interval_and_its_rarity() -> None:
    said = sentences.anticipation(year="2010-11", gap=1.2e6, lower=-0.3e6, upper=2.7e6, p_value=0.123)
    assert said == (
        "In 2010-11 £1.2 million less was spent than expected (90% interval: from £300,000 more to £2.7 million less); "
        "p = 0.12 against 2009-10."
    )
    nan = float("nan")
    assert "could not be compared" in sentences.anticipation(year="2010-11", gap=nan, lower=nan, upper=nan, p_value=nan)
