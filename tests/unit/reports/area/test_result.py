"""The result of an area in words and numbers: one number for one thing, names of amounts, what follows a reason."""

from __future__ import annotations

import pytest

from reports.area.money_section import money_name, sum_sentence
from reports.area.result_section import headline, in_result_order, result_table
from reports.area.why_section import is_unusual, why_part
from reports.checks.sources_page import sources_page
from reports.england.areas_table import areas_table, review_table, unusual_table
from reports.words.lead_words import LeadWords, after_reason, by_lot, lead_words
from reports.words.narrative import MISSING, in_unit, less_or_more, prose_gbp, thousand
from reports.words.read_run import Run
from reports.words.sign_words import with_directions

FLAG = {
    "area_code": "E1", "area_name": "X", "window": "W1", "list": "review list", "reason": "A reason",
    "headline": "In 2011-12 X spent less", "years": "2011-12 to 2013-14", "band": "points towards replacement",
    "evidence_ratio": 8.3314, "posterior_05": 0.305, "posterior_10": 0.481, "posterior_30": 0.781,
    "replacement_rate": 1.98, "replacement_lower": 0.88, "replacement_upper": 3.09, "replaced_gbp": 18.3e6,
    "replaced_lower_gbp": 8.1e6, "replaced_upper_gbp": 28.5e6, "review_place": 3, "unusual_place": None,
    "kept_share": 5 / 6, "onset": "a year late", "transfer_gbp": 9.24e6, "transfer_basis": "estimated",
    "transfer_error_share": 0.016, "booked_gbp": 6.8e6, "gap_gbp": 21.17e6, "gap_lower_gbp": -5.43e6,
    "gap_upper_gbp": 39.22e6, "maintenance_of_effort": "", "data_quality": "good",
}  # fmt: skip
ABSENT = {**dict.fromkeys(FLAG), "area_code": "E2", "area_name": "Y", "window": "W1", "list": "not assessed",
          "reason": "Too small to assess"}  # fmt: skip
SUMMARY = {
    "window": "W1", "list": "review list", "places": 15, "assessed": 145, "expected_05": 1.82, "expected_10": 3.37,
    "expected_30": 7.84, "by_lot_10": 1.5, "problem": None,
}  # fmt: skip
NONE = LeadWords("", "", "", {})


def lines(flag: dict[str, object]) -> dict[str, str]:
    return {row[0].text: row[1].text for row in result_table(["W1"], [flag], {"W1": 6}).rows}


def test_list_band_ratio_and_places_stand_first_with_the_variants_in_which_the_area_stays():
    told = list(lines(FLAG).items())
    assert told[:5] == [
        ("Result", "Flagged: on the review list"),
        ("What the figures say", "Points towards replacement"),
        ("Evidence ratio", "8.33"),
        ("Place on the review list", "3; stays on it in 5 of 6 variants"),
        ("Place on the unusual-pattern list", "not on it"),
    ]


def test_the_chance_is_given_for_three_priors_and_the_rate_with_its_interval_also_in_pounds():
    told = lines(FLAG)
    chances = [value for label, value in told.items() if label.startswith("Chance")]
    assert chances == ["30%", "48%", "78%"]
    assert told["Replacement rate (90% interval)"] == "1.98 (0.88 to 3.09)"
    assert told["That rate × NHS money allocated (90% interval)"] == "18,300 less (8,100 to 28,500 less)"


def test_money_allocated_and_income_booked_stand_beside_each_other():
    told = lines(FLAG)
    assert told["NHS money allocated: rise over the window"] == (
        "9,240 (estimated; may be 2% off for public health alone)"
    )
    assert told["NHS income booked: rise over the window"] == "6,800"


def test_an_onset_is_told_only_where_the_ratio_is_above_one():
    assert lines(FLAG)["Onset that fits best"] == "a year late"
    assert "not told" in lines({**FLAG, "evidence_ratio": 0.8})["Onset that fits best"]


def test_the_two_amounts_of_a_window_are_said_to_be_different_measures():
    told = lines(FLAG)
    assert told["Gap over the window (90% interval)"] == "21,170 less (5,430 more to 39,220 less)"
    assert "The gap is another measure" in result_table(["W1"], [FLAG]).note


def test_an_area_that_is_not_assessed_has_letters_and_no_place():
    told = lines(ABSENT)
    assert told.pop("Result") == "Not assessed"
    assert set(told.values()) == {MISSING}


def test_a_headline_gives_the_list_and_the_band_and_flagged_windows_come_first():
    area = {"area_name": "X"}
    heads = in_result_order([headline(area, "W1", ABSENT), headline(area, "W2", FLAG), headline(area, "W3", None)])
    assert [head.outcome for head in heads] == [
        "Flagged: on the review list. Points towards replacement", "Not assessed", "Not assessed",
    ]  # fmt: skip
    assert heads[1].reason == "Too small to assess."


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        (-27.9e6, 154.7e6, "£27.9 million more to £154.7 million less"),
        (5.4e6, 39.2e6, "£5.4 million to £39.2 million less"),
        (-39.2e6, -5.4e6, "£5.4 million to £39.2 million more"),
        (None, 1.0, MISSING),
    ],
)
def test_an_interval_of_a_gap_gives_each_end_its_direction_and_never_a_minus_sign(lower, upper, said):
    assert less_or_more(lower, upper, prose_gbp) == said
    assert "−" not in less_or_more(lower, upper, thousand)


