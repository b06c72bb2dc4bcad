"""The commands of the main job: run, load, audit, report, explain, sources, extract.

In: parsed arguments. Out: an exit code. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from pipelines.errors import EXIT_LOCKED, EXIT_OK, EXIT_QUARANTINED
from pipelines.processes.count_arguments import one_or_more
from pipelines.processes.engine import add_cluster, at
from pipelines.working_folder import below_program, refuse_installed, serving

FOLDER_OF_RETURNS = "folder of published returns or extracts (default: the embedded figures)"
FOLDER_OF_PAYMENTS = "folder of payment files, one folder per body (default: the embedded payments)"
FOLDER_OF_TABLES = "folder that `load` wrote"
TABLE_OF_TRANSFERS = "table of NHS money allocated to councils, as CSV (default: none, and worked out instead)"
FOLDER_OF_ANSWERS = "folder of answers to requests, conclusions and the sample (default: none)"
OWN_SETTINGS = "TOML file with the settings that differ from the defaults"


def from_environment(name: str) -> Path | None:
    """A path given in the environment as RINGFENCE_<NAME>, else what the working folder gives for it, if anything; an
    argument goes before both.
    """
    value = os.environ.get(f"RINGFENCE_{name}")
    return Path(value) if value else serving(name)


def add_commands(commands: Any) -> None:
    """Declare the commands of the main job and what runs them."""

    def add(name: str, text: str, handler: Any) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        made.set_defaults(handler=handler)
        return made

    run = add("run", "do everything: load, check, audit, report", _run)
    add_out(run)
    returns, payments = from_environment("RETURNS"), from_environment("PAYMENTS")
    run.add_argument("--returns", type=Path, default=returns, metavar="DIR", help=FOLDER_OF_RETURNS)
    run.add_argument("--payments", type=Path, default=payments, metavar="DIR", help=FOLDER_OF_PAYMENTS)
    run.add_argument("--settings", type=Path, default=from_environment("SETTINGS"), metavar="FILE", help=OWN_SETTINGS)
    transfers = from_environment("TRANSFERS")
    run.add_argument("--transfers", type=Path, default=transfers, metavar="FILE", help=TABLE_OF_TRANSFERS)
    answers = from_environment("ANSWERS")
    run.add_argument("--answers", type=Path, default=answers, metavar="DIR", help=FOLDER_OF_ANSWERS)
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
    run.add_argument(
        "--workers", type=one_or_more, default=os.cpu_count() or 1, metavar="N", help="processes to work with"
    )
    add_cluster(run)
    run.add_argument("--quiet", action="store_true", help="print nothing but errors")
    run.add_argument("--verbose", action="store_true", help="print every check that did not pass")
    run.set_defaults(ended=_run_ended)

    load = add("load", "read a folder of returns into Parquet", _load)
    load.add_argument("--returns", type=Path, default=returns, metavar="DIR", help=FOLDER_OF_RETURNS)
    load.add_argument("--payments", type=Path, default=payments, metavar="DIR", help=FOLDER_OF_PAYMENTS)
    load.add_argument("--transfers", type=Path, default=transfers, metavar="FILE", help=TABLE_OF_TRANSFERS)
    load.add_argument("--answers", type=Path, default=answers, metavar="DIR", help=FOLDER_OF_ANSWERS)
    load.add_argument("--tables", type=Path, metavar="DIR", required=True, help="folder to write the tables to")
    add_cluster(load)
    audit = add("audit", "build the panel, score and flag, from checked tables", _audit)
    audit.add_argument("--tables", type=Path, metavar="DIR", required=True, help=FOLDER_OF_TABLES)
    audit.add_argument("--settings", type=Path, default=from_environment("SETTINGS"), metavar="FILE", help=OWN_SETTINGS)
    report = add("report", "draw the pages of a run again, or hand them over as PDF, workbook or zip", _report)
    report.add_argument("run", type=Path, metavar="RUN", help="folder of a run")
    report.add_argument("--pdf", nargs="+", metavar="AREA", help="print the pages of these areas as PDF with Chromium")
    text = "write the site, or one area's working papers, as a zip that opens offline"
    report.add_argument("--zip", nargs="?", const="", metavar="AREA", help=text)
    report.add_argument("--xlsx", nargs="+", metavar="AREA", help="write the workbooks of these areas")
    report.add_argument("--no-script", action="store_true", help="draw pages without the script that searches")
    report.add_argument("--to", type=Path, default=Path(), metavar="DIR", help="folder to hand over in (default here)")
    explain = add("explain", "say what the figures say of an area, and why", _explain)
    add_out(explain)
    explain.add_argument("area", metavar="AREA", help="area code or name")
    sources = add("sources", "say what each file in a folder was taken for, and why, or why it was refused", _sources)
    sources.add_argument("folder", type=Path, metavar="DIR")
    extract = add("extract", "write the embedded figures from a folder of published originals", _extract)
    extract.add_argument("folder", type=Path, metavar="DIR")
    extract.add_argument("--to", type=Path, metavar="DIR", help="folder to write to (default data)")


def add_out(parser: argparse.ArgumentParser) -> None:
    """Declare the option that names the folder of the runs."""
    text = "folder of the runs (default runs of the working folder; in a clone without one data/runs)"
    parser.add_argument("--out", type=Path, default=from_environment("OUT"), metavar="DIR", help=text)


def _run(asked: argparse.Namespace) -> int:
    from audit.run.publish import write_status
    from audit.run.run import Options, run
    from audit.settings import own_settings

    defaults = Options()
    options = Options(
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
    with at(asked.cluster):
        outcome = run(options)
    code = EXIT_QUARANTINED if asked.strict and (outcome.quarantined or outcome.not_used) else EXIT_OK
    told = {"run": outcome.folder.name, "unchanged": outcome.unchanged}
    told |= {"made_again_for": list(outcome.repaired)} if outcome.repaired else {}
    write_status(options.out, "done", exit_code=code, **told)
    if asked.verbose:
        from audit.commands.explain import print_checks

        print_checks(outcome.folder / "tables")
    if outcome.not_used:
        from audit.run.enquiry_stage import say_not_used

        say_not_used(outcome.folder / "tables")
        named = ", ".join(outcome.not_used)
        print(f"{len(outcome.not_used)} answers not used or used in part: {named}", file=sys.stderr)
    if not asked.quiet:
        if names := outcome.repaired:
            print(f"{len(names):,} files of this run were missing, first {names[0]}; it was made again.")
        print("Nothing had changed since this run." if outcome.unchanged else "Done.")
        print(f"Run {outcome.folder.name}. Open the report: {outcome.folder / 'site' / 'index.html'}")
        if not outcome.unchanged and (page := outcome.folder / "changes.html").is_file():
            print(f"What changed since the run before: {page}")
    return code


def _run_ended(asked: argparse.Namespace, state: str, code: int, message: str) -> None:
    """Tell the status file, wrong settings included; while another run holds the lock, the file is that run's."""
    from audit.run.publish import write_status
    from audit.run.run import Options

    out = (asked.out or Options().out).absolute()
    if code != EXIT_LOCKED and not below_program(out):
        write_status(out, state, exit_code=code, message=message)


