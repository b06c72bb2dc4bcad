"""The first page: the answer in three lines, the A to Z, what a list is worth, and runs that hold little."""

from __future__ import annotations

import re
import runpy
import shutil
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from pipelines.declarations.table_words import BAND_WORDS, NOT_ASSESSED
from reports.england.answer_lines import NO_RESULTS, NONE_ASSESSED, found_line, sure_line
from reports.england.find_area import letter_of, letters
from reports.england.index_page import index_page
from reports.england.list_pages import list_pages
from reports.england.smallest_amount import beyond, smallest_rate, smallest_rates, smallest_table
from reports.site.page_printer import page_printer
from reports.site.render import render_site
from reports.words.lead_words import front_sentence
from reports.words.read_run import Run, read_run

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
BAD_INPUT = runpy.run_path(str(ROOT / "tests" / "unit" / "reports" / "words" / "test_bad_input.py"))
REVIEW = {"list": "review list", "window": "W1", "places": 15, "assessed": 145, "expected_10": 5.2, "problem": None}


def flag(lower: float | None, upper: float | None, window: str = "W1") -> dict[str, Any]:
    return {"window": window, "replacement_lower": lower, "replacement_upper": upper}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_made_run(tmp_path_factory.mktemp("made"))


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "run"))


def front(folder: Path) -> str:
    render_site(folder, workers=1)
    return unescape((folder / "site" / "index.html").read_text(encoding="utf-8"))


def test_what_was_found_is_told_by_band_over_all_windows_with_its_verdict_first() -> None:
    bands = {"W1": Counter(dict.fromkeys(BAND_WORDS, 2)), "W2": Counter({BAND_WORDS[5]: 7, NOT_ASSESSED: 1})}
    assert found_line(bands, 12) == (
        "For most the returns point one way or the other. Of 20 results (12 areas, two windows) 2 point strongly "
        "towards replacement of the council's own money, 2 point towards it and 9 against it; 2 lean towards it and 2 "
        "against; 2 say nothing either way, which is a full answer; 1 was not assessed."
    )
    undecided = {"W1": Counter({BAND_WORDS[3]: 2, BAND_WORDS[0]: 1})}
    assert found_line(undecided, 3).startswith("For most the returns do not decide. Of 3 results (3 areas, one window)")
    assert found_line({}, 0) == NO_RESULTS
    assert found_line({"W1": Counter({NOT_ASSESSED: 3}), "W2": Counter({NOT_ASSESSED: 3})}, 3) == NONE_ASSESSED
    few = {"W1": Counter({BAND_WORDS[2]: 2, BAND_WORDS[0]: 1, NOT_ASSESSED: 9})}
    assert found_line(few, 12).startswith("For most the returns do not decide."), "of those that were assessed"


def test_how_sure_says_in_how_many_results_the_smallest_amount_is_more_than_all_the_money() -> None:
    rates = smallest_rates([flag(-0.5, 2.5), flag(-0.2, 0.6), flag(None, 1.0), flag(-3.0, 1.0, "W2")])
    assert rates == {"W1": [1.5, 0.4], "W2": [2.0]}
    assert beyond(rates["W1"]) == 1
    said = sure_line(rates, [REVIEW])
    assert said == (
        "Not sure. In 2 of 3 results the smallest amount that could have been seen is larger than all the NHS money of "
        "the area and window. Of 15 names on the review list about 5 would be councils that replaced their own money, "
        "if one in ten did; about 10 will have a good answer."
    )
    assert sure_line({"W1": [0.2, 0.3, 1.1]}, []).startswith("Sure of large differences only. In 1 of 3 results")
    assert sure_line({}, []) == "The run holds no figures that tell."
    assert smallest_rate(flag(None, 2.0)) is None
    assert smallest_table({}) is None


def test_a_rate_of_just_one_is_not_more_than_all_the_money() -> None:
    assert beyond([1.0, 1.0000001]) == 1


