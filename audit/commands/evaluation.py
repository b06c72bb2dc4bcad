"""The commands that test the method: `ringfence evaluate` and `ringfence injure`, for both windows.

In: parsed arguments. Out: an exit code. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from audit.commands.line.options import WORKERS
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256
from pipelines.errors import EXIT_OK, EXIT_VERIFY, DefinitionError, Place
from pipelines.processes.count_arguments import one_or_more
from pipelines.processes.engine import add_cluster, at
from pipelines.told import Planned, Told, does


def add_commands(commands: Any) -> None:
    """Declare the two commands."""
    evaluate = commands.add_parser("evaluate")
    does(evaluate, _evaluate, _plan_evaluate)
    evaluate.add_argument("--full", action="store_true", help="ten times as many cases")
    evaluate.add_argument("--rounds", type=int, metavar="N", help="any other number of rounds of cases")
    text = "folder for the results (default evaluation of the working folder; in a clone without one data/evaluation)"
    evaluate.add_argument("--out", type=Path, metavar="DIR", help=text)
    evaluate.add_argument("--tables", type=Path, metavar="DIR", help="tables that `load` wrote")
    evaluate.add_argument("--workers", type=one_or_more, default=os.cpu_count() or 1, metavar="N", help=WORKERS)
    add_cluster(evaluate)
    injure = commands.add_parser("injure")
    does(injure, _injure, _plan_injure)
    injure.add_argument("folder", type=Path, metavar="DIR", help="folder of extracts, for example data/returns")
    injure.add_argument("--to", type=Path, metavar="DIR", required=True, help="folder to write, not there yet")
    windows = (SECTION_256, BETTER_CARE_FUND)
    text = "section 256 or the Better Care Fund"
    injure.add_argument("--window", default=SECTION_256, choices=windows, help=text)
    injure.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the planting (default 1)")
    injure.add_argument("--ground", default="as returned", metavar="GROUND", help='"as returned" or "blocks"')
    injure.add_argument("--size", type=float, default=1.0, help="displacement rate of the injured")
    injure.add_argument("--background", type=float, default=0.0, help="displacement rate of everybody else")
    injure.add_argument("--prevalence", type=float, default=0.10, help="share of councils injured")
    injure.add_argument(
        "--route",
        default="own_cut",
        help="own_cut, reserves, other_services, tax_freeze, booking (W1), public_health (W2)",
    )
    injure.add_argument("--onset", default="same", help="same, lead or late")


def _evaluate(asked: argparse.Namespace) -> Told:
    from audit.evaluation.results.evaluate import evaluate
    from pipelines.declarations.parquet import read_table
    from pipelines.load.generation import refuse_altered

    out, rounds = _asked(asked)
    if asked.tables is not None:
        refuse_altered(asked.tables)
    tables: Path = asked.tables or _loaded(out, asked.workers)
    with at(asked.cluster):
        made = evaluate(tables.absolute(), out, rounds=rounds, workers=asked.workers, say=print)
    lines = [f"Results: {out / 'results.md'}; tables in {made}, as CSV in {out / 'csv'}"]
    best = read_table(made, "evaluation_best")
    beaten = [f"{row['detector']} in {row['family']}" for row in best.to_dict("records") if row["beats"]]
    if beaten:
        where = "; ".join(beaten)
        lines.append(
            f"A list beats the best we know by over two standard errors ({where}): look for what it does not see."
        )
    content = {"results": out / "results.md", "tables": made, "csv": out / "csv", "beaten": beaten}
    return Told(content, lines, code=EXIT_VERIFY if beaten else EXIT_OK)


def _asked(asked: argparse.Namespace) -> tuple[Path, int]:
    """The folder of the results and the number of rounds. Raises DefinitionError where features are the user's own."""
    from audit.evaluation.plans import FULL_ROUNDS
    from pipelines.places import DATA
    from pipelines.working_folder import own_files, to_write

    if own := own_files("features"):
        what = "what is measured is the method as shipped, not with features of your own"
        do = "Move it elsewhere meanwhile; to measure a feature, add it to audit/features of a clone."
        raise DefinitionError(what, place=Place(next(iter(own))), do=do)
    out: Path = asked.out or to_write(DATA / "evaluation", "evaluation")
    return out, asked.rounds or (FULL_ROUNDS if asked.full else 1)


