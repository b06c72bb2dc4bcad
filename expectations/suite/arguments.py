"""Kinds of argument a check may take, and the strict test that a value written in YAML is of its kind.

In: an argument's declaration and a value. Out: nothing, or a sentence saying what is wrong. Used for Great
Expectations' types and for our own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.declarations.catalogue import Table

YEAR_FORM = "a list of financial years such as 2014-15"


@dataclass(frozen=True)
class Argument:
    """An argument of a check type.

    `of` names the argument that holds the table whose columns are meant (empty: the suite's own).
    """

    kind: str
    required: bool = False
    of: str = ""


def wrong(argument: Argument, value: Any, table: Table, kwargs: Mapping[str, Any], tables: Mapping[str, Table]) -> str:
    """What is wrong with `value`, in words, or an empty string."""
    if argument.kind in PLAIN_KINDS:
        test, form = PLAIN_KINDS[argument.kind]
        return "" if test(value) else f"should be {form}, not {value!r}"
    if argument.kind == "table":
        return "" if isinstance(value, str) and value in tables else f"names a table that is not declared: {value!r}"
    target = table
    if argument.of:
        named = tables.get(str(kwargs.get(argument.of, "")))
        if named is None:
            return f"needs argument '{argument.of}' to name a declared table"
        target = named
    return _wrong_columns(argument.kind, value, target)


def _wrong_columns(kind: str, value: Any, table: Table) -> str:
    names: list[Any]
    if kind == "column":
        names = [value]
    elif (
        kind == "columns"
        and isinstance(value, list)
        and value
        or kind == "filter"
        and isinstance(value, dict)
        and value
    ):
        names = list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    else:
        return f"should be {COLUMN_FORMS[kind]}, not {value!r}"
    for name in names:
        if not isinstance(name, str):
            return f"should be {COLUMN_FORMS[kind]}, not {value!r}"
        if name not in table.column_names:
            return f"names column '{name}', which table '{table.name}' does not declare"
    return ""


COLUMN_FORMS = {
    "column": "the name of a column",
    "columns": "a list of columns",
    "filter": "a mapping from columns to a value or a list of values",
}


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


def _scalars(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str | int | float) for item in value)  # pyright: ignore[reportUnknownVariableType]


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)  # pyright: ignore[reportUnknownVariableType]


def _years(value: Any) -> bool:
    return _texts(value) and all(len(item) == 7 and item[4] == "-" and item[:4].isdigit() for item in value)


PLAIN_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "number": (_number, "a number"),
    "share": (lambda value: _number(value) and 0 <= value <= 1, "a number from 0 to 1"),
    "count": (lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0, "a whole number"),
    "flag": (lambda value: isinstance(value, bool), "true or false"),
    "text": (lambda value: isinstance(value, str) and bool(value), "text"),
    "values": (_scalars, "a list of values"),
    "texts": (_texts, "a list of texts"),
    "years": (_years, YEAR_FORM),
}
"""Kinds that do not depend on a table: the test and the form in words."""
