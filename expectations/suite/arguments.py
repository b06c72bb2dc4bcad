"""Kinds of argument a check may take, and the strict test that a value written in YAML is of its kind.

In: an argument's declaration and a value. Out: nothing, or what is wrong and what was expected, in words. Used for
Great Expectations' types and for our own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipelines.declarations.catalogue import Table
from pipelines.declarations.declared_files import perhaps

YEAR_FORM = "a list of financial years such as 2014-15"


@dataclass(frozen=True)
class Argument:
    """An argument of a check type.

    `of` names the argument that holds the table whose columns are meant (empty: the suite's own).
    """

    kind: str
    required: bool = False
    of: str = ""


def form(argument: Argument) -> str:
    """What an argument may be, in words."""
    of = f" of the table in `{argument.of}`" if argument.of else ""
    if argument.kind == "table":
        return "the name of a table"
    return (PLAIN_KINDS[argument.kind][1] if argument.kind in PLAIN_KINDS else COLUMN_FORMS[argument.kind]) + of


def wrong(
    argument: Argument, value: Any, table: Table, kwargs: Mapping[str, Any], tables: Mapping[str, Table]
) -> tuple[str, str] | None:
    """What is wrong with `value` and what was expected, in words; None where nothing is."""
    if argument.kind in PLAIN_KINDS:
        return None if PLAIN_KINDS[argument.kind][0](value) else (f"should be {form(argument)}, not {value!r}", "")
    if argument.kind == "table":
        known = isinstance(value, str) and value in tables
        return None if known else (f"names a table that is not declared: {value!r}", perhaps(str(value), tables))
    target = table
    if argument.of:
        named = tables.get(str(kwargs.get(argument.of, "")))
        if named is None:
            return f"needs argument '{argument.of}' to name a declared table", f"a table in '{argument.of}'"
        target = named
    return _wrong_columns(argument, value, target)


def _wrong_columns(argument: Argument, value: Any, table: Table) -> tuple[str, str] | None:
    kind, names = argument.kind, list[Any]()
    if kind == "column":
        names = [value]
    elif (kind == "columns" and isinstance(value, list)) or (kind == "filter" and isinstance(value, dict)):
        names = list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if not names or not all(isinstance(name, str) for name in names):
        return f"should be {COLUMN_FORMS[kind]}, not {value!r}", ""
    unknown = [name for name in names if name not in table.column_names]
    if not unknown:
        return None
    several = ", ".join(f"'{name}'" for name in unknown)
    what = f"names column{'s' * (len(unknown) > 1)} {several}, which table '{table.name}' does not declare"
    near = [perhaps(name, table.column_names) for name in unknown]
    return what, "; ".join(dict.fromkeys(near))


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
