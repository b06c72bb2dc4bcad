"""The commands that test the method: `ringfence evaluate` and `ringfence injure`.

In: parsed arguments. Out: an exit code. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from pipelines.errors import EXIT_OK


def add_commands(commands: Any) -> None:
    """Declare the two commands."""
    text = "plant displacement in the returns, look for it, and write down how well that works"
    evaluate = commands.add_parser("evaluate", help=text, description=text)
    evaluate.set_defaults(handler=_evaluate)
    evaluate.add_argument("--full", action="store_true", help="ten times as many cases (minutes instead of two)")
    evaluate.add_argument("--out", type=Path, metavar="DIR", help="folder for the results")
    evaluate.add_argument("--tables", type=Path, metavar="DIR", help="tables that `load` wrote")
    evaluate.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes")
    text = "plant displacement in a folder of extracts and write the same layout with the truth beside it"
    injure = commands.add_parser("injure", help=text, description=text)
    injure.set_defaults(handler=_injure)
    injure.add_argument("folder", type=Path, metavar="DIR", help="folder of extracts, for example data/returns")
    injure.add_argument("--to", type=Path, metavar="DIR", required=True, help="folder to write, not there yet")
    injure.add_argument("--seed", type=int, default=1)
    injure.add_argument("--ground", default="as returned", help='"as returned" or "blocks"')
    injure.add_argument("--size", type=float, default=1.0, help="displacement rate of the injured")
    injure.add_argument("--background", type=float, default=0.0, help="displacement rate of everybody else")
    injure.add_argument("--prevalence", type=float, default=0.10, help="share of councils injured")
    injure.add_argument("--route", default="own_cut", help="own_cut, reserves, other_services, booking or tax_freeze")
    injure.add_argument("--onset", default="same", help="same, lead or late")


def _evaluate(asked: argparse.Namespace) -> int:
    from audit.evaluate import evaluate
    from audit.evaluation_plans import ROUNDS
    from audit.run import load_tables
    from pipelines.load import DATA, EMBEDDED

    out: Path = asked.out or DATA / "evaluation"
    tables: Path = asked.tables or out / "loaded"
    if not asked.tables and not (tables / "ro3.parquet").is_file():
        tables.mkdir(parents=True, exist_ok=True)
        load_tables(EMBEDDED, tables, workers=asked.workers)
    made = evaluate(tables.absolute(), out, rounds=ROUNDS if asked.full else 1, workers=asked.workers, say=print)
    print(f"Results: {out / 'results.md'}; tables in {made}")
    return EXIT_OK


def _injure(asked: argparse.Namespace) -> int:
    import csv

    from audit.injure import Plan, injure
    from audit.returns_cube import from_extracts, write_extracts

    names = ("seed", "ground", "size", "background", "prevalence", "route", "onset")
    cube = from_extracts(asked.folder)
    made, truth = injure(cube, Plan(**{name: getattr(asked, name) for name in names}))
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
    print(f"{len(written)} files changed, {int(truth.injured.sum())} councils injured. The truth: {beside.name}")
    return EXIT_OK
