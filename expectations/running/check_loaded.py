"""Every check on a folder of loaded tables, as `ringfence check --tables DIR` runs them.

In: parsed arguments. Out: how the checks ended; the next generation of the tables, without the rows set aside. Refused:
no folder, options that do not go with it, altered tables; CriticalCheckError after the findings are written.
"""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

from pipelines.errors import DefinitionError, UserError
from pipelines.told import Told


def need_tables(asked: argparse.Namespace) -> None:
    """Raise DefinitionError for options that do not go together."""
    if asked.tables is None or asked.only or asked.explain:
        raise DefinitionError("give --tables for all checks, or --table for one table", do="See `ringfence check -h`.")


def check_loaded(asked: argparse.Namespace) -> Told:
    """Run every check on the tables of a folder. Raises CriticalCheckError, after printing how the checks ended."""
    from expectations.running.check_all import main
    from expectations.running.history import finished_runs, write_history
    from expectations.suite.suite import SUITES
    from pipelines.load.generation import refuse_altered, renewed

    need_tables(asked)
    refuse_altered(asked.tables)
    try:
        with renewed(asked.tables) as tables:
            if asked.runs is not None:
                write_history(finished_runs(asked.runs), tables)
            main(tables, SUITES, tables)
    except UserError:
        print("\n".join(_results(asked.tables).lines))  # what was found stands, whatever it stopped
        raise
    return _results(asked.tables)


def _results(folder: Path) -> Told:
    """How the checks of a folder of tables ended."""
    from pipelines.declarations.parquet import read_table
    from pipelines.declarations.reviews import overdue, overdue_sentence

    if not (folder / "check_result.parquet").is_file():
        return Told({"checks": []})
    results: Any = read_table(folder, "check_result")
    absent = results["detail"] == "table '" + results["table"] + "' was not loaded in this run"
    lines = [
        f"{row['outcome']:<8} {row['severity']:<8} {row['table']} {row['code']}: {row['because']} {row['detail'] or ''}"
        for _, row in results[(results["outcome"] != "passed") & ~absent].iterrows()
    ]
    lines += [
        f"not run  {table}: {number} checks, the table was not loaded in this run"
        for table, number in results[absent]["table"].value_counts(sort=False).items()
    ]
    lines.append(", ".join(f"{number} {outcome}" for outcome, number in results["outcome"].value_counts().items()))
    reviews = zip(results["code"], results["review_by"].fillna(""), strict=True)
    late = overdue_sentence(overdue(reviews, datetime.date.today()))
    names = ["code", "outcome", "rows_failed", "rows_seen", "detail"]
    return Told({"checks": results[names].to_dict("records")}, lines, warnings=[late] if late else [])