def test_a_full_list_says_how_many_names_it_always_has_and_how_many_will_have_a_good_answer() -> None:
    assert front_sentence(REVIEW, 15) == (
        "Of these 15 about 5 would be councils that replaced their own money, if one in ten did; about 10 will have a "
        "good answer. It has fifteen names every time."
    )
    assert "every time" not in front_sentence({**REVIEW, "places": 4, "expected_10": 0.4}, 15)
    assert "fewer than one would" in front_sentence({**REVIEW, "places": 4, "expected_10": 0.4}, 15)
    assert front_sentence({**REVIEW, "places": 0, "expected_10": None}, 15).endswith("so the review list is empty.")


def test_every_number_of_the_answer_stands_in_a_table_of_the_page(run: Path) -> None:
    text = front(run)
    answer = re.sub(r"<[^>]+>", " ", text.split('<dl class="answer">')[1].split("</dl>")[0])
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", text)
    held = {f"{round(float(cell))}" for cell in cells if re.fullmatch(r"\d+(\.\d+)?", cell)}
    held |= set(re.findall(r"<dd>(\d+)</dd>", text.split('<dl class="counts"')[1].split("</dl>")[0]))
    numbers = re.findall(r"\d+", answer.replace("section 256", ""))
    assert len(numbers) > 10
    assert set(numbers) - held == set()


def test_a_name_stands_under_its_letter_whatever_it_begins_with() -> None:
    names = (
        "Élan",
        "éast",
        "St. Helens",
        "'s Area",
        "2nd Area",
        "\u05d3\u05d5\u05d2",
        "  Kent",
        "st Albans",
        "",
        "Kent",
    )
    areas = [{"area_code": f"E{place}", "area_name": name} for place, name in enumerate(names)]
    found = {letter.text: [link.text for link in letter.areas] for letter in letters(areas)}
    assert found == {
        "E": ["éast", "Élan"], "K": ["Kent", "Kent"], "S": ["st Albans", "St. Helens"],
        "Other": ["E8", "'s Area", "2nd Area", "\u05d3\u05d5\u05d2"],
    }  # fmt: skip
    assert [letter.id for letter in letters(areas)] == ["az-e", "az-k", "az-s", "az-other"]
    twins = next(letter for letter in letters(areas) if letter.text == "K").areas
    assert [link.note for link in twins] == ["", ""]  # one has spaces before it, so the names differ
    assert letter_of("ß") == "S"


def test_every_area_is_in_the_a_to_z_once_and_areas_of_one_name_are_told_apart(run: Path) -> None:
    BAD_INPUT["rewrite"](run, "area", lambda row: {**row, "area_name": "Twin"})
    text = front(run).split('class="find az"')[1].split("<dl")[0]
    found = re.findall(r'<li><a href="areas/(E\d+)\.html">Twin</a> <small>(E\d+)</small>', text)
    assert sorted(found) == [(f"E0900{place:04d}", f"E0900{place:04d}") for place in range(12)]


def test_the_first_page_comes_in_its_order_and_is_short(run: Path) -> None:
    text = front(run)
    order = ['id="answer"', 'id="asked"', 'id="one-area"', 'id="find"', 'id="enquiry"', 'id="review"', 'id="unusual"',
             'id="said"', 'id="map-w1"', 'id="national"', 'id="changes"', 'id="downloads"']  # fmt: skip
    assert [text.count(mark) for mark in order] == [1] * len(order)
    places = [text.index(mark) for mark in order]
    assert places == sorted(places)
    assert len(text.encode("utf-8")) < 200_000
    assert "changes.html" in text
    assert 'changes.html"' not in text
    assert text.count("One hexagon for each area") == 1
    steps = text.split('id="one-area"')[1].split("</section>")[0]
    assert re.findall(r"<b>(\w+)</b>", steps) == ["Read", "Ask", "File"]
    assert {"#find", "requests.html"} <= set(re.findall(r'href="([^"]+)"', steps))
    assert re.search(r'areas/E\d+\.html#questions"', steps) and re.search(r'areas/E\d+\.html#downloads"', steps)


