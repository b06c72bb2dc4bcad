"""Load the suites of checks strictly: `suites/<table>.yaml`, a list of entries, one per check.

In: a folder of YAML files. Out: frozen `Check` records. Refused, with file and line: malformed YAML, an unknown table,
key, type, column or argument, an argument of the wrong type, a missing `because`, a code used twice, a severity that
does not fit its `on_failure`, an empty suite.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from expectations.domain.structural import PREFIX
from expectations.records.checks import INFO, ON_FAILURE_ALLOWED, Check
from expectations.suite.arguments import Argument, wrong
from expectations.suite.custom_checks import CUSTOM_TYPES
from expectations.suite.empty_checks import fault
from expectations.suite.gx_types import GX_OF_NUMBERS, GX_TYPES, NEEDS_A_BOUND, ROWLESS
from expectations.suite.yaml_lines import Node, read_yaml
from pipelines.declarations.catalogue import Table
from pipelines.declarations.catalogue import tables as declared_tables
from pipelines.declarations.declared_files import named, perhaps, read_text
from pipelines.declarations.declared_folders import declarations
from pipelines.errors import DefinitionError, Place
from pipelines.places import ROOT

SUITES = ROOT / "expectations" / "suites"
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


def load_suites(folder: Path = SUITES, tables: Mapping[str, Table] | None = None) -> dict[str, tuple[Check, ...]]:
    """All suites of `folder` by table, the user's own with the shipped ones.

    Raises DefinitionError, also when the folder holds no suite.
    """
    known = declared_tables() if tables is None else tables
    paths = declarations(folder, "suite")
    if not paths:
        raise DefinitionError(
            "no suite found", place=Place(folder.name), do="Add a file named after a table, such as rs.yaml."
        )
    suites: dict[str, tuple[Check, ...]] = {}
    for path in paths:  # a suite of the working folder adds to the shipped one of its table
        suites[path.stem] = (*suites.get(path.stem, ()), *load_suite(path, known))
    first: dict[str, Check] = {}
    for check in (check for checks in suites.values() for check in checks):
        other = first.setdefault(check.code, check)
        if other is not check:
            places = " and in ".join(f"{one.file}, line {one.line}" for one in (other, check))
            do = "Give the newer of the two a code of its own: a code that was in use is never given to anything else."
            raise DefinitionError(f"code '{check.code}' stands in {places}", do=do)
    return suites


def load_suite(path: Path, tables: Mapping[str, Table]) -> tuple[Check, ...]:
    """The checks of one file, in the order written. Raises DefinitionError."""
    name = named(path)
    table = tables.get(path.stem)
    if table is None:
        raise DefinitionError(
            f"'{path.stem}' is not a declared table",
            place=Place(name),
            expected=perhaps(path.stem, tables),
            do="A suite is named after its table.",
        )
    root = read_yaml(read_text(path, name), name)
    if root is None or not root.entries():
        raise DefinitionError(
            "the suite is empty" if root is None or isinstance(root.value, list) else "the suite is not a list",
            place=Place(name),
            expected="a list of checks, each beginning '- code: ...'",
            do="Add a check or remove the file.",
        )
    checks = tuple(_check(node, table, tables, name) for node in root.entries())
    codes: dict[str, int] = {}
    for check in checks:
        if check.code in codes:
            raise DefinitionError(
                f"code '{check.code}' stands in line {codes[check.code]} too",
                place=Place(name, line=check.line),
                do="Give the newer of the two a code of its own.",
            )
        codes[check.code] = check.line
    return checks


def _check(node: Node, table: Table, tables: Mapping[str, Table], name: str) -> Check:
    place = Place(name, line=node.line)
    found = dict(node.items())
    if not found:
        raise DefinitionError("an entry is not a mapping of keys", place=place, expected="keys " + ", ".join(KEYS))
    for key, value in found.items():
        if key not in KEYS:
            raise DefinitionError(
                f"unknown key '{key}'",
                place=Place(name, line=value.line),
                expected="one of " + ", ".join(KEYS),
                do="Correct the spelling or remove it.",
            )
    for key in KEYS:
        if key not in found:
            raise DefinitionError(f"key '{key}' is missing", place=place, do="Add it.")
        if key != "kwargs" and (not isinstance(found[key].value, str) or not found[key].value.strip()):
            raise DefinitionError(
                f"key '{key}' is not text", place=Place(name, line=found[key].line), do="Write it as text."
            )
    text: dict[str, str] = {key: found[key].value.strip() for key in KEYS if key != "kwargs"}
    _refuse_wrong_text(text, {key: Place(name, line=value.line) for key, value in found.items()})
    kwargs = found["kwargs"].plain()
    lines = {key: value.line for key, value in found["kwargs"].items()}
    if not isinstance(kwargs, dict):
        raise DefinitionError(
            "'kwargs' is not a mapping", place=Place(name, line=found["kwargs"].line), do="Write {} if there are none."
        )
    _refuse_wrong_arguments(
        text["type"], kwargs, table, tables, lambda key: Place(name, line=lines.get(key, node.line))
    )
    # pyright: ignore[reportUnknownArgumentType]
    origin = "gx" if text["type"] in GX_TYPES else "domain"
    return Check(table=table.name, kwargs=kwargs, origin=origin, file=name, line=node.line, **text)  # pyright: ignore[reportUnknownArgumentType]


def _refuse_wrong_text(text: dict[str, str], places: dict[str, Place]) -> None:
    if not CODE.match(text["code"]):
        raise DefinitionError(
            f"code '{text['code']}' is not well formed",
            place=places["code"],
            expected="capitals and digits joined by hyphens, such as RS-JUMP",
        )
    if text["code"].startswith(PREFIX):
        raise DefinitionError(f"codes beginning {PREFIX} are kept for checks that are derived", place=places["code"])
    known = {**GX_TYPES, **CUSTOM_TYPES}
    if text["type"] not in known:
        raise DefinitionError(
            f"unknown type '{text['type']}'", place=places["type"], expected=perhaps(text["type"], known)
        )
    if text["severity"] not in ON_FAILURE_ALLOWED:
        raise DefinitionError(
            f"unknown severity '{text['severity']}'",
            place=places["severity"],
            expected="one of " + ", ".join(ON_FAILURE_ALLOWED),
        )
    allowed = ON_FAILURE_ALLOWED[text["severity"]]
    if text["on_failure"] not in allowed:
        raise DefinitionError(
            f"severity {text['severity']} does not go with on_failure '{text['on_failure']}'",
            place=places["on_failure"],
            expected=" or ".join(allowed),
        )
    if text["severity"] not in (INFO, "critical") and text["type"] in ROWLESS:
        raise DefinitionError(
            f"type '{text['type']}' names no rows, so nothing can be set aside or marked",
            place=places["on_failure"],
            expected="severity critical (stop) or info (report)",
        )
    if len(text["because"]) < SHORTEST_REASON:
        raise DefinitionError(
            "'because' says too little", place=places["because"], expected="one sentence an official understands"
        )
    if not REVIEW.match(text["review_by"]):
        raise DefinitionError(
            f"review_by '{text['review_by']}' is not a date",
            place=places["review_by"],
            expected="2027-03 or 2027-03-31",
        )


def _refuse_wrong_arguments(
    type_name: str, kwargs: dict[str, Any], table: Table, tables: Mapping[str, Table], place: Any
) -> None:
    arguments: Mapping[str, Argument] = (
        GX_TYPES[type_name] if type_name in GX_TYPES else CUSTOM_TYPES[type_name].arguments
    )
    for key, value in kwargs.items():
        if key not in arguments:
            expected = perhaps(key, arguments) if arguments else "no argument"
            do = "Write a number without commas, such as 1000." if key.isdigit() and value is None else ""
            raise DefinitionError(
                f"unknown argument '{key}' for type '{type_name}'", place=place(key), expected=expected, do=do
            )
        problem = wrong(arguments[key], value, table, kwargs, tables)
        if problem:
            raise DefinitionError(f"argument '{key}' {problem}", place=place(key))
    for key, argument in arguments.items():
        if argument.required and key not in kwargs:
            raise DefinitionError(f"argument '{key}' of type '{type_name}' is missing", place=place(key), do="Add it.")
    _refuse_wrong_values(type_name, kwargs, table, place)


def _refuse_wrong_values(type_name: str, kwargs: dict[str, Any], table: Table, place: Any) -> None:
    """Refuse arguments that are well formed each, but with which the check could not run or would say nothing."""
    if type_name in NEEDS_A_BOUND and kwargs.get("min_value") is None and kwargs.get("max_value") is None:
        raise DefinitionError(
            f"type '{type_name}' checks nothing without a bound",
            place=place("min_value"),
            expected="min_value or max_value",
        )
    if found := fault(type_name, kwargs, table):
        argument, what, expected = found
        raise DefinitionError(f"argument '{argument}' {what}", place=place(argument), expected=expected)
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    if low is not None and high is not None and low > high:
        what = f"min_value {low} lies above max_value {high}: no value can be right"
        raise DefinitionError(what, place=place("min_value"), do="Exchange or correct them.")
    for key in OF_NUMBERS.get(type_name, ()):
        given = kwargs.get(key, ())
        for name in [given] if isinstance(given, str) else given:
            if holds := NO_NUMBERS.get(table.column(name).type):
                what = f"argument '{key}' names column '{name}', which holds {holds}"
                raise DefinitionError(what, place=place(key), expected="a column of numbers")
    if "regex" in kwargs:
        try:
            re.compile(kwargs["regex"])
        except re.error as error:
            raise DefinitionError(f"argument 'regex' is not a pattern: {error}", place=place("regex")) from error
