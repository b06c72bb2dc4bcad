"""A release is a committed, dated line: the row is used although the check fails, and everybody is told."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from expectations.authoring import quarantine_view
from expectations.quarantine.releases import COLUMNS, RELEASES, Release, add_release, load_releases
from expectations.records.checks import Check
from expectations.running.check_all import check_tables, declared_checks, main
from expectations.running.history import finished_runs, past_outcomes, write_history
from pipelines.declarations.parquet import read_table, write_table
from pipelines.errors import DefinitionError, InputError

SUITE = """
- code: BCF-TEST-SIZE
  type: sum_between
  kwargs: {column: bcf_income_gbp_thousand, max_value: 1000}
  severity: warning
  on_failure: quarantine
  because: No council of this test receives more than that.
  reference: none
  added_by: ringfence team
  review_by: 2027-03
"""
HEAD = ",".join(COLUMNS) + "\n"
LINE = "r2,BCF-TEST-SIZE,2027-01-31,The council confirmed the figure in writing,audit lead\n"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    columns = {
        "record_id": ["r1", "r2", "r3"],
        "financial_year": ["2015-16"] * 3,
        "authority_code": ["E0101", "E0102", "E0103"],
        "area_code": ["A1", "A2", "A3"],
        "release": ["final"] * 3,
        "file_sha256": ["f"] * 3,
        "bcf_income_gbp_thousand": [10.0, 5000.0, 6000.0],
    }
    write_table("bcf_income", columns, folder)
    return folder


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    folder = tmp_path / "suites"
    folder.mkdir()
    (folder / "bcf_income.yaml").write_text(SUITE, encoding="utf-8")
    return folder


def register(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "releases.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_released_row_is_kept_and_the_others_are_set_aside(tables: Path, suites: Path, tmp_path: Path) -> None:
    validation = check_tables(tables, suites, register=register(tmp_path, HEAD + LINE))
    assert list(read_table(tables, "bcf_income")["record_id"]) == ["r1", "r2"]
    assert list(read_table(tables, "quarantine")["record_id"]) == ["r3"]
    (balance,) = validation.balances
    assert (balance.rows_in, balance.rows_kept, balance.rows_quarantined) == (3, 2, 1)


def test_a_release_is_shown_beside_the_check_and_with_the_row(tables: Path, suites: Path, tmp_path: Path) -> None:
    check_tables(tables, suites, register=register(tmp_path, HEAD + LINE))
    line = read_table(tables, "check_result").set_index("code").loc["BCF-TEST-SIZE"]
    assert (line["outcome"], line["rows_failed"], line["rows_quarantined"], line["rows_released"]) == (
        "failed",
        2,
        1,
        1,
    )
    assert "Released on 2027-01-31 by audit lead" in line["detail"]
    (mark,) = read_table(tables, "check_mark").to_dict("records")
    assert mark["record_id"] == "r2"
    assert "confirmed the figure" in mark["reason"]


def test_a_released_row_does_not_lower_the_grade_of_its_area(tables: Path, suites: Path, tmp_path: Path) -> None:
    check_tables(tables, suites, register=register(tmp_path, HEAD + LINE))
    assert list(read_table(tables, "data_quality")["area_code"]) == ["A3"]


def test_a_release_of_a_row_that_passes_changes_nothing(tables: Path, suites: Path, tmp_path: Path) -> None:
    check_tables(tables, suites, register=register(tmp_path, HEAD + LINE.replace("r2,", "r1,")))
    assert read_table(tables, "check_result").set_index("code").loc["BCF-TEST-SIZE", "rows_released"] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("record,check\n", "row 1: the columns are others"),
        (HEAD + "r2,BCF-TEST-SIZE,2027-01-31\n", "row 2: 3 cells instead of 5"),
        (HEAD + LINE.replace("2027-01-31", "31/01/2027"), "row 2: date '31/01/2027' is not a date"),
        (HEAD + LINE.replace("2027-01-31", "2027-02-30"), "row 2: date '2027-02-30' is not a date"),
        (HEAD + LINE.replace("The council confirmed the figure in writing", "fine"), "the reason says too little"),
        (HEAD + LINE.replace("audit lead", ""), "'released_by' is empty"),
        (HEAD + LINE.replace("audit lead", "a@b.uk"), "is an address"),
        (HEAD + LINE + LINE, "row 3: this record is already released"),
        (HEAD + LINE.replace("BCF-TEST-SIZE", "BCF-TEST-SIZES"), "row 2: check 'BCF-TEST-SIZES' is not declared"),
        (HEAD + LINE.replace("BCF-TEST-SIZE", "BCF-MARKS"), "row 2: check 'BCF-MARKS' sets no rows aside"),
        (HEAD + 'r2,"unclosed', "cannot be read"),
    ],
)
def test_a_wrong_register_is_refused_with_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    checks = [
        Check("bcf_income", "BCF-TEST-SIZE", "sum_between", {}, "warning", "quarantine", "Because it is a test."),
        Check("bcf_income", "BCF-MARKS", "sum_between", {}, "warning", "mark", "Because it is a test."),
    ]
    with pytest.raises(DefinitionError) as caught:
        load_releases(register(tmp_path, text), checks)
    assert str(caught.value).startswith("releases.csv")
    assert said in str(caught.value)
    assert caught.value.exit_code == 10


def test_the_register_in_the_repository_is_sound() -> None:
    load_releases(RELEASES, declared_checks())


def test_releasing_from_the_command_writes_one_line_that_the_loader_reads(
    tables: Path, suites: Path, tmp_path: Path
) -> None:
    checks = tuple(declared_checks(suites))
    path = tmp_path / "releases.csv"
    check_tables(tables, suites, register=path)
    lines = quarantine_view.read_lines(tables)
    assert "BCF-TEST-SIZE" in quarantine_view.listing(lines)
    assert "No council of this test" in quarantine_view.record(lines, "r2")
    told = quarantine_view.release(
        lines, "r2", "BCF-TEST-SIZE", "2027-01-31", "The council, asked, confirmed it", "audit lead",
        checks=checks, path=path,
    )  # fmt: skip
    assert "commit it" in told
    assert load_releases(path, checks) == (
        Release("r2", "BCF-TEST-SIZE", "2027-01-31", "The council, asked, confirmed it", "audit lead"),
    )
    with pytest.raises(DefinitionError, match="already released"):
        add_release(load_releases(path)[0], path)


def test_only_a_record_that_a_check_set_aside_can_be_released(tmp_path: Path) -> None:
    lines = [{"table": "rs", "record_id": "r1", "check_code": "unknown_authority"}]
    rest = ("2027-01-31", "A reason that is long enough", "audit lead")
    path = tmp_path / "releases.csv"
    with pytest.raises(InputError, match="perhaps r1"):
        quarantine_view.release(lines, "r11", "X", *rest, checks=(), path=path)
    with pytest.raises(InputError, match="did not set record 'r1' aside"):
        quarantine_view.release(lines, "r1", "X", *rest, checks=(), path=path)
    with pytest.raises(DefinitionError, match="a rule of loading"):
        quarantine_view.release(lines, "r1", "unknown_authority", *rest, checks=(), path=path)
    assert not path.exists()


def test_a_folder_without_a_quarantine_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no table quarantine"):
        quarantine_view.read_lines(tmp_path)


def test_validation_csv_has_one_row_per_check_and_what_earlier_runs_said(
    tables: Path, suites: Path, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    main(tables, suites, runs / "first")
    write_history(finished_runs(runs), tables)
    main(tables, suites, runs / "second")
    with (runs / "second" / "validation.csv").open(encoding="utf-8-sig") as stream:
        second = {line["code"]: line for line in csv.DictReader(stream)}
    declared = json.loads((runs / "first" / "validation.json").read_text(encoding="utf-8"))["declared"]
    assert len(second) == declared
    assert (second["BCF-TEST-SIZE"]["history"], second["BCF-TEST-SIZE"]["outcome"]) == ("2", "passed")
    assert [item.outcome for item in past_outcomes(runs)["BCF-TEST-SIZE"]] == ["failed", "passed"]


def test_a_past_run_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "validation.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="broken/validation.json"):
        past_outcomes(tmp_path)
