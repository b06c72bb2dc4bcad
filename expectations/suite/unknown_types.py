"""Why a suite may not name a type, and what to write instead.

In: a type that no suite may name. Out: what is wrong with it and what is expected, in words. Great Expectations' own
types that ringfence does not take are listed with the reason; a test holds the list against the library's.
"""

from __future__ import annotations

import re

from expectations.suite.custom_checks import CUSTOM_TYPES
from expectations.suite.gx_types import GX_TYPES
from pipelines.declarations.declared_files import perhaps

_DECLARED = ("columns and their types follow from the table's declaration, and are checked without an entry",)
_ONE_PATTERN = ("one pattern can say the same", "expect_column_values_to_match_regex with alternatives: a|b")
_NOT_PATTERN = ("one pattern can say the same", "expect_column_values_to_not_match_regex with alternatives: a|b")
_SQL = ("it asks a database, and the tables are Parquet files",)
_ORDER = ("rows are sorted by key and have no other order", "jump_beyond_band or closing_equals_next_opening")
_FORM = ("the library's parser takes more than one form of date for right",)
_JSON = ("no column holds JSON", "expect_column_values_to_match_regex")
_PATTERN_OF_DECLARATION = "a `pattern` in the table's declaration, or expect_column_values_to_match_regex"
NOT_TAKEN: dict[str, tuple[str, ...]] = {
    "expect_column_kl_divergence_to_be_less_than": (
        "it compares shapes of distributions and can name no row", "jump_beyond_band"),
    "expect_column_most_common_value_to_be_in_set": (
        "the commonest value says nothing of the others", "expect_column_values_to_be_in_set"),
    "expect_column_pair_values_to_be_in_set": (
        "pairs of values are a list of their own", "values_known against a reference table"),
    "expect_column_quantile_values_to_be_between": (
        "it can name no row", "expect_column_median_to_be_between or expect_column_values_to_be_between"),
    "expect_column_to_exist": _DECLARED,
    "expect_column_type_to_be": _DECLARED,
    "expect_column_values_to_be_dateutil_parseable": (*_FORM, _PATTERN_OF_DECLARATION),
    "expect_column_values_to_be_decreasing": _ORDER,
    "expect_column_values_to_be_in_type_list": _DECLARED,
    "expect_column_values_to_be_increasing": _ORDER,
    "expect_column_values_to_be_json_parseable": _JSON,
    "expect_column_values_to_be_of_type": _DECLARED,
    "expect_column_values_to_match_json_schema": _JSON,
    "expect_column_values_to_match_like_pattern": (*_SQL, "expect_column_values_to_match_regex"),
    "expect_column_values_to_match_like_pattern_list": (*_SQL, "expect_column_values_to_match_regex"),
    "expect_column_values_to_match_regex_list": _ONE_PATTERN,
    "expect_column_values_to_match_strftime_format": (*_FORM, _PATTERN_OF_DECLARATION),
    "expect_column_values_to_not_be_outliers": (
        "what is usual differs from authority to authority", "jump_beyond_band, thousand_slip or sign_flip"),
    "expect_column_values_to_not_match_like_pattern": (*_SQL, "expect_column_values_to_not_match_regex"),
    "expect_column_values_to_not_match_like_pattern_list": (*_SQL, "expect_column_values_to_not_match_regex"),
    "expect_column_values_to_not_match_regex_list": _NOT_PATTERN,
    "expect_multicolumn_values_to_be_equal": (
        "two columns at a time say which one differs", "expect_column_pair_values_to_be_equal for each pair"),
    "expect_query_results_to_match_comparison": (*_SQL, "same_figure_in_two_tables"),
    "expect_table_column_count_to_be_between": _DECLARED,
    "expect_table_column_count_to_equal": _DECLARED,
    "expect_table_columns_to_match_ordered_list": _DECLARED,
    "expect_table_columns_to_match_set": _DECLARED,
    "expect_table_row_count_to_equal_other_table": (*_SQL, "everyone_filed or same_figure_in_two_tables"),
    "unexpected_rows_expectation": (*_SQL, "a domain check with `where`"),
}  # fmt: skip
"""By type of Great Expectations: why ringfence does not take it and, where anything needs writing, what to write."""
NO_ENTRY = "no entry at all; see the table's file in pipelines/tables"


def unknown_type(name: str) -> tuple[str, str]:
    """What is wrong with a type that no suite may name, and what is expected."""
    plain = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()  # the library's classes are named ExpectColumn...
    if plain in NOT_TAKEN:
        why, *instead = NOT_TAKEN[plain]
        return f"Great Expectations' type '{name}' is not taken: {why}", instead[0] if instead else NO_ENTRY
    if plain != name and plain in GX_TYPES:
        return f"type '{name}' is the name of a class", plain
    return f"unknown type '{name}'", perhaps(plain, {**GX_TYPES, **CUSTOM_TYPES}) + " (docs/reference-checks.md)"
