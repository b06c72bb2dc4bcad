"""Structural checks come from the declarations: whoever changes a table's TOML changes its checks."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from expectations.domain.structural import derive
from expectations.domain.structural_runs import run_structural
from expectations.records.checks import ERRORED, FAILED, NOT_RUN, PASSED, QUARANTINE, Outcome
from expectations.records.table_frames import Frames
from pipelines.declarations.catalogue import Column, Line, Source, Table, arrow_schema, sources, tables

TABLE = Table(
    "made",
    "",
    "",
    "core",
    ("financial_year", "authority_code", "group"),
    (
        Column("record_id", "string", "", required=True),
        Column("financial_year", "string", "", pattern=r"^\d{4}-\d{2}$"),
        Column("authority_code", "string", "", required=True),
        Column("group", "string", "", enum=("old", "young")),
        Column("release", "string", ""),
        Column("share", "float", "", min=0.0, max=1.0),
    ),
)
ROWS: dict[str, list[Any]] = {
    "record_id": ["r1", "r2", "r3"],
    "financial_year": ["2014-15", "2015-16", "2016-17"],
    "authority_code": ["E1", "E1", "E2"],
    "group": ["old", "young", None],
    "release": ["", "", ""],
    "share": [0.0, 1.0, None],
}


def source(*years: str) -> Source:
    return Source("s", "", "", "", "", "return", "made", "grid", {}, (Line((), "share", dict.fromkeys(years, "x")),))


def outcomes(
    changes: dict[str, list[Any]] | None = None, *years: str, table: pa.Table | None = None
) -> dict[str, Outcome]:
    held = table if table is not None else pa.table({**ROWS, **(changes or {})}, schema=arrow_schema(TABLE))
    frames = Frames(held={"made": held}, declared={"made": TABLE})
    return {
        item.code: run_structural(item, frames) for item in derive({"made": TABLE}, [source(*years)] if years else [])
    }


def test_sound_rows_pass_every_derived_check() -> None:
    found = outcomes(None, "2014-15", "2015-16", "2016-17")
    assert {item.outcome for item in found.values()} == {PASSED}
    assert len(found) == 9


@pytest.mark.parametrize(
    ("code", "column", "values", "row"),
    [
        ("STR-MADE-FINANCIAL-YEAR-PATTERN", "financial_year", ["2014-15", "2015/16", "2016-17"], "r2"),
        ("STR-MADE-AUTHORITY-CODE-PRESENT", "authority_code", ["E1", "", "E2"], "r2"),
        ("STR-MADE-AUTHORITY-CODE-PRESENT", "authority_code", ["E1", "E1", None], "r3"),
        ("STR-MADE-GROUP-KNOWN", "group", ["old", "young", "middle"], "r3"),
        ("STR-MADE-SHARE-RANGE", "share", [0.0, 1.01, None], "r2"),
        ("STR-MADE-SHARE-RANGE", "share", [float("nan"), -0.1, None], "r2"),
    ],
)
def test_a_broken_value_fails_its_check_and_names_the_row(code: str, column: str, values: list[Any], row: str) -> None:
    found = outcomes({column: values})
    assert [code] == [item.check.code for item in found.values() if item.outcome == FAILED]
    assert [item.record_id for item in found[code].findings] == [row]


def test_missing_values_are_counted_and_never_pass_a_range_in_silence() -> None:
    found = outcomes({"share": [None, None, None]})["STR-MADE-SHARE-RANGE"]
    assert (found.outcome, found.rows_without_value) == (NOT_RUN, 3)


def test_a_broken_key_value_sets_the_row_aside_and_a_broken_measure_is_marked() -> None:
    found = outcomes()
    assert found["STR-MADE-GROUP-KNOWN"].check.on_failure == QUARANTINE
    assert found["STR-MADE-SHARE-RANGE"].check.on_failure == "mark"


def test_a_key_that_occurs_twice_in_one_release_stops_the_run() -> None:
    twice = {"financial_year": ["2014-15"] * 3, "authority_code": ["E1"] * 3, "group": ["old", "old", "young"]}
    found = outcomes(twice)["STR-MADE-KEY"]
    assert (found.outcome, found.stops_the_run, found.rows_failed) == (FAILED, True, 2)


def test_the_same_key_in_two_releases_is_not_a_duplicate() -> None:
    twice = {"financial_year": ["2014-15"] * 3, "authority_code": ["E1"] * 3, "group": ["old", "old", "young"]}
    assert outcomes({**twice, "release": ["first", "second", ""]})["STR-MADE-KEY"].outcome == PASSED


def test_missing_key_values_are_told_apart_from_each_other_and_from_text() -> None:
    changes = {"financial_year": ["2014-15"] * 3, "authority_code": ["E1"] * 3, "group": ["old", None, "young"]}
    assert outcomes(changes)["STR-MADE-KEY"].outcome == PASSED


def test_a_record_id_occurs_once() -> None:
    assert outcomes({"record_id": ["r1", "r1", "r3"]})["STR-MADE-RECORD"].stops_the_run


def test_a_table_with_other_columns_or_types_stops_the_run_and_says_which() -> None:
    table = pa.table({**ROWS, "share": ["a", "b", "c"], "extra": [1, 2, 3]})
    found = outcomes(table=table)["STR-MADE-COLUMNS"]
    assert found.stops_the_run
    assert "'extra' is not declared" in found.detail
    assert "'share' is string, not double" in found.detail


def test_a_check_on_a_column_that_is_not_there_errors() -> None:
    table = pa.table({key: value for key, value in ROWS.items() if key != "share"})
    assert outcomes(table=table)["STR-MADE-SHARE-RANGE"].outcome == ERRORED


def test_years_declared_in_the_column_maps_and_not_loaded_are_reported() -> None:
    found = outcomes(None, "2014-15", "2018-19")["STR-MADE-YEARS"]
    assert (found.outcome, found.stops_the_run) == (FAILED, False)
    assert "2018-19" in found.detail


def test_a_table_without_rows_stops_the_run_once_and_an_absent_one_is_not_run() -> None:
    empty = outcomes(table=arrow_schema(TABLE).empty_table())
    columns = empty.pop("STR-MADE-COLUMNS")
    assert (columns.outcome, columns.stops_the_run) == (FAILED, True)
    assert columns.detail == "the table is there, but has no rows"
    assert {item.outcome for item in empty.values()} == {NOT_RUN}
    absent = [run_structural(item, Frames(declared={"made": TABLE})) for item in derive({"made": TABLE})]
    assert {item.outcome for item in absent} == {NOT_RUN}


def test_text_read_as_codes_is_judged_like_text() -> None:
    held = pa.table({**ROWS, "authority_code": ["E1", "", None]}, schema=arrow_schema(TABLE))
    coded = held.set_column(2, "authority_code", held.column("authority_code").combine_chunks().dictionary_encode())
    found = outcomes(table=coded)
    assert found["STR-MADE-COLUMNS"].outcome == PASSED
    assert found["STR-MADE-AUTHORITY-CODE-PRESENT"].rows_failed == 2


def test_codes_of_derived_checks_are_unique_over_all_declared_tables() -> None:
    codes = [item.code for item in derive(tables(), sources().values())]
    assert len(codes) == len(set(codes))
    assert len(codes) > 200
