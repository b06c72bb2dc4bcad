"""Tables that users supply: strict in form, refused with file, row and column; part of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import read_table, write_table
from pipelines.errors import DefinitionError, InputError
from pipelines.supplied.strict_rows import last_year
from pipelines.supplied.supplied_tables import names, read_supplied_table, write_supplied

AREAS = ("E06000001", "E06000002")
HEADERS = {name: ",".join(tables()[name].column_names) + "\n" for name in names()}
RESPONSE = 'E06000001,2026-05-01,Example Council,"We <b>disagree</b>, fully",Letter\n'
PLAN = "E06000001,2015-16,Board,2015-01-09,met,met,not met,not stated,protect existing,Plan\n"
KNOWN = "E06000001,2012-13,2013-14,A home was closed,Report\n"


def written(folder: Path, **texts: str) -> Path:
    for name in names():
        (folder / f"{name}.csv").write_text(HEADERS[name] + texts.get(name, ""), encoding="utf-8")
    return folder


def test_the_four_tables_are_declared_and_the_files_that_come_with_us_are_valid():
    assert names() == ("criteria", "known_explanations", "plans", "published_shares", "responses")
    held = {name: read_supplied_table(name, AREAS) for name in names()}
    assert [held[name] for name in ("known_explanations", "plans", "responses")] == [[], [], []]
    assert len(held["criteria"]) >= 8
    assert all(row["source"] and row["document"] and row["ask"] for row in held["criteria"])


def test_criteria_are_held_for_the_two_per_cent_and_for_the_first_years_of_both_windows():
    years = {(row["code"], row["first_year"]) for row in read_supplied_table("criteria", AREAS)}
    assert {("ccg-2013", "2013-14"), ("pct-2011", "2011-12"), ("bcf-2015-conditions", "2015-16")} <= years


@pytest.mark.parametrize(
    ("name", "rows", "said"),
    [
        ("responses", "E06000001,2026-05-01,X\n", "row 2: the row has 3 cells"),
        ("responses", "E0600,2026-05-01,X,Y,Z\n", "row 2, column area_code: found 'E0600'"),
        ("responses", "E06000099,2026-05-01,X,Y,Z\n", "row 2, column area_code: 'E06000099' is no area"),
        ("responses", "E06000001,1 May,X,Y,Z\n", "row 2, column date: found '1 May'"),
        ("responses", "E06000001,2026-02-30,X,Y,Z\n", "row 2, column date: there is no day"),
        ("responses", RESPONSE + "E06000001,2026-05-02,X,,Z\n", "row 3, column comment: the cell is empty"),
        ("responses", RESPONSE + RESPONSE, "row 3: the key .* stands twice"),
        ("responses", "E06000001,2026-05-01,X," + "y" * 4001 + ",Z\n", "row 2, column comment: the text has 4,001"),
        ("responses", "E06000001,2026-05-01,X,\u202eY,Z\n", r"row 2, column comment: it holds the character \\u202e"),
        ("plans", PLAN.replace("2015-16", "2015-17"), "row 2, column financial_year: '2015-17' is no year"),
        ("plans", PLAN.replace("2015-16", "1999-00"), "row 2, column financial_year: '1999-00' is no year"),
        ("plans", PLAN.replace("2015-16", "2085-86"), "row 2, column financial_year: '2085-86' is no year"),
        ("plans", PLAN.replace("not met", "maybe"), "row 2, column data_sharing: found 'maybe'.*one of met, not met"),
        ("known_explanations", KNOWN.replace("2013-14", "2011-12"), "row 2, column last_year: 2011-12 lies before"),
    ],
)
def test_a_row_that_is_not_of_the_layout_is_refused_with_file_row_and_column(tmp_path, name, rows, said):
    with pytest.raises(InputError, match=rf"{name}\.csv, {said}"):
        read_supplied_table(name, AREAS, written(tmp_path, **{name: rows}))


def test_another_header_a_missing_file_and_other_bytes_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"plans\.csv.*cannot be read"):
        read_supplied_table("plans", AREAS, tmp_path)
    (tmp_path / "plans.csv").write_text("area,plan\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"plans\.csv, row 1: the header is another"):
        read_supplied_table("plans", AREAS, tmp_path)
    (tmp_path / "plans.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"plans\.csv.*cannot be read"):
        read_supplied_table("plans", AREAS, tmp_path)


def test_a_criterion_that_ends_before_it_begins_is_a_wrong_definition(tmp_path):
    folder = written(tmp_path, criteria="x,2014-15,2013-14,a,b,c,d\n")
    with pytest.raises(DefinitionError, match=r"criteria\.csv, row 2, column last_year"):
        read_supplied_table("criteria", AREAS, folder)


def test_what_is_supplied_becomes_tables_of_the_run_unedited(tmp_path):
    run = tmp_path / "tables"
    write_table("area", {"area_code": list(AREAS), "area_name": ["One", "Two"]}, run)
    texts = {"responses": RESPONSE, "plans": PLAN, "known_explanations": KNOWN}
    (tmp_path / "in").mkdir()
    assert write_supplied(run, written(tmp_path / "in", **texts)) == {
        "criteria": 0, "known_explanations": 1, "plans": 1, "published_shares": 0, "responses": 1,
    }  # fmt: skip
    assert read_table(run, "responses")["comment"].tolist() == ["We <b>disagree</b>, fully"]
    assert len(read_table(run, "criteria")) == 0


def test_the_last_year_that_may_be_named_follows_the_declared_returns():
    assert "2024-25" < last_year() < "2035-36"
