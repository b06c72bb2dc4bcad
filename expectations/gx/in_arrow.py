"""What Great Expectations' types mean in Arrow: which rows of a column fail, and which few values answer for all.

In: a column and the arguments of a check. Out: booleans, null where the row is not judged; or a list of values. The
library's answer is the one that counts: a test compares the two, type by type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from expectations.records.table_frames import arrow_compute


def _outside(values: Any, kwargs: dict[str, Any]) -> Any:
    """True where a number (or a length) lies outside the bounds."""
    pc = arrow_compute()
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    below = pc.less_equal if kwargs.get("strict_min") else pc.less
    above = pc.greater_equal if kwargs.get("strict_max") else pc.greater
    mask = below(values, low) if low is not None else None
    if high is not None:
        over = above(values, high)
        mask = over if mask is None else pc.or_(mask, over)
    return mask


def _not_in(values: Any, kwargs: dict[str, Any]) -> Any:
    pc = arrow_compute()
    return pc.and_(pc.is_valid(values), pc.invert(_is_in(values, kwargs)))


def _is_in(values: Any, kwargs: dict[str, Any]) -> Any:
    import pyarrow as pa

    return arrow_compute().is_in(values, value_set=pa.array(kwargs["value_set"]).cast(values.type))


def _without_pattern(values: Any, kwargs: dict[str, Any]) -> Any:
    return arrow_compute().invert(_with_pattern(values, kwargs))


def _with_pattern(values: Any, kwargs: dict[str, Any]) -> Any:
    return arrow_compute().match_substring_regex(values, kwargs["regex"])


def _known(values: list[Any]) -> list[Any]:
    return [value for value in values if value is not None]


FAILING: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "expect_column_values_to_be_between": _outside,
    "expect_column_values_to_be_in_set": _not_in,
    "expect_column_values_to_not_be_in_set": _is_in,
    "expect_column_values_to_match_regex": _without_pattern,
    "expect_column_values_to_not_match_regex": _with_pattern,
    "expect_column_values_to_not_be_null": lambda values, _: arrow_compute().is_null(values, nan_is_null=True),
    "expect_column_values_to_be_null": lambda values, _: arrow_compute().invert(
        arrow_compute().is_null(values, nan_is_null=True)
    ),
    "expect_column_value_lengths_to_be_between": lambda values, kwargs: _outside(
        arrow_compute().utf8_length(values), kwargs
    ),
}
"""By type: which rows of a column fail; null where the row is not judged."""
ABOUT_NULLS = frozenset({"expect_column_values_to_not_be_null", "expect_column_values_to_be_null"})
SUMMARY: dict[str, Callable[[Any], list[Any]]] = {
    "expect_column_max_to_be_between": lambda values: _known([arrow_compute().max(values).as_py()]),
    "expect_column_min_to_be_between": lambda values: _known([arrow_compute().min(values).as_py()]),
    "expect_column_sum_to_be_between": lambda values: _known([arrow_compute().sum(values).as_py()]),
    "expect_column_distinct_values_to_be_in_set": lambda values: _known(values.unique().to_pylist()),
    "expect_column_distinct_values_to_contain_set": lambda values: _known(values.unique().to_pylist()),
    "expect_column_distinct_values_to_equal_set": lambda values: _known(values.unique().to_pylist()),
}
"""By type: values of a piece of a column that, with those of the other pieces, answer as the whole column does."""
