"""The result of an area in words and numbers: one number for one thing, names of amounts, what follows a reason."""

from __future__ import annotations

import pytest

from reports.area.look_alike_section import look_alike_part
from reports.area.minute import MOST_WORDS, minute_rows, response_line
from reports.area.money_section import basis_words, money_part, total_rows
from reports.area.result_section import headline, in_result_order, reasons, result_table
from reports.area.why_section import is_unusual, why_absent, why_part
from reports.checks.sources_page import sources_page
from reports.england.areas_table import areas_table
from reports.england.list_tables import ListRows, full_table
from reports.words.chance_words import chance_in_words
from reports.words.lead_words import LeadWords, by_lot, lead_words, right_words
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
    return {
        row[0].text: row[1].text for row in result_table(["W1"], [flag], {"W1": 6}, right={"W1": "about 3 of 15"}).rows
    }


def test_the_verdict_stands_first_then_the_ratio_and_the_place_says_what_the_list_is_worth():
    told = lines(FLAG)
    assert list(told.items())[:2] == [
        ("What the figures say", "Points towards replacement. Flagged: on the review list"),
        ("Evidence ratio", "8.33"),
    ]
    assert told["Place on the review list"] == (
        "3; stays on it in 5 of 6 variants; about 3 of 15 names would be right, if 10 in 100 did"
    )
    assert "Place on the unusual-pattern list" not in told
    assert "Place on the review list" not in lines({**FLAG, "review_place": None})


def test_the_chance_is_given_for_three_priors_and_the_rate_with_its_interval_also_in_pounds():
    told = lines(FLAG)
    chances = [value for label, value in told.items() if label.startswith("Chance")]
    assert chances == ["30%", "48% (about 5 in 10)", "78%"]
    assert told["Replacement rate (90% interval)"] == "1.98 (0.88 to 3.09)"
    assert told["That rate × the rise in NHS money (90% interval)"] == "18,300 less (8,100 to 28,500 less)"


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0133, "about 1 in 75"), (0.033, "about 1 in 30"), (0.24, "about 1 in 4"), (0.48, "about 5 in 10"),
     (0.745, "about 7 in 10"), (0.96, "over 19 in 20"), (0.001, "under 1 in 200"), (None, MISSING)],
)  # fmt: skip
def test_a_chance_is_said_as_people_say_it_and_never_as_nought_or_all(share, said):
    assert chance_in_words(share) == said


def test_an_onset_is_told_only_where_the_ratio_is_above_one():
    assert lines(FLAG)["Onset that fits best"] == "a year late"
    assert lines({**FLAG, "evidence_ratio": 0.8})["Onset that fits best"] == "none: the ratio is 1 or less"
    assert lines({**FLAG, "evidence_ratio": 0.5})["Evidence ratio"] == "0.5 (2 times less likely)"


def test_an_area_that_is_not_assessed_has_letters_and_no_place():
    told = lines(ABSENT)
    assert told.pop("What the figures say") == "Not assessed"
    assert told.pop("Why it was not assessed") == "Too small to assess."
    assert set(told.values()) == {MISSING}


def test_a_headline_gives_the_verdict_the_list_and_the_chance_and_flagged_windows_come_first():
    area = {"area_name": "X"}
    heads = in_result_order([headline(area, "W1", ABSENT), headline(area, "W2", FLAG), headline(area, "W3", None)])
    assert [head.outcome for head in heads] == [
        "Points towards replacement. Flagged: on the review list", "Not assessed", "Not assessed",
    ]  # fmt: skip
    assert heads[0].reason == "Chance that it replaced its own money: about 5 in 10, if one council in ten did."
    assert heads[1].reason == "Too small to assess."


def test_only_a_window_on_a_list_says_why_and_a_name_on_the_review_list_what_that_is_worth():
    none = {**FLAG, "review_place": None, "window": "W2"}
    assert reasons(["W1", "W2"], [FLAG, none], {"W1": "Of the 15 about 3.", "W2": "x"}) == (
        "Section 256 transfers, 2011-12 to 2013-14: a reason. Of the 15 about 3.",
    )


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


YEARS = [
    {"window": "W1", "financial_year": year, "is_base": base, "actual_gbp": actual, "expected_gbp": 9e6,
     "lower_gbp": 8e6, "upper_gbp": 10e6, "gap_gbp": 9e6 - actual, "reckoned_gbp": money, "reckoned_basis": "estimated"}
    for year, base, actual, money in (
        ("2010-11", True, 9e6, 1e6), ("2011-12", False, 8e6, 3e6), ("2012-13", False, 7e6, 4e6),
    )
]  # fmt: skip
SUM = {**FLAG, "gap_gbp": 3e6, "transfer_gbp": 5e6, "gap_lower_gbp": -1e6, "gap_upper_gbp": 6e6}