def _load(asked: argparse.Namespace) -> int:
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
    print(", ".join(f"{value:,} {key.replace('_', ' ')}" for key, value in told.items()))
    return EXIT_OK


def _audit(asked: argparse.Namespace) -> int:
    from audit.account.summary import result_counts
    from audit.run.audit_stage import assess
    from audit.settings import own_settings
    from pipelines.load import generation

    with generation.renewed(asked.tables) as tables:
        assess(tables, own_settings(asked.settings))
    print(", ".join(f"{number} {result}" for result, number in result_counts(asked.tables).items()))
    return EXIT_OK


def _report(asked: argparse.Namespace) -> int:
    from audit.commands.hand_over import hand_over
    from audit.commands.redraw import redraw, run_to_draw

    if asked.pdf or asked.xlsx or asked.zip is not None:
        return hand_over(asked)
    pages = redraw(run_to_draw(asked.run), script=not asked.no_script)
    print(f"{pages} pages. Open {asked.run / 'site' / 'index.html'}")
    return EXIT_OK


def _explain(asked: argparse.Namespace) -> int:
    from audit.commands.explain import print_area
    from audit.run.publish import latest
    from audit.run.run import RUNS

    print_area(latest(asked.out or RUNS), asked.area)
    return EXIT_OK


def _sources(asked: argparse.Namespace) -> int:
    from pipelines.errors import EXIT_INPUT
    from pipelines.load.load import read_files
    from pipelines.read.find_files import find_files

    paths = find_files(asked.folder)
    loaded = read_files(paths, workers=os.cpu_count() or 1)
    for path in paths:
        print(f"{path.relative_to(asked.folder)}: {loaded.why[str(path)]}")
    for problem in loaded.problems:
        print(f"problem: {problem}", file=sys.stderr)
    whole = sum(not form.problems for form in loaded.forms)
    print(f"{whole} of {len(paths)} files can be read in full, {len(loaded.problems)} problems")
    return EXIT_INPUT if loaded.problems else EXIT_OK


def _extract(asked: argparse.Namespace) -> int:
    from pipelines.extract.altered import write_list
    from pipelines.load.extract_folder import write_figures
    from pipelines.load.load import EMBEDDED, EMBEDDED_REFERENCE
    from pipelines.places import DATA

    target = asked.to or DATA
    refuse_installed(target, do="Give --to DIR.")
    written = write_figures(
        asked.folder, target / "returns", target / "reference" / "figures", workers=os.cpu_count() or 1
    )
    if target == DATA:
        write_list([EMBEDDED, EMBEDDED_REFERENCE])
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} extracts, {size / 1e6:.1f} MB, in {target}")
    return EXIT_OK
