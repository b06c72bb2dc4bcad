"""The commands of this room: check, scaffold and expectations; `authoring` has that on the quarantine.

In: parsed arguments. Out: answers. A command that shows something writes nothing; one that writes says what to commit,
or what it would write. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines.errors import EXIT_CRITICAL_CHECK, EXIT_OK, InputError
from pipelines.processes.engine import add_cluster
from pipelines.told import Planned, Told, does
from pipelines.working_folder import serving

TABLES = "folder that `load` wrote, or the `tables` of a run"
IN_A_CLONE = Path("data") / "runs"
TABLE = "name of a table (docs/data-dictionary.md)"


def add_commands(commands: Any) -> None:
    """Declare the commands and what runs them."""
    check: argparse.ArgumentParser = commands.add_parser("check", description=_check.__doc__)
    does(check, _check, _plan_check)
    check.add_argument("--tables", type=Path, metavar="DIR", help=TABLES + " (with --table: default a fresh load)")
    check.add_argument("--table", metavar="T", help="only this table: show the rows that would fail, write nothing")
    check.add_argument("--only", default="", metavar="CODE", help="with --table: only this check")
    check.add_argument("--explain", action="store_true", help="with --table: say the rule, the reason and the cells")
    check.add_argument("--limit", type=int, default=20, metavar="N", help="rows shown per check (default 20)")
    check.add_argument("--runs", type=Path, metavar="DIR", help="past runs, for the history beside each check")
    check.add_argument("--payments", type=Path, metavar="DIR", help="check what `ringfence payments` wrote to DIR")
    check.add_argument("--strict", action="store_true", help="with --payments: exit with 13 when rows are set aside")
    add_cluster(check)
    kinds = commands.add_parser("scaffold").add_subparsers(dest="verb", metavar="WHAT", required=True)
    entry = kinds.add_parser("check", help="a check on a table")
    does(entry, _scaffold, _plan_scaffold)
    entry.add_argument("table", metavar="T", help=TABLE)
    entry.add_argument("--type", default="", metavar="TYPE", help="type of the check (docs/reference-checks.md)")
    entry.add_argument("--write", action="store_true", help="add it to the table's suite instead of printing it")
    _add_expectations(commands.add_parser("expectations"))


def _add_expectations(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    export = verbs.add_parser("export", help="write tables and checks as a Great Expectations project")
    does(export, _export, _plan_export)
    export.add_argument("folder", type=Path, metavar="DIR", help="new or empty, or one exported before")
    export.add_argument("--tables", type=Path, metavar="DIR", help=TABLES + " (default a fresh load)")
    read = verbs.add_parser("import", help="turn a Great Expectations suite into entries of ours")
    does(read, _import, _plan_import)
    read.add_argument("file", type=Path, metavar="FILE.json", help="suite as the library stores it")
    read.add_argument("--table", required=True, metavar="T", help=TABLE)
    read.add_argument("--because", default="", metavar="TEXT", help="reason for entries that bring none")
    read.add_argument("--write", action="store_true", help="add them to the table's suite instead of printing them")
    suggest = verbs.add_parser("suggest", help="propose checks from what a table holds; adds none")
    does(suggest, _suggest)
    suggest.add_argument("table", metavar="T", help=TABLE)
    suggest.add_argument("--tables", type=Path, metavar="DIR", help=TABLES + " (default a fresh load)")
    past = verbs.add_parser("history", help="how each check ended in past runs")
    does(past, _history)
    text, runs = "folder of the runs (default that of the working folder; in a clone data/runs)", serving("OUT")
    past.add_argument("--runs", type=Path, default=runs or IN_A_CLONE, metavar="DIR", help=text)


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


def _plan_check(asked: argparse.Namespace) -> Planned:
    from expectations.running.check_loaded import need_tables
    from pipelines.load.generation import refuse_altered

    if asked.payments is not None:
        return Planned([(asked.payments, "checked ledger: check_result, check_mark, validation.json, validation.csv")])
    if asked.table is not None:
        return Planned()
    need_tables(asked)
    refuse_altered(asked.tables)
    return Planned([(asked.tables, "the next generation of these tables, without the rows that checks set aside")])


def _check(asked: argparse.Namespace) -> Told:
    """Run the checks on loaded tables. With --table, show the rows that would fail and write nothing."""
    if asked.payments is not None:
        from expectations.running.check_payments import run_check_payments

        return run_check_payments(asked)
    if asked.table is None:
        from expectations.running.check_loaded import check_loaded

        return check_loaded(asked)
    from expectations.authoring.show_failures import chosen_checks, show
    from expectations.records.checks import ERRORED

    checks = chosen_checks(asked.table, asked.only)
    with _frames(asked.tables) as frames:
        text, outcomes = show(frames, checks, explain=asked.explain, limit=asked.limit)
    names = ("outcome", "rows_failed", "rows_seen", "detail")
    content = [{"code": item.check.code, **{name: getattr(item, name) for name in names}} for item in outcomes]
    errored = any(item.outcome == ERRORED for item in outcomes)
    return Told({"checks": content}, [text], code=EXIT_CRITICAL_CHECK if errored else EXIT_OK)


def _scaffolded(asked: argparse.Namespace) -> tuple[Any, str]:
    from expectations.authoring.scaffold import scaffold

    table, checks = _table_and_checks(asked.table)
    return table, scaffold(table, checks, asked.type)


def _scaffold(asked: argparse.Namespace) -> Told:
    table, text = _scaffolded(asked)
    return _shown_or_added(text, table, write=asked.write)


def _plan_scaffold(asked: argparse.Namespace) -> Planned:
    return _plan_added(*_scaffolded(asked), write=asked.write)


def _table_and_checks(name: str) -> tuple[Any, tuple[Any, ...]]:
    from expectations.authoring.scaffold import table_named
    from expectations.running.check_all import declared_checks
    from pipelines.declarations.catalogue import tables

    return table_named(name, tables()), declared_checks()


def _plan_added(table: Any, text: str, *, write: bool) -> Planned:
    """What `_shown_or_added` would write."""
    from expectations.authoring.scaffold import suite_to_write

    return Planned([(suite_to_write(table), "entries at its end:\n" + text.rstrip())] if write else [])


def _shown_or_added(text: str, table: Any, *, write: bool, told: str = "") -> Told:
    """Entries shown, or added to the suite of their table."""
    from expectations.authoring.scaffold import add_to_suite, suite_to_write

    warnings = [told] if told else []
    if not write:
        return Told({"entries": text, "added_to": None}, [text.rstrip("\n")], warnings=warnings)
    lines = add_to_suite(text, table).splitlines()
    return Told({"entries": text, "added_to": suite_to_write(table)}, lines, warnings=warnings)


def _plan_export(asked: argparse.Namespace) -> Planned:
    from expectations.gx.export import refuse_other_content
    from pipelines.load.generation import refuse_altered

    if asked.tables is not None:
        refuse_altered(asked.tables)
    again = ", in place of the one that stands there" if refuse_other_content(asked.folder) else ""
    return Planned([(asked.folder, f"tables and checks as a project of Great Expectations{again}")])


def _export(asked: argparse.Namespace) -> Told:
    from expectations.authoring.gx_project import write_project

    with _frames(asked.tables) as frames:
        made = write_project(frames, asked.folder)
    script = asked.folder / "run_in_gx.py"
    content = {"folder": asked.folder, "checked_on": made.checked_on, "left_out": made.left_out, "script": script}
    return Told(content, [made.sentence, f"Run them without ringfence: python {script}"])


def _imported(asked: argparse.Namespace) -> tuple[Any, str, str]:
    """The table, the entries as text, and a sentence on them."""
    from expectations.authoring.import_suite import import_suite

    table, checks = _table_and_checks(asked.table)
    made = import_suite(asked.file, table, checks, because=asked.because)
    return table, made.text, made.sentence


def _import(asked: argparse.Namespace) -> Told:
    table, text, told = _imported(asked)
    return _shown_or_added(text, table, write=asked.write, told=told)


def _plan_import(asked: argparse.Namespace) -> Planned:
    return _plan_added(*_imported(asked)[:2], write=asked.write)


def _suggest(asked: argparse.Namespace) -> Told:
    from expectations.authoring.suggest import suggest
    from expectations.records.checks import NotRunError

    table, checks = _table_and_checks(asked.table)
    with _frames(asked.tables) as frames:
        try:
            made = suggest(frames, table, checks)
        except NotRunError as reason:
            raise InputError(str(reason)) from reason
    end = f"# {len(made)} proposals; none was added. What holds is not yet a rule: say why it must."
    return Told({"proposals": made}, ["\n".join(made) + end])


def _history(asked: argparse.Namespace) -> Told:
    from expectations.running.history import past_outcomes, sentences

    past = past_outcomes(asked.runs)
    lines = [f"{code}: {text}" for code, text in sentences(past).items()] or [f"No finished run below {asked.runs}."]
    checks = {code: [vars(one) for one in items] for code, items in past.items()}
    return Told({"checks": checks}, lines)
