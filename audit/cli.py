"""The command line: `ringfence run` does everything, and each stage also runs alone from the stage before it.

In: arguments. Out: an exit code from the table in `pipelines/errors.py`. Nothing heavy is imported until a command
needs it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from pipelines.errors import EXIT_BUG, EXIT_OK, EXIT_QUARANTINED, UserError

ABOUT = "When NHS money was passed to a council for social care: did it fund integration, or did it backfill cuts?"
EXITS = """exit codes: 0 done, or nothing had changed; 10 a setting or definition is wrong;
11 an input is missing or cannot be read; 12 a critical check failed, nothing published;
13 done, but rows were quarantined (only with --strict); 70 our bug; 75 another run holds the lock"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ringfence", description=ABOUT, epilog=EXITS)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text)

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--out", type=Path, metavar="DIR", help="folder of the runs (default data/runs)")

    run = commands.add_parser("run", help="do everything: load, check, audit, report", parents=[common])
    run.add_argument(
        "--returns",
        type=Path,
        metavar="DIR",
        help="folder of published returns or extracts (default: the embedded figures)",
    )
    run.add_argument(
        "--settings", type=Path, metavar="FILE", help="TOML file with the settings that differ from the defaults"
    )
    run.add_argument("--strict", action="store_true", help="exit with 13 when anything was quarantined")
    run.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes to work with")
    run.add_argument("--quiet", action="store_true", help="print nothing but errors")

    load = add("load", "read a folder of returns into Parquet")
    load.add_argument(
        "--returns",
        type=Path,
        metavar="DIR",
        help="folder of published returns or extracts (default: the embedded figures)",
    )
    load.add_argument("--tables", type=Path, metavar="DIR", required=True, help="folder to write the tables to")
    check = add("check", "run the checks on loaded tables")
    check.add_argument("--tables", type=Path, metavar="DIR", required=True, help="folder that `load` wrote")
    audit = add("audit", "build the panel, score and flag, from checked tables")
    audit.add_argument("--tables", type=Path, metavar="DIR", required=True, help="folder that `load` wrote")
    audit.add_argument(
        "--settings", type=Path, metavar="FILE", help="TOML file with the settings that differ from the defaults"
    )
    report = add("report", "draw the pages of a run again")
    report.add_argument("run", type=Path, metavar="RUN", help="folder of a run")
    explain = commands.add_parser("explain", help="say why an area has its grade", parents=[common])
    explain.add_argument("area", metavar="AREA", help="area code or name")
    sources = add("sources", "say what each file in a folder was taken for, and why, or why it was refused")
    sources.add_argument("folder", type=Path, metavar="DIR")
    extract = add("extract", "write the embedded figures from a folder of published originals")
    extract.add_argument("folder", type=Path, metavar="DIR")
    extract.add_argument("--to", type=Path, metavar="DIR", help="folder to write to (default data)")
    return parser


def _run(asked: argparse.Namespace) -> int:
    from audit.run import Options, run

    defaults = Options()
    options = Options(
        returns=asked.returns or defaults.returns,
        out=(asked.out or defaults.out).absolute(),
        settings=asked.settings,
        workers=asked.workers,
        quiet=asked.quiet,
    )
    outcome = run(options)
    if not asked.quiet:
        print("Nothing had changed since this run." if outcome.unchanged else "Done.")
        print(f"Run {outcome.folder.name}. Open the report: {outcome.folder / 'site' / 'index.html'}")
    return EXIT_QUARANTINED if asked.strict and outcome.quarantined else EXIT_OK


def _load(asked: argparse.Namespace) -> int:
    from audit.run import load_tables
    from pipelines.load import EMBEDDED

    asked.tables.mkdir(parents=True, exist_ok=True)
    told = load_tables(asked.returns or EMBEDDED, asked.tables, workers=os.cpu_count() or 1)
    print(", ".join(f"{value:,} {key.replace('_', ' ')}" for key, value in told.items()))
    return EXIT_OK


def _check(asked: argparse.Namespace) -> int:
    from audit.explain import print_checks
    from expectations.check_all import main as check_all
    from expectations.suite import SUITES

    try:
        check_all(asked.tables, SUITES, asked.tables)
    finally:
        print_checks(asked.tables)
    return EXIT_OK


def _audit(asked: argparse.Namespace) -> int:
    from audit.assess import assess
    from audit.run import grade_counts
    from audit.settings import load_settings

    assess(asked.tables, load_settings(asked.settings))
    print(", ".join(f"{number} {grade}" for grade, number in grade_counts(asked.tables).items()))
    return EXIT_OK


def _report(asked: argparse.Namespace) -> int:
    from audit.manifest import read_manifest
    from pipelines.errors import InputError
    from reports.render import render_site

    if not (asked.run / "manifest.json").is_file():
        raise InputError(
            f"{asked.run} is not a run", expected="a folder with manifest.json", do="Give a folder below data/runs."
        )
    read_manifest(asked.run)
    print(f"{len(render_site(asked.run))} pages. Open {asked.run / 'site' / 'index.html'}")
    return EXIT_OK


def _explain(asked: argparse.Namespace) -> int:
    from audit.explain import print_area
    from audit.run import RUNS, latest

    print_area(latest(asked.out or RUNS), asked.area)
    return EXIT_OK


def _sources(asked: argparse.Namespace) -> int:
    from pipelines.errors import EXIT_INPUT
    from pipelines.find_files import find_files
    from pipelines.load import read_files

    paths = find_files(asked.folder)
    loaded = read_files(paths, workers=os.cpu_count() or 1)
    for path in paths:
        print(f"{path.relative_to(asked.folder)}: {loaded.why[str(path)]}")
    for problem in loaded.problems:
        print(f"problem: {problem}", file=sys.stderr)
    print(f"{len(loaded.forms)} of {len(paths)} files can be read, {len(loaded.problems)} problems")
    return EXIT_INPUT if loaded.problems else EXIT_OK


def _extract(asked: argparse.Namespace) -> int:
    from pipelines.extract_folder import write_figures
    from pipelines.load import DATA

    target = asked.to or DATA
    written = write_figures(
        asked.folder, target / "returns", target / "reference" / "figures", workers=os.cpu_count() or 1
    )
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} extracts, {size / 1e6:.1f} MB, in {target}")
    return EXIT_OK


COMMANDS = {
    "run": _run, "load": _load, "check": _check, "audit": _audit, "report": _report, "explain": _explain,
    "sources": _sources, "extract": _extract,
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return COMMANDS[asked.command](asked)
    except UserError as error:
        print(f"ringfence: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        return EXIT_OK
    except Exception:
        import traceback

        traceback.print_exc()
        print("ringfence: this is our bug. Please report the lines above and the command.", file=sys.stderr)
        return EXIT_BUG


if __name__ == "__main__":
    sys.exit(main())
