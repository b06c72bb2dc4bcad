"""Which edition of a figure is in use, and whether a national break has been declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from expectations.domain import editions
from expectations.domain.editions import declared_breaks, release_date
from expectations.records.checks import FAILED, NOT_RUN, PASSED, Check, Outcome
from expectations.records.table_frames import Frames, next_year
from expectations.suite.custom_checks import run_custom

HEAD = "code,financial_year,areas,lines,what,action,series,source\n"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("published on 3 december 2009", "2009-12-03"),
        ("Last updated: 15 May 2025", "2025-05-15"),
        ("published 14 november 2019", "2019-11-14"),
        ("final", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_date_of_a_release_is_read_from_what_the_file_states(text: str | None, date: str) -> None:
    assert release_date(text) == date


@pytest.mark.parametrize(
    ("year", "after"), [("2014-15", "2015-16"), ("1999-00", "2000-01"), ("2010/1", ""), (None, "")]
)
def test_what_is_no_year_has_no_next_year(year: Any, after: str) -> None:
    assert next_year(year) == after


def run(kind: str, rows: list[dict[str, Any]], **kwargs: Any) -> Outcome:
    usual = {"financial_year": "2014-15", "authority_code": "E0101", "release": "final"}
    complete = [{"record_id": f"r{number}"} | usual | row for number, row in enumerate(rows, 1)]
    check = Check("rs", "RS-X", kind, kwargs, "warning", "mark", "Because it is a test.")
    return run_custom(check, Frames(held={"rs": pa.Table.from_pylist(complete)}))


def test_two_releases_of_which_one_has_no_date_are_not_judged() -> None:
    outcome = run("release_not_superseded", [{"release": "final"}, {"release": "published on 3 december 2009"}])
    assert (outcome.outcome, outcome.rows_without_value) == (NOT_RUN, 2)


def test_the_oldest_of_three_releases_and_the_middle_one_are_superseded() -> None:
    dates = ("3 december 2009", "4 march 2010", "1 may 2010")
    outcome = run("release_not_superseded", [{"release": f"published on {date}"} for date in dates])
    assert [item.record_id for item in outcome.findings] == ["r1", "r2"]


def breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    path = tmp_path / "series_breaks.csv"
    path.write_text(HEAD + "".join(line + "\n" for line in lines), encoding="utf-8")
    monkeypatch.setattr(declared_breaks, "__defaults__", (path,))


ROWS = [{"financial_year": "2013-14", "total_x": 100.0}, {"financial_year": "2014-15", "total_x": 150.0}]


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("b,2014-15,,the x line,why,mark,,s", PASSED),
        ("b,2014-15,,all services; grants,why,mark,,s", PASSED),
        ("b,2013-14,,the x line,why,mark,,s", FAILED),
        ("b,2014-15,E06000001,the x line,why,mark,,s", FAILED),
        ("b,2014-15,,another line,why,mark,,s", FAILED),
    ],
)
def test_a_break_counts_as_declared_for_its_year_and_line_and_for_the_nation_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, outcome: str
) -> None:
    breaks(tmp_path, monkeypatch, line)
    found = run("national_break_declared", ROWS, column="total_x", line="x line", band=0.1)
    assert found.outcome == outcome
    assert ("+50%" in found.detail) == (outcome == FAILED)


def test_authorities_of_one_year_alone_make_no_break(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    breaks(tmp_path, monkeypatch)
    rows = [*ROWS[:1], {"financial_year": "2014-15", "total_x": 101.0}]
    newcomer = {"financial_year": "2014-15", "authority_code": "E0102", "total_x": 900.0}
    assert run("national_break_declared", [*rows, newcomer], column="total_x", line="x", band=0.1).outcome == PASSED


def test_without_the_register_the_check_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(declared_breaks, "__defaults__", (tmp_path / "nowhere.csv",))
    assert run("national_break_declared", ROWS, column="total_x", line="x", band=0.1).outcome == NOT_RUN
    assert editions.REGISTER.is_file()
