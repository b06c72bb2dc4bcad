"""Tables of a run with answers of made areas: what papers, checks and conclusions are reckoned from.

In: a folder and what the areas answered. Out: the tables that `audit/enquiry` reads. No figure here is real.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.declarations.parquet import write_table

YEARS = ("2011-12", "2012-13", "2013-14")
OWN, MONEY = 50_000.0, 4_000.0  # £ thousand a year
AREA = "E09000001"
SPENT = "net_current_expenditure_gbp_thousand"
BOOKED = ("other_income_gbp_thousand", 4_100.0)
Plan = Mapping[str, Mapping[str, float]]


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: [row.get(name) for row in rows] for name in names}


def plan(rate: float, *, years: tuple[str, ...] = YEARS, money: float = MONEY) -> dict[str, dict[str, float]]:
    """Plans in which `rate` pounds of own money were to be replaced per pound of transfer."""
    with_it = OWN
    return {
        year: {"own_without": with_it + rate * money, "own_with": with_it, "transfer_agreed": money,
               "total_with": with_it + money}
        for year in years
    }  # fmt: skip


def figures(area: str, given: Plan, *, day: str = "", lines: Mapping[str, float] | None = None) -> list[dict[str, Any]]:
    """Rows of answer_figure. Every paper is dated in the February before its year, or `day`."""
    rows: list[dict[str, Any]] = []
    for year, items in given.items():
        for at, (item, value) in enumerate(items.items()):
            dated = f"{year[:4]}-02-22" if day == "" else day
            rows.append({"item": f"{item}_gbp_thousand", "financial_year": year, "number": 0, "cell": f"C{10 + at}",
                         "value_gbp_thousand": value, "paper_date": None if day == "none" else dated})  # fmt: skip
    for at, (year, value) in enumerate((lines or {}).items(), start=1):
        rows.append({"item": "amount_gbp_thousand", "financial_year": year, "number": at, "cell": f"D{at}",
                     "value_gbp_thousand": value, "paper_date": None})  # fmt: skip
    about = {"area_code": area, "window": "W1", "sheet": "Plan", "file_name": f"{area}.xlsx", "file_sha256": "0" * 64}
    return [about | row for row in rows]


def write_run(folder: Path, answers: list[dict[str, Any]], *, own: float = OWN) -> Path:
    """Tables of returns and answers in `folder`."""
    areas = sorted({str(row["area_code"]) for row in answers} | {AREA})
    write_table(
        "area", columns([{"area_code": code, "area_name": f"Example Area {code[-1]}"} for code in areas]), folder
    )
    spend = [
        {"area_code": code, "window": "W1", "financial_year": year, "is_base": False, "actual_gbp": 1000.0 * own,
         "reckoned_gbp": 1000.0 * MONEY, "reckoned_basis": "estimated"}
        for code in areas for year in YEARS
    ]  # fmt: skip
    write_table("expected_spend", columns(spend), folder)
    seen = [
        {"area_code": code, "window": "W1", "evidence_id": f"W1-{at:03d}", "financial_year": year, "value": value,
         "column": column, "title": "Example return", "sheet": "Example sheet", "cell": f"I{at}"}
        for code in areas
        for at, (year, column, value) in enumerate(
            ((year, *figure) for year in YEARS for figure in ((SPENT, own), BOOKED)), start=1)
    ]  # fmt: skip
    write_table("evidence", columns(seen), folder)
    declared = ("answer_figure", answers), ("answer_problem", []), ("answer_text", []), ("asked", [])
    for name, rows in declared:
        write_table(name, columns(rows), folder)
    files = [
        {"file_name": f"{code}.xlsx", "kind": "answer workbook", "area_code": code, "used": True, "problems": 0}
        for code in sorted({str(row["area_code"]) for row in answers})
    ]
    write_table("answer_file", columns(files), folder)
    for name in ("conclusion", "sample"):
        write_table(name, {}, folder)
    return folder
