"""The stages of the main job alone: load, audit, report, and extract, which writes the embedded figures.

In: parsed arguments. Out: answers, or what would be written. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from audit.commands.line.options import AREA, FOLDER_OF_TABLES, RUN, add_inputs, add_settings
from pipelines.processes.engine import add_cluster, at
from pipelines.told import Planned, Told, does
from pipelines.working_folder import refuse_installed


def add_commands(commands: Any) -> None:
    """Declare the commands and what runs them."""
    load = commands.add_parser("load")
    does(load, _load, _plan_load)
    add_inputs(load)
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
