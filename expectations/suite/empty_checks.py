"""Checks that could not fail, or that would look at nothing: errors of a suite, found before any data is read.

In: the type and the arguments of an entry, and its table. Out: the argument at fault and what is wrong with it, in
words, or nothing. A check that passes whatever happens is worse than none, because a reader takes comfort from it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, cast

from pipelines.declarations.catalogue import Table
from pipelines.declarations.declared_files import perhaps

Fault = tuple[str, str, str]
"""Argument, what is wrong, what was expected."""
PROBES = ("", " ", "a", "Z", "9", "£", "~", "a b\\n9")
FROM_NOUGHT = (
    "expect_column_value_lengths_to_be_between", "expect_table_row_count_to_be_between",
    "expect_column_unique_value_count_to_be_between", "expect_column_stdev_to_be_between",
)  # fmt: skip
PROPORTIONS = (
    "expect_column_proportion_of_unique_values_to_be_between",
    "expect_column_proportion_of_non_null_values_to_be_between",
)
NEVER = {"mostly": 0, "min_share": 0, "max_share": 1, "tolerance_share": 1}
"""Values of arguments with which a check passes whatever it sees."""


def fault(type_name: str, kwargs: Mapping[str, Any], table: Table) -> Fault | None:
    """The first reason why an entry could never fail or would select nothing."""
    return _cannot_fail(type_name, kwargs) or _selects_nothing(kwargs, table)


def _cannot_fail(type_name: str, kwargs: Mapping[str, Any]) -> Fault | None:
    for name, value in kwargs.items():
        if isinstance(value, float) and not math.isfinite(value):
            return name, f"is {value}: the check could never fail", "a finite number"
        if name in NEVER and _is(value, NEVER[name]):
            other = "above 0" if NEVER[name] == 0 else "below 1"
            return name, f"is {value}: the check passes whatever happens", f"a number {other}"
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if type_name in FROM_NOUGHT and high is None and low is not None and low <= 0:
        return "min_value", f"is {low}: nothing can lie below it", "a number above 0, or a max_value"
    if type_name in PROPORTIONS and (low is None or low <= 0) and (high is None or high >= 1):
        name = "min_value" if low is not None else "max_value"
        return name, "allows every share from 0 to 1", "a bound inside"
    if type_name == "expect_column_values_to_match_regex" and _matches_all(str(kwargs.get("regex", ""))):
        return "regex", f"'{kwargs['regex']}' matches every text", "a pattern that some text does not match"
    return None


def _is(value: Any, nothing: int) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and (value <= 0 if nothing == 0 else value >= nothing)


def _matches_all(pattern: str) -> bool:
    try:
        return all(re.match(pattern, probe) for probe in PROBES)
    except re.error:
        return False


def _selects_nothing(kwargs: Mapping[str, Any], table: Table) -> Fault | None:
    only, without = kwargs.get("only_years"), kwargs.get("except_years")
    if only and without and set(only) <= set(without):
        return "only_years", "names no year that except_years does not take out", "a year that is left"
    for column, value in cast("dict[str, Any]", kwargs.get("where") or {}).items():
        found = _undeclared(table, column, value)
        if found:
            return "where", *found
    dimension = kwargs.get("dimension")
    if isinstance(dimension, str):
        for name in ("total_row", "part_rows"):
            found = _undeclared(table, dimension, kwargs.get(name, []))
            if found:
                return name, *found
    return None


def _undeclared(table: Table, column: str, value: Any) -> tuple[str, str] | None:
    """What is wrong with values of a column that its declaration rules out."""
    declared = table.column(column)
    values: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
    if not values:
        return f"gives no value for '{column}': it selects nothing", "a value or a list of values"
    for one in values:
        if declared.enum and one not in declared.enum:
            what = f"names '{one}', which is none of the values declared for '{column}': it selects nothing"
            return what, perhaps(str(one), declared.enum)
        if declared.pattern and isinstance(one, str) and not re.fullmatch(declared.pattern, one):
            return f"names '{one}', which has not the form of '{column}': it selects nothing", declared.pattern
        if declared.type in ("int", "float") and (isinstance(one, bool | str)):
            return f"compares '{column}', which holds numbers, with '{one}': it selects nothing", "a number"
        if declared.type == "string" and not isinstance(one, str):
            return f"compares '{column}', which holds text, with {one!r}: it selects nothing", "text, in quotes"
    return None
