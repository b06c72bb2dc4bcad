"""A commented entry to begin a new check with.

In: a table, and perhaps a type of check. Out: the text of an entry that names columns of the table and explains every
key and argument; its `because` is left for a person, and the loader refuses the suite until it is written. Entries are
added to the suite of the working folder, or of a clone. Refused: one of an installed copy of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from expectations.authoring.examples import load_examples
from expectations.records.checks import Check
from expectations.suite.argument_words import meaning
from expectations.suite.arguments import PLAIN_KINDS, Argument
from expectations.suite.custom_checks import CUSTOM_TYPES
from expectations.suite.gx_types import GX_TYPES, NEEDS_A_BOUND, ROWLESS
from expectations.suite.read_entry import OF_NUMBERS
from expectations.suite.unknown_types import unknown_type
from expectations.suite.yaml_entry import TO_WRITE, append_entries, entry_text
from pipelines.declarations.catalogue import Table
from pipelines.declarations.declared_files import named, perhaps
from pipelines.errors import DefinitionError
from pipelines.working_folder import to_write

REVIEW_AFTER = "2028-03"
NOTES = {
    "type": "one of docs/reference-checks.md",
    "kwargs": "the arguments of that type; columns are those of docs/data-dictionary.md",
    "severity": "critical stops the run, warning sets aside or marks, info reports",
    "on_failure": "critical: stop; warning: quarantine (not used) or mark (used, and counted); info: report",
    "because": "one sentence an official understands; it is printed on the validation page",
    "reference": "where the rule is from: guidance, a law, a note in the return",
    "added_by": "a role, not a person",
    "review_by": "when to look at it again",
}


def table_named(name: str, tables: Mapping[str, Table]) -> Table:
    """The declared table. Raises DefinitionError with near names."""
    if name in tables:
        return tables[name]
    raise DefinitionError(f"'{name}' is not a declared table", expected=perhaps(name, tables))


def suite_to_write(table: Table) -> Path:
    """The suite that entries for a table are added to: the user's own, or that of a clone.

    Raises InputError where that is below an installed copy of the program.
    """
    from expectations.suite.suite import SUITES

    return to_write(SUITES / f"{table.name}.yaml", f"suites/{table.name}.yaml")


def add_to_suite(text: str, table: Table) -> str:
    """Add entries to the suite of a table. Returns lines that say so; raises what `suite_to_write` raises."""
    path = suite_to_write(table)
    path.parent.mkdir(exist_ok=True)
    append_entries(text, path, f"Checks on {table.title}.")
    told = f"Added to {named(path)}.\n"
    return told + (f"Write every '{TO_WRITE}'; until then the suite is refused.\n" if TO_WRITE in text else "")


def free_code(table: str, word: str, checks: Iterable[Check]) -> str:
    """A code nobody has used: the table, a word, and a number where needed."""
    taken = {check.code for check in checks}
    base = f"{table}-{word}".upper().replace("_", "-")
    if base.startswith("STR-"):
        base = f"X-{base}"
    number = 1
    code = base
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


def unwritten_entry(code: str, kind: str, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The keys of a suite entry whose reason a person has still to write."""
    return {
        "code": code,
        "type": kind,
        "kwargs": kwargs,
        "severity": "warning",
        "on_failure": "mark",
        "because": TO_WRITE,
        "reference": TO_WRITE,
        "added_by": "data team",
        "review_by": REVIEW_AFTER,
    }


def scaffold(table: Table, checks: Iterable[Check], kind: str = "") -> str:
    """The text of a new entry for `table`, of type `kind` or of the simplest that fits.

    Raises DefinitionError for a type that no suite may name.
    """
    numbers = [column.name for column in table.columns if column.type in ("float", "int")]
    kind = kind or ("expect_column_values_to_be_between" if numbers else "expect_column_values_to_not_be_null")
    arguments = GX_TYPES.get(kind) or (CUSTOM_TYPES[kind].arguments if kind in CUSTOM_TYPES else None)
    if arguments is None:
        what, expected = unknown_type(kind)
        raise DefinitionError(what, expected=expected)
    kwargs = _begun(kind, arguments, numbers if numbers and OF_NUMBERS.get(kind) else list(table.column_names))
    entry = unwritten_entry(free_code(table.name, "NEW", checks), kind, kwargs)
    told = [f"{name} ({'needed' if one.required else 'may be left out'}): {meaning(kind, name)}"
            for name, one in arguments.items()]  # fmt: skip
    head = [f"A new check on table {table.name}. Give it a code of its own and write 'because'; until then the suite"]
    head.append("is refused. Remove these comments when done.")
    if kind in ROWLESS:
        entry |= {"severity": "info", "on_failure": "report"}
    return entry_text(entry, NOTES | {"kwargs": "\n".join([NOTES["kwargs"], *told])}, head)


def _begun(kind: str, arguments: Mapping[str, Argument], columns: list[str]) -> dict[str, Any]:
    """The arguments a type needs, with columns of the table and the values of its example; the rest to be written."""
    example = next(item.kwargs for item in load_examples() if item.type == kind)
    spare = list(columns)
    made: dict[str, Any] = {}
    for name, argument in arguments.items():
        if not argument.required:
            continue
        if argument.kind in ("column", "columns") and not argument.of:
            taken = [spare.pop(0) if spare else columns[-1] for _ in range(1 if argument.kind == "column" else 2)]
            made[name] = taken[0] if argument.kind == "column" else taken
        else:
            written = argument.kind in PLAIN_KINDS and argument.kind not in ("text", "texts")
            made[name] = example.get(name, TO_WRITE) if written else TO_WRITE
    return made | ({"min_value": 0} if kind in NEEDS_A_BOUND else {})
