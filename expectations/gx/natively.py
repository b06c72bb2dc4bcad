"""What Great Expectations has for one of our checks: types with arguments, every argument spelt out.

In: a check and its table. Out: expectations on the table itself, and whether they say all that the check says. Where
the library has no type for it, there are none: what the check came to is then prepared as a table (`prepared.py`).
"""

from __future__ import annotations

from typing import Any

from expectations.records.checks import Check
from expectations.suite.gx_types import GX_TYPES
from pipelines.declarations.catalogue import Table

Expectation = tuple[str, dict[str, Any]]
IN_PART = frozenset({"declared_columns"})
"""Types of ours of which the library says a part: it knows the names of columns, but not types that hold no value."""


def as_expectations(check: Check, table: Table) -> list[Expectation]:
    """What the library has for one check: types with arguments; several only together say what the check says.

    Nothing where the library has no such type.
    """
    if check.type in GX_TYPES:
        return [(check.type, dict(check.kwargs))]
    if check.type == "declared_columns":
        columns = {"column_set": list(table.column_names), "exact_match": True}
        rows = {"min_value": 1, "max_value": None, "strict_min": False, "strict_max": False}
        return [("expect_table_columns_to_match_set", columns), ("expect_table_row_count_to_be_between", rows)]
    if check.type == "years_present":
        kwargs = {"column": "financial_year", "value_set": check.kwargs["years"]}
        return [("expect_column_distinct_values_to_contain_set", kwargs)]
    if check.type in ("key_unique", "record_id_unique"):
        release = [name for name in ("release",) if name in table.column_names]
        names = ["record_id"] if check.type == "record_id_unique" else [*table.key, *release]
        if len(names) == 1:
            return [("expect_column_values_to_be_unique", {"column": names[0]})]
        return [("expect_compound_columns_to_be_unique", {"column_list": names})]
    return _of_column(check, table) if check.type.startswith("value_") else []


def _of_column(check: Check, table: Table) -> list[Expectation]:
    column = str(check.kwargs["column"])
    text = table.column(column).type == "string"
    if check.type == "value_present":
        made: list[Expectation] = [("expect_column_values_to_not_be_null", {"column": column})]
        if text:  # empty text is missing too
            made.append(("expect_column_value_lengths_to_be_between", {"column": column, "min_value": 1}))
        return made
    if check.type == "value_in":  # empty text is missing, and not judged
        words = [*check.kwargs["values"], *([""] if text else [])]
        return [("expect_column_values_to_be_in_set", {"column": column, "value_set": words})]
    if check.type == "value_matches":
        return [("expect_column_values_to_match_regex", {"column": column, "regex": f"^$|{check.kwargs['pattern']}"})]
    if check.type == "value_between":
        bounds = {"min_value": check.kwargs["min"], "max_value": check.kwargs["max"]}
        return [("expect_column_values_to_be_between", {"column": column} | bounds)]
    return []
