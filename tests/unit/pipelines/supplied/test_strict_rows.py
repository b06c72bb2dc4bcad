"""Rows of declared tables: types are read, and every problem is named at once."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.declarations.catalogue import tables
from pipelines.supplied.strict_rows import strict_rows

AREAS = ("E06000001", "E06000002")
SAMPLE = {
    "area_code": "E06000001", "area_name": "Hartlepool", "stratum": "against replacement", "nhs_money_gbp": "1,000",
    "probability": "1e-01", "drawn": "TRUE", "seed": "7", "run": "abc",
}  # fmt: skip
CONCLUSION = {
    "area_code": "E06000001", "window": "W1", "outcome": "partly", "replaced_gbp": "1200000", "document": "Report",
    "page": "3", "date": "2026-05-01", "office": "External audit",
}  # fmt: skip


def lines(name: str, *rows: dict[str, str]) -> list[list[str]]:
    columns = tables()[name].column_names
    return [list(columns), *([row[column] for column in columns] for row in rows)]


def told(name: str, table: list[list[str]]) -> tuple[list[Any], list[tuple[int | None, str, str]]]:
    rows, problems = strict_rows(name, table, file="a.csv", areas=AREAS)
    assert all(problem.place and problem.place.file == "a.csv" for problem in problems)
    return rows, [(p.place.row, p.place.column, p.what) for p in problems if p.place]


def test_numbers_and_true_or_false_are_read_as_such_and_an_empty_number_is_none():
    rows, problems = told("sample", lines("sample", SAMPLE, {**SAMPLE, "area_code": "E06000002", "probability": ""}))
    assert not problems
    assert [number for number, _ in rows] == [2, 3]
    first, second = rows[0][1], rows[1][1]
    assert (first["nhs_money_gbp"], first["probability"], first["drawn"], first["seed"]) == (1000.0, 0.1, True, 7)
    assert isinstance(first["seed"], int)
    assert second["probability"] is None


@pytest.mark.parametrize(
    ("name", "row", "change", "said"),
    [
        ("sample", SAMPLE, {"drawn": "yes"}, "found 'yes'"),
        ("sample", SAMPLE, {"seed": "1.5"}, "found '1.5'"),
        ("sample", SAMPLE, {"probability": "0,5"}, "a comma for decimals"),
        ("conclusion", CONCLUSION, {"replaced_gbp": "-1"}, "found '-1'"),
        ("conclusion", CONCLUSION, {"replaced_gbp": "about a million"}, "which is text"),
        ("conclusion", CONCLUSION, {"outcome": "guilty"}, "found 'guilty'"),
        ("conclusion", CONCLUSION, {"window": "W3"}, "found 'W3'"),
        ("conclusion", CONCLUSION, {"area_code": "E06000099"}, "'E06000099' is no area"),
        ("conclusion", CONCLUSION, {"date": "2026-02-30"}, "there is no day"),
        ("conclusion", CONCLUSION, {"office": " "}, "the cell is empty"),
        ("conclusion", CONCLUSION, {"document": "a\u202eb"}, "it holds the character"),
    ],
)
def test_a_wrong_cell_is_named_and_its_row_is_not_given(name: str, row: Any, change: dict[str, str], said: str):
    rows, problems = told(name, lines(name, {**row, **change}))
    assert not rows
    assert [(at, column) for at, column, _ in problems] == [(2, next(iter(change)))]
    assert said in problems[0][2]


def test_all_problems_are_named_at_once_and_good_rows_are_given():
    short = lines("conclusion", CONCLUSION)[1][:3]
    table = [*lines("conclusion", {**CONCLUSION, "window": "W3", "page": ""}, CONCLUSION, CONCLUSION), short, ["", " "]]
    rows, problems = told("conclusion", table)
    assert [number for number, _ in rows] == [3]
    assert [(at, column) for at, column, _ in problems] == [(2, "window"), (2, "page"), (4, ""), (5, "")]


def test_every_fault_of_a_header_is_named_and_columns_may_stand_in_another_order():
    table = lines("conclusion", CONCLUSION)
    turned = [line[::-1] for line in table]
    rows, problems = told("conclusion", turned)
    assert rows[0][1]["office"] == "External audit"
    assert not problems
    table[0][0], table[0][1] = "area", "outcome"
    rows, problems = told("conclusion", table)
    assert not rows
    assert [what.split(": ")[1] for _, _, what in problems] == [
        "'area' is no column of it", "column 'area_code' is missing", "column 'window' is missing",
        "column 'outcome' stands twice",
    ]  # fmt: skip
    assert told("conclusion", [])[1]


def test_rows_of_one_key_are_given_to_those_who_judge_them():
    table = lines("conclusion", CONCLUSION, CONCLUSION)
    rows, problems = strict_rows("conclusion", table, file="a.csv", areas=AREAS, twice=True)
    assert (len(rows), problems) == (2, [])