def test_the_windows_sum_is_said_with_directions():
    assert "(90% interval: £5.4 million more to £39.2 million less)" in sum_sentence(FLAG, [])


def test_the_sum_on_the_money_chart_is_the_gap_of_the_result():
    assert "£21.2 million less than expected" in sum_sentence(FLAG, [])
    assert lines(FLAG)["Gap over the window (90% interval)"].startswith("21,170 less")


def test_money_received_in_the_arithmetic_is_called_income_booked():
    told = lines({**FLAG, "maintenance_of_effort": "Own-funded spend fell and NHS money received rose by £1 a year"})
    assert (
        told["Maintenance of effort (arithmetic)"] == "Own-funded spend fell and NHS income booked rose by £1 a year."
    )


def test_income_as_booked_and_money_as_allocated_have_two_names():
    booked, about = money_name([{"nhs_basis": "received"}, {"nhs_basis": None}])
    assert booked == "Other income booked"
    assert "rests on NHS money allocated" in about
    assert money_name([{"nhs_basis": "derived"}]) == ("NHS money allocated", "derived from settlement figures [e]")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Income rose by −0.2% of own spend (limit 3.0%).", "Income fell by 0.2% of own spend (limit 3.0%)."),
        ("Income rose by +0.2% of own spend (limit 3.0%).", "Income rose by 0.2% of own spend (limit 3.0%)."),
        ("Base years stood −6.9% above the year before", "Base years stood 6.9% below the year before"),
        ("Base years stood −0.0% above the year before", "Base years stood 0.0% above the year before"),
        (
            "The cost moved −4.3% against the middle area (positive at −10.0%).",
            "The cost fell by 4.3% against the median area (positive at a fall of 10.0%).",
        ),
        ("moved together by up to −0.5% of gross in one year", "moved together in no year (largest: −0.5% of gross)"),
        ("moved together by up to +0.5% of gross in one year", "moved together by up to 0.5% of gross in one year"),
    ],
)
def test_a_sign_becomes_a_direction_so_that_nothing_rises_by_less_than_nought(written, said):
    assert with_directions(written) == said


TESTS = [
    {"window": "W1", "test": "housing_recode", "label": "Spending moved to housing", "result": "positive"},
    {"window": "W1", "test": "reorganisation", "label": "Reorganised", "result": "negative"},
]


def test_an_explanation_that_tested_positive_is_named_with_its_likelihood_ratio_and_changes_nothing():
    said = after_reason(FLAG, TESTS, LeadWords("", "", "", {("W1", "housing_recode"): 2.31}))
    assert said == (
        "Tested positive as another explanation, which changes no list: spending moved to housing (in trials "
        "2.31 times as often where it was so)."
    )
    assert "likelier" not in after_reason(FLAG, TESTS, NONE)
    assert after_reason(ABSENT, TESTS, NONE) == ""


def test_what_the_review_list_is_worth_is_said_to_its_members_alone():
    run = Run({"run_id": "x", "settings": {"lists.review": 15}}, {"list_summary": [SUMMARY]})
    words = lead_words(run, "W1")
    assert words.review == (
        "Of the 15 areas on the list about 3 would be councils that replaced their own money, if one council in ten "
        "did (about 2 if one in twenty, about 8 if three in ten; the figures cannot say how many did). 15 names drawn "
        "by lot would hold one or two at one in ten. The list has fifteen names every time, so being on it "
        "is no news by itself."
    )
    assert after_reason(FLAG, [], words) == words.member
    assert words.member == (
        "Of the 15 areas on the review list about 3 would be councils that replaced their own money, if one council in "
        "ten did; being on it is no news by itself."
    )
    assert after_reason({**FLAG, "review_place": None}, [], words) == ""
    assert lead_words(Run({"run_id": "x"}), "W1") == NONE


def test_a_list_with_places_left_is_not_said_to_be_full_and_an_empty_one_is_said_to_be_empty():
    short = {**SUMMARY, "places": 4, "by_lot_10": 0.4}
    settings = {"lists.review": 15}
    said = lead_words(Run({"run_id": "x", "settings": settings}, {"list_summary": [short]}), "W1").review
    assert "every time" not in said
    assert "No other area has an evidence ratio above 1" in said
    none = {**SUMMARY, "places": 0, "expected_10": None}
    assert lead_words(Run({"run_id": "x"}, {"list_summary": [none]}), "W1").review.endswith("the review list is empty.")
    problem = {**SUMMARY, "problem": "the noise cannot be measured."}
    assert "cannot be measured" in lead_words(Run({"run_id": "x"}, {"list_summary": [problem]}), "W1").review


