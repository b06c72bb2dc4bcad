"""The command `quarantine`: rows set aside listed, one shown, one released.

In: parsed arguments. Out: answers; a line in the register of releases, or what it would be. Nothing heavy is imported
until a command needs it.
"""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

from pipelines.told import Planned, Told, does
from pipelines.working_folder import serving

TABLES = "folder that `load` wrote, or the `tables` of a run"
IN_A_CLONE = Path("data") / "runs"
RECORD = "id of the record, as `quarantine list` prints it"


def add_commands(commands: Any) -> None:
    """Declare the command with its verbs."""
    verbs = commands.add_parser("quarantine").add_subparsers(dest="verb", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="what was set aside, by check")
    shown = verbs.add_parser("show", help="one record with its reason and cell")
    release = verbs.add_parser("release", help="let a record be used after all, from the next run on")
    latest = (serving("OUT") or IN_A_CLONE) / "latest"
    for verb, handler, plan in ((listed, _list, None), (shown, _show, None), (release, _release, _plan_release)):
        does(verb, handler, plan)
        verb.add_argument("--run", type=Path, default=latest, metavar="RUN", help="a run (default the latest)")
        verb.add_argument("--tables", type=Path, metavar="DIR", help=TABLES)
    for verb in (shown, release):
        verb.add_argument("record", metavar="RECORD_ID", help=RECORD)
    release.add_argument("--check", required=True, metavar="CODE", help="check that set it aside")
    release.add_argument("--reason", required=True, metavar="TEXT", help="one sentence an official understands")
    release.add_argument("--by", required=True, metavar="ROLE", help="a role, not a person")
    release.add_argument("--date", default="", metavar="DATE", help="date of the decision (default today)")


def _lines(asked: argparse.Namespace) -> list[dict[str, Any]]:
    from expectations.authoring.quarantine_view import read_lines

    return read_lines(asked.tables or asked.run / "tables")


def _of_run(asked: argparse.Namespace) -> str:
    """The id of the run that was asked, where it was one."""
    run: Path = asked.run.resolve()
    return run.name if asked.tables is None and (run / "manifest.json").is_file() else ""


def _list(asked: argparse.Namespace) -> Told:
    from expectations.authoring.quarantine_view import counted, listing

    lines = _lines(asked)
    return Told({"set_aside": counted(lines)}, [listing(lines)], run=_of_run(asked))


def _show(asked: argparse.Namespace) -> Told:
    from expectations.authoring.quarantine_view import record, records_of

    lines = _lines(asked)
    return Told({"records": records_of(lines, asked.record)}, [record(lines, asked.record)], run=_of_run(asked))


def _decided(asked: argparse.Namespace) -> tuple[Any, ...]:
    """What was decided: record, check, date, reason, role."""
    date = asked.date or datetime.date.today().isoformat()  # a decision has a date; runs never read a clock
    return asked.record, asked.check, date, asked.reason, asked.by


def _release(asked: argparse.Namespace) -> Told:
    from expectations.authoring.quarantine_view import release
    from expectations.quarantine.releases import register
    from expectations.running.check_all import declared_checks

    lines, path = _lines(asked), register()
    said = release(lines, *_decided(asked), checks=declared_checks(), path=path)
    return Told({"record": asked.record, "check": asked.check, "said": said}, [said], run=_of_run(asked))


def _plan_release(asked: argparse.Namespace) -> Planned:
    from expectations.authoring.quarantine_view import releasable
    from expectations.quarantine.releases import refuse_known, register
    from expectations.running.check_all import declared_checks

    made = releasable(_lines(asked), *_decided(asked), checks=declared_checks())
    path = register()
    refuse_known(made, path)
    return Planned([(path, f"a line that releases {asked.record} from {asked.check}")], run=_of_run(asked))
