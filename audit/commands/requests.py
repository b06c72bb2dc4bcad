"""The command `request`: packs that ask councils for papers, or for a comment before a list is shown.

In: parsed arguments. Out: an exit code. Nothing heavy is imported until the command needs it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audit.commands.line.options import AREA, add_out
from pipelines.declarations.table_words import BOTH_LISTS, REVIEW_LIST, UNUSUAL_LIST
from pipelines.told import Planned, Told, does

LISTS = {"review": REVIEW_LIST, "unusual": UNUSUAL_LIST}
SHOWN = 10


def add_commands(commands: Any) -> None:
    """Declare the command."""
    request = commands.add_parser("request")
    does(request, _request, _plan_request)
    add_out(request)
    whom = request.add_mutually_exclusive_group(required=True)
    whom.add_argument("area", nargs="*", default=[], metavar="AREA", help=AREA)
    whom.add_argument("--list", choices=tuple(LISTS), help="the areas of this list, in both windows")
    whom.add_argument("--sample", type=Path, metavar="FILE", help="the areas drawn by `ringfence sample`")
    request.add_argument("--window", choices=("W1", "W2"), help="with --list: the list of this window alone")
    request.add_argument(
        "--to", type=Path, default=Path("enquiry"), metavar="DIR", help="folder of the enquiry (default enquiry)"
    )
    request.add_argument("--date", type=day, metavar="DAY", help="day of the letter, as 2026-05-01")
    request.add_argument("--by", type=day, metavar="DAY", help="day to answer by (default: a blank)")
    request.add_argument("--office", default="", metavar="TEXT", help="office that asks (default: a blank)")
    text = "ask for a comment on the area's page before a list is shown, with its working papers"
    request.add_argument("--reply", action="store_true", help=text)


def day(text: str) -> str:
    """A day written 2026-05-01."""
    from datetime import date

    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"'{text}' is no day written like 2026-05-01")


def _held(asked: argparse.Namespace) -> tuple[Path, Any, dict[str, Path]]:
    """The run, its tables, and the folder of each area's pack. Raises InputError where one is there already."""
    from audit.run.manifest import read_whole
    from audit.run.publish import latest
    from audit.run.run import RUNS
    from pipelines.declarations.method_version import refuse_other_method
    from pipelines.errors import InputError, Place
    from reports.requests.packs import folder_of, refuse_existing
    from reports.requests.request import request_tables
    from reports.requests.request_run import request_run

    if asked.window and not asked.list:
        raise InputError("--window goes with --list", do="Name a list, or leave --window out.")
    if asked.date and asked.by and asked.by < asked.date:
        raise InputError(f"{asked.by} lies before {asked.date}", expected="a day to answer by after that of the letter")
    run = latest(asked.out or RUNS)
    manifest = read_whole(run)
    refuse_other_method(manifest, Place(str(run)))
    held = request_tables(request_run(run, manifest))
    codes = sorted(_codes(asked, run / "tables", held))
    folders = {code: folder_of(asked.to, code, comment=asked.reply) for code in codes}
    refuse_existing(folders.values())
    return run, held, folders


def _plan_request(asked: argparse.Namespace) -> Planned:
    from audit.commands.redraw import site_is_whole

    run, held, folders = _held(asked)
    what = "a request for a comment" if asked.reply else "a request for papers"
    writes = [(folder, f"{what}, {held.areas[code]['area_name']}") for code, folder in folders.items()]
    if asked.reply and not site_is_whole(run):
        writes.insert(0, (run / "site", "the pages, drawn again"))
    return Planned(writes, run=run.name)


def _request(asked: argparse.Namespace) -> Told:
    from reports.requests.packs import comment_pack, papers_pack, write_pack
    from reports.requests.request import Asking, area_request
    from reports.requests.why_asked import DRAWN, LISTED, NAMED

    run, held, folders = _held(asked)
    how = DRAWN if asked.sample else LISTED if asked.list else NAMED
    if asked.reply:
        _draw_pages(run)
    asking = Asking(date=asked.date or "", by=asked.by or "", office=asked.office.strip())
    for code, folder in folders.items():
        one = area_request(held, code, how=how, asking=asking)
        if asked.reply:
            write_pack(folder, comment_pack(one), beside=_working_papers(run, code))
        else:
            write_pack(folder, papers_pack(one))
    names = {str(held.areas[code]["area_name"]): folder for code, folder in folders.items()}
    content = {"packs": [{"area_name": name, "folder": folder} for name, folder in names.items()]}
    return Told(content, _lines(asked, names, run.name), run=run.name)