def test_the_total_row_adds_up_to_the_years_above_it_and_to_the_sentence():
    part = money_part("W1", YEARS, SUM, name="X")
    assert part.table is not None
    told = {row[0].text: [cell.text for cell in row[1:]] for row in part.table.rows}
    assert told["Total"] == ["15,000", "18,000", "", "3,000", "7,000", "5,000"]
    years = [row for row in part.table.rows if row[0].text in ("2011-12", "2012-13")]
    for place in (1, 2, 4, 5, 6):
        added = sum(int(row[place].text.replace(",", "")) for row in years)
        assert f"{added:,}" == told["Total"][place - 1]
    assert told["A year"] == ["7,500", "9,000", "", "1,500", "3,500", "2,500"]
    assert told["90% interval of the total"][3] == "1,000 more to 6,000 less"
    assert told["Per pound of NHS money above base"][3] == "0.60"
    assert told["2010-11 (base)"] == ["9,000", "[z]", "[z]", "[z]", "1,000", "[z]"]


def test_a_ratio_of_nothing_and_a_sum_with_a_hole_are_not_printed():
    without = total_rows(YEARS, {**SUM, "transfer_gbp": 0.0}, 1e6)
    assert without[3][4].text == MISSING
    hole = [*YEARS[:2], {**YEARS[2], "actual_gbp": None}]
    assert total_rows(hole, SUM, 1e6)[0][1].text == MISSING
    assert total_rows(YEARS, None, 1e6) == ()


def test_money_received_in_the_arithmetic_is_called_income_booked():
    told = lines({**FLAG, "maintenance_of_effort": "Own-funded spend fell and NHS money received rose by £1 a year"})
    assert told["Maintenance of effort"] == "Own-funded spend fell and NHS income booked rose by £1 a year."


def test_how_nhs_money_is_known_is_said_in_words():
    assert basis_words(YEARS) == "the national amount times the area's share of need [e]"
    assert basis_words([{"reckoned_basis": None}]) == MISSING


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "Income rose by −0.2% of own spend (limit 3.0%).",
            "Income fell by 0.2% of own spend; positive from a rise of 3%.",
        ),
        (
            "Income rose by +0.2% of own spend (limit 3.0%).",
            "Income rose by 0.2% of own spend; positive from a rise of 3%.",
        ),
        ("Base years stood −6.9% above the year before", "Base years stood 6.9% below the year before"),
        (
            "Base years stood 9.0% above the year before them (limit 8.0%).",
            "Base years stood 9.0% above the year before them; positive from 8% above.",
        ),
        (
            "Own spend and housing's moved opposite ways by up to 9.0% of own spend, compared with the middle area "
            "(limit 7.5%).",
            "Own spend and housing's moved opposite ways by up to 9.0% of own spend, compared with the median area; "
            "positive from 7.5%.",
        ),
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


def test_each_test_says_its_result_its_side_and_how_much_it_tells_and_those_not_made_are_named_apart():
    rows = [
        {**TESTS[1], "detail": "The same authorities throughout."},
        {**TESTS[0], "detail": "Spend moved by 9.0% (limit 7.0%)."},
        {"window": "W1", "test": "children", "label": "Moved to children", "result": "not tested", "detail": None},
    ]
    part = look_alike_part(["W1", "W2"], rows, {"W1": {("W1", "housing_recode"): 2.31}, "W2": {}})
    assert part.table is not None
    assert [[cell.text for cell in row] for row in part.table.rows] == [
        ["Spending moved to housing", "Positive: spend moved by 9.0%; positive from 7%.", "Not tested",
         "2.31 times; not measured"],
        ["Reorganised", "Not seen: the same authorities throughout.", "Not tested", "not measured"],
    ]  # fmt: skip
    assert part.sentence == "Not tested, for want of figures: moved to children."


