"""Run the checks on what `ringfence payments` wrote, and keep what they found beside the ledger.

In: the folder of the ledger. Out: tables `check_result` and `check_mark`, `validation.json` and `validation.csv` there,
and the ledger without the rows that a check sets aside. Raises CriticalCheckError after writing when a critical check
failed; then the ledger is left as it is.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from expectations.domain.payment_files import PARTS
from expectations.domain.payment_ledger import LEDGER
from expectations.payments.leave_out import Left, leave_out, rows_by_code
from expectations.payments.rows import refuse_types
from expectations.quarantine.quarantine import Balance, mark_lines
from expectations.records.checks import FAILED, NOT_RUN, PASSED, Check, Outcome
from expectations.records.table_frames import Frames
from expectations.running.check_all import PAYMENTS, declared_checks, run_checks
from expectations.running.validation_files import Validation, result_line, write_csv, write_json
from expectations.suite.suite import SUITES
from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import write_table
from pipelines.errors import (
    EXIT_OK,
    EXIT_QUARANTINED,
    CriticalCheckError,
    DefinitionError,
    InputError,
    Place,
    UserError,
)
from pipelines.payments.ledger import put_in_place
from pipelines.told import Told


def payment_checks(suites_folder: Path = SUITES) -> tuple[Check, ...]:
    """The declared checks on tables of payments. Raises DefinitionError for a wrong suite."""
    return tuple(check for check in declared_checks(suites_folder) if tables()[check.table].layer == PAYMENTS)


def check_payments(
    folder: Path, suites_folder: Path = SUITES, *, history: Mapping[str, str] | None = None
) -> Validation:
    """Check the ledger in `folder`, and set aside the rows that may not be used.

    Raises InputError when there is none, CriticalCheckError when it may not be used; then no row is set aside.
    """
    put_in_place.settle(folder)
    if not (folder / "payment_file.parquet").is_file():
        raise InputError(
            "no ledger of payments in it", place=Place(str(folder)), do="Run `ringfence payments DIR --out OUT` first."
        )
    checks = payment_checks(suites_folder)
    refuse_types(checks)

    def beside(left: Left, place: Path) -> None:
        """What was found, put in place with the ledger it was found in."""
        made = _validation(left)
        _write("check_mark", mark_lines(left.outcomes), place)
        _write("check_result", [result_line(item, made) for item in left.outcomes], place)
        write_json(made, place / "validation.json")
        write_csv(made, place / "validation.csv", history=history)

    left = leave_out(folder, run_payments(checks, folder), run_checks, beside=beside)
    if not left.why:
        beside(left, put_in_place.begin(folder))
        put_in_place.end(folder)
    made = _validation(left)
    if made.stopped_by:
        first = made.stopped_by[0]
        told = first.outcome == FAILED and first.findings
        example = first.findings[0].reason if told else first.detail
        raise CriticalCheckError(
            f"{len(made.stopped_by)} critical checks failed, first {first.check.code}: {example.rstrip('.')}. "
            f"{first.check.because}",
            do="See validation.json beside the ledger; do not publish from it.",
        )
    return made


def _validation(left: Left) -> Validation:
    return Validation(left.outcomes, left.balances, (LEDGER,) if left.why else (), rows_by_code(left.why))


def run_payments(checks: tuple[Check, ...], folder: Path) -> tuple[Outcome, ...]:
    """Outcomes in order of table and code: all that needs the ledger in one reading of it, then the small tables."""
    return run_checks(checks, Frames(folder))


def _write(table: str, lines: list[dict[str, Any]], folder: Path) -> None:
    names = tables()[table].column_names
    write_table(table, {name: [line.get(name) for line in lines] for name in names}, folder)


def run_check_payments(asked: argparse.Namespace) -> Told:
    """`ringfence check --payments DIR`: what did not pass, then the counts. Raises DefinitionError."""
    from expectations.running.history import past_outcomes, sentences
    from pipelines.declarations.parquet import read_table
    from pipelines.declarations.reviews import overdue, overdue_sentence
    from pipelines.processes.engine import at
    from pipelines.processes.run_lock import hold

    if asked.tables is not None or asked.table is not None or asked.only or asked.explain:
        raise DefinitionError("--payments goes with --runs and --strict alone", do="See `ringfence check -h`.")
    past = sentences(past_outcomes(asked.runs)) if asked.runs else None
    balances: tuple[Balance, ...] = ()
    try:
        lock = hold(asked.payments) if asked.payments.is_dir() else nullcontext()
        with lock, at(asked.cluster):  # not while a ledger is being written
            balances = check_payments(asked.payments, history=past).balances
    except UserError:
        print("\n".join(_result_lines(asked.payments)))  # what was found stands, whatever it stopped
        raise
    lines = [*_result_lines(asked.payments), *account_lines(asked.payments, balances)]
    aside = len(read_table(asked.payments, "payment_quarantine", columns=["code"]))
    names = ["code", "outcome", "rows_failed", "rows_seen", "detail"]
    checks: Any = read_table(asked.payments, "check_result", [*names, "review_by"])
    late = overdue_sentence(
        overdue(zip(checks["code"], checks["review_by"].fillna(""), strict=True), datetime.date.today())
    )
    code = EXIT_QUARANTINED if asked.strict and aside else EXIT_OK
    told = {"checks": checks[names].to_dict("records"), "set_aside": aside}
    return Told(told, lines, warnings=[late] if late else [], code=code)


def _result_lines(folder: Path) -> list[str]:
    """How the checks on a ledger ended: a line for each that did not pass, and the counts."""
    from pipelines.declarations.parquet import read_table

    if not (folder / "check_result.parquet").is_file():
        return []
    results: Any = read_table(folder, "check_result")
    lines: list[str] = []
    for row in results.to_dict("records"):
        if row["outcome"] not in (PASSED, NOT_RUN):
            told = f"{row['rows_failed']:,} of {row['rows_seen']:,}. {row['because']} {row['detail'] or ''}"
            lines.append(f"{row['outcome']:<8} {row['severity']:<8} {row['code']}: {told}".rstrip())
    left = results[results["outcome"] == NOT_RUN]["detail"]
    lines += [f"{NOT_RUN:<17} {number} checks: {reason}" for reason, number in left.value_counts(sort=False).items()]
    return [*lines, ", ".join(f"{number} {outcome}" for outcome, number in results["outcome"].value_counts().items())]


def account_lines(folder: Path, balances: tuple[Balance, ...]) -> list[str]:
    """Rows in = rows kept + rows set aside: of each file that lost rows to a check, and of the ledger as it is left.

    Raises AssertionError where a balance does not close.
    """
    from pipelines.declarations.parquet import read_table

    files: Any = read_table(folder, "payment_file", columns=["source_file", "file_sha256", "rows_read", *PARTS])
    names = dict(zip(files["file_sha256"], files["source_file"], strict=True))
    lines: list[str] = []
    for item in balances:
        if item.rows_in != item.rows_kept + item.rows_quarantined:
            raise AssertionError(f"{names[item.file_sha256]}: rows in differ from rows kept + rows set aside")
        lines.append(f"{names[item.file_sha256]}: {item.rows_in:,} rows in = {item.rows_kept:,} kept "
                     f"+ {item.rows_quarantined:,} set aside")  # fmt: skip
    read, parts = int(files["rows_read"].sum()), [int(files[name].sum()) for name in PARTS]
    if read != sum(parts):
        raise AssertionError("rows read differ from rows kept, set aside, repeated and not data")
    kept, aside, repeated, no_data = (f"{number:,}" for number in parts)
    return [*lines, f"all {len(files):,} files: {read:,} rows read = {kept} kept + {aside} set aside + {repeated} "
            f"counted in another file + {no_data} not data"]  # fmt: skip
