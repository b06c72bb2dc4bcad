"""Commands of the enquiry: `sample` draws the areas to examine.

In: parsed arguments. Out: an exit code. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from audit.commands.main_job import add_out
from pipelines.errors import EXIT_OK
from pipelines.processes.count_arguments import none_or_more, one_or_more

SIZES = (10, 20, 30, 60)
RATES = (0.1, 0.3)


def add_commands(commands: Any) -> None:
    """Declare the commands of the enquiry."""
    text = "draw areas to examine, each with a known probability, and say what a sample of each size would tell"
    sample = commands.add_parser("sample", help=text, description=text)
    sample.set_defaults(handler=_sample)
    add_out(sample)
    sample.add_argument("--size", type=one_or_more, default=30, metavar="N", help="areas to draw (default 30)")
    help_seed = "seed of the draw (default: that of the settings)"
    sample.add_argument("--seed", type=none_or_more, metavar="N", help=help_seed)
    sample.add_argument(
        "--to", type=Path, default=Path("sample.csv"), metavar="FILE", help="file to write, not there yet"
    )


def _sample(asked: argparse.Namespace) -> int:
    from audit.enquiry.sample import draw
    from audit.enquiry.strata import STRATA, frame_of
    from audit.run.manifest import read_whole
    from audit.run.publish import latest
    from audit.run.run import RUNS
    from audit.settings import recorded_settings
    from pipelines.declarations.method_version import refuse_other_method
    from pipelines.errors import InputError, Place
    from pipelines.lasting import write_text
    from reports.words.downloads import csv_text, csvw_text

    if asked.to.exists():
        raise InputError("the file is there already", place=Place(str(asked.to)), do="Give another name with --to.")
    run = latest(asked.out or RUNS)
    manifest = read_whole(run)
    refuse_other_method(manifest, Place(str(run)))
    settings = recorded_settings(manifest["settings"])
    seed = settings.count("model.seed") if asked.seed is None else asked.seed
    frame = frame_of(run / "tables")
    made = draw(frame, asked.size, seed)
    _say_sizes(frame, settings.number("model.level"))
    rows = [
        {
            "area_code": code,
            "area_name": frame.names[at],
            "stratum": STRATA[int(frame.stratum[at])],
            "nhs_money_gbp": round(float(frame.money_gbp[at])),
            "probability": round(float(made.probability[at]), 6),
            "drawn": bool(made.drawn[at]),
            "seed": seed,
            "run": run.name,
        }
        for at, code in enumerate(frame.codes)
    ]
    about = asked.to.with_name(f"{asked.to.name}-metadata.json")
    write_text(about, csvw_text("sample", file_name=asked.to.name, run_id=run.name))
    write_text(asked.to, csv_text("sample", rows))  # last: whoever finds it finds both
    drawn = [row for row in rows if row["drawn"]]
    print(f"\n{len(drawn)} of {len(rows)} areas, seed {seed}, run {run.name}:")
    for row in sorted(drawn, key=lambda one: (STRATA.index(str(one["stratum"])), str(one["area_code"]))):
        print(f"  {row['area_name']} ({row['area_code']}), {row['stratum']}, probability {row['probability']:.2f}")
    print(f"Written: {asked.to}. Being drawn says nothing of an area; it is how England can be estimated.")
    return EXIT_OK


def _say_sizes(frame: Any, level: float) -> None:
    """Print what samples of several sizes would buy: half the width of the interval of the share of areas."""
    import numpy as np

    from audit.enquiry.estimate import planned_half_width
    from audit.enquiry.sample import inclusion

    alike = np.ones(len(frame.codes))
    print(f"half width of the {level:.0%} interval of the share of areas that replaced their own money")
    print("  size" + "".join(f"  if {share:.0%} did" for share in RATES))
    for size in (size for size in SIZES if size <= len(frame.codes)):
        chance = inclusion(frame, size)
        widths = (planned_half_width(chance, alike, share, level=level) for share in RATES)
        print(f"  {size:4d}" + "".join(f"  {width:9.2f}" for width in widths))
