"""Commands that ask: `explain` a run of an area, `sources` a folder of what is in it. Nothing is written.

In: parsed arguments. Out: answers. Refuses (InputError) a name that is no area, or several, and a run that is not as it
was published.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from audit.commands.line.options import AREA, FOLDER_OF_RETURNS, add_out
from pipelines.errors import EXIT_INPUT, EXIT_OK
from pipelines.told import Told, does


def add_commands(commands: Any) -> None:
    """Declare the commands."""
    explain = commands.add_parser("explain")
    does(explain, _explain)
    add_out(explain)
    explain.add_argument("area", nargs="+", metavar="AREA", help=AREA)
    sources = commands.add_parser("sources")
    does(sources, _sources)
    sources.add_argument("folder", type=Path, metavar="DIR", help=FOLDER_OF_RETURNS.partition(" (")[0])


def _explain(asked: argparse.Namespace) -> Told:
    from audit.run.publish import latest
    from audit.run.run import RUNS

    return explain(latest(asked.out or RUNS), " ".join(asked.area))


def explain(run: Path, wanted: str) -> Told:
    """What a run says of an area. Raises InputError, and VerificationError for a run that was changed."""
    from audit.api.explained import explained, lines_of
    from audit.api.find_area import find_area
    from audit.run.manifest import read_whole
    from pipelines.declarations.method_version import refuse_other_method
    from pipelines.errors import Place

    refuse_other_method(read_whole(run), Place(str(run)))
    found = explained(run, *find_area(run / "tables", wanted))
    return Told(found, lines_of(found), run=run.name)


def _sources(asked: argparse.Namespace) -> Told:
    from pipelines.load.load import read_files
    from pipelines.read.find_files import find_files

    paths = find_files(asked.folder)
    loaded = read_files(paths, workers=os.cpu_count() or 1)
    files = [{"file": str(path.relative_to(asked.folder)), "taken_for": loaded.why[str(path)]} for path in paths]
    whole = sum(not form.problems for form in loaded.forms)
    problems = [str(problem) for problem in loaded.problems]
    lines = [f"{one['file']}: {one['taken_for']}" for one in files]
    lines.append(f"{whole} of {len(paths)} files can be read in full, {len(problems)} problems")
    return Told(
        {"files": files, "whole": whole, "problems": problems},
        lines,
        code=EXIT_INPUT if problems else EXIT_OK,
        warnings=[f"problem: {problem}" for problem in problems],
    )
