"""The commands of the main job: run, load, audit, report, extract.

In: parsed arguments. Out: answers, or what would be written. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from audit.api.environment import from_environment
from audit.commands.options import (
    AREA,
    FOLDER_OF_ANSWERS,
    FOLDER_OF_PAYMENTS,
    FOLDER_OF_RETURNS,
    FOLDER_OF_TABLES,
    RUN,
    TABLE_OF_TRANSFERS,
    WORKERS,
    add_out,
    add_settings,
)
from pipelines.errors import EXIT_LOCKED, EXIT_OK, EXIT_QUARANTINED
from pipelines.processes.count_arguments import one_or_more
from pipelines.processes.engine import add_cluster, at
from pipelines.told import Planned, Told, does
from pipelines.working_folder import below_program, refuse_installed


def add_commands(commands: Any) -> None:
    """Declare the commands of the main job and what runs them."""
    run = commands.add_parser("run")
    does(run, _run, _plan_run)
    add_out(run)
    _add_inputs(run)
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

    load = commands.add_parser("load")
    does(load, _load, _plan_load)
    _add_inputs(load)
    load.add_argument("--tables", type=Path, metavar="DIR", required=True, help="folder to write the tables to")
    add_cluster(load)
    audit = commands.add_parser("audit")
    does(audit, _audit, _plan_audit)
    audit.add_argument("--tables", type=Path, metavar="DIR", required=True, help=FOLDER_OF_TABLES)
    add_settings(audit)
    report = commands.add_parser("report")
    does(report, _report, _plan_report)
    report.add_argument("run", type=Path, metavar="RUN", help=RUN)
    report.add_argument("--pdf", nargs="+", metavar="AREA", help=f"print the pages of these areas as PDF; {AREA}")
    text = "write the site, or one area's working papers, as a zip that opens offline"
    report.add_argument("--zip", nargs="?", const="", metavar="AREA", help=text)
    report.add_argument("--xlsx", nargs="+", metavar="AREA", help="write the workbooks of these areas")
    report.add_argument("--no-script", action="store_true", help="draw pages without the script that searches")
    report.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="folder to hand over in (default here)")
    extract = commands.add_parser("extract")
    does(extract, _extract, _plan_extract)
    extract.add_argument("folder", type=Path, metavar="DIR", help="folder of published originals")
    extract.add_argument("--to", type=Path, metavar="DIR", help="folder to write to (default data)")


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    """Declare the options that name what is read."""
    for name, kind, text in (
        ("returns", "DIR", FOLDER_OF_RETURNS),
        ("payments", "DIR", FOLDER_OF_PAYMENTS),
        ("transfers", "FILE", TABLE_OF_TRANSFERS),
        ("answers", "DIR", FOLDER_OF_ANSWERS),
    ):
        given = from_environment(name.upper())
        parser.add_argument(f"--{name}", type=Path, default=given, metavar=kind, help=text)


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
        answer = replace(answer, warnings=[unused])
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


def _load(asked: argparse.Namespace) -> Told:
    from audit.run.enquiry_stage import load_answers
    from audit.run.load_stage import load_tables
    from audit.run.payment_stage import EMBEDDED_PAYMENTS, load_run_payments
    from audit.run.transfer_stage import load_transfers
    from audit.settings import own_settings
    from pipelines.load import generation
    from pipelines.load.load import EMBEDDED

    workers = os.cpu_count() or 1
    with at(asked.cluster), generation.made(asked.tables) as tables:
        told = load_tables(asked.returns or EMBEDDED, tables, workers=workers)
        told |= load_transfers(asked.transfers, tables)
        told |= load_answers(asked.answers, tables, own_settings(None), workers=workers)
        told |= load_run_payments(asked.payments or EMBEDDED_PAYMENTS, tables, workers=workers)
    lines = [", ".join(f"{value:,} {key.replace('_', ' ')}" for key, value in told.items())]
    return Told({"tables": asked.tables, "counts": told}, lines)


def _plan_load(asked: argparse.Namespace) -> Planned:
    from audit.run.load_stage import describe_inputs
    from pipelines.load.load import EMBEDDED

    inputs = describe_inputs(asked.returns or EMBEDDED)
    there = asked.tables.is_dir() and any(asked.tables.iterdir())
    what = f"tables of {len(inputs)} files" + (", in place of those that stand there" if there else "")
    return Planned([(asked.tables, what)])


def _audit(asked: argparse.Namespace) -> Told:
    from audit.account.summary import result_counts
    from audit.run.audit_stage import assess
    from audit.settings import own_settings
    from pipelines.load import generation

    with generation.renewed(asked.tables) as tables:
        assess(tables, own_settings(asked.settings))
    found = result_counts(asked.tables)
    lines = [", ".join(f"{number} {result}" for result, number in found.items())]
    return Told({"tables": asked.tables, "results": found}, lines)


def _plan_audit(asked: argparse.Namespace) -> Planned:
    from audit.settings import own_settings
    from pipelines.load.generation import refuse_altered

    own_settings(asked.settings)
    refuse_altered(asked.tables)
    return Planned([(asked.tables, "the next generation of these tables, with panel, scores and flags")])


def _report(asked: argparse.Namespace) -> Told:
    from audit.commands.hand_over import hand_over
    from audit.commands.redraw import redraw, run_to_draw

    if asked.pdf or asked.xlsx or asked.zip is not None:
        return hand_over(asked)
    run = run_to_draw(asked.run)
    pages, index = redraw(run, script=not asked.no_script), asked.run / "site" / "index.html"
    return Told({"pages": pages, "written": [index.parent]}, [f"{pages} pages. Open {index}"], run=run.name)


def _plan_report(asked: argparse.Namespace) -> Planned:
    from audit.commands.hand_over import plan_report

    return plan_report(asked)


def _extract(asked: argparse.Namespace) -> Told:
    from pipelines.extract.altered import write_list
    from pipelines.load.extract_folder import write_figures
    from pipelines.load.load import EMBEDDED, EMBEDDED_REFERENCE
    from pipelines.places import DATA

    target = asked.to or DATA
    refuse_installed(target, do="Give --to DIR.")
    written = write_figures(asked.folder, *_figures_of(target), workers=os.cpu_count() or 1)
    if target == DATA:
        write_list([EMBEDDED, EMBEDDED_REFERENCE])
    size = sum(path.stat().st_size for path in written)
    content = {"written": written, "bytes": size}
    return Told(content, [f"{len(written)} extracts, {size / 1e6:.1f} MB, in {target}"])


def _figures_of(target: Path) -> tuple[Path, Path]:
    return target / "returns", target / "reference" / "figures"


def _plan_extract(asked: argparse.Namespace) -> Planned:
    from pipelines.load.extract_folder import figure_paths
    from pipelines.places import DATA

    target = asked.to or DATA
    refuse_installed(target, do="Give --to DIR.")
    paths = figure_paths(asked.folder, *_figures_of(target), workers=os.cpu_count() or 1)
    return Planned([(path, "an extract, with its metadata beside it") for path in paths])