def test_three_areas_make_a_whole_site(tmp_path: Path) -> None:
    folder = write_made_run(tmp_path / "three", areas=3)
    text = front(folder)
    assert len(re.findall(r'<li><a href="areas/', text)) == 3
    assert "Of 6 results (3 areas, two windows)" in text


def test_five_hundred_areas_fit_on_the_first_page_and_in_the_tables(tmp_path: Path) -> None:
    folder = write_made_run(tmp_path / "many", areas=500)
    run = read_run(folder)
    page = index_page(run)
    assert sum(len(letter.areas) for letter in page.letters) == 500
    assert page.counts[0].text == "500"
    tables = [part.table for part in (*page.review, *page.unusual) if part.table]
    assert {len(table.rows) for table in tables} == {15}
    assert all(re.match(r"The first 15 of \d{2,3};", table.note) for table in tables)
    printed = page_printer(run.run_id)
    assert len(printed("index", page).encode("utf-8")) < 200_000
    assert len(printed("prose", list_pages(run)["all-areas-w1.html"]).encode("utf-8")) < 200_000


def test_a_run_whose_lists_are_empty_says_so_on_every_page_of_them(run: Path) -> None:
    gone = {"review_place": None, "unusual_place": None}
    BAD_INPUT["rewrite"](run, "flag", lambda row: {**row, **gone})
    empty = {"places": 0, "expected_05": None, "expected_10": None, "expected_30": None, "expected_own": None}
    BAD_INPUT["rewrite"](run, "list_summary", lambda row: {**row, **empty})
    text = front(run)
    assert "so the review list is empty." in text
    assert "No area is on this list in this window." in text.split('id="unusual"')[1]
    assert 'id="worth"' not in text
    for name in ("review", "unusual"):
        page = (run / "site" / f"{name}.html").read_text(encoding="utf-8")
        assert page.count("No area is on this list in this window.") == 2
        assert "<table" not in page


def test_one_window_has_no_column_together_and_no_link_to_another(run: Path) -> None:
    for table in ("flag", "list_summary", "expected_spend", "yearly_change", "feature_value", "evidence"):
        BAD_INPUT["rewrite"](run, table, lambda row: row if row["window"] == "W1" else None)
    text = front(run)
    assert "one window)" in text
    assert "Together" not in text
    assert not (run / "site" / "all-areas-w2.html").exists()
    assert "The other window" not in (run / "site" / "all-areas-w1.html").read_text(encoding="utf-8")


def test_a_run_in_which_every_figure_is_missing_has_no_smallest_amount_and_no_nought(run: Path) -> None:
    blank = lambda row: {name: None if isinstance(value, float) else value for name, value in row.items()}  # noqa: E731
    for table in ("flag", "list_summary"):
        BAD_INPUT["rewrite"](run, table, blank)
    text = front(run)
    assert 'id="smallest"' not in text
    assert "The run holds no figures that tell." in text
    assert not re.search(r"\b(None|nan)\b", re.sub(r"<script>.*</script>", "", text, flags=re.DOTALL))
    review = (run / "site" / "review.html").read_text(encoding="utf-8")
    assert "[x]" in review.split('id="review-w1"')[1].split("</table>")[0]


def test_an_area_without_a_region_or_a_type_is_in_every_table(run: Path) -> None:
    BAD_INPUT["rewrite"](run, "area", lambda row: {**row, "region": None, "class": None})
    text = front(run)
    assert "Region not held" in text and "Type not held" in text
    table = (run / "site" / "all-areas-w1.html").read_text(encoding="utf-8")
    assert table.count("<td>not held</td><td>not held</td>") == 12


def test_a_run_without_areas_or_results_says_so() -> None:
    page = index_page(Run({"run_id": "x"}))
    assert (page.letters, page.example, page.review, page.worth) == ((), None, (), None)
    assert page.answer[0].text == NO_RESULTS
    assert page.said.windows == ()