@pytest.mark.parametrize(
    ("count", "said"), [(1.5, "one or two"), (1.0, "about one"), (0.4, "none or one"), (2.0, "about two")]
)
def test_what_drawing_by_lot_gives_is_said_in_words(count, said):
    assert by_lot(count) == said


def test_the_unusual_pattern_list_says_what_it_held_where_replacement_was_planted():
    summary = {**SUMMARY, "list": "unusual-pattern list", "places": 10}
    planted = [
        {"window": "W1", "detector": "unusual-pattern list", "family": f"route_{route}", "precision": share}
        for route, share in (("reserves", 0.31), ("tax_freeze", 0.28))
    ]
    told = lead_words(Run({"run_id": "x"}, {"list_summary": [summary], "evaluation_list": planted}), "W1").unusual
    assert "between 0.28 and 0.31 of its places were such councils" in told
    assert "in tests" not in lead_words(Run({"run_id": "x"}, {"list_summary": [summary]}), "W1").unusual


def cells(table, place: int) -> dict[str, str]:
    return dict(zip([column.label for column in table.columns], (cell.text for cell in table.rows[place]), strict=True))


def test_the_review_list_is_in_order_of_place_with_everything_that_belongs_to_a_name():
    second = {**FLAG, "area_code": "E3", "review_place": 4, "unusual_place": 1}
    flags = {"E3": second, "E1": FLAG, "E2": ABSENT}
    table = review_table("W1", flags, variants=6, tests={"E1": TESTS}, ratios={("W1", "housing_recode"): 2.31})
    assert table is not None
    assert cells(table, 0) == {
        "Area": "X", "Place": "3", "Evidence ratio": "8.33", "What the figures say": "Points towards replacement",
        "Chance, if 10 in 100 did": "48%", "Rate (90% interval)": "1.98 (0.88 to 3.09)",
        "Stays on in variants": "5 of 6",
        "Other explanations that fit": "Spending moved to housing (in trials 2.31 times as often where it was so).",
        "Data quality": "good",
    }  # fmt: skip
    assert table.rows[1][1].small == "also unusual"
    assert review_table("W1", {"E2": ABSENT}, variants=6, tests={}, ratios={}) is None
    unusual = unusual_table("W1", flags, tests={}, ratios={})
    assert unusual is not None
    assert [row[1].text for row in unusual.rows] == ["1"]


def test_the_table_of_all_areas_gives_the_reason_where_an_area_is_not_assessed():
    areas = [{"area_code": code, "area_name": code} for code in ("E2", "E1", "E9")]
    table = areas_table("W1", areas, {"E1": FLAG, "E2": ABSENT})
    assert [row[0].text for row in table.rows] == ["E1", "E2", "E9"]
    assert [row[2].text for row in table.rows] == [
        "Points towards replacement", "Too small to assess.", "The run holds no result for this area.",
    ]  # fmt: skip
    assert "to count from nought" in table.note
    assert "add 0.25, what the average" in areas_table("W1", areas, {}, average=0.25).note


def test_signs_of_the_unusual_pattern_are_shown_for_its_list_alone():
    signs = [
        {"feature": "reserves_built", "label": "Reserves", "value": 1.0, "unit": "", "peer_median": 0.1,
         "contribution": 0.05, "rank_if_in_line": 40.0}
    ]  # fmt: skip
    score = {"rank": 13, "of": 148}
    part = why_part("W1", signs, score, FLAG, name="X")
    assert part.table is None
    assert part.empty == "Not on the unusual-pattern list. The forest isolates it as 13th of 148."
    listed = why_part("W1", signs, score, {**FLAG, "unusual_place": 2}, name="X")
    assert listed.sentence == "In place 2 of the unusual-pattern list."
    assert listed.table is not None
    assert not is_unusual(None)


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("percent of base own spend", "19.0%"),
        ("percentage points between a and b", "19.0 pts"),
        ("share", "1900.0%"),
        ("gbp", "19"),
    ],
)
def test_a_features_value_stands_with_its_unit(unit, said):
    assert in_unit(19.0, unit) == said


def test_the_values_kept_and_left_out_make_the_values_of_the_run():
    file = {
        "publisher": "P", "title": "T", "source": "s", "financial_year": "2012-13", "file_sha256": "a",
        "input_sha256": "a", "file_name": "f", "release": "", "licence": "L", "rows_read": 1, "rows_kept": 1,
        "rows_quarantined": 0, "rows_out_of_scope": 0, "rows_not_data": 0, "values_kept": 600, "values_missing": 37,
    }  # fmt: skip
    lead = sources_page(Run({"run_id": "x"}, {"source_file": [file, {**file, "file_sha256": "b"}]})).lead[0]
    assert "1,200 values kept" in lead
    assert "With 74 that publishers left out they make the 1,274 values of the run" in lead
