"""Pages in words: flags, glossary, accessibility."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.errors import DefinitionError
from reports.flag_pages import entries, flag_pages, page_of_grade, page_of_test, with_settings
from reports.narrative import GRADES
from reports.plain_pages import glossary_sections
from reports.read_run import Run

ROOT = Path(__file__).resolve().parents[2]


def test_every_grade_and_every_other_explanation_has_a_page():
    from audit.look_alikes import LABELS

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
