"""Pages in words: flags, glossary, accessibility."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.declarations.table_words import GRADES
from pipelines.errors import DefinitionError
from reports.area.look_alike_section import look_alike_part
from reports.area.questions import for_area
from reports.method.flag_pages import flag_pages, with_settings
from reports.method.method_page import method_words
from reports.site.plain_pages import glossary_sections
from reports.words.explanation_links import entries, page_of_grade, page_of_test
from reports.words.read_run import Run

ROOT = Path(__file__).resolve().parents[4]


def test_every_grade_and_every_other_explanation_has_a_page():
    from audit.method.look_alikes import LABELS

    assert all(page_of_grade(grade) for grade in GRADES)
    assert all(page_of_test(test) for test in LABELS)


def test_every_threshold_a_flag_page_names_is_a_setting_of_the_method():
    from audit.settings import load_settings

    settings = load_settings()
    for entry in entries():
        for name in re.findall(r"\{([a-z_.]+)\}", entry["rule"] + entry["example"]):
            settings.number(name)


def test_a_rule_is_printed_with_the_threshold_of_the_run_and_says_so_where_none_is_stated():
    assert with_settings("at most {grades.a_q}", {"grades.a_q": 0.1}) == "at most 0.1"
    assert "not stated" in with_settings("at most {grades.a_q}", {})


def test_a_flag_page_counts_the_areas_with_its_result():
    run = Run({"run_id": "x"}, {"flag": [{"window": "W1", "grade": "A investigate"}]})
    assert "1 area." in flag_pages(run)["flags/a-investigate.html"].sections[-1].paragraphs[0]


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


def test_the_worked_example_of_the_rates_is_worked_out_rightly_and_keeps_the_two_apart():
    example = next(entry["example"] for entry in entries() if entry["code"] == "a-investigate")
    sums = re.findall(r"([\d. x/+()-]+) = (\d\.\d+)", example)
    assert len(sums) == 2
    for left, right in sums:
        numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", left)]
        worked = numbers[0] / numbers[1] if "/" in left else numbers[0] + numbers[1] * (numbers[2] - numbers[3])
        assert round(worked, 10) == float(right), left
    assert "shortfall per pound of NHS money is 6 / 8" in example
    assert "displacement rate draws it towards" in example


def test_a_result_that_cannot_be_told_is_asked_about_by_what_spending_would_have_been():
    flag = {"grade": "cannot tell", "settle_with": "the agreement", "window": "W1"}
    _, asked = for_area([flag], [], [])
    assert asked[0].text.startswith("What would spending have been without the NHS money?")
    assert asked[0].document == "the agreement"


def test_a_negative_test_claims_no_more_than_its_limit():
    row = {"test": "demand_fell", "label": "Demand fell", "result": "negative", "detail": "x"}
    table = look_alike_part("W1", [row]).table
    assert table is not None
    assert table.rows[0][1].text == "Negative: not seen above the limit"


def test_the_method_page_takes_its_numbers_from_the_run():
    settings = {"transfer.section_256": {"2011-12": 648.0}, "transfer.bcf_to_councils": 2070.0, "grades.c_p": 0.05}
    checks = [{"correlation": 0.384}, {"correlation": 0.783}, {"correlation": None}]
    words = method_words(Run({"run_id": "x", "settings": settings}, {"transfer_check": checks}))
    assert words["national"] == "£648 million in 2011-12 and £2,070 million a year from 2015-16"
    assert "0.38 to 0.78" in words["receipts"]
    assert words["watch"] == "0.05"
    assert method_words(Run({"run_id": "x"}))["national"] == "not stated"
