"""Run every check on a folder of tables, in one process: structural, domain, Great Expectations.

In: a folder of Parquet tables and a folder of suites. Out: tables `check_result`, `check_finding`, `check_mark`,
`data_quality` and `quarantine` beside the others, tables rewritten without the rows set aside, and `validation.json`,
`validation.csv` and `quarantine.csv` in the out folder. Checks declared = checks run. Where a check stops the run, no
table is rewritten.
`python -m expectations.running.check_all TABLES SUITES OUT` ends with 0, 10 (wrong definition) or 12 (critical check
failed).
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

from expectations.domain.payment_files import COUNTED
from expectations.domain.payment_ledger import LEDGER
from expectations.domain.structural import derive
from expectations.domain.structural_runs import run_structural
from expectations.payments.leave_out import leave_out, rows_by_code
from expectations.payments.rows import refuse_types, run_rows
from expectations.quarantine.data_quality import quality_lines
from expectations.quarantine.quarantine import (
    Balance,
    finding_lines,
    mark_lines,
    merged,
    quarantine_lines,
    rewrite,
    set_aside,
    split_table,
)
from expectations.quarantine.releases import RELEASES, apply_releases, load_releases
from expectations.records.checks import Check, Outcome
from expectations.records.settings import load_quality
from expectations.records.table_frames import Frames
from expectations.running.history import series
from expectations.running.validation_files import (
    Validation,
    quarantine_csv,
    result_line,
    summary,
    write_csv,
    write_json,
)
from expectations.suite.custom_checks import run_custom
from expectations.suite.suite import SUITES, load_suites
from pipelines.declarations.catalogue import sources, tables
from pipelines.declarations.parquet import write_table
from pipelines.errors import CriticalCheckError, Place, UserError
from pipelines.payments.ledger import put_in_place
from pipelines.processes.collector import collect_seldom

PAYMENTS = "payments"
"""Layer of the tables of payment files: checked where a run read such files; alone, see `check_payments`."""
PAYMENT_FILES = "payment_file"
COMPARED = "compared_return"
"""Table of what differs from the figures accepted before: named last, because other checks know the cause."""


def declared_checks(suites_folder: Path = SUITES) -> tuple[Check, ...]:
    """Every check there is, structural ones first. Raises DefinitionError for a wrong suite."""
    written = [check for checks in load_suites(suites_folder).values() for check in checks]
    return (*derive(tables(), sources().values()), *written)


def run_checks(checks: tuple[Check, ...], frames: Frames) -> tuple[Outcome, ...]:
    """Outcomes in order of table and code. Raises AssertionError when a declared check has no outcome."""
    every, rows = checks, tuple(check for check in checks if check.table == LEDGER)
    checks = tuple(check for check in checks if check.table != LEDGER)
    done: list[Outcome] = []
    if rows:  # all that needs the ledger of payments in one reading of it, before the small tables beside it
        from expectations.gx.adapter import run_gx

        counts = [count for check in checks for count in COUNTED.get(check.type, lambda _: ())(check)]
        done += run_rows(rows, counts, frames, run_gx)
    done += [run_structural(check, frames) for check in checks if check.origin == "structural"]
    done += [run_custom(check, frames) for check in checks if check.origin == "domain"]
    gx_tables = list(dict.fromkeys(check.table for check in checks if check.origin == "gx"))
    if gx_tables:
        from expectations.gx.adapter import run_gx
        from expectations.gx.candidates import MANY_ROWS, with_candidates

        for table in gx_tables:
            wanted = tuple(check for check in checks if check.origin == "gx" and check.table == table)
            large = frames.has(table) and frames.arrow(table).num_rows >= MANY_ROWS
            done += with_candidates(wanted, frames, run_gx) if large else run_gx(wanted, frames)
    if sorted(item.check.code for item in done) != sorted(check.code for check in every):
        raise AssertionError(f"{len(every)} checks declared, {len(done)} run")
    return tuple(sorted(done, key=lambda item: (item.check.table, item.check.code)))


def check_tables(tables_folder: Path, suites_folder: Path = SUITES, *, register: Path = RELEASES) -> Validation:
    """Run everything on `tables_folder` and write the tables of this room there. Raises DefinitionError.

    `register` is the file of releases; rows it names stay in their tables.
    """
    put_in_place.settle(tables_folder)
    frames, ledger = Frames(tables_folder), (tables_folder / LEDGER).is_dir()
    checks = tuple(
        check
        for check in declared_checks(suites_folder)
        if tables()[check.table].layer != PAYMENTS or frames.has(check.table) or (check.table == LEDGER and ledger)
    )
    refuse_types(checks)
    ours = Path(suites_folder).resolve() == SUITES.resolve()
    quality = load_quality([check.code for check in checks] if ours else None)
    releases = load_releases(register, checks if ours or register != RELEASES else None)
    outcomes = apply_releases(run_checks(checks, frames), releases)
    stopped = any(outcome.stops_the_run for outcome in outcomes)
    away = {} if stopped else set_aside(item for item in outcomes if item.check.table != LEDGER)
    lines = [] if stopped else quarantine_lines(outcomes, frames)
    balances: list[Balance] = []
    for table in sorted(away):
        kept, parts = split_table(frames, table, away[table])
        balances += parts
        rewrite(kept, table, tables_folder)
    quarantined: dict[str, int] = {}
    for code in (code for records in away.values() for codes in records.values() for code in set(codes)):
        quarantined[code] = quarantined.get(code, 0) + 1
    if not stopped:
        paid = tuple(item for item in outcomes if tables()[item.check.table].layer == PAYMENTS)
        left = leave_out(tables_folder, paid, lambda wanted, made: apply_releases(run_checks(wanted, made), releases))
        told = {item.check.code: item for item in left.outcomes}
        outcomes = tuple(told.get(item.check.code, item) for item in outcomes)
        balances += left.balances
        quarantined |= rows_by_code(left.why)
    made = Validation(outcomes, tuple(balances), tuple(sorted({item.table for item in balances})), quarantined)
    known = frames.arrow("quarantine").to_pylist() if frames.has("quarantine") else []
    _write("quarantine", merged(known, lines), tables_folder)
    _write("check_mark", mark_lines(outcomes), tables_folder)
    _write("check_finding", finding_lines(outcomes), tables_folder)
    _write("data_quality", quality_lines(outcomes, frames, quality), tables_folder)
    _write("check_result", [result_line(item, made) for item in outcomes], tables_folder)
    return made


def _write(table: str, lines: list[dict[str, Any]], folder: Path) -> None:
    names = tables()[table].column_names
    write_table(table, {name: [line.get(name) for line in lines] for name in names}, folder)


def main(tables_folder: Path, suites_folder: Path, out_folder: Path) -> Validation:
    """Check, write, and raise CriticalCheckError when something forbids publication (after writing what was found).

    What earlier runs said stands beside each check in `validation.json` and `validation.csv`, where the tables hold it.
    """
    validation = check_tables(Path(tables_folder), Path(suites_folder))
    out = Path(out_folder)
    out.mkdir(parents=True, exist_ok=True)
    past = Frames(Path(tables_folder))
    history = series(past.arrow("check_history").to_pylist()) if past.has("check_history") else {}
    write_json(validation, out / "validation.json", history=history)
    write_csv(validation, out / "validation.csv", history=history)
    quarantine_csv(Path(tables_folder), out / "quarantine.csv")
    if validation.stopped_by:
        first, *others = sorted(validation.stopped_by, key=lambda item: item.check.table == COMPARED)
        also = f" Also failed: {', '.join(item.check.code for item in others)}." if others else ""
        example = first.findings[0].reason if first.findings else first.detail
        raise CriticalCheckError(
            f"{len(validation.stopped_by)} critical checks failed, first {first.check.code} on table "
            f"'{first.check.table}': {example.rstrip('.')}. {first.check.because}{also}",
            place=Place(first.check.file, line=first.check.line or None),
            do="See validation.json in the output folder; nothing was published.",
        )
    return validation


def _folders(arguments: list[str]) -> list[Path]:
    if arguments != ["--wait"]:
        return [Path(argument) for argument in arguments]
    prepare()  # the costly part, done while the parent still loads; then the folders come as one line of JSON
    line = sys.stdin.readline()
    told: list[Any] = json.loads(line) if line.strip() else [0]
    *folders, seconds = told
    signal.alarm(seconds)  # the job may be killed and these checks hang: they hold its lock
    return [Path(item) for item in folders]


def prepare() -> None:
    """Everything that can be done before there are tables: the libraries, a context, the declarations.

    What is there by then stays, so the collector need not look through it again (a seventh of a second each time).
    """
    import gc
    import importlib

    from expectations.gx.adapter import prepare_gx

    collect_seldom()
    prepare_gx()
    importlib.import_module("pyarrow.parquet")
    for read in (tables, sources):  # both are kept once read
        read()
    gc.freeze()


if __name__ == "__main__":
    try:
        folders = _folders(sys.argv[1:])
        if len(folders) == 3:
            sys.stdout.write(summary(main(*folders)) + "\n")
        elif folders:
            raise UserError("three folders are needed", expected="TABLES SUITES OUT")
    except UserError as wrong:
        sys.stderr.write(f"{wrong}\n")
        sys.exit(wrong.exit_code)
