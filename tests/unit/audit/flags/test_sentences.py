"""Sentences: direction, size, years, comparator; a result in words, and never an accusation."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from audit.flags import sentences
from audit.flags.flag_rows import listed
from pipelines.declarations.table_words import BAND_WORDS, RESULTS, band


def headline(**changed: Any) -> str:
    usual: dict[str, Any] = {
        "area": "Anytown", "years": ("2011-12", "2012-13"), "gap": 3_140_000.0, "transfer": 4_400_000.0,
        "booked": math.nan, "basis": "estimated", "care": "adult social care", "base": ("2009-10", "2010-11"),
        "rate_gbp": 0.0,
    }  # fmt: skip
    return sentences.headline(**{**usual, **changed})


def test_the_headline_gives_direction_size_years_and_the_money_that_its_table_adds_up_to() -> None:
    assert headline() == (
        "Over 2011-12 to 2012-13 Anytown spent £3.1 million less of its own money on adult social care than expected. "
        "It received an estimated £4.4 million of NHS money over the 2 years, after none in 2009-11, about £2.2 "
        "million a year."
    )


def test_money_above_a_base_rate_is_said_against_that_rate_and_allocated_money_is_not_called_an_estimate() -> None:
    base = ("2013-14", "2014-15")
    assert headline(base=base, rate_gbp=1e6, basis="derived").endswith(
        " It received an estimated £4.4 million more NHS money over the 2 years than at the 2013-15 rate, about £2.2 "
        "million a year."
    )
    said = headline(base=("2010-11",), rate_gbp=1e6, basis="allocated", years=("2011-12",), transfer=-4e5)
    assert said.endswith(" It was allocated £400,000 less NHS money in the year than at the 2010-11 rate.")


def test_spending_more_than_expected_is_said_as_more() -> None:
    said = headline(years=("2012-13",), gap=-420_000.0, transfer=math.nan)
    assert said.startswith("Over 2012-13 Anytown spent £420,000 more of its own money")
    assert said.endswith("the NHS money it was passed is not known.")


def test_an_area_without_an_expectation_is_said_to_have_none() -> None:
    assert headline(gap=math.nan) == (
        "For 2011-12 to 2012-13 Anytown could not be compared with an expected level of its own spending on adult "
        "social care."
    )


def test_maintenance_of_effort_is_arithmetic_with_its_source() -> None:
    said = sentences.maintenance_of_effort(own_change=-2e6, nhs_change=1e6, nhs_source="RO3")
    assert said == (
        "Own-funded spend fell by £2.0 million a year against the base years and NHS money received rose by "
        "£1.0 million a year (RO3)."
    )


@pytest.mark.parametrize(
    ("transfer", "booked", "more"),
    [(9.2e6, math.nan, True), (9.2e6, 15.0e6, True), (9.2e6, 30.0e6, False), (25.0e6, math.nan, False),
     (25.0e6, 3.0e6, False), (-1.0, math.nan, False)],
)  # fmt: skip
def test_a_gap_is_said_to_be_more_than_the_nhs_money_only_against_the_larger_of_worked_out_and_booked(
    transfer: float, booked: float, more: bool
) -> None:
    found = sentences.beyond_all_of_it(21.2e6, transfer, booked)
    assert found.startswith(" The shortfall is more than the whole rise in NHS money") == more
    assert bool(found) == more


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(2.6, "2.6 times likelier"), (1.0, "1 times likelier"), (12.345, "12.3 times likelier"),
     (1234.5, "1,234 times likelier"), (0.5, "2 times less likely"), (1.0 / 3.0, "3 times less likely"),
     (0.001, "1,000 times less likely")],
)  # fmt: skip
def test_an_evidence_ratio_is_said_as_times_likelier_or_less_likely(ratio: float, said: str) -> None:
    assert sentences.times(ratio) == said


def reason(ratio: float, **changed: Any) -> str:
    usual: dict[str, Any] = {
        "outcome": "on no list", "ratio": ratio, "band": band(ratio), "review": 0, "unusual": 0, "kept": math.nan,
        "variants": 6, "onset": "at once",
    }  # fmt: skip
    return sentences.reason(**{**usual, **changed})


def test_an_area_on_no_list_is_told_its_band_and_ratio() -> None:
    assert reason(0.4) == (
        "The path of its own spending leans against replacement: 2.5 times less likely if the council replaced its own "
        "money pound for pound than if it did as the average council did."
    )


def test_an_area_on_a_list_is_told_its_place_the_onset_and_in_how_many_variants_it_stays() -> None:
    said = reason(4.0, outcome="both lists", review=2, unusual=7, kept=5 / 6)
    assert "; the fall fits best at once. Place 2 of the review list, where it stays in 5 of 6 variants." in said
    assert said.endswith(" Place 7 of the unusual-pattern list.")


def test_the_list_of_an_area_follows_from_its_places() -> None:
    settled = listed(2, 3, assessed=True, settled=True)
    found = [listed(2, 3, assessed=True), listed(2, 0, assessed=True), listed(0, 3, assessed=True), settled,
             listed(0, 0, assessed=True), listed(0, 0, assessed=False)]  # fmt: skip
    assert tuple(found) == RESULTS


def test_no_sentence_accuses() -> None:
    told = " ".join([sentences.WARNING, headline(), headline(gap=9e6), *BAND_WORDS, *map(reason, (0.1, 1.0, 50.0))])
    assert not re.search(r"fraud|offend|suspic|guilt|diver|abuse|took|wrong", told)