def _plan_evaluate(asked: argparse.Namespace) -> Planned:
    from audit.evaluation.results.evaluate import jobs
    from pipelines.load.generation import refuse_altered

    out, rounds = _asked(asked)
    if asked.tables is not None:
        refuse_altered(asked.tables)
    cases = f"{rounds} rounds, {len(jobs(rounds)):,} cases; those that are there already are not done again"
    loaded = [] if asked.tables else [(out / "loaded-...", "the embedded figures as tables")]
    return Planned([(out / "results.md", f"how well the method works: {cases}"), (out / "csv", "its tables"), *loaded])


def _loaded(out: Path, workers: int) -> Path:
    """The embedded figures as tables below `out`, loaded once for each set of figures."""
    from audit.run import manifest
    from audit.run.load_stage import describe_inputs, load_tables
    from pipelines.lasting import remove
    from pipelines.load import generation
    from pipelines.load.load import EMBEDDED

    tables = out / f"loaded-{manifest.run_id(describe_inputs(EMBEDDED), {})}"
    if not (tables / generation.RECORD).is_file():
        for old in (*out.glob("loaded-*"), *out.glob(".loaded-*")):
            remove(old)
        with generation.made(tables) as part:
            load_tables(EMBEDDED, part, workers=workers)
    generation.refuse_altered(tables)
    return tables


def _plan_injure(asked: argparse.Namespace) -> Planned:
    from audit.panel.returns_cube import from_extracts

    from_extracts(asked.folder)
    truth = asked.to.with_name(f"{asked.to.name}-truth.csv")
    return Planned([(asked.to, "the extracts with displacement planted in them"), (truth, "what was planted")])


def _injure(asked: argparse.Namespace) -> Told:
    import csv

    from audit.generators.plant import Plan, injure
    from audit.generators.plant_fund import injure_fund
    from audit.panel.returns_cube import from_extracts, write_extracts

    names = ("seed", "ground", "size", "background", "prevalence", "route", "onset")
    cube = from_extracts(asked.folder)
    plan = Plan(**{name: getattr(asked, name) for name in names})
    if asked.window == SECTION_256:
        made, truth = injure(cube, plan)
    else:
        made, truth = injure_fund(cube, plan, *_fund_shares(asked.folder, cube.codes))
    written = write_extracts(cube, made, asked.folder, asked.to)
    beside = asked.to.with_name(f"{asked.to.name}-truth.csv")
    with beside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["authority_code", "injured", "rate", "transfer_gbp_thousand", "look_alike", "error"])
        for row, code in enumerate(cube.codes):
            money = int(truth.transfer[row].sum())
            writer.writerow(
                [code, bool(truth.injured[row]), truth.rate[row], money, truth.look_alike[row], truth.error[row]]
            )
    injured = int(truth.injured.sum())
    content = {"changed": written, "injured": injured, "truth": beside}
    return Told(content, [f"{len(written)} files changed, {injured} councils injured. The truth: {beside.name}"])


def _fund_shares(folder: Path, codes: tuple[str, ...]) -> tuple[Any, Any]:
    """Shares of the Better Care Fund and later grants by authority, derived from the folder's settlement figures."""
    import tempfile

    from audit.generators.fund_shares import fund_shares
    from audit.run.load_stage import load_tables

    with tempfile.TemporaryDirectory() as scratch:
        load_tables(folder, Path(scratch), workers=1)
        return fund_shares(Path(scratch), codes)
