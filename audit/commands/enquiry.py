"""Commands of the enquiry: `sample` draws the areas to examine.

In: parsed arguments. Out: an exit code. Nothing heavy is imported until a command needs it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from audit.commands.line.options import add_out
from pipelines.processes.count_arguments import none_or_more, one_or_more
from pipelines.told import Planned, Told, does

SIZES = (10, 20, 30, 60)
RATES = (0.1, 0.3)


def add_commands(commands: Any) -> None:
    """Declare the commands of the enquiry."""
    sample = commands.add_parser("sample")
    does(sample, _sample, _plan_sample)
    add_out(sample)
    sample.add_argument("--size", type=one_or_more, default=30, metavar="N", help="areas to draw (default 30)")
    help_seed = "seed of the draw (default: that of the settings)"
    sample.add_argument("--seed", type=none_or_more, metavar="N", help=help_seed)
    sample.add_argument(
        "--to", type=Path, default=Path("sample.csv"), metavar="FILE", help="file to write, not there yet"
    )


def _run_to_draw_from(asked: argparse.Namespace) -> tuple[Path, dict[str, Any]]:
    """The run and its manifest. Raises InputError where the file to write is there already."""
    from audit.run.manifest import read_whole
    from audit.run.publish import latest
    from audit.run.run import RUNS
    from pipelines.declarations.method_version import refuse_other_method
    from pipelines.errors import InputError, Place

    if asked.to.exists():
        raise InputError("the file is there already", place=Place(str(asked.to)), do="Give another name with --to.")
    run = latest(asked.out or RUNS)
    manifest = read_whole(run)
    refuse_other_method(manifest, Place(str(run)))
    return run, manifest


def _about(path: Path) -> Path:
    """Where the description of the columns lies."""
    return path.with_name(f"{path.name}-metadata.json")


def _plan_sample(asked: argparse.Namespace) -> Planned:
    run, _ = _run_to_draw_from(asked)
    writes = [
        (_about(asked.to), "what its columns mean"),
        (asked.to, f"every area with its probability, {asked.size} drawn"),
    ]
    return Planned(writes, run=run.name)


def _sample(asked: argparse.Namespace) -> Told:
    from audit.enquiry.sample import draw
    from audit.enquiry.strata import STRATA, frame_of
    from audit.settings import recorded_settings
    from pipelines.lasting import write_text
    from reports.words.downloads import csv_text, csvw_text

    run, manifest = _run_to_draw_from(asked)
    settings = recorded_settings(manifest["settings"])
    seed = settings.count("model.seed") if asked.seed is None else asked.seed
    frame = frame_of(run / "tables")
    made = draw(frame, asked.size, seed)
    level = settings.number("model.level")
    widths = _half_widths(frame, level)
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
    write_text(_about(asked.to), csvw_text("sample", file_name=asked.to.name, run_id=run.name))
    write_text(asked.to, csv_text("sample", rows))  # last: whoever finds it finds both
    drawn = [row for row in rows if row["drawn"]]
    drawn.sort(key=lambda one: (STRATA.index(str(one["stratum"])), str(one["area_code"])))
    lines = [
        *_width_lines(widths, level), "", f"{len(drawn)} of {len(rows)} areas, seed {seed}, run {run.name}:",
        *(
            f"  {row['area_name']} ({row['area_code']}), {row['stratum']}, probability {row['probability']:.2f}"
            for row in drawn
        ),
        f"Written: {asked.to}. Being drawn says nothing of an area; it is how England can be estimated.",
    ]  # fmt: skip
    content = {"drawn": drawn, "of": len(rows), "seed": seed, "half_widths": widths, "level": level}
    return Told({**content, "written": [_about(asked.to), asked.to]}, lines, run=run.name)


def _half_widths(frame: Any, level: float) -> list[dict[str, Any]]:
    """What samples of several sizes would buy: half the width of the interval of the share of areas."""
    import numpy as np

    from audit.enquiry.estimate import planned_half_width
    from audit.enquiry.sample import inclusion

    alike, made = np.ones(len(frame.codes)), list[dict[str, Any]]()
    for size in (size for size in SIZES if size <= len(frame.codes)):
        chance = inclusion(frame, size)
        widths = {str(share): planned_half_width(chance, alike, share, level=level) for share in RATES}
        made.append({"size": size, "if_share": widths})
    return made


def _width_lines(widths: list[dict[str, Any]], level: float) -> list[str]:
    return [
        f"half width of the {level:.0%} interval of the share of areas that replaced their own money",
        "  size" + "".join(f"  if {share:.0%} did" for share in RATES),
        *(f"  {one['size']:4d}" + "".join(f"  {width:9.2f}" for width in one["if_share"].values()) for one in widths),
    ]
