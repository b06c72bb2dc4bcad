"""Structural checks, derived from the table declarations and never written by hand.

In: the declared tables and sources. Out: one `Check` per rule: columns and types, keys, required values, enums,
patterns, ranges, years present. A broken value in a key column sets the row aside (it cannot be placed); in any other
column it is marked. Wrong columns or a key that occurs twice stop the run. From accounts of payments no row is set
aside: they say what became of every file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from expectations.records.checks import CRITICAL, INFO, MARK, QUARANTINE, REPORT, STOP, WARNING, Check
from pipelines.declarations.catalogue import Column, Source, Table
from pipelines.declarations.declared_folders import printed

PREFIX = "STR-"
"""Codes of structural checks begin so; suites may not use it."""
LAYERS = ("core", "reference", "payments")
PAYMENTS, LEDGER = "payments", "payment"
WRITTEN_BY_CHECKS = ("check_result", "check_mark", "check_finding", "check_history", "quarantine")
ADDED_BY = "declaration"


def derive(tables: Mapping[str, Table], sources: Iterable[Source] = ()) -> tuple[Check, ...]:
    """The structural checks of every core and reference table, in the order of the declarations."""
    made: list[Check] = []
    for table in tables.values():
        if table.layer in LAYERS and table.name not in WRITTEN_BY_CHECKS:
            years = sorted(
                {year for source in sources if source.table == table.name for year in source.years if year != "any"}
            )
            made += _table_checks(table, years)
    return tuple(made)


def _table_checks(table: Table, years: list[str]) -> list[Check]:
    def check(what: str, kind: str, because: str, severity: str, on_failure: str, **kwargs: Any) -> Check:
        code = PREFIX + f"{table.name}-{what}".upper().replace("_", "-")
        return Check(
            table.name,
            code,
            kind,
            kwargs,
            severity,
            on_failure,
            because,
            reference=printed("table", table.name),
            added_by=ADDED_BY,
            origin="structural",
            file=printed("table", table.name),
        )

    made = [
        check(
            "columns",
            "declared_columns",
            "The table has rows, and exactly the declared columns with their declared types.",
            CRITICAL,
            STOP,
        ),
        check(
            "key",
            "key_unique",
            "A record occurs once in each release: a second copy would be counted twice.",
            CRITICAL,
            STOP,
        ),
    ]
    if "record_id" in table.column_names and "record_id" not in table.key:
        made.append(
            check(
                "record",
                "record_id_unique",
                "Every row has a name of its own, so that a figure can be traced.",
                CRITICAL,
                STOP,
            )
        )
    if years:
        made.append(
            check(
                "years",
                "years_present",
                "Every year that the column maps declare was loaded.",
                INFO,
                REPORT,
                years=years,
            )
        )
    if table.partitions:
        because = "Rows lie in folders by " + ", ".join(table.partitions) + ", and every body with rows has a folder."
        made.append(check("partitions", "partitions_present", because, CRITICAL, STOP))
    for column in table.columns:
        in_key = column.name in table.key
        may_go = (in_key or column.required) and (table.layer != PAYMENTS or table.name == LEDGER)
        action = (WARNING, QUARANTINE) if may_go else (WARNING, MARK)
        for what, kind, because, kwargs in _column_rules(column):
            made.append(check(f"{column.name}-{what}", kind, because, *action, column=column.name, **kwargs))
    return made


def _column_rules(column: Column) -> list[tuple[str, str, str, dict[str, Any]]]:
    rules: list[tuple[str, str, str, dict[str, Any]]] = []
    if column.required:
        rules.append(("present", "value_present", f"{column.name} is always given: {column.meaning}.", {}))
    if column.enum:
        rules.append(
            ("known", "value_in", f"{column.name} is one of the declared words.", {"values": list(column.enum)})
        )
    if column.pattern:
        rules.append(("pattern", "value_matches", f"{column.name} has the declared form.", {"pattern": column.pattern}))
    if column.min is not None or column.max is not None:
        because = f"{column.name} lies in the declared range."
        rules.append(("range", "value_between", because, {"min": column.min, "max": column.max}))
    return rules