def test_the_minute_has_seven_rows_of_at_most_twenty_words_each_with_a_link_to_a_section():
    both = {"W1": FLAG, "W2": {**ABSENT, "window": "W2"}}
    figure = {"record_id": "r", "column": "c", "file_sha256": "a"}
    rows = minute_rows(both, evidence=[figure], marked=1, tests=TESTS, questions=6, assessed=145,
                       peers=("North Somerset", "Kingston upon Hull, City of", "Bath and North East Somerset", "D"),
                       run_id="0123456789abcdef")  # fmt: skip
    told = {pair.label: pair.text for pair in rows}
    assert list(told) == [
        "What is claimed", "How sure", "From which figures", "Compared with whom", "What else could explain it",
        "What to ask", "How to do it again",
    ]  # fmt: skip
    assert {label: text for label, text in told.items() if len(text.split()) > MOST_WORDS} == {}
    assert all(pair.href.startswith("#") for pair in rows)
    assert told["What is claimed"] == (
        "Section 256 transfers: points towards replacement; Better Care Fund: not assessed."
    )
    assert told["What else could explain it"] == (
        "One tested positive, as a sign (Section 256 transfers): spending moved to housing."
    )
    nothing = minute_rows({}, evidence=[], marked=0, tests=[], questions=0, assessed=0, peers=(), run_id="x")
    assert all(pair.text for pair in nothing)


def test_the_newest_response_stands_in_a_line_under_the_headline_or_that_there_is_none():
    rows = [
        {"date": "2026-01-02", "body": "Anytown Council", "comment": "Old."},
        {"date": "2026-05-01", "body": "Anytown Council", "comment": "We paid  for this " + "before " * 40},
    ]
    said = response_line(rows, []).text
    assert said.startswith("Anytown Council, 1 May 2026: “We paid for this before")
    assert said.endswith(" ...”")
    assert len(said) < 220
    assert response_line([], []).text == "No comment of the council is on record."


def test_how_many_names_of_the_list_would_be_right_is_said_only_where_it_is_known():
    assert right_words(Run({"run_id": "x"}, {"list_summary": [SUMMARY]}), "W1") == "about 3 of 15"
    assert right_words(Run({"run_id": "x"}, {}), "W1") == ""


def test_what_the_review_list_is_worth_is_said_to_its_members_alone():
    run = Run({"run_id": "x", "settings": {"lists.review": 15}}, {"list_summary": [SUMMARY]})
    words = lead_words(run, "W1")
    assert words.review == (
        "Of the 15 areas on the list about 3 would be councils that replaced their own money, if one council in ten "
        "did (about 2 if one in twenty, about 8 if three in ten; the figures cannot say how many did). 15 names drawn "
        "by lot would hold one or two at one in ten. The list has fifteen names every time, so being on it "
        "is no news by itself."
    )
    assert words.member == (
        "Of the 15 areas on the review list about 3 would be councils that replaced their own money, if one council in "
        "ten did; being on it is no news by itself."
    )
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
    ratios = {("W1", "housing_recode"): 2.31}
    table = full_table(ListRows("review", "W1", flags, {"E1": TESTS}, ratios, None, variants=6))
    assert table is not None
    assert cells(table, 0) == {
        "Area": "X", "Place": "3", "Evidence ratio": "8.33", "What the figures say": "Points towards replacement",
        "Chance, if 10 in 100 did": "48%", "Rate (90% interval)": "1.98 (0.88 to 3.09)",
        "NHS money, £ thousand": "9,240", "Stays on in variants": "5 of 6",
        "Other explanations that fit": "Spending moved to housing (in trials 2.31 times as often where it was so).",
        "Data quality": "good",
    }  # fmt: skip
    assert table.rows[1][1].small == "also unusual"
    assert full_table(ListRows("review", "W1", {"E2": ABSENT}, {}, {}, None)) is None
    unusual = full_table(ListRows("unusual", "W1", flags, {}, {}, None, signs={"E3": ["tax fell", "reserves grew"]}))
    assert unusual is not None
    assert [(row[1].text, row[4].text) for row in unusual.rows] == [("1", "Tax fell; reserves grew.")]


def test_the_table_of_all_areas_gives_the_reason_where_an_area_is_not_assessed():
    areas = [{"area_code": code, "area_name": code, "region": "", "class": "london"} for code in ("E2", "E1", "E9")]
    table = areas_table("W1", areas, {"E1": FLAG, "E2": ABSENT})
    assert [row[0].text for row in table.rows] == ["E1", "E2", "E9"]
    assert [cell.text for cell in table.rows[0][1:3]] == ["not held", "London borough"]
    assert [row[4].text for row in table.rows] == [
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
    assert why_part("W1", signs, FLAG, name="X") is None
    (line,) = why_absent({"W1": score, "W2": None})
    assert line.label == "Not on the unusual-pattern list"
    assert line.text == "Section 256 transfers: isolated 13th of 148; Better Care Fund: not scored"
    listed = why_part("W1", signs, {**FLAG, "unusual_place": 2}, name="X")
    assert listed is not None
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
