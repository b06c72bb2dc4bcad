"""Domain checks, each on a made table with one planted fault: it is found, on the right row, and nothing else is."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from expectations.records.checks import ERRORED, FAILED, NOT_RUN, PASSED, Check, Outcome
from expectations.records.table_frames import Frames, next_year
from expectations.suite.custom_checks import CUSTOM_TYPES, run_custom
from pipelines.declarations.catalogue import Column, Table


def table(name: str, key: tuple[str, ...], *measures: str) -> Table:
    texts = dict.fromkeys(("record_id", "financial_year", "authority_code", "area_code", "release", *key))
    return Table(
        name,
        "",
        "",
        "core",
        key,
        (*(Column(item, "string", "") for item in texts), *(Column(item, "float", "") for item in measures)),
    )


TABLES = {
    "made": table("made", ("financial_year", "authority_code"), "gross", "income", "net", "opening", "closing"),
    "groups": table("groups", ("financial_year", "authority_code", "group"), "gross"),
    "other": table("other", ("financial_year", "authority_code"), "figure"),
    "weights": Table(
        "weights",
        "",
        "",
        "reference",
        ("commissioner", "area_code"),
        (Column("commissioner", "string", ""), Column("area_code", "string", ""), Column("weight", "float", "")),
    ),
    "area": Table("area", "", "", "reference", ("area_code",), (Column("area_code", "string", ""),)),
}
COUNCILS = [f"E{number}" for number in range(10)]
YEARS = ["2014-15", "2015-16", "2016-17", "2017-18"]


def made(**measure: Any) -> list[dict[str, Any]]:
    """Ten councils in four years; figures differ by council and grow by 2% a year."""
    rows: list[dict[str, Any]] = []
    for place, year in enumerate(YEARS):
        for number, code in enumerate(COUNCILS):
            gross = round(10_000 * (1 + number) * 1.02**place)
            rows.append(
                {
                    "record_id": f"made/{year}/{code}",
                    "financial_year": year,
                    "authority_code": code,
                    "area_code": f"A{number}",
                    "release": "first",
                    "gross": gross,
                    "income": gross // 4,
                    "net": gross - gross // 4,
                    "opening": 1000.0 + 100 * place,
                    "closing": 1100.0 + 100 * place,
                    **measure,
                }
            )
    return rows


def run(
    kind: str, rows: list[dict[str, Any]], name: str = "made", others: dict[str, Any] | None = None, **kwargs: Any
) -> Outcome:
    held = {key: pa.Table.from_pylist(value) for key, value in {name: rows, **(others or {})}.items()}
    check = Check(name, "MADE-X", kind, kwargs, "warning", "mark", "Because it is a test.")
    return run_custom(check, Frames(held=held, declared=TABLES))


def changed(rows: list[dict[str, Any]], record_id: str, **values: Any) -> list[dict[str, Any]]:
    return [{**row, **values} if row["record_id"] == record_id else row for row in rows]


def found(outcome: Outcome) -> list[str]:
    return [item.record_id for item in outcome.findings]


ONE = "made/2016-17/E3"


@pytest.mark.parametrize(
    ("kind", "kwargs", "fault"),
    [
        ("columns_add_up", {"total": "net", "plus": ["gross"], "minus": ["income"], "tolerance": 2}, {"net": 1.0}),
        ("share_between", {"part": "income", "whole": "gross", "max_value": 0.35}, {"income": 40_000}),
        ("sum_between", {"column": "net", "min_value": 0}, {"net": -1.0}),
        ("jump_beyond_band", {"column": "net", "widths": 4, "at_least_share": 0.2, "at_least": 10}, {"net": 60_000}),
        ("thousand_slip", {"column": "net", "at_least": 1000}, {"net": 31_000_000}),
        ("thousand_slip", {"column": "net", "at_least": 1000}, {"net": 31}),
        ("sign_flip", {"column": "net", "at_least": 10}, {"net": -31_000}),
        (
            "closing_equals_next_opening",
            {"closing": "closing", "opening": "opening", "tolerance": 50, "tolerance_share": 0.01},
            {"closing": 500.0},
        ),
    ],
)
def test_a_planted_fault_is_found_on_its_row(kind: str, kwargs: dict[str, Any], fault: dict[str, Any]) -> None:
    assert run(kind, made(), **kwargs).outcome == PASSED
    outcome = run(kind, changed(made(), ONE, **fault), **kwargs)
    assert outcome.outcome == FAILED
    assert ONE in found(outcome)
    later = {"made/2017-18/E3"} if kind == "jump_beyond_band" else set()
    assert set(found(outcome)) <= {ONE} | later
    assert all(item.area_code == "A3" and item.reason for item in outcome.findings)


def test_a_table_of_two_years_is_judged_for_slips_beside_a_like_figure_of_another_return() -> None:
    short = [row for row in made() if row["financial_year"] in YEARS[:2]]
    like = [
        {"record_id": f"o/{code}", "financial_year": "2013-14", "authority_code": code, "figure": 8_000.0}
        for code in COUNCILS
    ]
    kwargs = {"column": "net", "at_least": 1000}
    beside = {"other_table": "other", "other_column": "figure", "others": {"other": like}}
    slipped = changed(short, "made/2015-16/E3", net=31.0)
    assert run("thousand_slip", slipped, **kwargs).rows_seen == 0
    assert run("thousand_slip", short, **kwargs, **beside).outcome == PASSED
    assert found(run("thousand_slip", slipped, **kwargs, **beside)) == ["made/2015-16/E3"]


def test_rows_without_all_the_values_are_not_judged_and_are_counted() -> None:
    outcome = run(
        "columns_add_up", changed(made(), ONE, income=None), total="net", plus=["gross"], minus=["income"], tolerance=2
    )
    assert (outcome.outcome, outcome.rows_seen, outcome.rows_without_value) == (PASSED, 39, 1)


def test_a_blank_line_counts_as_nil_where_the_suite_says_so() -> None:
    rows = changed(made(), ONE, income=None)
    outcome = run(
        "columns_add_up", rows, total="net", plus=["gross"], minus=["income"], tolerance=2, missing_as_zero=True
    )
    assert found(outcome) == [ONE]


def test_the_england_row_is_not_judged_as_a_council() -> None:
    england = [{**made()[0], "record_id": "made/2014-15/ENG", "authority_code": "ENG", "net": -5.0}]
    assert run("sum_between", made() + england, column="net", min_value=0).outcome == PASSED


def england(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "record_id": f"made/{year}/ENG",
            "financial_year": year,
            "authority_code": "ENG",
            "area_code": None,
            "release": "first",
            "net": sum(row["net"] for row in rows if row["financial_year"] == year),
        }
        for year in YEARS
    ]


def test_a_lost_council_shows_in_the_england_row() -> None:
    rows = made() + england(made())
    assert run("england_row_equals_sum", rows, columns=["net"], tolerance_share=0.01).outcome == PASSED
    lost = [row for row in rows if row["record_id"] != ONE]
    assert found(run("england_row_equals_sum", lost, columns=["net"], tolerance_share=0.01)) == ["made/2016-17/ENG"]


def test_a_grossed_year_is_left_out_of_the_england_check() -> None:
    rows = [row for row in made() + england(made()) if row["record_id"] != ONE]
    outcome = run("england_row_equals_sum", rows, columns=["net"], tolerance_share=0.01, except_years=["2016-17"])
    assert outcome.outcome == PASSED


def groups(total: float) -> list[dict[str, Any]]:
    parts = {"old": 70.0, "young": None, "other": 30.0, "total": total}
    return [
        {
            "record_id": f"groups/{name}",
            "financial_year": "2011-12",
            "authority_code": "E1",
            "area_code": "A1",
            "release": "",
            "group": name,
            "gross": value,
        }
        for name, value in parts.items()
    ]


def test_a_total_block_that_repeats_another_group_is_found() -> None:
    kwargs = {
        "dimension": "group",
        "total_row": "total",
        "part_rows": ["old", "young", "other"],
        "columns": ["gross"],
        "tolerance": 1,
    }
    assert run("rows_add_to_total", groups(100.0), "groups", **kwargs).outcome == PASSED
    assert found(run("rows_add_to_total", groups(30.0), "groups", **kwargs)) == ["groups/total"]


def others(**figure: float) -> list[dict[str, Any]]:
    return [
        {
            "record_id": f"other/{code}",
            "financial_year": "2016-17",
            "authority_code": code,
            "area_code": "",
            "release": "",
            "figure": figure.get(code, 2.0),
        }
        for code in COUNCILS
    ]


SAME = {"column": "net", "other_table": "other", "other_column": "figure", "tolerance": 0, "tolerance_share": 0.1}


def test_a_figure_that_differs_in_another_return_is_found_and_both_are_told() -> None:
    net = {row["authority_code"]: row["net"] for row in made() if row["financial_year"] == "2016-17"}
    outcome = run("same_figure_in_two_tables", made(), others={"other": others(**{**net, "E3": 20_000.0})}, **SAME)
    assert found(outcome) == [ONE]
    assert outcome.findings[0].expected == "20000"
    assert outcome.rows_without_value == 30


def test_two_returns_without_a_common_council_and_year_are_not_compared() -> None:
    rows = [row for row in made() if row["financial_year"] != "2016-17"]
    assert run("same_figure_in_two_tables", rows, others={"other": others()}, **SAME).outcome == NOT_RUN


def test_a_missing_table_is_not_run_and_says_which() -> None:
    outcome = run("same_figure_in_two_tables", made(), **SAME)
    assert (outcome.outcome, "'other'" in outcome.detail) == (NOT_RUN, True)


def test_an_empty_table_is_not_run() -> None:
    check = Check("made", "MADE-X", "sum_between", {"column": "net", "min_value": 0}, "warning", "mark", "Because.")
    empty = pa.Table.from_pylist(made()).slice(0, 0)
    assert run_custom(check, Frames(held={"made": empty}, declared=TABLES)).outcome == NOT_RUN


def test_one_year_read_twice_is_found() -> None:
    rows = [
        {**row, "net": 1000.0 + int(row["authority_code"][1:])} if row["financial_year"] >= "2016-17" else row
        for row in made()
    ]
    outcome = run("year_is_not_a_copy", rows, column="net", max_share=0.2)
    assert {item.financial_year for item in outcome.findings} == {"2017-18"}


def test_weights_of_a_commissioner_that_do_not_add_to_one_are_found() -> None:
    rows = [
        {"commissioner": name, "area_code": area, "weight": weight}
        for name, area, weight in (("C1", "A1", 0.5), ("C1", "A2", 0.5), ("C2", "A1", 0.9))
    ]
    outcome = run("weights_sum_to_one", rows, "weights", weight="weight", by=["commissioner"], tolerance=0.000001)
    assert found(outcome) == ["C2/A1"]


def test_a_year_that_lacks_areas_is_named() -> None:
    areas = {"area": [{"area_code": f"A{number}"} for number in range(10)]}
    rows = [row for row in made() if row["record_id"] != ONE]
    outcome = run("areas_covered", rows, others=areas, min_share=0.95)
    assert (outcome.outcome, "2016-17: 9 of 10 areas, without A3" in outcome.detail) == (FAILED, True)
    assert run("areas_covered", rows, others=areas, min_share=0.9).outcome == PASSED


def test_a_code_nobody_knows_is_found() -> None:
    known = {"other": others()}
    rows = changed(made(), ONE, authority_code="E99")
    kwargs = {"column": "authority_code", "other_table": "other", "other_column": "authority_code", "ignore": ["ENG"]}
    assert found(run("values_known", rows, others=known, **kwargs)) == [ONE]


def test_a_record_in_two_releases_is_reported() -> None:
    again = [{**row, "release": "second"} for row in made() if row["record_id"] == ONE]
    assert len(run("one_release_per_record", made() + again).findings) == 2
    assert run("one_release_per_record", made()).outcome == PASSED


def test_a_check_that_raises_on_one_row_errors_and_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = changed(made(), ONE, area_code=None)
    outcome = run("columns_add_up", rows, total="net", plus=["gross"], tolerance="none")
    assert (outcome.outcome, outcome.stops_the_run) == (ERRORED, True)
    assert "raised" in outcome.detail


def test_every_domain_check_has_a_docstring_and_its_arguments_exist() -> None:
    import inspect

    for name, kind in CUSTOM_TYPES.items():
        parameters = inspect.signature(kind.run).parameters
        taken = {key for key, item in parameters.items() if item.kind is item.KEYWORD_ONLY}
        assert set(kind.arguments) == taken, name
        needed = {key for key in taken if parameters[key].default is inspect.Parameter.empty}
        assert needed == {key for key, item in kind.arguments.items() if item.required}, name
        assert kind.run.__doc__, name


@pytest.mark.parametrize(("year", "after"), [("2014-15", "2015-16"), ("1999-00", "2000-01"), ("2098-99", "2099-00")])
def test_the_next_financial_year(year: str, after: str) -> None:
    assert next_year(year) == after
