"""Large tables: the rows that may fail are enough, and nothing about the answer changes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.gx.adapter import run_gx
from expectations.gx.candidates import with_candidates
from expectations.gx.in_arrow import FAILING
from expectations.records.checks import ERRORED, FAILED, NOT_RUN, PASSED, Check, Outcome
from expectations.records.table_frames import Frames
from pipelines.declarations.catalogue import Column, Table

COLUMNS = (Column("record_id", "string", ""), Column("a", "float", ""), Column("t", "string", ""))
DECLARED = {"many": Table("many", "", "", "core", ("record_id",), COLUMNS)}
SCHEMA = pa.schema([("record_id", pa.string()), ("a", pa.float64()), ("t", pa.string())])


def check(kind: str, **kwargs: Any) -> Check:
    code = f"MANY-{kind}-{sorted(kwargs.items())}"
    return Check("many", code, kind, kwargs, "warning", "mark", "Because it is a test.", origin="gx")


CHECKS = (
    check("expect_column_values_to_be_between", column="a", min_value=0, max_value=10),
    check("expect_column_values_to_be_between", column="a", min_value=0, strict_min=True),
    check("expect_column_values_to_be_between", column="a", max_value=10, strict_max=True),
    check("expect_column_values_to_not_be_null", column="a"),
    check("expect_column_values_to_be_null", column="t"),
    check("expect_column_values_to_be_in_set", column="t", value_set=["x", "yy"]),
    check("expect_column_values_to_not_be_in_set", column="t", value_set=["x", "zzz"]),
    check("expect_column_values_to_match_regex", column="t", regex="^[xy]"),
    check("expect_column_values_to_not_match_regex", column="t", regex="z"),
    check("expect_column_value_lengths_to_be_between", column="t", min_value=2),
    check("expect_column_values_to_be_unique", column="record_id"),
    check("expect_column_values_to_be_between", column="a", min_value=0, mostly=0.5),
    check("expect_column_sum_to_be_between", column="a", min_value=0),
)


def frames(values: list[float | None], texts: list[str | None]) -> Frames:
    ids = [f"r{number}" for number in range(len(values))]
    return Frames(held={"many": pa.table([ids, values, texts], schema=SCHEMA)}, declared=DECLARED)


def told(outcomes: tuple[Outcome, ...]) -> list[tuple[Any, ...]]:
    return [(item.check.code, item.outcome, item.rows_seen, item.rows_without_value,
             [finding.record_id for finding in item.findings]) for item in outcomes]  # fmt: skip


def test_every_type_that_is_split_is_compared() -> None:
    assert {item.type for item in CHECKS} >= set(FAILING)


@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.one_of(st.none(), st.sampled_from([0.0, 10.0, -1.0, 10.5, 3.0]), st.floats(-1e6, 1e6)),
            st.one_of(st.none(), st.sampled_from(["x", "yy", "zzz", "xz"])),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_the_answer_on_candidates_is_the_answer_on_all_rows(rows: list[tuple[float | None, str | None]]) -> None:
    held = frames([value for value, _ in rows], [text for _, text in rows])
    assert told(with_candidates(CHECKS, held, run_gx)) == told(run_gx(CHECKS, held))


def test_only_rows_that_may_fail_are_handed_on() -> None:
    sizes: list[int] = []

    def counting(checks: tuple[Check, ...], given: Frames) -> tuple[Outcome, ...]:
        sizes.append(given.arrow("many").num_rows)
        return run_gx(checks, given)

    (outcome,) = with_candidates(CHECKS[:1], frames([1.0] * 999 + [-1.0], [None] * 1000), counting)
    assert (outcome.outcome, outcome.rows_seen, sizes) == (FAILED, 1000, [1])


def test_nothing_is_handed_on_where_nothing_fails() -> None:
    def never(checks: tuple[Check, ...], given: Frames) -> tuple[Outcome, ...]:
        raise AssertionError("nothing to judge")

    (outcome,) = with_candidates(CHECKS[:1], frames([1.0], ["x"]), never)
    assert (outcome.outcome, outcome.rows_seen) == (PASSED, 1)


def test_two_counts_that_differ_are_an_error_and_stop_the_run() -> None:
    def blind(checks: tuple[Check, ...], given: Frames) -> tuple[Outcome, ...]:
        return tuple(Outcome(item, PASSED, 1) for item in checks)

    (outcome,) = with_candidates(CHECKS[:1], frames([-1.0], ["x"]), blind)
    assert (outcome.outcome, outcome.stops_the_run) == (ERRORED, True)


@pytest.mark.parametrize(("held", "said"), [(frames([], []), "no rows"), (Frames(declared=DECLARED), "not loaded")])
def test_a_table_without_rows_is_not_run(held: Frames, said: str) -> None:
    (outcome,) = with_candidates(CHECKS[:1], held, run_gx)
    assert (outcome.outcome, said in outcome.detail) == (NOT_RUN, True)


def test_a_check_that_raises_is_errored() -> None:
    broken = check("expect_column_values_to_be_between", column="t", min_value=0)
    (outcome,) = with_candidates((broken,), frames([1.0], ["x"]), run_gx)
    assert outcome.outcome == ERRORED
