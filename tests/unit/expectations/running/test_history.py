"""What earlier runs said stands beside each check, is recorded with the run, and changes nothing else."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

from audit.run import history_stage, verify
from audit.run.history_stage import WITH_HISTORY, earlier_runs, record_history
from audit.run.manifest import outputs
from expectations.running.check_all import main
from expectations.running.history import MOST, finished_runs, write_history
from pipelines.declarations.parquet import read_table, write_table
from reports.checks.failing_rows_page import failing_rows_page
from reports.checks.passed_checks_page import passed_checks_page
from reports.checks.validation_page import validation_page
from reports.words.read_run import Run

SUITE = """
- code: BCF-TEST-SIZE
  type: sum_between
  kwargs: {column: bcf_income_gbp_thousand, max_value: 1000}
  severity: info
  on_failure: report
  because: No council of this test receives more than that.
  reference: none
  added_by: ringfence team
  review_by: 2027-03
"""


def published(out: Path, name: str, age: int, checks: list[dict[str, Any]] | None) -> None:
    """An earlier run, `age` seconds old; without checks its `validation.json` is damaged."""
    run = out / name
    run.mkdir(parents=True)
    (run / "manifest.json").write_text("{}", encoding="utf-8")
    (run / "validation.json").write_text("{" if checks is None else json.dumps({"checks": checks}), encoding="utf-8")
    for path in (run / "validation.json", run / "manifest.json"):
        os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))


def line(outcome: str, failed: int) -> dict[str, Any]:
    return {"code": "BCF-TEST-SIZE", "outcome": outcome, "rows_failed": failed}


def work(tmp_path: Path, name: str) -> Path:
    """A run at work: one table, and nothing said of earlier runs yet."""
    columns = {
        "record_id": ["r1", "r2"], "financial_year": ["2015-16"] * 2, "authority_code": ["E0101", "E0102"],
        "area_code": ["A1", "A2"], "release": ["final"] * 2, "file_sha256": ["f"] * 2,
        "bcf_income_gbp_thousand": [10.0, 5000.0],
    }  # fmt: skip
    write_table("bcf_income", columns, tmp_path / name / "tables")
    suites = tmp_path / "suites"
    suites.mkdir(exist_ok=True)
    (suites / "bcf_income.yaml").write_text(SUITE, encoding="utf-8")
    return tmp_path / name


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    out = tmp_path / "runs"
    published(out, "aaaa", 30, [line("passed", 0)])
    published(out, "bbbb", 20, None)
    published(out, "cccc", 10, [line("failed", 3), {"code": "GONE", "outcome": "passed", "rows_failed": 0}])
    published(out, "dddd", 5, [{"code": "GONE", "outcome": "not run", "rows_failed": 0}])
    (out / "latest").symlink_to("dddd")
    (out / ".eeee.part").mkdir()
    (out / "none").mkdir()
    (out / "none" / "manifest.json").write_text("{}", encoding="utf-8")
    return out


def test_what_earlier_runs_said_stands_beside_each_check_oldest_first(runs: Path, tmp_path: Path) -> None:
    job = work(tmp_path, "job")
    record_history(runs, job / "tables")
    main(job / "tables", tmp_path / "suites", job)
    with (job / "validation.csv").open(encoding="utf-8-sig", newline="") as stream:
        told = {row["code"]: row["history"] for row in csv.DictReader(stream)}
    found = {item["code"]: item["history"] for item in json.loads((job / "validation.json").read_text())["checks"]}
    assert told == found
    assert told["BCF-TEST-SIZE"] == "0, -, 3, -"
    assert told["STR-BCF-INCOME-KEY"] == ""
    assert [item["run_id"] for item in earlier_runs(job / "tables")] == ["aaaa", "bbbb", "cccc", "dddd"]
    assert [bool(item["sha256"]) for item in earlier_runs(job / "tables")] == [True, True, True, True]


def test_only_the_last_runs_are_remembered(tmp_path: Path) -> None:
    for number in range(MOST + 3):
        published(tmp_path / "runs", f"run{number}", 100 - number, [line("passed", 0)])
    write_history(finished_runs(tmp_path / "runs"), tmp_path)
    assert [item["run_id"] for item in earlier_runs(tmp_path)] == [f"run{number}" for number in range(3, MOST + 3)]


def test_a_run_made_again_from_its_record_has_the_same_bytes_whatever_stands_in_the_folder(
    runs: Path, tmp_path: Path
) -> None:
    first, again = work(tmp_path, "first"), work(tmp_path, "again")
    record_history(runs, first / "tables")
    record_history(tmp_path / "another folder", again / "tables", recorded=first / "tables" / "check_history.parquet")
    for job in (first, again):
        main(job / "tables", tmp_path / "suites", job)
    assert outputs(first) == outputs(again)


def test_earlier_runs_change_only_the_files_that_are_named_for_it(runs: Path, tmp_path: Path) -> None:
    one, other = work(tmp_path, "one"), work(tmp_path, "other")
    record_history(runs, one / "tables")
    record_history(tmp_path / "empty", other / "tables")
    for job in (one, other):
        main(job / "tables", tmp_path / "suites", job)
    before, after = outputs(one), outputs(other)
    different = {name for name in before if before[name] != after[name]}
    assert different == {name for name in WITH_HISTORY if not name.startswith("site/")}
    assert set(before) == set(after)


def test_verify_makes_a_run_again_from_the_history_it_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def run(options: Any) -> Any:
        asked.append(options)
        raise InterruptedError

    monkeypatch.setattr(verify, "run", run)
    told = {"command": "ringfence run", "outputs": {}, "inputs": []}
    monkeypatch.setattr(verify, "need_run", lambda _folder: None)
    for name in ("read_manifest", "read_whole"):
        monkeypatch.setattr(verify.manifest, name, lambda _folder, **_: told)
    with pytest.raises(InterruptedError):
        verify.verify(tmp_path, settings=tmp_path / "own.toml")
    assert asked[0].history == tmp_path / "tables" / "check_history.parquet"


def test_without_earlier_runs_the_record_is_there_and_empty(tmp_path: Path) -> None:
    record_history(tmp_path / "nowhere", tmp_path)
    assert read_table(tmp_path, "check_history").empty
    assert history_stage.earlier_runs(tmp_path) == []


def result(code: str, outcome: str, failed: int) -> dict[str, Any]:
    return {
        "table": "rs", "code": code, "type": "sum_between", "outcome": outcome, "severity": "info", "because": "B",
        "rows_seen": 9, "rows_failed": failed, "rows_quarantined": 0, "rows_released": 1, "detail": "",
    }  # fmt: skip


def past(place: int, run: str, code: str, told: str) -> dict[str, Any]:
    return {"place": place, "run_id": run, "code": code, "told": told}


RUN = Run(
    manifest={"run_id": "r", "version": "0", "method_version": "1", "settings_changed": {}},
    tables={
        "area": [{"area_code": "E06000001", "area_name": "Someplace"}],
        "check_result": [result("RS-A", "failed", 50), result("RS-B", "passed", 0), result("RS-C", "passed", 0)],
        "check_history": [
            *(past(1, "aaaa", code, told) for code, told in (("RS-A", "1"), ("RS-B", "0"))),
            *(past(2, "bbbb", code, told) for code, told in (("RS-A", "errored"), ("RS-B", "0"), ("RS-C", "not run"))),
        ],
        "check_finding": [
            {
                "table": "rs", "check_code": "RS-A", "record_id": f"x{number}", "column": "net_gbp_thousand",
                "value": "-1234.5", "expected": "", "reason": "net_gbp_thousand is -1,234", "done": "reported",
                "area_code": "E06000001", "financial_year": "2012-13",
            }
            for number in range(50)
        ],
        "data_quality": [
            {"area_code": "E06000001", "financial_year": year, "grade": grade, "reasons": "RS-A", "marks": 1}
            for year, grade in (("2011-12", "good"), ("2012-13", "poor"))
        ],
    },
)  # fmt: skip


def test_the_page_shows_earlier_runs_and_released_rows_and_leads_from_each_failed_check_to_its_rows() -> None:
    tables = {table.id: table for table in validation_page(RUN).tables}
    checks, grades = tables["checks"], tables["data-quality"]
    assert "aaaa and bbbb, oldest first" in checks.note
    place = {column.label: number for number, column in enumerate(checks.columns)}
    rows = {row[0].text: row for row in checks.rows}
    assert rows["RS-A"][place["Earlier runs"]].text == "1, errored"
    (passed,) = passed_checks_page(RUN).tables
    assert "aaaa and bbbb, oldest first" in passed.note
    assert [(row[0].text, row[-1].text) for row in passed.rows] == [("RS-B", "no change"), ("RS-C", "-, not run")]
    assert rows["RS-A"][place["Released"]].text == "1"
    assert rows["RS-A"][place["Rows failed"]].href == "failing-rows.html#rs-a"
    assert [[cell.text for cell in row] for row in grades.rows] == [
        ["2011-12", "1", "0", "0"],
        ["2012-13", "0", "0", "1"],
    ]


def test_failing_rows_are_told_by_check_and_a_long_list_says_that_it_is_cut() -> None:
    failing, graded = failing_rows_page(RUN).tables
    assert {cell.anchor: cell.text for cell in failing.groups.values()} == {"rs-a": "RS-A: 50 rows, 40 shown; reported"}
    assert len(failing.rows) == 40
    assert [cell.text for cell in failing.rows[0]] == [
        "Someplace", "2012-13", "net", "−1,234", "", "Net is −1,234.",
    ]  # fmt: skip
    assert [[cell.text for cell in row] for row in graded.rows] == [["Someplace", "2012-13", "poor", "RS-A"]]


def test_a_run_without_earlier_ones_says_so() -> None:
    alone = Run(RUN.manifest, {"check_result": RUN.tables["check_result"]})
    checks = next(table for table in validation_page(alone).tables if table.id == "checks")
    assert checks.note == "No earlier run stood in this folder of runs."
    assert "Earlier runs" not in [column.label for column in checks.columns]