def _codes(asked: argparse.Namespace, tables: Path, held: Any) -> set[str]:
    """The areas to ask. Raises InputError where there are none, or one of them is not of the run."""
    from pipelines.errors import InputError

    if asked.sample:
        return _drawn(asked.sample, set(held.areas))
    if not asked.list:
        return _named(asked.area, tables)
    wanted = {LISTS[asked.list], BOTH_LISTS}
    found = {
        str(flag["area_code"])
        for flag in held.run.rows("flag")
        if flag["list"] in wanted and asked.window in (None, flag["window"])
    }
    if not found:
        raise InputError(f"no area is on the {LISTS[asked.list]} of this run", do="Name areas, or draw a sample.")
    return found


def _named(areas: list[str], tables: Path) -> set[str]:
    """The codes of areas named by code or name. Raises InputError naming all that are not found."""
    from audit.api.find_area import find_area
    from pipelines.errors import InputError

    codes, wrong = set[str](), list[InputError]()
    for area in areas:
        try:
            codes.add(find_area(tables, area).code)
        except InputError as error:
            wrong.append(error)
    if wrong:
        raise InputError("; ".join(error.what for error in wrong), expected=wrong[0].expected, do=wrong[0].do)
    return codes


def _drawn(path: Path, areas: set[str]) -> set[str]:
    """The areas drawn in a sample. Raises InputError, after printing all problems but the first."""
    import sys

    from pipelines.errors import InputError, Place
    from pipelines.supplied.strict_rows import strict_rows

    rows, problems = strict_rows("sample", _csv_lines(path), file=path.name, areas=areas)
    if problems:
        print(*problems[1:SHOWN], sep="\n", file=sys.stderr)
        raise problems[0]
    found = {str(row["area_code"]) for _, row in rows}
    if found != areas:
        raise InputError(
            f"the sample has {len(found)} areas, and the latest run {len(areas)}",
            place=Place(path.name),
            expected="the areas of the run, each once",
            do="Draw a sample from this run: ringfence sample.",
        )
    drawn = {str(row["area_code"]) for _, row in rows if row["drawn"]}
    if not drawn:
        raise InputError("no area of the sample is drawn", place=Place(path.name, column="drawn"), expected="true")
    return drawn


def _csv_lines(path: Path) -> list[list[str]]:
    import csv

    from pipelines.errors import InputError, Place

    try:
        text = path.read_text(encoding="utf-8-sig")
        return list(csv.reader(text.splitlines(keepends=True), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            f"the sample cannot be read ({error.__class__.__name__})",
            place=Place(str(path)),
            expected="the CSV that `ringfence sample` wrote",
        ) from error


def _draw_pages(run: Path) -> None:
    """Draw the run's pages where there are none: the working papers are made from them."""
    from audit.commands.redraw import redraw, site_is_whole

    if not site_is_whole(run):
        redraw(run)


def _working_papers(run: Path, code: str) -> Any:
    from reports.site.papers import zip_papers

    return lambda folder: zip_papers(run, folder, code=code)


def _lines(asked: argparse.Namespace, packs: Mapping[str, Path], run: str) -> list[str]:
    """The packs, and what to do next."""
    lines = [f"{folder}: {name}" for name, folder in sorted(packs.items(), key=lambda one: one[1].name)[:SHOWN]]
    if len(packs) > SHOWN:
        lines.append(f"... and {len(packs) - SHOWN} more")
    many = "1 pack" if len(packs) == 1 else f"{len(packs)} packs"
    if asked.reply:
        return [
            *lines, f"{many} from run {run}. Next: send letter and working papers; record what comes back and its date",
            "in data/reference/responses.csv, and run again. Nothing is alleged by being asked.",
        ]  # fmt: skip
    return [
        *lines,
        f"{many} from run {run}. Next: send letter and request.xlsx; save what comes back anywhere below {asked.to};",
        f"then check it with: ringfence answers {asked.to}. Nothing is alleged by being asked.",
    ]
