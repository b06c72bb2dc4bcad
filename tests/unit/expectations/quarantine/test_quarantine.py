"""Setting rows aside loses nothing: rows in = rows kept + rows quarantined, and every line names check and cell."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.quarantine.quarantine import merged, quarantine_lines, set_aside, split_table
from expectations.records.checks import FAILED, Check, Finding, Outcome
from expectations.records.table_frames import Frames
from expectations.running.check_all import check_tables, main
from expectations.running.check_process import abandon, begin, finish, start_early
from expectations.suite.custom_checks import run_custom
from pipelines.declarations.parquet import read_table, write_table
from pipelines.errors import CriticalCheckError

COUNCILS = ("E0101", "E0102", "E0103")
COMMON = {"release": "final", "file_sha256": "f" * 64}
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
CRITICAL = SUITE.replace("warning", "critical").replace("quarantine", "stop")
MARKING = SUITE.replace("on_failure: quarantine", "on_failure: mark")


def rows(*values: float | None) -> list[dict[str, Any]]:
    return [
        {
            "record_id": f"bcf_income/2015-16/{code}",
            "financial_year": "2015-16",
            "authority_code": code,
            "area_code": f"A{code}",
            "bcf_income_gbp_thousand": value,
            **COMMON,
        }
        for code, value in zip(COUNCILS, values, strict=False)
    ]


def as_columns(lines: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [line.get(name) for line in lines] for name in lines[0]}


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tables"
    write_table("bcf_income", as_columns(rows(100.0, 5000.0, None)), folder)
    write_table(
        "ledger",
        as_columns(
            [
                {
                    "table": "bcf_income",
                    "record_id": item["record_id"],
                    "column": "bcf_income_gbp_thousand",
                    "value": 1.0,
                    "file_sha256": "f" * 64,
                    "sheet": "BCF",
                    "row": 12 + number,
                    "cell": f"AB{12 + number}",
                }
                for number, item in enumerate(rows(1.0, 1.0, 1.0))
            ]
        ),
        folder,
    )
    write_table("source_file", {"file_sha256": ["f" * 64], "file_name": ["bcf.xlsx"]}, folder)
    write_table(
        "quarantine",
        as_columns(
            [
                {
                    "table": "rs",
                    "record_id": "loading",
                    "check_code": "unknown_authority",
                    "column": "",
                    "value": "=1+1",
                    "reason": "set aside",
                }
            ]
        ),
        folder,
    )
    return folder


def suites(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "suites"
    folder.mkdir(exist_ok=True)
    (folder / "bcf_income.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_row_set_aside_leaves_its_table_and_says_check_file_sheet_row_and_column(
    run_folder: Path, tmp_path: Path
) -> None:
    validation = main(run_folder, suites(tmp_path, SUITE), tmp_path / "out")
    assert list(read_table(run_folder, "bcf_income")["authority_code"]) == ["E0101", "E0103"]
    lines = read_table(run_folder, "quarantine").set_index("check_code")
    line = lines.loc["BCF-TEST-SIZE"]
    assert (line["record_id"], line["value"]) == ("bcf_income/2015-16/E0102", "5000")
    assert (line["file_name"], line["sheet"], line["row"], line["column_letter"]) == ("bcf.xlsx", "BCF", 13, "AB")
    assert "No council of this test" in line["reason"]
    (balance,) = validation.balances
    assert (balance.rows_in, balance.rows_kept, balance.rows_quarantined) == (3, 2, 1)
    result = read_table(run_folder, "check_result").set_index("code").loc["BCF-TEST-SIZE"]
    assert (result["outcome"], result["rows_failed"], result["rows_quarantined"]) == ("failed", 1, 1)
    assert result["rows_without_value"] == 1


def test_rows_set_aside_while_loading_stay_in_the_quarantine_table(run_folder: Path, tmp_path: Path) -> None:
    check_tables(run_folder, suites(tmp_path, SUITE))
    check_tables(run_folder, suites(tmp_path, SUITE))
    assert sorted(read_table(run_folder, "quarantine")["check_code"]) == ["BCF-TEST-SIZE", "unknown_authority"]


def test_the_quarantine_csv_neutralises_formulas(run_folder: Path, tmp_path: Path) -> None:
    main(run_folder, suites(tmp_path, SUITE), tmp_path / "out")
    with (tmp_path / "out" / "quarantine.csv").open(encoding="utf-8-sig") as stream:
        found = {line["check_code"]: line["value"] for line in csv.DictReader(stream)}
    assert found["unknown_authority"] == "'=1+1"


def test_files_for_a_spreadsheet_begin_with_a_byte_order_mark(run_folder: Path, tmp_path: Path) -> None:
    main(run_folder, suites(tmp_path, SUITE), tmp_path / "out")
    for name in ("quarantine.csv", "validation.csv"):
        assert (tmp_path / "out" / name).read_bytes().startswith(b"\xef\xbb\xbftable,")


def test_a_marked_row_stays_and_is_told_to_every_reader(run_folder: Path, tmp_path: Path) -> None:
    check_tables(run_folder, suites(tmp_path, MARKING))
    assert len(read_table(run_folder, "bcf_income")) == 3
    (mark,) = read_table(run_folder, "check_mark").to_dict("records")
    assert (mark["check_code"], mark["record_id"], mark["value"]) == (
        "BCF-TEST-SIZE",
        "bcf_income/2015-16/E0102",
        "5000",
    )
    assert (mark["area_code"], mark["financial_year"], mark["severity"]) == ("AE0102", "2015-16", "warning")


def test_a_critical_failure_stops_the_run_and_rewrites_no_table(run_folder: Path, tmp_path: Path) -> None:
    before = (run_folder / "bcf_income.parquet").read_bytes()
    with pytest.raises(CriticalCheckError, match="BCF-TEST-SIZE") as caught:
        main(run_folder, suites(tmp_path, CRITICAL), tmp_path / "out")
    assert caught.value.exit_code == 12
    assert (run_folder / "bcf_income.parquet").read_bytes() == before
    written = json.loads((tmp_path / "out" / "validation.json").read_text(encoding="utf-8"))
    assert written["stopped_by"][0].startswith("BCF-TEST-SIZE")
    assert written["tables_rewritten"] == []


def test_checks_declared_are_checks_run(run_folder: Path, tmp_path: Path) -> None:
    validation = check_tables(run_folder, suites(tmp_path, SUITE))
    results = read_table(run_folder, "check_result")
    assert len(results) == len(validation.outcomes) == results["code"].nunique()
    assert {"passed", "failed", "not run"} == set(results["outcome"])


def test_the_same_tables_give_the_same_bytes(run_folder: Path, tmp_path: Path) -> None:
    main(run_folder, suites(tmp_path, MARKING), tmp_path / "one")
    first = {path.name: path.read_bytes() for path in run_folder.iterdir()}
    main(run_folder, suites(tmp_path, MARKING), tmp_path / "two")
    assert {path.name: path.read_bytes() for path in run_folder.iterdir()} == first
    assert (tmp_path / "one" / "validation.json").read_bytes() == (tmp_path / "two" / "validation.json").read_bytes()


def test_the_separate_process_waits_for_the_tables_and_reports(run_folder: Path, tmp_path: Path) -> None:
    process = start_early()
    begin(process, run_folder, suites(tmp_path, SUITE), tmp_path / "out")
    assert "3 rows in = 2 kept + 1 quarantined" in finish(process)
    assert (tmp_path / "out" / "validation.json").is_file()


def test_the_separate_process_hands_back_a_critical_failure(run_folder: Path, tmp_path: Path) -> None:
    process = start_early()
    begin(process, run_folder, suites(tmp_path, CRITICAL), tmp_path / "out")
    with pytest.raises(CriticalCheckError, match="BCF-TEST-SIZE"):
        finish(process)


def test_a_wrong_suite_ends_the_command_with_10_and_the_file(run_folder: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "expectations.running.check_all",
        str(run_folder),
        str(suites(tmp_path, "[]")),
        str(tmp_path),
    ]
    run = subprocess.run(command, cwd=Path(__file__).resolve().parents[4], capture_output=True, text=True, check=False)
    assert (run.returncode, "suites/bcf_income.yaml: the suite is empty" in run.stderr) == (10, True)


def test_a_run_that_fails_while_loading_ends_the_waiting_process() -> None:
    process = start_early()
    abandon(process)
    assert process.poll() is not None


def test_a_newer_line_replaces_an_older_one_with_the_same_key() -> None:
    old = {"table": "t", "record_id": "r", "check_code": "c", "column": "x", "value": "1"}
    assert merged([old, {**old, "column": "y"}], [{**old, "value": "2"}]) == [
        {**old, "value": "2"},
        {**old, "column": "y"},
    ]


def test_a_finding_without_a_cell_still_gets_its_line() -> None:
    check = Check("bcf_income", "BCF-X", "sum_between", {}, "warning", "quarantine", "Because it is a test.")
    outcome = Outcome(check, FAILED, 1, findings=(Finding("bcf_income/1", reason="is wrong"),))
    (line,) = quarantine_lines([outcome], Frames())
    assert (line["file_name"], line["row"], line["reason"]) == ("", None, "is wrong. Because it is a test.")


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.one_of(st.none(), st.floats(0, 900), st.floats(1001, 1e9)), min_size=1, max_size=30),
    files=st.lists(st.sampled_from(["a", "b", ""]), min_size=30, max_size=30),
)
def test_whatever_is_damaged_every_row_is_kept_or_quarantined_by_the_right_check(
    values: list[float | None], files: list[str]
) -> None:
    lines = [
        {
            "record_id": f"r{number}",
            "financial_year": "2015-16",
            "authority_code": f"E{number:04d}",
            "area_code": "",
            "release": "",
            "file_sha256": files[number],
            "bcf_income_gbp_thousand": value,
        }
        for number, value in enumerate(values)
    ]
    schema = pa.schema([(name, pa.float64() if name.startswith("bcf") else pa.string()) for name in lines[0]])
    frames = Frames(held={"bcf_income": pa.Table.from_pylist(lines, schema=schema)})
    kwargs = {"column": "bcf_income_gbp_thousand", "max_value": 1000}
    check = Check("bcf_income", "BCF-X", "sum_between", kwargs, "warning", "quarantine", "Because it is a test.")
    outcome = run_custom(check, frames)
    away = set_aside([outcome]).get("bcf_income", {})
    planted = {f"r{number}" for number, value in enumerate(values) if value is not None and value > 1000}
    assert set(away) == planted
    assert all(codes == ["BCF-X"] for codes in away.values())
    kept, balances = split_table(frames, "bcf_income", away)
    assert sum(item.rows_in for item in balances) == len(values)
    assert all(item.rows_in == item.rows_kept + item.rows_quarantined for item in balances)
    assert set(kept.column("record_id").to_pylist()) == {line["record_id"] for line in lines} - planted
    assert {line["record_id"] for line in quarantine_lines([outcome], frames)} == planted


def test_a_rewritten_table_keeps_its_declared_schema(run_folder: Path, tmp_path: Path) -> None:
    before = pq.read_schema(run_folder / "bcf_income.parquet")
    check_tables(run_folder, suites(tmp_path, SUITE))
    assert pq.read_schema(run_folder / "bcf_income.parquet").equals(before, check_metadata=True)
