"""Tables that users supply: strict in form, printed unedited, an empty one is said to be empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import DefinitionError, InputError
from reports.supplied_section import criteria_questions, known_part, plans_part, responses_part
from reports.user_tables import LAYOUTS, Supplied, read_supplied, read_user_table

RESPONSE = "area_code,date,body,comment,document\n"
GOOD = 'E06000001,2026-05-01,Example Council,"We <b>disagree</b>, fully",Letter\n'


def written(folder: Path, name: str, text: str) -> Path:
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_files_that_come_with_the_software_are_valid_and_every_criterion_has_a_source():
    supplied = read_supplied()
    assert supplied.criteria
    assert all(row["source"] and row["document"] for row in supplied.criteria)
    assert (supplied.responses, supplied.known_explanations, supplied.plans) == ([], [], [])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("E06000001,2026-05-01,X\n", "row 2.*3 cells"),
        ("E0600,2026-05-01,X,Y,Z\n", "row 2, column area_code"),
        ("E06000001,1 May,X,Y,Z\n", "row 2, column date"),
        (GOOD + "E06000001,2026-05-01,X,,Z\n", "row 3, column comment.*empty"),
        (GOOD + GOOD, "row 3.*twice"),
    ],
)
def test_a_row_that_is_not_of_the_layout_is_refused_with_file_and_row(tmp_path, rows, said):
    with pytest.raises(InputError, match=rf"responses\.csv.*{said}"):
        read_user_table("responses", written(tmp_path, "responses", RESPONSE + rows))


def test_another_header_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"responses\.csv, row 1"):
        read_user_table("responses", written(tmp_path, "responses", "area,comment\n"))
    with pytest.raises(InputError, match=r"plans\.csv"):
        read_user_table("plans", tmp_path)


def test_a_criterion_that_ends_before_it_begins_is_a_wrong_definition(tmp_path):
    header = ",".join(LAYOUTS["criteria"].columns)
    folder = written(tmp_path, "criteria", f"{header}\nx,2014-15,2013-14,a,b,c,d\n")
    with pytest.raises(DefinitionError, match=r"criteria\.csv, row 2, column last_year"):
        read_user_table("criteria", folder)


def test_a_comment_is_shown_unedited_and_no_comment_says_what_would_be_shown(tmp_path):
    rows = read_user_table("responses", written(tmp_path, "responses", RESPONSE + GOOD))
    part = responses_part(Supplied(responses=rows), "E06000001")
    assert part.table is not None
    assert part.table.rows[0][2].text == "We <b>disagree</b>, fully"
    assert "None recorded" in responses_part(Supplied(responses=rows), "E06000002").empty
    assert "would show it" in plans_part(Supplied(), "E06000001").empty
    assert known_part(Supplied(), "E06000001") is None


def test_the_criteria_in_force_in_a_year_are_asked_and_others_are_not():
    asked = criteria_questions(read_supplied(), ["2014-15"])
    assert len(asked) == 1
    assert "NHS England" in asked[0].document
    assert criteria_questions(read_supplied(), ["2001-02"]) == ()
