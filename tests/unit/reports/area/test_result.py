"""The result of an area in words and numbers: rates with their formula, names of amounts, what follows a reason."""

from __future__ import annotations

import pytest

from audit.flags import sentences
from reports.area.money_section import money_name, sum_sentence
from reports.area.result_section import is_ranked, result_table
from reports.area.why_section import score_sentence
from reports.checks.sources_page import sources_page
from reports.england.index_page import areas_table
from reports.words.lead_words import LeadWords, after_reason, lead_words, reason_in_list
from reports.words.narrative import MISSING, in_unit, less_or_more, prose_gbp, thousand
from reports.words.read_run import Run
from reports.words.sign_words import with_directions

FLAG = {
    "area_code": "E1", "window": "W1", "grade": "C watch", "reason": "A reason", "years": "2011-12 to 2013-14",
    "transfer_gbp": 9.24e6, "transfer_basis": "estimated", "transfer_error_share": 0.016,
    "gap_gbp": 21.17e6, "gap_lower_gbp": -5.43e6, "gap_upper_gbp": 39.22e6,
    "displacement_rate": 0.52, "displacement_lower": -0.43, "displacement_upper": 1.48,
    "gap_per_pound": 2.29, "gap_per_pound_lower": -0.59, "gap_per_pound_upper": 4.24,
    "q_value": 0.84, "material": True, "minimum_detectable_gbp": 22.45e6, "maintenance_of_effort": "", "stability": 0.9,
    "anticipation": "", "data_quality": "good",
}  # fmt: skip
NONE = LeadWords("", "")


def lines(flag: dict[str, object], **settings: float) -> dict[str, str]:
    named = {f"grades.{name}": value for name, value in settings.items()}
    table = result_table(["W1"], [flag], [None], named)
    return {row[0].text: row[1].text for row in table.rows}


def test_the_shortfall_per_pound_stands_beside_the_displacement_rate_each_with_its_own_interval():
    told = lines(FLAG)
    assert told["Shortfall per pound of NHS money (90% interval)"] == "2.29 (−0.59 to 4.24)"
    assert told["Displacement rate (90% interval)"] == "0.52 (−0.43 to 1.48)"
    note = result_table(["W1"], [FLAG], [None]).note
    assert "gap / rise in NHS money allocated" in note
    assert "drawn towards" in note
    assert "relative to the average council" in note


def test_a_run_of_an_earlier_version_without_the_ratio_is_drawn_with_a_status_letter():
    told = lines({name: value for name, value in FLAG.items() if not name.startswith("gap_per_pound")})
    assert told["Shortfall per pound of NHS money (90% interval)"] == MISSING
    assert told["Displacement rate (90% interval)"] == "0.52 (−0.43 to 1.48)"


def test_materiality_is_said_with_the_thresholds_of_the_run():
    assert "Material: at least £1.0 million and 1% of gross spending" in lines(
        FLAG, material_gbp=1e6, material_share_of_gross=0.01
    )
    assert "Material" in lines(FLAG)


def test_the_doubt_of_the_allocation_is_said_to_be_that_of_the_public_health_deduction_alone():
    assert lines(FLAG)["NHS money allocated: rise over the window"] == (
        "9,240 (estimated; may be 2% off for public health alone)"
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


def test_the_windows_sum_is_said_with_directions():
    assert "(90% interval: £5.4 million more to £39.2 million less)" in sum_sentence(FLAG, [])


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
        ("Adults changed by −1.0% (positive at 0.0% or below).", "Adults fell by 1.0% (positive at 0.0% or below)."),
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


def test_an_explanation_that_tested_positive_is_named_in_the_lead_unless_the_reason_names_it():
    tests = [
        {"test": "price_volume", "label": "Prices fell", "result": "positive"},
        {"test": "demand_fell", "label": "Demand fell", "result": "negative"},
    ]
    said = after_reason({**FLAG, "grade": "cannot tell"}, tests, NONE)
    assert "Tested positive as another explanation: prices fell." in said
    assert "emand fell" not in said
    assert "Tested" not in after_reason({**FLAG, "reason": "It fits: prices fell"}, tests, NONE)
    assert after_reason({**FLAG, "grade": "not assessed"}, tests, NONE) == ""


def test_a_list_gives_the_shortfall_per_pound_and_says_how_it_is_worked_out():
    area = {"area_code": "E1", "area_name": "X"}
    table = areas_table("W1", [area], {"E1": FLAG})
    assert (
        dict(zip([column.label for column in table.columns], table.rows[0], strict=True))["Shortfall per pound"].text
        == "2.29"
    )
    assert "that amount / the rise in NHS money" in table.note
    older = {name: value for name, value in FLAG.items() if not name.startswith("gap_per_pound")}
    assert MISSING in [cell.text for cell in areas_table("W1", [area], {"E1": older}).rows[0]]


def test_the_index_names_it_too():
    area = {"area_code": "E1", "area_name": "X"}
    table = areas_table("W1", [area], {"E1": FLAG}, beside={"E1": "Tested positive as another explanation: x."})
    assert table.rows[0][2].text == "A reason. Tested positive as another explanation: x."


def test_a_place_by_score_is_no_rank_of_results_unless_graded_a_or_b():
    score = {"rank": 13, "of": 148, "stability": 0.95, "p_value": 0.092, "baseline_rank": None}
    assert score_sentence(score, ranked=False) == (
        "13th of 148 by the forest's score alone, which is no rank of results; among the highest scores in 95% of "
        "repeats with other seeds and halves of the data; p-value of the score 0.092."
    )
    assert "no rank" not in score_sentence(score, ranked=True)
    assert [is_ranked({"grade": grade}) for grade in ("A investigate", "B enquire", "C watch")] == [True, True, False]
    assert not is_ranked(None)


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


def test_a_watch_says_what_chance_gives_what_was_found_of_what_was_planted_and_what_could_be_seen():
    flags = [{**FLAG, "area_code": f"E{place}"} for place in range(150)]
    planted = {"family": "centre", "power_a_b": 0.0, "power_a_b_c": 0.0267}
    run = Run({"run_id": "x", "settings": {"grades.c_p": 0.05}}, {"flag": flags, "evaluation_scenario": [planted]})
    words = lead_words(run, "W1")
    said = after_reason(FLAG, [], words)
    assert "at most 0.05 is expected in about 8 of 150 areas" in said
    assert "A or B found 0.000 and A, B or C 0.027" in said
    assert "below the smallest that would probably be seen here (£22.4 million)" in said
    assert "chance" not in after_reason({**FLAG, "grade": "cannot tell"}, [], words)
    assert lead_words(Run({"run_id": "x"}), "W1") == NONE


def test_a_list_prints_the_interval_of_the_gap_in_its_column_and_not_in_the_reason():
    unclear = sentences.reason_unclear(
        lower=-7.6e6, upper=67.8e6, transfer=14.4e6, detectable=3e7, p_gap=0.3, p_forest=0.4, rule="", look_alikes="",
        quality="good",
    )  # fmt: skip
    assert "67.8" in unclear
    assert reason_in_list({**FLAG, "reason": unclear}) == (
        "The interval includes the whole rise in NHS money (£14.4 million)."
    )
    nothing = sentences.reason_nothing(gap=-9e6, lower=-2e7, upper=-1e6, detectable=3e7, transfer=14.4e6)
    assert reason_in_list({**FLAG, "reason": nothing}) == (
        "More was spent than expected, while NHS money rose by £14.4 million; "
        "amounts below £30.0 million would probably not have been seen."
    )
    assert reason_in_list({**FLAG, "reason": "The 90% of returns"}) == "The 90% of returns."
