"""Great Expectations' check types that a suite may name, with their arguments, under its own names.

In: nothing. Out: `GX_TYPES`. Declared here so that a suite can be refused in milliseconds without the import of Great
Expectations; a test compares every entry with the library's own classes. `row_condition` is left out on purpose: it is
twenty times dearer than a plain check; write a domain check with `where` instead.
"""

from __future__ import annotations

from expectations.suite.arguments import Argument

_COLUMN = {"column": Argument("column", required=True)}
_MOSTLY = {"mostly": Argument("share")}
_RANGE = {
    "min_value": Argument("number"),
    "max_value": Argument("number"),
    "strict_min": Argument("flag"),
    "strict_max": Argument("flag"),
}
_SET = {"value_set": Argument("values", required=True)}
_COLUMN_LIST = {"column_list": Argument("columns", required=True)}
_PAIR = {"column_A": Argument("column", required=True), "column_B": Argument("column", required=True)}
_IGNORE = {"ignore_row_if": Argument("text")}

GX_TYPES: dict[str, dict[str, Argument]] = {
    "expect_column_values_to_be_between": _COLUMN | _RANGE | _MOSTLY,
    "expect_column_values_to_be_in_set": _COLUMN | _SET | _MOSTLY,
    "expect_column_values_to_not_be_in_set": _COLUMN | _SET | _MOSTLY,
    "expect_column_values_to_match_regex": _COLUMN | _MOSTLY | {"regex": Argument("text", required=True)},
    "expect_column_values_to_not_match_regex": _COLUMN | _MOSTLY | {"regex": Argument("text", required=True)},
    "expect_column_values_to_not_be_null": _COLUMN | _MOSTLY,
    "expect_column_values_to_be_null": _COLUMN | _MOSTLY,
    "expect_column_values_to_be_unique": _COLUMN | _MOSTLY,
    "expect_column_value_lengths_to_be_between": _COLUMN | _RANGE | _MOSTLY,
    "expect_column_value_lengths_to_equal": _COLUMN | _MOSTLY | {"value": Argument("count", required=True)},
    "expect_column_value_z_scores_to_be_less_than": _COLUMN
    | _MOSTLY
    | {"threshold": Argument("number", required=True), "double_sided": Argument("flag", required=True)},
    "expect_compound_columns_to_be_unique": _COLUMN_LIST | _MOSTLY | _IGNORE,
    "expect_select_column_values_to_be_unique_within_record": _COLUMN_LIST | _MOSTLY | _IGNORE,
    "expect_multicolumn_sum_to_equal": _COLUMN_LIST
    | _MOSTLY
    | _IGNORE
    | {"sum_total": Argument("number", required=True)},
    "expect_column_pair_values_a_to_be_greater_than_b": _PAIR | _MOSTLY | _IGNORE | {"or_equal": Argument("flag")},
    "expect_column_pair_values_to_be_equal": _PAIR | _MOSTLY | _IGNORE,
    "expect_column_sum_to_be_between": _COLUMN | _RANGE,
    "expect_column_mean_to_be_between": _COLUMN | _RANGE,
    "expect_column_median_to_be_between": _COLUMN | _RANGE,
    "expect_column_min_to_be_between": _COLUMN | _RANGE,
    "expect_column_max_to_be_between": _COLUMN | _RANGE,
    "expect_column_stdev_to_be_between": _COLUMN | _RANGE,
    "expect_column_unique_value_count_to_be_between": _COLUMN | _RANGE,
    "expect_column_proportion_of_unique_values_to_be_between": _COLUMN | _RANGE,
    "expect_column_proportion_of_non_null_values_to_be_between": _COLUMN | _RANGE,
    "expect_column_distinct_values_to_be_in_set": _COLUMN | _SET,
    "expect_column_distinct_values_to_contain_set": _COLUMN | _SET,
    "expect_column_distinct_values_to_equal_set": _COLUMN | _SET,
    "expect_table_row_count_to_be_between": _RANGE,
    "expect_table_row_count_to_equal": {"value": Argument("count", required=True)},
}

NEEDS_A_BOUND = frozenset(name for name, arguments in GX_TYPES.items() if "min_value" in arguments)
"""Types that check nothing unless a minimum or a maximum is given."""

_OF_ANY = ("lengths", "unique", "null", "_set", "regex", "count")
GX_OF_NUMBERS = {
    name: ("column",)
    for name, arguments in GX_TYPES.items()
    if "column" in arguments and not any(word in name for word in _OF_ANY)
} | {"expect_multicolumn_sum_to_equal": ("column_list",)}
"""Arguments, by type, whose columns must hold numbers."""

SEES_NULLS = frozenset(
    {
        "expect_column_values_to_not_be_null",
        "expect_column_values_to_be_null",
        "expect_column_proportion_of_non_null_values_to_be_between",
        "expect_table_row_count_to_be_between",
        "expect_table_row_count_to_equal",
    }
)
"""Types that judge rows without a value; every other type skips them, so a column with no values at all is *not run*.
"""

ROWLESS = frozenset(name for name, arguments in GX_TYPES.items() if "mostly" not in arguments)
"""Table and aggregate types: they say nothing about single rows, so they cannot quarantine or mark."""
