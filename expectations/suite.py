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

from expectations.arguments import Argument, wrong
from expectations.checks import INFO, ON_FAILURE_ALLOWED, Check
from expectations.custom_checks import CUSTOM_TYPES
from expectations.gx_types import GX_TYPES, NEEDS_A_BOUND, ROWLESS
from expectations.structural import PREFIX
from expectations.yaml_lines import Node, read_yaml
from pipelines.catalogue import Table
from pipelines.catalogue import tables as declared_tables
from pipelines.errors import DefinitionError, Place

SUITES = Path(__file__).parent / "suites"
KEYS = ("code", "type", "kwargs", "severity", "on_failure", "because", "reference", "added_by", "review_by")
CODE = re.compile(r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")
REVIEW = re.compile(r"^\d{4}-(0[1-9]|1[0-2])(-\d{2})?$")
SHORTEST_REASON = 15


def load_suites(folder: Path = SUITES, tables: Mapping[str, Table] | None = None) -> dict[str, tuple[Check, ...]]:
    """All suites of `folder` by table. Raises DefinitionError, also when the folder holds no suite."""
    known = declared_tables() if tables is None else tables
    paths = sorted(folder.glob("*.y*ml"))
    if not paths:
        raise DefinitionError(
            "no suite found", place=Place(folder.name), do="Add a file named after a table, such as rs.yaml."
        )
    suites = {path.stem: load_suite(path, known) for path in paths}
    first: dict[str, Check] = {}
    for check in (check for checks in suites.values() for check in checks):
        other = first.setdefault(check.code, check)
        if other is not check:
            raise DefinitionError(
                f"code '{check.code}' is already used in {other.file}, line {other.line}",
                place=Place(check.file, row=check.line),
                do="Give it a code of its own.",
            )
    return suites


def load_suite(path: Path, tables: Mapping[str, Table]) -> tuple[Check, ...]:
    """The checks of one file, in the order written. Raises DefinitionError."""
    name = f"suites/{path.name}"
    table = tables.get(path.stem)
    if table is None:
        raise DefinitionError(
            f"'{path.stem}' is not a declared table",
            place=Place(name),
            expected="a file named after one of " + ", ".join(tables),
        )
    try:
        root = read_yaml(path.read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        raise DefinitionError(f"cannot be read: {error}", place=Place(name), do="Save it as UTF-8 text.") from error
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
                f"code '{check.code}' is already used in line {codes[check.code]}",
                place=Place(name, row=check.line),
                do="Give it a code of its own.",
            )
        codes[check.code] = check.line
    return checks


def _check(node: Node, table: Table, tables: Mapping[str, Table], name: str) -> Check:
    place = Place(name, row=node.line)
    found = dict(node.items())
    if not found:
        raise DefinitionError("an entry is not a mapping of keys", place=place, expected="keys " + ", ".join(KEYS))
    for key, value in found.items():
        if key not in KEYS:
            raise DefinitionError(
                f"unknown key '{key}'",
                place=Place(name, row=value.line),
                expected="one of " + ", ".join(KEYS),
                do="Correct the spelling or remove it.",
            )
    for key in KEYS:
        if key not in found:
            raise DefinitionError(f"key '{key}' is missing", place=place, do="Add it.")
        if key != "kwargs" and (not isinstance(found[key].value, str) or not found[key].value.strip()):
            raise DefinitionError(
                f"key '{key}' is not text", place=Place(name, row=found[key].line), do="Write it as text."
            )
    text: dict[str, str] = {key: found[key].value.strip() for key in KEYS if key != "kwargs"}
    _refuse_wrong_text(text, {key: Place(name, row=value.line) for key, value in found.items()})
    kwargs = found["kwargs"].plain()
    lines = {key: value.line for key, value in found["kwargs"].items()}
    if not isinstance(kwargs, dict):
        raise DefinitionError(
            "'kwargs' is not a mapping", place=Place(name, row=found["kwargs"].line), do="Write {} if there are none."
        )
    _refuse_wrong_arguments(text["type"], kwargs, table, tables, lambda key: Place(name, row=lines.get(key, node.line)))
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
        import difflib

        near = difflib.get_close_matches(text["type"], known, n=3, cutoff=0.5)
        raise DefinitionError(
            f"unknown type '{text['type']}'",
            place=places["type"],
            expected="perhaps " + " or ".join(near) if near else "one of " + ", ".join(sorted(known)),
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
            expected = "one of " + ", ".join(arguments) if arguments else "no argument"
            raise DefinitionError(
                f"unknown argument '{key}' for type '{type_name}'", place=place(key), expected=expected
            )
        problem = wrong(arguments[key], value, table, kwargs, tables)
        if problem:
            raise DefinitionError(f"argument '{key}' {problem}", place=place(key))
    for key, argument in arguments.items():
        if argument.required and key not in kwargs:
            raise DefinitionError(f"argument '{key}' of type '{type_name}' is missing", place=place(key), do="Add it.")
    if type_name in NEEDS_A_BOUND and kwargs.get("min_value") is None and kwargs.get("max_value") is None:
        raise DefinitionError(
            f"type '{type_name}' checks nothing without a bound",
            place=place("min_value"),
            expected="min_value or max_value",
        )
    if "regex" in kwargs:
        try:
            re.compile(kwargs["regex"])
        except re.error as error:
            raise DefinitionError(f"argument 'regex' is not a pattern: {error}", place=place("regex")) from error
