"""Pages in words: flags, glossary, accessibility."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.declarations.table_words import BAND_WORDS, RESULTS
from pipelines.errors import DefinitionError
from reports.area.look_alike_section import look_alike_part
from reports.area.questions import for_area
from reports.method.flag_pages import flag_pages, with_settings
from reports.method.method_page import method_words
from reports.site.plain_pages import glossary_sections
from reports.words.explanation_links import BANDS_PAGE, entries, page_of_result, page_of_test
from reports.words.read_run import Run

ROOT = Path(__file__).resolve().parents[4]


def test_every_result_the_bands_and_every_other_explanation_have_a_page():
    from audit.method.look_alikes.all_tests import LABELS

    assert all(page_of_result(result) for result in RESULTS)
    assert BANDS_PAGE in flag_pages(Run({"run_id": "x"}))
    assert {entry["test"] for entry in entries() if "test" in entry} == set(LABELS)
    assert all(page_of_test(test) for test in LABELS)


def test_every_threshold_a_flag_page_names_is_a_setting_of_the_method():
    from audit.settings import load_settings

    settings = load_settings()
    for entry in entries():
        for name in re.findall(r"\{([a-z_.]+)\}", entry["rule"] + entry["example"]):
            settings.number(name)


def test_a_rule_is_printed_with_the_threshold_of_the_run_and_says_so_where_none_is_stated():
    assert with_settings("the {lists.review} highest", {"lists.review": 15}) == "the 15 highest"
    assert "not stated" in with_settings("the {lists.review} highest", {})


def test_a_flag_page_counts_the_areas_with_its_result():
    run = Run({"run_id": "x"}, {"flag": [{"window": "W1", "list": "review list", "band": BAND_WORDS[1]}]})
    pages = flag_pages(run)
    assert "1 area on this list alone." in pages["flags/review-list.html"].sections[-1].paragraphs[0]
    assert "points towards replacement: 1;" in pages[BANDS_PAGE].sections[-1].paragraphs[0]


def test_an_incomplete_entry_is_refused(tmp_path):
    path = tmp_path / "flag_pages.toml"
    path.write_text('[[pages]]\ncode = "x"\n', encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"flag_pages\.toml"):
        entries(path)


def test_the_glossary_page_prints_the_words_of_the_glossary():
    text = re.sub(r"[*`]", "", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))
    for _, words in glossary_sections():
        assert words
        for word, _ in words:
            assert f"| {word} |" in text


@pytest.mark.parametrize(
    ("code", "ratio", "chances"), [("review-list", 4.0, {0.1: 31, 0.3: 63}), ("bands", 2.0, {0.1: 18})]
)
def test_the_worked_example_of_a_chance_is_worked_out_rightly(code, ratio, chances):
    example = next(entry["example"] for entry in entries() if entry["code"] == code)
    for prior, told in chances.items():
        odds = ratio * prior / (1 - prior)
        assert round(100 * odds / (1 + odds)) == told
        assert f"{told}%" in example


def test_the_page_of_the_bands_names_the_limits_of_the_bands():
    rule = next(entry["rule"] for entry in entries() if "bands" in entry)
    limits = ("above 10", "above 3", "above 1.5", "2/3 and 1.5", "1/3 and 2/3", "below 1/3")
    assert all(limit in rule.lower() for limit in limits)


def _flag(**changed):
    flag = {"list": "on no list", "band": BAND_WORDS[3], "settle_with": "the agreement", "window": "W1"}
    return {**flag, "unusual_place": None, **changed}


def test_what_spending_would_have_been_is_asked_first_with_the_document_that_settles_it():
    lead, asked = for_area([_flag()], [], [])
    assert asked[0].text.startswith("What would spending have been without the NHS money?")
    assert asked[0].document == "the agreement"
    assert lead.startswith("These figures say nothing either way.")


def test_a_feature_is_asked_about_only_where_it_put_the_area_on_the_unusual_pattern_list():
    features = [
        {"feature": "reserves_built", "window": "W1", "contribution": 0.1},
        {"feature": "council_tax_forgone", "window": "W1", "contribution": 0.0},
    ]
    listed = for_area([_flag(list="unusual-pattern list", unusual_place=3)], [], features)[1]
    assert any("reserves set aside" in question.text for question in listed)
    assert not any("council tax set" in question.text for question in listed)
    assert not any("reserves set aside" in question.text for question in for_area([_flag()], [], features)[1])


def test_a_negative_test_claims_no_more_than_its_limit():
    row = {"test": "housing_recode", "window": "W1", "label": "Moved to housing", "result": "negative",
           "detail": "Moved by 1.0% (limit 7.0%)."}  # fmt: skip
    ratios = {"W1": {("W1", "housing_recode"): 2.31, ("W2", "housing_recode"): 9.0}}
    table = look_alike_part(["W1"], [row], ratios).table
    assert table is not None
    assert [cell.text for cell in table.rows[0][1:]] == ["Not seen: moved by 1.0%; positive from 7%.", "2.31 times"]
    untold = look_alike_part(["W1"], [row], {"W1": {}}).table
    assert untold is not None
    assert untold.rows[0][2].text == "not measured"


def test_the_method_page_takes_its_numbers_from_the_run():
    settings = {"transfer.section_256": {"2011-12": 648.0}, "transfer.bcf_to_councils": 2070.0, "evidence.average": 0.3}
    checks = [{"correlation": 0.384}, {"correlation": 0.783}, {"correlation": None}]
    words = method_words(Run({"run_id": "x", "settings": settings}, {"transfer_check": checks}))
    assert words["national"] == "£648 million in 2011-12 and £2,070 million a year from 2015-16"
    assert "0.38 to 0.78" in words["receipts"]
    assert words["average"] == "0.3"
    assert method_words(Run({"run_id": "x"}))["national"] == "not stated"
