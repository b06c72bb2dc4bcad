"""Run the checks on what `ringfence payments` wrote, and keep what they found beside the ledger.

In: the folder of the ledger. Out: tables `check_result` and `check_mark`, `validation.json` and `validation.csv` there.
The ledger is not changed: what is wrong was set aside when it was read. Raises CriticalCheckError after writing when a
critical check failed.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from expectations.check_all import PAYMENTS, declared_checks, run_checks
from expectations.checks import PASSED, Check
from expectations.quarantine import mark_lines
from expectations.suite import SUITES
from expectations.table_frames import Frames
from expectations.validation_files import Validation, result_line, write_csv, write_json
from pipelines.catalogue import tables
from pipelines.errors import EXIT_OK, CriticalCheckError, DefinitionError, InputError, Place
from pipelines.write_parquet import write_table


def payment_checks(suites_folder: Path = SUITES) -> tuple[Check, ...]:
    """The declared checks on tables of payments. Raises DefinitionError for a wrong suite."""
    return tuple(check for check in declared_checks(suites_folder) if tables()[check.table].layer == PAYMENTS)


def check_payments(
    folder: Path, suites_folder: Path = SUITES, *, history: Mapping[str, str] | None = None
) -> Validation:
    """Check the ledger in `folder`.

    Raises InputError when there is none, CriticalCheckError when it may not be used.
    """
    if not (folder / "payment_file.parquet").is_file():
        raise InputError(
            "no ledger of payments in it", place=Place(str(folder)), do="Run `ringfence payments DIR --out OUT` first."
        )
    outcomes = run_checks(payment_checks(suites_folder), Frames(folder))
    made = Validation(outcomes, (), (), {})
    _write("check_mark", mark_lines(outcomes), folder)
    _write("check_result", [result_line(item, made) for item in outcomes], folder)
    write_json(made, folder / "validation.json")
    write_csv(made, folder / "validation.csv", history=history)
    if made.stopped_by:
        first = made.stopped_by[0]
        example = first.findings[0].reason if first.findings else first.detail
        raise CriticalCheckError(
            f"{len(made.stopped_by)} critical checks failed, first {first.check.code}: {example.rstrip('.')}. "
            f"{first.check.because}",
            do="See validation.json beside the ledger; do not publish from it.",
        )
    return made


def _write(table: str, lines: list[dict[str, Any]], folder: Path) -> None:
    names = tables()[table].column_names
    write_table(table, {name: [line.get(name) for line in lines] for name in names}, folder)


def run_check_payments(asked: argparse.Namespace) -> int:
    """`ringfence check --payments DIR`: print what did not pass, then the counts. Raises DefinitionError."""
    from expectations.history import past_outcomes, sentences
    from pipelines.payments.put_in_place import settle
    from pipelines.run_lock import hold
    from pipelines.write_parquet import read_table

    if asked.tables is not None or asked.table is not None or asked.only or asked.explain:
        raise DefinitionError("--payments goes with --runs alone", do="See `ringfence check -h`.")
    past = sentences(past_outcomes(asked.runs)) if asked.runs else None
    if asked.payments.is_dir():
        with hold(asked.payments):  # not while a ledger is being written
            settle(asked.payments)
    try:
        check_payments(asked.payments, history=past)
    finally:
        if (asked.payments / "check_result.parquet").is_file():
            results: Any = read_table(asked.payments, "check_result")
            for row in results.to_dict("records"):
                if row["outcome"] != PASSED:
                    told = f"{row['rows_failed']} of {row['rows_seen']}. {row['because']} {row['detail'] or ''}"
                    print(f"{row['outcome']:<8} {row['severity']:<8} {row['code']}: {told}".rstrip())
            print(", ".join(f"{number} {outcome}" for outcome, number in results["outcome"].value_counts().items()))
    return EXIT_OK
