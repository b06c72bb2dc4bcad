"""The one door to Great Expectations: four outcomes, and nothing passed over in silence."""

from __future__ import annotations

import io
import logging
import socket
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import pyarrow as pa
import pytest

from expectations.gx import adapter
from expectations.records.checks import ERRORED, FAILED, NOT_RUN, PASSED, Check, Outcome
from expectations.records.table_frames import Frames
from expectations.suite.gx_types import GX_TYPES, NEEDS_A_BOUND, ROWLESS, SEES_NULLS
from pipelines.declarations.catalogue import Column, Table

TABLE = Table(
    "made",
    "",
    "",
    "core",
    ("record_id",),
    tuple(
        Column(name, kind, name)
        for name, kind in (("record_id", "string"), ("a", "float"), ("b", "float"), ("t", "string"), ("n", "float"))
    ),
)
ROWS: dict[str, list[Any]] = {
    "record_id": ["r1", "r2", "r3"],
    "a": [1.0, None, 5.0],
    "b": [1.0, 2.0, 3.0],
    "t": ["x", "y", None],
    "n": [None, None, None],
    "unnamed": [1, 2, 3],
}


def frames(rows: dict[str, list[Any]] = ROWS) -> Frames:
    schema = pa.schema(
        [
            ("record_id", pa.string()),
            ("a", pa.float64()),
            ("b", pa.float64()),
            ("t", pa.string()),
            ("n", pa.float64()),
            ("unnamed", pa.int64()),
        ]
    )
    return Frames(held={"made": pa.table(rows, schema=schema)}, declared={"made": TABLE})


def check(kind: str, code: str = "MADE-X", severity: str = "warning", **kwargs: Any) -> Check:
    return Check("made", code, kind, kwargs, severity, "mark", "Because it is a test.", origin="gx")


def run(*checks: Check, rows: dict[str, list[Any]] = ROWS) -> list[Outcome]:
    return list(adapter.run_gx(checks, frames(rows)))


def one(kind: str, **kwargs: Any) -> Outcome:
    return run(check(kind, **kwargs))[0]


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    tried: list[str] = []

    def refuse(*args: Any, **_: Any) -> Any:
        tried.append(str(args[1:]))
        raise AssertionError("a socket was opened")

    # urllib3 binds to the loopback address when imported, to learn whether there is IPv6; nothing else is allowed.
    for name in ("connect", "connect_ex", "sendto", "sendmsg"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield tried


def test_great_expectations_runs_without_opening_a_socket(no_sockets: list[str]) -> None:
    outcome = one("expect_column_values_to_be_between", column="a", min_value=0, max_value=9)
    assert (outcome.outcome, no_sockets) == (PASSED, [])


def test_a_failing_row_is_named_by_its_record_id() -> None:
    outcome = one("expect_column_values_to_be_between", column="a", max_value=2)
    assert outcome.outcome == FAILED
    assert [(item.record_id, item.value) for item in outcome.findings] == [("r3", "5")]
    assert "5" in outcome.findings[0].reason


def test_all_failing_rows_are_named_however_many() -> None:
    rows = {"record_id": [f"r{i:04d}" for i in range(500)], "a": [float(i) for i in range(500)]}
    rows |= {name: [None] * 500 for name in ("b", "t", "n", "unnamed")}
    (outcome,) = run(check("expect_column_values_to_be_between", column="a", max_value=-1), rows=rows)
    assert outcome.rows_failed == 500


def test_a_misspelt_type_errors_instead_of_being_dropped() -> None:
    outcome = one("expect_column_values_to_be_betwen", column="a", min_value=0)
    assert outcome.outcome == ERRORED
    assert outcome.stops_the_run


def test_a_suite_without_checks_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        adapter.run_gx((), frames())


def test_a_table_without_rows_is_not_run_instead_of_passed() -> None:
    (outcome,) = run(
        check("expect_column_values_to_be_between", column="a", min_value=0), rows={key: [] for key in ROWS}
    )
    assert (outcome.outcome, "no rows" in outcome.detail) == (NOT_RUN, True)


def test_a_table_that_was_not_loaded_is_not_run_with_the_reason() -> None:
    (outcome,) = adapter.run_gx(
        (check("expect_column_values_to_be_unique", column="a"),), Frames(declared={"made": TABLE})
    )
    assert (outcome.outcome, "was not loaded" in outcome.detail) == (NOT_RUN, True)


def test_a_range_check_on_missing_values_only_is_not_run_instead_of_passed() -> None:
    outcome = one("expect_column_values_to_be_between", column="n", min_value=0)
    assert (outcome.outcome, outcome.rows_without_value) == (NOT_RUN, 3)


def test_missing_values_in_a_range_check_are_counted_as_not_judged() -> None:
    outcome = one("expect_column_values_to_be_between", column="a", min_value=0)
    assert (outcome.outcome, outcome.rows_seen, outcome.rows_without_value) == (PASSED, 2, 1)


def test_missing_values_fail_a_check_that_is_about_them() -> None:
    outcome = one("expect_column_values_to_not_be_null", column="n")
    assert (outcome.outcome, outcome.rows_failed) == (FAILED, 3)


def test_a_check_that_raises_errors_and_stops_the_run_whatever_its_severity() -> None:
    outcome = run(check("expect_column_values_to_be_between", column="t", min_value=0, severity="info"))[0]
    assert (outcome.outcome, outcome.stops_the_run) == (ERRORED, True)


def test_a_check_that_raises_leaves_the_others_their_outcome() -> None:
    outcomes = run(
        check("expect_column_values_to_be_between", "MADE-A", column="a", min_value=0),
        check("expect_column_values_to_match_regex", "MADE-B", column="t", regex="("),
        check("expect_column_values_to_be_in_set", "MADE-C", column="t", value_set=["x"]),
    )
    assert [(item.check.code, item.outcome) for item in outcomes] == [
        ("MADE-A", PASSED),
        ("MADE-B", ERRORED),
        ("MADE-C", FAILED),
    ]


def test_an_argument_the_library_refuses_errors() -> None:
    assert one("expect_column_values_to_be_between", column="a", lowest=0).outcome == ERRORED


def test_two_equal_checks_under_two_codes_are_both_run() -> None:
    outcomes = run(*(check("expect_column_values_to_be_unique", code, column="a") for code in ("MADE-A", "MADE-B")))
    assert [item.outcome for item in outcomes] == [PASSED, PASSED]


def test_a_result_that_does_not_come_back_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "_validate", lambda checks, frame: {})
    assert one("expect_column_values_to_be_unique", column="a").outcome == ERRORED


