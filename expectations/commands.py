"""The commands of this room: check, scaffold, expectations and quarantine.

In: parsed arguments. Out: an exit code. A command that shows something writes nothing; one that writes says what to
commit. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.errors import EXIT_CRITICAL_CHECK, EXIT_OK, DefinitionError, InputError
from pipelines.processes.engine import add_cluster
from pipelines.working_folder import serving

TABLES = "folder that `load` wrote, or the `tables` of a run"
IN_A_CLONE = Path("data") / "runs"


def add_commands(commands: Any) -> None:
    """Declare the commands and what runs them."""
    check: argparse.ArgumentParser = commands.add_parser(
        "check", help="run the checks on loaded tables", description=_check.__doc__
    )
    check.set_defaults(handler=_check)
    check.add_argument("--tables", type=Path, metavar="DIR", help=TABLES + " (with --table: default a fresh load)")
    check.add_argument("--table", metavar="T", help="only this table: show the rows that would fail, write nothing")
    check.add_argument("--only", default="", metavar="CODE", help="with --table: only this check")
    check.add_argument("--explain", action="store_true", help="with --table: say the rule, the reason and the cells")
    check.add_argument("--limit", type=int, default=20, metavar="N", help="rows shown per check (default 20)")
    check.add_argument("--runs", type=Path, metavar="DIR", help="past runs, for the history beside each check")
    check.add_argument("--payments", type=Path, metavar="DIR", help="check what `ringfence payments` wrote to DIR")
    check.add_argument("--strict", action="store_true", help="with --payments: exit with 13 when rows are set aside")
    add_cluster(check)
    made: argparse.ArgumentParser = commands.add_parser("scaffold", help="write a commented entry to begin with")
    kinds = made.add_subparsers(metavar="WHAT", required=True)
    entry = kinds.add_parser("check", help="a check on a table")
    entry.set_defaults(handler=_scaffold)
    entry.add_argument("table", metavar="T", help="table that the check is on")
    entry.add_argument("--type", default="", metavar="TYPE", help="type of the check (docs/reference-checks.md)")
    entry.add_argument("--write", action="store_true", help="add it to the table's suite instead of printing it")
    _add_expectations(commands.add_parser("expectations", help="export, import, suggest, history"))
    _add_quarantine(commands.add_parser("quarantine", help="list, show and release rows set aside"))


def _add_expectations(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    export = verbs.add_parser("export", help="write tables and checks as a Great Expectations project")
    export.set_defaults(handler=_export)
    export.add_argument("folder", type=Path, metavar="DIR", help="new or empty, or one exported before")
    export.add_argument("--tables", type=Path, metavar="DIR", help=TABLES + " (default a fresh load)")
    read = verbs.add_parser("import", help="turn a Great Expectations suite into entries of ours")
    read.set_defaults(handler=_import)
    read.add_argument("file", type=Path, metavar="FILE.json")
    read.add_argument("--table", required=True, metavar="T")
    read.add_argument("--because", default="", metavar="TEXT", help="reason for entries that bring none")
    read.add_argument("--write", action="store_true", help="add them to the table's suite instead of printing them")
    suggest = verbs.add_parser("suggest", help="propose checks from what a table holds; adds none")
    suggest.set_defaults(handler=_suggest)
    suggest.add_argument("table", metavar="T")
    suggest.add_argument("--tables", type=Path, metavar="DIR", help=TABLES + " (default a fresh load)")
    past = verbs.add_parser("history", help="how each check ended in past runs")
    past.set_defaults(handler=_history)
    past.add_argument("--runs", type=Path, default=serving("OUT") or IN_A_CLONE, metavar="DIR")


def _add_quarantine(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="what was set aside, by check")
    shown = verbs.add_parser("show", help="one record with its reason and cell")
    release = verbs.add_parser("release", help="let a record be used after all, from the next run on")
    for verb, handler in ((listed, _list), (shown, _show), (release, _release)):
        verb.set_defaults(handler=handler)
        latest = (serving("OUT") or IN_A_CLONE) / "latest"
        verb.add_argument("--run", type=Path, default=latest, metavar="RUN", help="a run (default the latest)")
        verb.add_argument("--tables", type=Path, metavar="DIR", help=TABLES)
    for verb in (shown, release):
        verb.add_argument("record", metavar="RECORD_ID")
    release.add_argument("--check", required=True, metavar="CODE", help="check that set it aside")
    release.add_argument("--reason", required=True, metavar="TEXT", help="one sentence an official understands")
    release.add_argument("--by", required=True, metavar="ROLE", help="a role, not a person")
    release.add_argument("--date", default="", metavar="DATE", help="date of the decision (default today)")


@contextmanager
def _frames(folder: Path | None) -> Generator[Any]:
    """The tables of a folder; without one, the embedded figures loaded into a folder that is removed again."""
    from expectations.records.table_frames import Frames
    from pipelines.load.generation import refuse_altered

    if folder is not None:
        refuse_altered(folder)
        yield Frames(folder)
        return
    from pipelines.load.constant_areas import write_areas
    from pipelines.load.load import EMBEDDED, load

    with tempfile.TemporaryDirectory() as made:
        load(EMBEDDED, Path(made))
        write_areas(Path(made))
        yield Frames(Path(made))


def _check(asked: argparse.Namespace) -> int:
    """Run the checks on loaded tables. With --table, show the rows that would fail and write nothing."""
    if asked.payments is not None:
        from expectations.running.check_payments import run_check_payments

        return run_check_payments(asked)
    if asked.table is None:
        return _check_all(asked)
    from expectations.authoring.show_failures import chosen_checks, show
    from expectations.records.checks import ERRORED

    checks = chosen_checks(asked.table, asked.only)
    with _frames(asked.tables) as frames:
        text, outcomes = show(frames, checks, explain=asked.explain, limit=asked.limit)
    print(text)
    return EXIT_CRITICAL_CHECK if any(item.outcome == ERRORED for item in outcomes) else EXIT_OK


def _check_all(asked: argparse.Namespace) -> int:
    from expectations.running.check_all import main
    from expectations.running.history import finished_runs, write_history
    from expectations.suite.suite import SUITES
    from pipelines.declarations.parquet import read_table
    from pipelines.load.generation import refuse_altered, renewed

    if asked.tables is None or asked.only or asked.explain:
        raise DefinitionError("give --tables for all checks, or --table for one table", do="See `ringfence check -h`.")
    refuse_altered(asked.tables)
    try:
        with renewed(asked.tables) as tables:
            if asked.runs is not None:
                write_history(finished_runs(asked.runs), tables)
            main(tables, SUITES, tables)
    finally:
        if (asked.tables / "check_result.parquet").is_file():
            results: Any = read_table(asked.tables, "check_result")
            absent = results["detail"] == "table '" + results["table"] + "' was not loaded in this run"
            for _, row in results[(results["outcome"] != "passed") & ~absent].iterrows():
                what = f"{row['table']} {row['code']}: {row['because']} {row['detail'] or ''}"
                print(f"{row['outcome']:<8} {row['severity']:<8} {what}")
            for table, number in results[absent]["table"].value_counts(sort=False).items():
                print(f"not run  {table}: {number} checks, the table was not loaded in this run")
            print(", ".join(f"{number} {outcome}" for outcome, number in results["outcome"].value_counts().items()))
    return EXIT_OK


def _scaffold(asked: argparse.Namespace) -> int:
    from expectations.authoring.scaffold import add_to_suite, scaffold

    table, checks = _table_and_checks(asked.table)
    text = scaffold(table, checks, asked.type)
    print(add_to_suite(text, table) if asked.write else text, end="")
    return EXIT_OK


def _table_and_checks(name: str) -> tuple[Any, tuple[Any, ...]]:
    from expectations.authoring.scaffold import table_named
    from expectations.running.check_all import declared_checks
    from pipelines.declarations.catalogue import tables

    return table_named(name, tables()), declared_checks()


def _export(asked: argparse.Namespace) -> int:
    from expectations.authoring.gx_project import write_project

    with _frames(asked.tables) as frames:
        made = write_project(frames, asked.folder)
    print(f"{made.sentence}\nRun them without ringfence: python {asked.folder / 'run_in_gx.py'}")
    return EXIT_OK


def _import(asked: argparse.Namespace) -> int:
    from expectations.authoring.import_suite import import_suite
    from expectations.authoring.scaffold import add_to_suite

    table, checks = _table_and_checks(asked.table)
    made = import_suite(asked.file, table, checks, because=asked.because)
    print(add_to_suite(made.text, table) if asked.write else made.text, end="")
    print(made.sentence, file=sys.stderr)
    return EXIT_OK


def _suggest(asked: argparse.Namespace) -> int:
    from expectations.authoring.suggest import suggest
    from expectations.records.checks import NotRunError

    table, checks = _table_and_checks(asked.table)
    with _frames(asked.tables) as frames:
        try:
            made = suggest(frames, table, checks)
        except NotRunError as reason:
            raise InputError(str(reason)) from reason
    print("\n".join(made) + f"# {len(made)} proposals; none was added. What holds is not yet a rule: say why it must.")
    return EXIT_OK


def _history(asked: argparse.Namespace) -> int:
    from expectations.running.history import past_outcomes, sentences

    told = sentences(past_outcomes(asked.runs))
    print("\n".join(f"{code}: {text}" for code, text in told.items()) or f"No finished run below {asked.runs}.")
    return EXIT_OK


def _lines(asked: argparse.Namespace) -> list[dict[str, Any]]:
    from expectations.authoring.quarantine_view import read_lines

    return read_lines(asked.tables or asked.run / "tables")


def _list(asked: argparse.Namespace) -> int:
    from expectations.authoring.quarantine_view import listing

    print(listing(_lines(asked)))
    return EXIT_OK


def _show(asked: argparse.Namespace) -> int:
    from expectations.authoring.quarantine_view import record

    print(record(_lines(asked), asked.record))
    return EXIT_OK


def _release(asked: argparse.Namespace) -> int:
    from expectations.authoring.quarantine_view import release
    from expectations.quarantine.releases import register
    from expectations.running.check_all import declared_checks

    date = asked.date or datetime.date.today().isoformat()  # a decision has a date; runs never read a clock
    lines, path = _lines(asked), register()
    print(release(lines, asked.record, asked.check, date, asked.reason, asked.by, checks=declared_checks(), path=path))
    return EXIT_OK
