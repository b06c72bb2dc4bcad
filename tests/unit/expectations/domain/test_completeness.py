"""Who must be there is named when missing, unless the gap is declared; sums are those that were published."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from expectations.domain import completeness
from expectations.records.checks import CRITICAL, FAILED, MARK, PASSED, STOP, WARNING, Check
from expectations.records.table_frames import Frames
from expectations.suite.custom_checks import run_custom
from pipelines.declarations.catalogue import arrow_schema, tables

AUTHORITIES = [
    ("E0101", "2008-09", ""),
    ("E0102", "2008-09", ""),
    ("E0103", "2008-09", "2011-12"),
    ("E4601", "2008-09", ""),
]
YEAR = "2022-23"


def held(table: str, rows: list[dict[str, Any]]) -> Any:
    schema = arrow_schema(tables()[table])
    return pa.table({item.name: [row.get(item.name) for row in rows] for item in schema}, schema=schema)


def frames(rows: list[dict[str, Any]], **more: list[dict[str, Any]]) -> Frames:
    register = [
        {"authority_code": code, "authority_name": code, "area_code": f"area of {code}", "social_care": True,
         "first_year": first, "last_year": last}
        for code, first, last in AUTHORITIES
    ]  # fmt: skip
    given = {"rs": rows, "area_authority": register, **more}
    return Frames(held={name: held(name, content) for name, content in given.items()})


def row(code: str, year: str = YEAR, value: float | None = 1.0) -> dict[str, Any]:
    about = {"record_id": f"rs/{year}/{code}", "financial_year": year, "authority_code": code, "area_code": code}
    return {**about, "education_nce_gbp_thousand": value}


def check(kind: str, **kwargs: Any) -> Check:
    stops = "at_most" in kwargs
    return Check("rs", "RS-X", kind, kwargs, CRITICAL if stops else WARNING, STOP if stops else MARK, "because of it")


def test_a_missing_authority_is_named_with_its_area_and_a_declared_gap_or_one_abolished_is_not() -> None:
    found = run_custom(check("everyone_filed"), frames([row("E0101")]))  # E4601 2022-23 is a declared gap
    assert found.outcome == FAILED
    assert [(item.record_id, item.area_code, item.financial_year) for item in found.findings] == [
        (f"rs/{YEAR}/E0102/absent", "area of E0102", YEAR)
    ]


def test_an_authority_without_the_figure_is_as_good_as_missing() -> None:
    rows = [row("E0101"), row("E0102", value=None)]
    assert run_custom(check("everyone_filed"), frames(rows)).outcome == PASSED
    wanted = check("everyone_filed", column="education_nce_gbp_thousand")
    assert "E0102 has no education" in run_custom(wanted, frames(rows)).findings[0].reason


@pytest.mark.parametrize(("at_most", "outcome"), [(0, FAILED), (1, PASSED), (3, PASSED)])
def test_up_to_so_many_may_be_missing_before_the_run_stops(at_most: int, outcome: str) -> None:
    assert run_custom(check("everyone_filed", at_most=at_most), frames([row("E0101")])).outcome == outcome


def test_a_cell_set_aside_marks_the_row_and_many_stop_the_run() -> None:
    aside = [
        {"table": "rs", "record_id": f"rs/{YEAR}/{code}", "check_code": "LOAD-VALUE",
         "column": "education_nce_gbp_thousand", "value": "12,5", "reason": "'12,5' is neither a number"}
        for code in ("E0101", "E0102")
    ]  # fmt: skip
    rows = frames([row("E0101"), row("E0102")], quarantine=aside)
    marked = run_custom(check("values_understood"), rows)
    assert {item.record_id for item in marked.findings} == {f"rs/{YEAR}/E0101", f"rs/{YEAR}/E0102"}
    assert run_custom(check("values_understood", at_most=1), rows).outcome == FAILED
    assert run_custom(check("values_understood", at_most=2), rows).outcome == PASSED


def test_every_declared_gap_is_of_a_known_table_and_authority_and_gives_its_reason() -> None:
    from pipelines.areas.authorities import directory
    from pipelines.declarations.declared_files import read_rows

    for gap in read_rows(completeness.GAPS, completeness.GAP_COLUMNS):
        assert gap["table"] in tables() and gap["authority_code"] in directory().by_code
        assert gap["first_year"] <= gap["last_year"] and len(gap["reason"]) > 15 and gap["source"]


def test_every_published_total_is_of_a_column_that_a_suite_checks() -> None:
    from expectations.suite.suite import load_suites
    from pipelines.declarations.declared_files import read_rows

    checks = [one for found in load_suites().values() for one in found if one.type == "sum_as_published"]
    declared = {(one.table, one.kwargs["column"]) for one in checks}
    published = {(one["table"], one["column"]) for one in read_rows(completeness.TOTALS, completeness.TOTAL_COLUMNS)}
    assert published == declared
