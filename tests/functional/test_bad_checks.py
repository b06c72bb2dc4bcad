"""What may be wrong with a suite or with the tables it checks: a message with file and line, exit code 10 or 12, and no
table, quarantine or result changed by halves.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit.commands.cli import main
from expectations.running import check_all
from expectations.suite import suite
from expectations.suite.custom_checks import CUSTOM_TYPES
from pipelines.declarations.parquet import read_table, write_table
from pipelines.load.generation import record

ENTRY = """- code: BCF-TEST-SIZE
  type: sum_between
  kwargs: {column: bcf_income_gbp_thousand, max_value: 1000}
  severity: warning
  on_failure: quarantine
  because: No council of this test receives more than that.
  reference: none
  added_by: data team
  review_by: 2028-03
"""
RULE = "{column: bcf_income_gbp_thousand, max_value: 1000}"
STOPS = ("severity: warning\n  on_failure: quarantine", "severity: critical\n  on_failure: stop")


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
    record(folder)
    return folder


def checked(tables: Path, text: str, monkeypatch: pytest.MonkeyPatch, *, name: str = "bcf_income") -> int:
    """Exit code of `ringfence check` with one suite."""
    suites = tables.parent / "suites"
    suites.mkdir()
    (suites / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(suite, "SUITES", suites)
    assert suites != check_all.SUITES  # a suite of the test's own: the project's weights do not apply to it
    return main(["check", "--tables", str(tables)])


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  severity", "   severity", "line 4: not valid YAML"),
        (RULE, "{column: bcf_income_gbp_thousand", "line 4: not valid YAML"),
        ("bcf_income_gbp_thousand", "bcf_incom", "line 3: argument 'column' names column 'bcf_incom', which table"),
        ("sum_between", "sum_betwen", "line 2: unknown type 'sum_betwen'. Expected perhaps sum_between"),
        ("1000}", "much}", "line 3: argument 'max_value' should be a number, not 'much'"),
        ("1000}", "1000, maximum: 2}", "line 3: unknown argument 'maximum' for type 'sum_between'"),
        ("column: bcf_income_gbp_thousand, ", "", "argument 'column' of type 'sum_between' is missing"),
        (RULE, "1000", "line 3: 'kwargs' is not a mapping"),
        ("added_by", "added", "line 8: unknown key 'added'. Expected perhaps added_by"),
        ("  because: No council of this test receives more than that.\n", "", "line 1: key 'because' is missing"),
        ("No council of this test receives more than that.", "''", "line 6: key 'because' is not text"),
        ("No council of this test receives more than that.", "It must.", "line 6: 'because' says too little"),
        ("quarantine", "stop", "line 5: severity warning does not go with on_failure 'stop'"),
        ("warning", "serious", "line 4: unknown severity 'serious'"),
        ("2028-03", "soon", "line 9: review_by 'soon' is not a date"),
        (ENTRY, ENTRY + ENTRY, "line 10: code 'BCF-TEST-SIZE' stands in line 1 too"),
        (ENTRY, "", "the suite is empty. Expected a list of checks"),
        (ENTRY, "# nothing but a comment\n", "the suite is empty"),
        (ENTRY, "[]\n", "the suite is empty"),
        (ENTRY, "code: A\n", "the suite is not a list"),
    ],
)
def test_a_wrong_suite_is_refused_with_file_and_line_before_any_table_is_touched(
    tables: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    before = content(tables)
    assert checked(tables, ENTRY.replace(old, new, 1), monkeypatch) == 10
    assert f"ringfence: suites/bcf_income.yaml{', ' if said.startswith('line') else ''}" in (
        told := capsys.readouterr().err
    )
    assert said in told
    assert content(tables) == before


def test_a_suite_named_after_no_table_is_refused(
    tables: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(tables, ENTRY, monkeypatch, name="bcf") == 10
    assert "suites/bcf.yaml: 'bcf' is not a declared table" in capsys.readouterr().err


def test_a_critical_check_that_fails_says_which_line_declares_it_and_rewrites_no_table(
    tables: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tables / "bcf_income.parquet").read_bytes()
    assert checked(tables, "# one comment\n" + ENTRY.replace(*STOPS), monkeypatch) == 12
    assert "suites/bcf_income.yaml, line 2: 1 critical checks failed" in capsys.readouterr().err
    assert (tables / "bcf_income.parquet").read_bytes() == before
    assert read_table(tables, "quarantine").empty


def test_a_check_that_raises_on_one_row_is_errored_and_stops_though_it_is_a_warning(
    tables: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tables / "bcf_income.parquet").read_bytes()

    def no_order(*_: object, **__: object) -> None:
        raise TypeError("'<' not supported between instances of 'str' and 'float'")

    monkeypatch.setitem(CUSTOM_TYPES, "sum_between", replace(CUSTOM_TYPES["sum_between"], run=no_order))
    assert checked(tables, ENTRY, monkeypatch) == 12
    told = capsys.readouterr()
    assert "suites/bcf_income.yaml, line 1: 1 critical checks failed, first BCF-TEST-SIZE" in told.err
    assert "errored  warning  bcf_income BCF-TEST-SIZE" in told.out
    assert (tables / "bcf_income.parquet").read_bytes() == before


def test_a_table_that_is_there_without_a_row_stops_the_run(
    tables: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_table("bcf_income", read_table(tables, "bcf_income").iloc[:0], tables)
    record(tables)
    assert checked(tables, ENTRY, monkeypatch) == 12
    told = capsys.readouterr()
    assert "tables/bcf_income.toml: 1 critical checks failed, first STR-BCF-INCOME-COLUMNS" in told.err
    assert "the table is there, but has no rows" in told.err
    assert "not run  warning  bcf_income BCF-TEST-SIZE" in told.out
