"""Load the suites of checks strictly: `suites/<table>.yaml`, a list of entries, one per check.

In: a folder of YAML files. Out: frozen `Check` records. Refused, with file and line: malformed YAML, an unknown table,
key, type, column or argument, an argument of the wrong type, a missing `because`, a code used twice, a severity that
does not fit its `on_failure`, an empty suite. All that is wrong in all files is told at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from expectations.records.checks import Check
from expectations.suite.read_entry import read_entry
from expectations.suite.yaml_lines import read_yaml
from pipelines.declarations.catalogue import Table
from pipelines.declarations.catalogue import tables as declared_tables
from pipelines.declarations.declared_files import named, perhaps, read_text
from pipelines.declarations.declared_folders import declarations
from pipelines.errors import DefinitionError, Place, UserError, noted, refuse
from pipelines.places import ROOT

SUITES = ROOT / "expectations" / "suites"


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
    problems: list[UserError] = []
    for path in paths:  # a suite of the working folder adds to the shipped one of its table
        with noted(problems):
            suites[path.stem] = (*suites.get(path.stem, ()), *load_suite(path, known))
    first: dict[str, Check] = {}
    for check in (check for checks in suites.values() for check in checks):
        other = first.setdefault(check.code, check)
        if other is not check:
            places = " and in ".join(f"{one.file}, line {one.line}" for one in (other, check))
            do = "Give the newer of the two a code of its own: a code that was in use is never given to anything else."
            problems.append(DefinitionError(f"code '{check.code}' stands in {places}", do=do))
    refuse(problems)
    return suites


def load_suite(path: Path, tables: Mapping[str, Table]) -> tuple[Check, ...]:
    """The checks of one file, in the order written. Raises DefinitionError, which tells of every entry at fault."""
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
    checks: list[Check] = []
    codes: dict[str, int] = {}
    problems: list[UserError] = []
    for node in root.entries():
        with noted(problems):
            check = read_entry(node, table, tables, name)
            checks.append(check)
            if codes.setdefault(check.code, check.line) != check.line:
                raise DefinitionError(
                    f"code '{check.code}' stands in line {codes[check.code]} too",
                    place=Place(name, line=check.line),
                    do="Give the newer of the two a code of its own.",
                )
    refuse(problems)
    return tuple(checks)
