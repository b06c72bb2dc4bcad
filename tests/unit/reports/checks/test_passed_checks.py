"""Every check stands on one page: with findings on the validation page, passed on its own; counts read as English."""

from __future__ import annotations

from pathlib import Path

from reports.checks.passed_checks_page import by_table, passed_checks_page
from reports.checks.validation_page import checks_table, review_words
from reports.method.method_page import settings_tables
from reports.words.read_run import Run

ROOT = Path(__file__).resolve().parents[4]


def _check(table: str, code: str, outcome: str) -> dict[str, object]:
    return {
        "table": table, "code": code, "type": "a_kind", "severity": "warning", "outcome": outcome, "because": "why",
        "detail": "", "rows_seen": 10, "rows_failed": 0, "rows_quarantined": 0, "rows_released": 0,
    }  # fmt: skip


CHECKS = [
    _check("rs", "RS-1", "passed"),
    _check("ro3", "RO3-1", "failed"),
    _check("ro3", "RO3-2", "passed"),
    _check("ro3", "RO3-3", "not run"),
    _check("rsx", "RSX-1", "errored"),
]
RUN = Run({"run_id": "x"}, {"check_result": CHECKS, "check_history": [], "check_finding": []})


def test_every_check_stands_on_the_validation_page_or_on_that_of_passed_checks_and_never_on_both():
    found, (passed,) = checks_table(RUN), passed_checks_page(RUN).tables
    assert found is not None
    assert [row[0].text for row in found.rows] == ["RSX-1", "RO3-1", "RO3-3"]
    assert [row[0].text for row in passed.rows] == ["RO3-2", "RS-1"]
    assert {place: cell.anchor for place, cell in passed.groups.items()} == {0: "checks-ro3", 1: "checks-rs"}


def test_each_table_of_the_data_counts_its_checks_and_leads_to_those_that_passed():
    rows = by_table(RUN).rows
    assert [[cell.text for cell in row] for row in rows] == [
        ["ro3", "3", "2", "1"],
        ["rs", "1", "0", "1"],
        ["rsx", "1", "1", "0"],
    ]
    assert [row[3].href for row in rows] == ["passed-checks.html#checks-ro3", "passed-checks.html#checks-rs", ""]


def test_a_run_in_which_no_check_passed_says_so_without_a_table():
    page = passed_checks_page(Run({"run_id": "x"}, {"check_result": CHECKS[1:2]}))
    assert page.tables == ()
    assert page.lead[0].startswith("0 checks passed")


def test_counts_of_the_run_have_separators_and_pounds():
    counts = {"of_payments_gbp": 462135093, "values": 637948, "results": {"review list": 7}, "checks": "48 failed"}
    tables = settings_tables(Run({"run_id": "x", "counts": counts, "settings": {}, "libraries": {}}, {}))
    (table,) = [table for table in tables if table.id == "counts"]
    assert {row[0].text: row[1].text for row in table.rows} == {
        "checks": "48 failed", "money of the payments": "£462,135,093", "results.review list": "7", "values": "637,948",
    }  # fmt: skip


def test_a_chart_wider_than_the_screen_says_so_there_and_not_in_print():
    style = (ROOT / "reports" / "styles" / "base.css").read_text(encoding="utf-8")
    assert "(max-width:25.9rem){.chart:has(.wide)::before{content:" in style
    assert ".chart:has(.wide)::before{display:none}" in style.partition("@media print")[2]


def test_the_validation_page_tells_when_checks_are_to_be_looked_at_again_without_a_clock() -> None:
    rows = [{"code": code, "review_by": by, "outcome": "passed"} for code, by in (("A-B", "2027-03"), ("A-C", ""))]
    (said,) = review_words(Run({"run_id": "x"}, {"check_result": rows}))
    assert said == "Checks to be looked at again: 1 by March 2027. One whose date has passed is overdue."
    assert review_words(Run({"run_id": "x"}, {"check_result": rows[1:]})) == ()
