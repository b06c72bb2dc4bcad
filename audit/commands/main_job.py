"""The command that does everything: `run`.

In: parsed arguments. Out: an answer, or what would be written. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import os
from typing import Any

from audit.commands.line.options import WORKERS, add_inputs, add_out, add_settings
from pipelines.errors import EXIT_LOCKED, EXIT_OK, EXIT_QUARANTINED
from pipelines.processes.count_arguments import one_or_more
from pipelines.processes.engine import add_cluster, at
from pipelines.told import Planned, Told, does
from pipelines.working_folder import below_program


def add_commands(commands: Any) -> None:
    """Declare the command and what runs it."""
    run = commands.add_parser("run")
    does(run, _run, _plan_run)
    add_out(run)
    add_inputs(run)
    add_settings(run)
    help_prior = "share of councils taken to have replaced their own money, for the run's own posterior"
    run.add_argument("--prior", type=float, metavar="SHARE", help=help_prior)
    help_materiality = "pounds below which an auditor does not look further; printed beside what papers can show"
    run.add_argument("--materiality", type=float, metavar="POUNDS", help=help_materiality)
    text = (
        "why figures that differ from those accepted before are right; without it a run beyond the limits ends with 12"
    )
    run.add_argument("--accept-revisions", metavar="REASON", help=text)
    text = "exit with 13 when anything was quarantined, or an answer is not used"
    run.add_argument("--strict", action="store_true", help=text)
    run.add_argument("--workers", type=one_or_more, default=os.cpu_count() or 1, metavar="N", help=WORKERS)
    add_cluster(run)
    run.add_argument("--verbose", action="store_true", help="print every check that did not pass")
    run.set_defaults(ended=_run_ended)


def _options(asked: argparse.Namespace) -> Any:
    """What the run is asked to do."""
    from audit.run.run import Options
    from audit.settings import own_settings

    defaults = Options()
    return Options(
        returns=asked.returns or defaults.returns,
        payments=asked.payments or defaults.payments,
        out=(asked.out or defaults.out).absolute(),
        settings=own_settings(asked.settings, prior=asked.prior, materiality_gbp=asked.materiality),
        transfers=asked.transfers,
        answers=asked.answers,
        accept_revisions=asked.accept_revisions,
        workers=asked.workers,
        quiet=asked.quiet,
    )


def _run(asked: argparse.Namespace) -> Told:
    from dataclasses import replace

    from audit.account.summary import overdue_checks, unassessed
    from audit.commands.run_said import check_lines, run_told
    from audit.run.publish import write_status
    from audit.run.run import run

    options = _options(asked)
    with at(asked.cluster):
        outcome = run(options)
    code = EXIT_QUARANTINED if asked.strict and (outcome.quarantined or outcome.not_used) else EXIT_OK
    told = {"run": outcome.folder.name, "unchanged": outcome.unchanged}
    told |= {"made_again_for": list(outcome.repaired)} if outcome.repaired else {}
    write_status(options.out, "done", exit_code=code, **told)
    answer = run_told(outcome, code=code)
    if asked.verbose:
        answer = replace(answer, lines=[*check_lines(outcome.folder / "tables"), *answer.lines])
    if outcome.not_used:
        from audit.run.enquiry_stage import say_not_used

        say_not_used(outcome.folder / "tables")
        named = ", ".join(outcome.not_used)
        unused = f"{len(outcome.not_used)} answers not used or used in part: {named}"
        answer = replace(answer, warnings=[*answer.warnings, unused])
    also = [sentence for sentence in (unassessed(outcome.folder), overdue_checks(outcome.folder)) if sentence]
    answer = replace(answer, warnings=[*answer.warnings, *also])
    return answer


def _plan_run(asked: argparse.Namespace) -> Planned:
    from audit.run.run import planned

    options = _options(asked)
    folder, missing = planned(options)
    if missing == ():
        return Planned(run=folder.name, also=["Nothing has changed since this run: it would be made the latest."])
    why = f"the run, made again for {len(missing)} files that are missing" if missing else "the run"
    return Planned(
        [
            (folder, why),
            (options.out / "latest", f"a link to run {folder.name}"),
            (options.out / "status.json", "how the run ended"),
        ],
        run=folder.name,
    )


def _run_ended(asked: argparse.Namespace, state: str, code: int, message: str) -> None:
    """Tell the status file, wrong settings included; while another run holds the lock, the file is that run's."""
    from audit.run.publish import write_status
    from audit.run.run import Options

    out = (asked.out or Options().out).absolute()
    if code != EXIT_LOCKED and not below_program(out):
        write_status(out, state, exit_code=code, message=message)
