"""Sentences: direction, size, years, comparator."""

from __future__ import annotations

import math

from audit.flags import sentences


def test_the_headline_gives_direction_size_years_and_comparator() -> None:
    said = sentences.headline(
        area="Anytown",
        years=("2011-12", "2012-13"),
        gap=3_140_000.0,
        transfer=4_400_000.0,
        basis="estimated",
        care="adult social care",
    )
    assert said == (
        "Over 2011-12 to 2012-13 Anytown spent £3.1 million less of its own money on adult social care than expected "
        "from comparable councils, while NHS money rose by £4.4 million (estimated)."
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


def flag_reason(**changed: object) -> str:
    from dataclasses import replace

    from audit.flags import flags
    from audit.settings import load_settings

    usual = flags.Numbers(
        unusable="", gap=63.4e6, gap_lower=-27.9e6, gap_upper=154.7e6, transfer=48.8e6, gross=800e6, rate_lower=-0.8,
        p_displacement=0.30, p_forest=0.20, q_strict=0.9, q_combined=0.9, stability=0.9, features_beyond=2, features=9,
        detectable=121.4e6, quality="good", look_alikes=(),
    )  # fmt: skip
    numbers, settings = replace(usual, **changed), load_settings()  # type: ignore[arg-type]
    labels = tuple(f"Label of {test}" for test in numbers.look_alikes)
    return flags.reason(flags.grade(numbers, settings), numbers, labels, settings)


def test_cannot_tell_gives_the_interval_that_includes_the_whole_rise_in_money() -> None:
    assert flag_reason() == (
        "The 90% interval of the gap, £27.9 million more to £154.7 million less than expected, includes the whole rise "
        "in NHS money (£48.8 million), so that can be neither shown nor ruled out."
    )


def test_nothing_found_gives_the_upper_end_that_lies_below_the_rise_in_money() -> None:
    said = flag_reason(gap=1.0e6, gap_lower=-18e6, gap_upper=20.3e6, transfer=25.2e6, detectable=22.5e6)
    assert said == (
        "At most £20.3 million less was spent than expected (upper end of the 90% interval), below the £25.2 million "
        "by which NHS money rose; amounts below £22.5 million would probably not have been seen."
    )


def test_nothing_found_says_so_where_more_was_spent_than_expected() -> None:
    some = flag_reason(gap=-4.0e6, gap_lower=-28e6, gap_upper=20.3e6, transfer=25.2e6, detectable=22.5e6)
    assert some.startswith("More was spent than expected, by £4.0 million; at most £20.3 million less was spent")
    whole = flag_reason(gap=-14.0e6, gap_lower=-26e6, gap_upper=-2e6, transfer=25.2e6, detectable=22.5e6)
    assert whole.startswith(
        "More was spent than expected (90% interval: £2.0 million to £26.0 million more), while NHS"
    )


def test_an_unknown_or_absent_rise_in_money_and_poor_data_are_each_said() -> None:
    assert "which is not known" in flag_reason(transfer=math.nan)
    assert "there was none" in flag_reason(transfer=-1e6)
    assert flag_reason(quality="poor").startswith("The returns of this area contradict")


def test_an_interval_beyond_the_whole_rise_names_the_p_values_that_are_not_small_enough() -> None:
    said = flag_reason(gap_lower=50e6)
    assert said.endswith("but no rule for a flag is met: p of the gap 0.30, p of the forest 0.20.")


def test_a_rule_met_with_explanations_that_fit_names_the_rule_and_all_of_them() -> None:
    assert flag_reason(p_forest=0.03, look_alikes=("a", "b")) == (
        "The rule for C watch is met, but an explanation other than displacement fits the figures: label of a; "
        "label of b."
    )


def test_a_watched_area_is_given_both_p_values_by_name_and_stability_in_words() -> None:
    said = flag_reason(p_displacement=0.187, p_forest=0.03)
    assert "; p of the gap 0.19, p of the forest 0.03; 2 of 9 features" in said
    assert said.endswith("; in the same place in 90% of repeated fits.")
    assert "p of the forest not known" in flag_reason(p_displacement=0.01, p_forest=math.nan)


def test_a_gap_larger_than_all_the_money_is_said_to_be_more_than_displacement() -> None:
    said = sentences.headline(
        area="Anytown", years=("2012-13",), gap=21.2e6, transfer=9.2e6, basis="estimated", care="adult social care"
    )
    assert said.endswith(
        " £12.0 million of this is more than all the NHS money, so displacement alone cannot explain it."
    )
