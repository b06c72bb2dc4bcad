"""What bodies said and planned, and criteria in force: printed unedited, an empty table is said to be empty."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from pipelines.supplied.supplied_tables import read_supplied_table
from reports.area.supplied.supplied_section import criteria_questions, known_table, plans_part, responses_part
from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[5]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
W1, W2 = ["2011-12", "2012-13", "2013-14"], ["2015-16", "2016-17", "2017-18", "2018-19", "2019-20"]


@pytest.fixture(scope="module")
def criteria():
    return read_supplied_table("criteria", ())


def test_a_comment_a_plan_and_an_explanation_stand_on_the_page_of_their_area_alone(tmp_path):
    run = write_made_run(tmp_path)
    render_site(run, workers=1)
    own, other = ((run / "site" / "areas" / f"E0900000{place}.html").read_text("utf-8") for place in (0, 1))
    assert "We &lt;b&gt;disagree&lt;/b&gt; &amp; say why" in own.split('id="response-table"')[1].split("</table>")[0]
    assert re.search(r"Example Board <small>2015-01-09</small>.*not stated.*protect existing", own.replace("\n", ""))
    assert "A home was closed" in own.split('id="look-alikes"')[1].split('id="questions"')[0]
    assert "None recorded" in other
    assert "No joint plan is recorded" in other
    assert "A home was closed" not in other


def test_without_rows_the_page_says_what_would_be_shown():
    assert "None recorded" in responses_part(()).empty
    assert "would show it" in plans_part(()).empty
    assert known_table(()) is None


def test_one_question_is_asked_for_each_window_and_names_its_document(criteria):
    asked = criteria_questions(criteria, [W1, W2])
    assert len(asked) == 2
    assert "2011-12 transfer reported by category" in asked[0].text
    assert asked[1].document == "The Better Care Fund plan for 2015-16 as approved"
    assert criteria_questions(criteria, [["2001-02"]]) == ()
