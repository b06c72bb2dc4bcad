"""Parsers of cells, years, months, names and locators never raise, and what they understand they understand alike."""

from __future__ import annotations

import math
import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.cell_values import fold, is_hidden, parse_number, slug, text_of
from pipelines.financial_year import parse_month, parse_year, start_of
from pipelines.shape.locate import parse_locator

CASES = int(os.environ.get("RINGFENCE_FUZZ_CASES", "150")) * 2
QUIET = settings(
    max_examples=CASES, deadline=2_000, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
NUMERIC = st.text(alphabet="0123456789.,-+()£% eE−[x]", max_size=40)
TEXTS = st.one_of(st.text(max_size=200), NUMERIC)
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**400), 10**400), st.floats(), TEXTS, st.dates(), st.datetimes()
)


@QUIET
@given(cell=CELLS)
def test_a_cell_is_a_finite_number_a_marker_or_not_understood(cell: object) -> None:
    value, status, understood = parse_number(cell)
    assert (value is None) == (status != "")
    assert value is None or (math.isfinite(value) and understood)


@QUIET
@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_printed_in_full_is_read_back_and_one_with_an_exponent_is_set_aside(value: float) -> None:
    assert parse_number(repr(value)) == ((None, "x", False) if "e+" in repr(value) else (value, "", True))


@QUIET
@given(cell=CELLS)
def test_text_of_a_cell_holds_nothing_hidden_and_folding_twice_changes_nothing(cell: object) -> None:
    assert not any(map(is_hidden, text_of(cell)))
    text_of(cell).encode()
    assert fold(text_of(fold(cell))) == fold(fold(cell))
    assert slug(slug(cell)) == slug(cell)


@QUIET
@given(text=st.one_of(TEXTS, st.from_regex(r"\A\d{2,4}[-/_]\d{2,4}\Z")), single=st.sampled_from(["start", "end"]))
def test_a_year_is_a_financial_year_or_none(text: str, single: str) -> None:
    year = parse_year(text, single=single)
    assert year is None or (start_of(year) + 1) % 100 == int(year[5:])


@QUIET
@given(text=st.one_of(TEXTS, st.from_regex(r"\A[A-Za-z]{3,9}[ -]\d{2,4}\Z")))
def test_a_month_is_a_year_and_two_digits_or_none(text: str) -> None:
    month = parse_month(text)
    assert month is None or len(month.split("-")) == 2


@QUIET
@given(
    text=st.one_of(TEXTS, st.text(alphabet="SUM(). @&=#/main:x1", max_size=60)), shape=st.sampled_from(["grid", "long"])
)
def test_any_text_is_some_locator(text: str, shape: str) -> None:
    locator = parse_locator(text, roles=frozenset({"main", "x"}), shape=shape)
    assert locator.nth >= 0
    assert locator.role in ("main", "x")
