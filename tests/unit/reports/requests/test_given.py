"""What a request fills in: the figure an area was judged on, with its cells, and nothing where returns are silent."""

from __future__ import annotations

from typing import Any

import pytest

from reports.requests.given import OTHER_SCOPE, SCOPES, block, cells_of, scope_words
from reports.requests.request_run import ALLOCATED, GRANTS, OWN, WORKED_OUT

YEARS = ("2011-12", "2012-13")


def figure(
    number: int, column: str, value: float | None, *, year: str = "2011-12", cell: str = "", source: str = "ro3"
):
    return {
        "evidence_id": f"W1-{number:03d}", "figure": column, "financial_year": year, "value": value, "unit": "",
        "column": column, "source": source, "title": "RO3", "release": "published on 3 may 2013",
        "file_name": "ro3.xls", "sheet": "RO3", "cell": cell,
    }  # fmt: skip


def made(evidence: list[dict[str, Any]], *, basis: str = "estimated", short: bool = True, own: float | None = 19_687e3):
    spend = [{"financial_year": "2011-12", "actual_gbp": own}]
    return block("W1", YEARS, spend=spend, evidence=evidence, basis=basis, scope="care", short=short)


def test_own_spend_is_in_thousand_with_the_cells_it_is_made_of() -> None:
    rows = [figure(1, OWN[0], 13.0, cell="DH42"), figure(2, OWN[0], 6.0, cell="DR42")]
    given = made(rows).years[0]
    assert (given.own_returned, given.own_cells) == (19_687.0, "RO3: DH42; DR42")


def test_a_year_without_figures_stays_empty() -> None:
    given = made([figure(1, OWN[0], 13.0, cell="DH42")]).years[1]
    assert (given.own_returned, given.own_cells, given.nhs_money, given.nhs_basis) == (None, "", None, "")


def test_grants_left_out_of_own_spend_are_said() -> None:
    rows = [figure(1, OWN[1], 13.0, cell="I38", source="rs"), figure(2, GRANTS, 2.0)]
    assert made(rows).years[0].own_cells == "RS: I38; less social-care grants worked out"


@pytest.mark.parametrize(("basis", "thousand"), [("estimated", 1_500.0), ("allocated", 1_650.0)])
def test_nhs_money_is_what_the_area_was_judged_on(basis: str, thousand: float) -> None:
    rows = [figure(1, WORKED_OUT, 1_500_000.0), figure(2, ALLOCATED, 1_600_000.0), figure(3, ALLOCATED, 50_000.0)]
    given = made(rows, basis=basis).years[0]
    assert (given.nhs_money, given.nhs_basis) == (thousand, basis)
    columns = {cell.figure for cell in cells_of(rows, YEARS, basis)}
    assert columns == {WORKED_OUT if basis == "estimated" else ALLOCATED}


def test_a_long_list_of_cells_is_shortened_in_the_workbook_alone() -> None:
    rows = [figure(number, OWN[0], 1.0, cell=f"A{number}") for number in range(1, 19)]
    assert made(rows).years[0].own_cells == "RO3: 18 cells, see sheet 'Cells'"
    assert made(rows, short=False).years[0].own_cells.endswith("A17; A18")


def test_cells_are_listed_year_by_year_own_spend_before_nhs_money_and_a_missing_value_stays_missing() -> None:
    rows = [
        figure(3, WORKED_OUT, 1.0), figure(1, OWN[0], None, cell="DH42"), figure(2, OWN[0], 2.0, year="2012-13"),
        figure(4, OWN[0], 9.0, year="2009-10"), figure(5, "other_income_gbp_thousand", 9.0),
    ]  # fmt: skip
    listed = cells_of(rows, YEARS, "estimated")
    assert [cell.number for cell in listed] == ["W1-001", "W1-003", "W1-002"]
    assert listed[0].value is None and listed[0].publication == "RO3, Published on 3 May 2013"


def test_the_scope_of_own_spend_follows_the_settings_of_the_run() -> None:
    manifest = {"settings": {"window": [{"name": "W1", "own": "own_less_grants"}]}}
    assert scope_words(manifest, "W1") == SCOPES["own_less_grants"]
    assert scope_words({}, "W1") == OTHER_SCOPE
