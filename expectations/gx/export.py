"""Write the checks as a plain Great Expectations file context that its own tools open.

In: declared checks. Out: a folder with `gx/great_expectations.yml`, one JSON suite per table in `gx/expectations/`, and
`not_exported.csv` for the checks that the library has no type for (our domain checks, and the declared column types).
Every argument is written, also those left at their default, which the library's own files leave out. The same checks
give the same bytes. Pages of the library are switched off: they load scripts from elsewhere.
"""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from expectations.records.checks import Check
from expectations.suite.gx_types import GX_TYPES
from pipelines.declarations.catalogue import Table
from pipelines.errors import InputError, Place

CONTEXT = """# Made by `ringfence expectations export`.
# Open with great_expectations.get_context(mode="file", project_root_dir=FOLDER), FOLDER being the one above this.
config_version: 4
analytics_enabled: false
config_variables_file_path: uncommitted/config_variables.yml
plugins_directory: plugins/
stores:
  expectations_store:
    class_name: ExpectationsStore
    store_backend: {class_name: TupleFilesystemStoreBackend, base_directory: expectations/}
  validation_results_store:
    class_name: ValidationResultsStore
    store_backend: {class_name: TupleFilesystemStoreBackend, base_directory: uncommitted/validations/}
  checkpoint_store:
    class_name: CheckpointStore
    store_backend: {class_name: TupleFilesystemStoreBackend, base_directory: checkpoints/}
  validation_definition_store:
    class_name: ValidationDefinitionStore
    store_backend: {class_name: TupleFilesystemStoreBackend, base_directory: validation_definitions/}
expectations_store_name: expectations_store
validation_results_store_name: validation_results_store
checkpoint_store_name: checkpoint_store
data_docs_sites: {}
"""
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "ringfence/expectations")
Expectation = tuple[str, dict[str, Any]]


def as_expectations(check: Check, table: Table) -> list[Expectation]:
    """What the library has for one check: types with arguments; several only together say what the check says.

    Nothing where the library has no such type.
    """
    if check.type in GX_TYPES:
        return [(check.type, dict(check.kwargs))]
    column = str(check.kwargs.get("column", ""))
    text = bool(column) and table.column(column).type == "string"
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
    if check.type == "years_present":
        kwargs = {"column": "financial_year", "value_set": check.kwargs["years"]}
        return [("expect_column_distinct_values_to_contain_set", kwargs)]
    if check.type in ("key_unique", "record_id_unique"):
        release = [name for name in ("release",) if name in table.column_names]
        names = ["record_id"] if check.type == "record_id_unique" else [*table.key, *release]
        if len(names) == 1:
            return [("expect_column_values_to_be_unique", {"column": names[0]})]
        return [("expect_compound_columns_to_be_unique", {"column_list": names})]
    return []


def suite_json(table: Table, checks: Iterable[Check], *, version: str, defaults: Mapping[str, dict[str, Any]]) -> Any:
    """One suite as the library stores it; `defaults` holds the default arguments by type."""
    entries: list[dict[str, Any]] = []
    for check in checks:
        for number, (kind, kwargs) in enumerate(as_expectations(check, table)):
            filled: dict[str, Any] = {**defaults[kind], **kwargs}
            about = ("code", "because", "on_failure", "reference", "added_by", "review_by", "origin")
            entries.append(
                {
                    "id": str(uuid.uuid5(SPACE, f"{table.name}/{check.code}/{number}")),
                    "type": kind,
                    "kwargs": dict(sorted(filled.items())),
                    "meta": {name: getattr(check, name) for name in about},
                    "notes": check.because,
                    "severity": check.severity,
                }
            )
    return {
        "name": table.name,
        "id": str(uuid.uuid5(SPACE, table.name)),
        "expectations": entries,
        "meta": {"great_expectations_version": version},
        "notes": table.title,
    }


def export(checks: Iterable[Check], tables: Mapping[str, Table], folder: Path) -> tuple[int, int]:
    """Write the context. Returns how many checks were exported and how many were not.

    Raises InputError where `folder` already holds something else.
    """
    from expectations.gx.adapter import default_arguments, library_version

    root = folder / "gx"
    if folder.is_dir() and any(folder.iterdir()) and not (root / "great_expectations.yml").is_file():
        raise InputError(
            "the folder holds something else", place=Place(str(folder)), do="Give an empty or a new folder."
        )
    suites, without = root / "expectations", list[Check]()
    suites.mkdir(parents=True, exist_ok=True)
    for old in suites.glob("*.json"):
        old.unlink()
    by_table: dict[str, list[Check]] = {}
    for check in checks:
        wanted = by_table.setdefault(check.table, []) if as_expectations(check, tables[check.table]) else without
        wanted.append(check)
    for name, held in sorted(by_table.items()):
        kinds = {kind for check in held for kind, _ in as_expectations(check, tables[name])}
        defaults = {kind: default_arguments(kind) for kind in sorted(kinds)}
        content = suite_json(tables[name], held, version=library_version(), defaults=defaults)
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (suites / f"{name}.json").write_text(text, encoding="utf-8")
    (root / "great_expectations.yml").write_text(CONTEXT, encoding="utf-8")
    with (folder / "not_exported.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["table", "code", "type", "because"])
        writer.writerows([check.table, check.code, check.type, check.because] for check in without)
    return sum(len(held) for held in by_table.values()), len(without)
