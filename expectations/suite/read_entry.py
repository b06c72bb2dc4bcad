"""One entry of a suite, read strictly: its keys, its texts, its arguments; everything wrong with it told at once.

In: the node of an entry, its table and all tables. Out: a frozen `Check`. Refused, with file and line: an unknown or
missing key, type, column or argument, an argument of the wrong kind or with which the check could not run or would say
nothing, a `because` that says too little, a severity that does not fit its `on_failure`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from expectations.domain.structural import PREFIX
from expectations.records.checks import INFO, ON_FAILURE_ALLOWED, Check
from expectations.suite.argument_words import meaning
from expectations.suite.arguments import Argument, form, wrong
from expectations.suite.custom_checks import CUSTOM_TYPES
from expectations.suite.empty_checks import fault
from expectations.suite.gx_types import GX_OF_NUMBERS, GX_TYPES, NEEDS_A_BOUND, ROWLESS
from expectations.suite.unknown_types import unknown_type
from expectations.suite.yaml_lines import Node
from pipelines.declarations.catalogue import Table
from pipelines.declarations.declared_files import perhaps
from pipelines.errors import DefinitionError, Place, UserError, refuse

KEYS = ("code", "type", "kwargs", "severity", "on_failure", "because", "reference", "added_by", "review_by")
CODE = re.compile(r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")
REVIEW = re.compile(r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$")
SHORTEST_REASON = 15
NO_NUMBERS = {"string": "text", "bool": "true or false"}
OF_NUMBERS: dict[str, tuple[str, ...]] = {
    **GX_OF_NUMBERS,
    "columns_add_up": ("total", "plus", "minus"),
    "share_between": ("part", "whole"),
    "closing_equals_next_opening": ("closing", "opening"),
    "rows_add_to_total": ("columns",),
    "england_row_equals_sum": ("columns",),
    "weights_sum_to_one": ("weight",),
    **dict.fromkeys(
        ("sum_between", "jump_beyond_band", "thousand_slip", "year_in_its_unit", "sign_flip",
         "same_figure_in_two_tables", "national_break_declared", "sum_as_published"), ("column",),
    ),
}  # fmt: skip
"""Arguments, by type, whose columns must hold numbers."""


PlaceOf = Callable[[str], Place]
"""Where a key, or an argument, of an entry stands."""


def read_entry(node: Node, table: Table, tables: Mapping[str, Table], name: str) -> Check:
    """The check that an entry of the file called `name` declares. Raises DefinitionError, which tells every fault."""
    found = dict(node.items())
    if not found:
        place, expected = Place(name, line=node.line), "keys " + ", ".join(KEYS)
        raise DefinitionError("an entry is not a mapping of keys", place=place, expected=expected)
    problems: list[UserError] = []

    def at(key: str) -> Place:
        return Place(name, line=found[key].line if key in found else node.line)

    text = _texts(found, at, problems)
    _note_wrong_texts(text, at, problems)
    kwargs, lines = _kwargs(found, at, problems)
    known = text.get("type") in GX_TYPES or text.get("type") in CUSTOM_TYPES
    if known and kwargs is not None:
        _note_wrong_arguments(
            text["type"],
            kwargs,
            table,
            tables,
            lambda key: Place(name, line=lines[key]) if key in lines else at("kwargs"),
            problems,
        )
    refuse(sorted(problems, key=lambda problem: problem.place.line or 0 if problem.place else 0))
    origin = "gx" if text["type"] in GX_TYPES else "domain"
    return Check(table=table.name, kwargs=kwargs or {}, origin=origin, file=name, line=node.line, **text)


def _texts(found: dict[str, Node], at: PlaceOf, problems: list[UserError]) -> dict[str, str]:
    """The keys that hold text; what is unknown, missing or no text is a problem."""
    for key in found:
        if key not in KEYS:
            expected, do = perhaps(key, KEYS), "Correct the spelling or remove it."
            problems.append(DefinitionError(f"unknown key '{key}'", place=at(key), expected=expected, do=do))
    text: dict[str, str] = {}
    for key in KEYS:
        if key not in found:
            problems.append(DefinitionError(f"key '{key}' is missing", place=at(key), do="Add it."))
        elif key != "kwargs":
            value = found[key].value
            if isinstance(value, str) and value.strip():
                text[key] = value.strip()
            else:
                problems.append(DefinitionError(f"key '{key}' is not text", place=at(key), do="Write it as text."))
    return text


def _kwargs(
    found: dict[str, Node], at: PlaceOf, problems: list[UserError]
) -> tuple[dict[str, Any] | None, dict[str, int]]:
    """The arguments and the line of each; None where they are no mapping."""
    if "kwargs" not in found:
        return None, {}
    kwargs = found["kwargs"].plain()
    if not isinstance(kwargs, dict):
        what, do = "'kwargs' is not a mapping", "Write {} if there are none."
        problems.append(DefinitionError(what, place=at("kwargs"), do=do))
        return None, {}
    return kwargs, {key: value.line for key, value in found["kwargs"].items()}


def _note_wrong_texts(text: dict[str, str], at: PlaceOf, problems: list[UserError]) -> None:
    def wrong_text(key: str, what: str, expected: str = "") -> None:
        problems.append(DefinitionError(what, place=at(key), expected=expected))

    if "code" in text and not CODE.match(text["code"]):
        expected = "capitals and digits joined by hyphens, such as RS-JUMP"
        wrong_text("code", f"code '{text['code']}' is not well formed", expected)
    elif "code" in text and text["code"].startswith(PREFIX):
        wrong_text("code", f"codes beginning {PREFIX} are kept for checks that are derived")
    if "type" in text and text["type"] not in GX_TYPES and text["type"] not in CUSTOM_TYPES:
        wrong_text("type", *unknown_type(text["type"]))
    _note_wrong_severity(text, wrong_text)
    if "because" in text and len(text["because"]) < SHORTEST_REASON:
        wrong_text("because", "'because' says too little", "one sentence an official understands")
    if "review_by" in text and not REVIEW.match(text["review_by"]):
        wrong_text("review_by", f"review_by '{text['review_by']}' is not a date", "2027-03 or 2027-03-31")


def _note_wrong_severity(text: dict[str, str], wrong_text: Callable[[str, str, str], None]) -> None:
    severity, action = text.get("severity"), text.get("on_failure")
    if severity is None:
        return
    if severity not in ON_FAILURE_ALLOWED:
        wrong_text("severity", f"unknown severity '{severity}'", "one of " + ", ".join(ON_FAILURE_ALLOWED))
        return
    allowed = ON_FAILURE_ALLOWED[severity]
    if action is not None and action not in allowed:
        what = f"severity {severity} does not go with on_failure '{action}'"
        wrong_text("on_failure", what, " or ".join(allowed))
    if severity not in (INFO, "critical") and text.get("type") in ROWLESS:
        what = f"type '{text['type']}' names no rows, so nothing can be set aside or marked"
        wrong_text("on_failure", what, "severity critical (stop) or info (report)")


def _note_wrong_arguments(
    type_name: str, kwargs: dict[str, Any], table: Table, tables: Mapping[str, Table], at: PlaceOf,
    problems: list[UserError],
) -> None:  # fmt: skip
    arguments: Mapping[str, Argument] = (
        GX_TYPES[type_name] if type_name in GX_TYPES else CUSTOM_TYPES[type_name].arguments
    )
    before = len(problems)
    for key, value in kwargs.items():
        if key not in arguments:
            expected = perhaps(key, arguments) if arguments else "no argument"
            do = "Write a number without commas, such as 1000." if key.isdigit() and value is None else ""
            what = f"unknown argument '{key}' for type '{type_name}'"
            problems.append(DefinitionError(what, place=at(key), expected=expected, do=do))
        elif problem := wrong(arguments[key], value, table, kwargs, tables):
            what, expected = problem
            do = f"'{key}' is {meaning(type_name, key)}."
            problems.append(DefinitionError(f"argument '{key}' {what}", place=at(key), expected=expected, do=do))
    for key, argument in arguments.items():
        if argument.required and key not in kwargs:
            what = f"argument '{key}' of type '{type_name}' is missing"
            do = f"Add it: '{key}' is {meaning(type_name, key)}."
            problems.append(DefinitionError(what, place=at(key), expected=form(argument), do=do))
    if len(problems) == before:
        _note_wrong_values(type_name, kwargs, table, at, problems)


def _note_wrong_values(
    type_name: str, kwargs: dict[str, Any], table: Table, at: PlaceOf, problems: list[UserError]
) -> None:
    """Note arguments that are well formed each, but with which the check could not run or would say nothing."""

    def wrong_value(key: str, what: str, expected: str = "", do: str = "") -> None:
        problems.append(DefinitionError(what, place=at(key), expected=expected, do=do))

    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if type_name in NEEDS_A_BOUND and low is None and high is None:
        wrong_value("min_value", f"type '{type_name}' checks nothing without a bound", "min_value or max_value")
    if found := fault(type_name, kwargs, table):
        argument, what, expected = found
        wrong_value(argument, f"argument '{argument}' {what}", expected)
    if low is not None and high is not None and low > high:
        what = f"min_value {low} lies above max_value {high}: no value can be right"
        wrong_value("min_value", what, do="Exchange or correct them.")
    for key in OF_NUMBERS.get(type_name, ()):
        given = kwargs.get(key, ())
        for name in [given] if isinstance(given, str) else given:
            if holds := NO_NUMBERS.get(table.column(name).type):
                what = f"argument '{key}' names column '{name}', which holds {holds}"
                wrong_value(key, what, "a column of numbers")
    if "regex" in kwargs:
        try:
            re.compile(kwargs["regex"])
        except re.error as error:
            wrong_value("regex", f"argument 'regex' is not a pattern: {error}")