def test_a_failure_of_the_whole_library_errors_every_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(checks: object, frame: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(adapter, "_validate", fail)
    assert one("expect_column_values_to_be_unique", column="a").outcome == ERRORED


def test_an_aggregate_check_fails_without_rows_and_says_what_it_saw() -> None:
    outcome = one("expect_column_sum_to_be_between", column="b", max_value=1)
    assert (outcome.outcome, outcome.findings, outcome.detail) == (FAILED, (), "observed 6")


def test_only_the_columns_named_are_passed_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    real = adapter._validate
    monkeypatch.setattr(
        adapter, "_validate", lambda checks, frame: seen.append(list(frame.columns)) or real(checks, frame)
    )
    one("expect_column_pair_values_a_to_be_greater_than_b", column_A="b", column_B="a", or_equal=True)
    assert seen == [["record_id", "b", "a"]]


def test_great_expectations_prints_nothing() -> None:
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        one("expect_column_values_to_be_between", column="a", min_value=0)
    assert out.getvalue() == ""
    assert logging.getLogger("great_expectations").level == logging.ERROR


@pytest.mark.parametrize("kind", sorted(GX_TYPES))
def test_the_declared_types_are_those_of_the_library(kind: str) -> None:
    adapter.import_gx()
    from great_expectations.expectations.registry import get_expectation_impl

    fields = get_expectation_impl(kind).__fields__
    assert set(GX_TYPES[kind]) <= set(fields)
    required = {name for name, field in fields.items() if field.required}
    assert required <= {name for name, argument in GX_TYPES[kind].items() if argument.required} | {
        "min_value",
        "max_value",
    }


def test_every_range_type_needs_a_bound_and_every_type_without_rows_is_known() -> None:
    assert all("max_value" in GX_TYPES[kind] for kind in NEEDS_A_BOUND)
    assert set(GX_TYPES) >= SEES_NULLS
    assert "expect_column_sum_to_be_between" in ROWLESS
    assert "expect_column_values_to_be_between" not in ROWLESS
