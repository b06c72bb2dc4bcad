"""The evaluation on the method page: posteriors first, every table there, and no word that accuses."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from reports.method.evaluation_section import BESIDE, BIN, CHANCE, chance_parts, evaluation_parts
from reports.method.papers_tables import papers_parts
from reports.method.verdict import NOT_MEASURED, verdict
from reports.words.read_run import Run
from reports.words.view_models import WindowPart

ROOT = Path(__file__).resolve().parents[4]
TABLES = runpy.run_path(str(ROOT / "tests" / "golden" / "made_evaluation.py"))["evaluation_tables"]()


@pytest.fixture(scope="module")
def parts() -> dict[str, WindowPart]:
    run = Run({"run_id": "x"}, TABLES)
    return {part.id: part for part in (*evaluation_parts(run), *papers_parts(run), *chance_parts(run))}


def test_posteriors_stand_first_then_targets_lists_and_the_best_we_know_then_the_rest(parts):
    first = ["posterior-w1", "posterior-w2", "targets", "lists-w1", "lists-w2", "best"]
    rest = [key for key, _, _ in BESIDE], ["papers-w1", "papers-w2", "sample"], [key for key, _, _ in CHANCE]
    assert list(parts) == [*first, *rest[0], *rest[1], *rest[2]]
    assert all(part.table and part.table.rows for part in parts.values())


def test_expected_and_actual_of_the_first_places_are_said_for_each_ground(parts):
    assert parts["posterior-w1"].sentence == (
        "In the first places of all cases together: 10% planted, blocks: expected 138.0, actual 149; 10% planted, real "
        "paths: expected 138.0, actual 149."
    )


def test_each_bin_that_holds_areas_is_a_mark_and_an_empty_one_is_none(parts):
    figure = parts["posterior-w2"].figure
    assert figure is not None
    (drawn,) = figure.chart.args
    rows = TABLES["evaluation_posterior"]
    held = [row for row in rows if row["window"] == "W2" and row["part"].startswith(BIN) and row["areas"]]
    assert len(drawn) == len(held) == 4
    assert (24.84, 25.81) in {(row["said"], row["so"]) for row in drawn}


def test_a_way_to_rank_that_was_not_tried_in_a_family_has_a_letter_and_one_kept_out_of_tuning_says_so():
    rows = TABLES["evaluation_list"][:4]
    other = {**rows[0], "family": "onset_late", "detector": "forest alone", "held_out": True}
    parts = evaluation_parts(Run({"run_id": "x"}, {**TABLES, "evaluation_list": [*rows, other]}))
    table = next(part.table for part in parts if part.id == "lists-w1")
    assert table is not None
    assert [row[0].text for row in table.rows] == ["Route own spend", "Onset late"]
    assert table.rows[0][-1].text == table.rows[1][1].text == "[x]"
    assert "kept out of tuning" in table.rows[1][0].small


def test_papers_are_printed_as_they_were_made_and_with_the_error_a_run_takes_them_to_have(parts):
    table = parts["papers-w1"].table
    assert table is not None
    first = [tuple(cell.text for cell in row[:4]) for row in table.rows]
    assert first == [
        (papers, errors, error, years)
        for papers, error in (("unbiased", "0.020"), ("written afterwards", "0.040"))
        for errors, years in (("one year", "1"), ("each year its own", "3"), ("one through all years", "3"))
    ]


def test_what_papers_find_is_said_with_one_year_and_with_three(parts):
    assert parts["papers-w2"].sentence == (
        "Share of the councils planted that are found where papers err by 2% of own spend a year and one in ten of "
        "those found is wrong: 0.500 with one year of papers; 0.700 with three years that err each on their own; 0.700 "
        "with three years with one error through all. Lists whose mean posterior is nine in ten or more find 0.000; "
        "0.500; 0.500 of them."
    )


def test_no_heading_stands_again_as_the_caption_or_title_beneath_it(parts):
    for part in parts.values():
        assert part.table is not None
        said = [part.heading, part.table.caption, *([part.figure.title] if part.figure else [])]
        assert len(set(said)) == len(said), said


def test_the_verdict_says_how_often_the_list_is_right_what_it_cannot_say_and_what_settles_it():
    rows = [
        {**TABLES["evaluation_list"][0], "window": window, "family": family, "ground": "real paths", "precision": share}
        for window, family, share in (("W1", "real_paths", 0.2), ("W2", "fund_real_paths", 0.24))
    ]
    right, limits, settles = verdict(Run({"run_id": "x"}, {**TABLES, "evaluation_list": rows}))
    assert right == (
        "Replacement was planted in 10 in 100 of the paths that real councils took. Of the 15 names of the review "
        "list, so many are right: 3.0 for section 256 money and 3.6 for the Better Care Fund; drawn by lot, 1.5 would "
        "be. The chances of those names added up over all cases: 138 were said and 149 were so for section 256 money; "
        "138 were said and 149 were so for the Better Care Fund."
    )
    assert limits.startswith("The figures cannot say how many councils replaced their own money")
    assert settles.endswith("one in ten of those found wrong.") and "70% to 70% for section 256 money" in settles
    bare = verdict(Run({"run_id": "x"}))
    assert bare[0] == NOT_MEASURED
    assert "pounds wide" not in bare[1] and "%" not in bare[2]


def test_no_text_of_the_evaluation_says_injured(parts):
    texts = [
        text
        for part in parts.values()
        if part.table
        for text in (part.sentence, part.table.caption, part.table.note, *(head.label for head in part.table.columns),
                     *(cell.text for row in part.table.rows for cell in row))
    ]  # fmt: skip
    assert not [text for text in texts if "injur" in text.lower()]
