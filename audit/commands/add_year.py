"""`ringfence add-year FILE`: a new year of a return that is known, proposed from the years its map holds.

In: a published file. Out: its map's column as proposed, side by side with the year it is taken from; with --write the
column in the map, and what the source's checks say of the file. Nothing is written unless told.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.records.checks import FAILED, PASSED, Outcome
from pipelines.errors import EXIT_CRITICAL_CHECK, EXIT_INPUT, EXIT_OK, InputError, Place
from pipelines.told import Planned, Told, does

if TYPE_CHECKING:
    from pipelines.adding.propose import Proposal
    from pipelines.declarations.catalogue import Source
    from pipelines.read.read_tabular import Book

UNUSED_SHOWN = 12
SAID = {
    "renamed": "renamed", "alike": "only alike: look", "back": "back, as in an earlier year", "gone": "gone",
}  # fmt: skip


def add_commands(commands: Any) -> None:
    """Declare the command."""
    made: argparse.ArgumentParser = commands.add_parser("add-year")
    does(made, _add_year, _plan)
    made.add_argument("file", type=Path, metavar="FILE", help="the published file")
    made.add_argument("--source", default="", metavar="CODE", help="take it for this source, where its title is new")
    made.add_argument("--year", default="", metavar="YYYY-YY", help="with --source: the financial year of the file")
    made.add_argument(
        "--write", action="store_true", help="write the column into the map, then run the source's checks"
    )
    made.add_argument("--new", action="store_true", help="list every header that no line uses, not the first twelve")


def _proposed(asked: argparse.Namespace) -> tuple[Book, Any, Proposal]:
    """The file opened, what it is taken for, and its proposal. Raises InputError for a year that is held."""
    from pipelines.adding.propose import propose
    from pipelines.read.read_tabular import open_book

    book = open_book(asked.file)
    taken = _taken(book, asked.source, asked.year)
    source, year = taken.source, taken.financial_year
    if year in source.years:
        held = f"{source.title} {year} is held already: its map has that year"
        do = "If its figures were revised, put the file among your returns: a run names every figure that moved."
        raise InputError(held, place=Place(book.name), do=do)
    return book, taken, propose(book, taken)


def _plan(asked: argparse.Namespace) -> Planned:
    from pipelines.adding.column_map import column_paths

    _, taken, proposal = _proposed(asked)
    lines = list(_told(proposal, taken.source, everything=asked.new))
    if not asked.write:
        return Planned(also=lines)
    *declared, column_map = column_paths(taken.source)
    copied = [(path, "the source as it is shipped, to take its place") for path in declared]
    return Planned([*copied, (column_map, f"the map with column {proposal.year}")], also=lines)


def _add_year(asked: argparse.Namespace) -> Told:
    from pipelines.adding.column_map import write_column
    from pipelines.declarations.declared_files import named

    book, taken, proposal = _proposed(asked)
    source = taken.source
    problems, rows = _read(book, taken, proposal)
    lines = [*_told(proposal, source, everything=asked.new), *(f"problem: {problem}" for problem in problems)]
    lines.append(f"With this column {rows:,} rows can be read, {len(problems)} problems.")
    code = EXIT_INPUT if problems else EXIT_OK
    content = _content(proposal, source) | {"rows": rows, "problems": [str(problem) for problem in problems]}
    if not asked.write:
        lines.append("Nothing was written. Add --write to write the column, or copy the cells you want.")
        return Told(content, lines, code=code)
    written = write_column(source, proposal)
    print("\n".join([*lines, f"Written: column {proposal.year} of {named(written)}."]), flush=True)
    outcomes = _checked(asked.file, source.table)
    failed = [one for one in outcomes if one.outcome == FAILED]
    content |= {"written": written, "checks": [_check_content(one) for one in outcomes]}
    if any(one.stops_the_run for one in failed):
        code = EXIT_CRITICAL_CHECK
    return Told(content, _check_lines(outcomes, failed, source.table), code=code)


def _content(proposal: Proposal, source: Source) -> dict[str, Any]:
    """The proposal as plain values."""
    shown = [
        {"label": one.line.label, "how": one.how, "before": one.before or None, "found": one.found or None}
        for one in proposal.lines
    ]
    told = {"source": source.code, "year": proposal.year, "basis": proposal.basis}
    return {**told, "lines": shown, "unused": list(proposal.unused), "written": None, "checks": []}


def _taken(book: Book, code: str, year: str) -> Any:
    """What the file is taken for: by its content, or as it was told where its content says nothing else."""
    from pipelines.declarations.catalogue import sources
    from pipelines.declarations.declared_files import perhaps
    from pipelines.financial_year import parse_year
    from pipelines.shape.recognise import Recognised, taken_for

    if not code:
        return taken_for(book, sources())
    if code not in sources():
        raise InputError(f"no source '{code}'", place=Place("--source"), expected=perhaps(code, sources()))
    if parse_year(year) != year:
        what = f"'{year}' is no financial year" if year else "no financial year is given, which --source needs"
        raise InputError(what, place=Place("--year"), expected="a year such as 2025-26")
    try:
        known = taken_for(book, sources())
    except InputError:
        known = None
    if known and (known.source.code, known.financial_year) != (code, year):
        raise InputError(
            f"the content says that this is {known.source.code} {known.financial_year} ({known.why})",
            place=Place(book.name),
            expected=f"{code} {year}, as --source and --year say",
            do="Leave both out: they are for a file that fits no declared source.",
        )
    return Recognised(sources()[code], year, "", "", "as told")


def _told(proposal: Proposal, source: Source, *, everything: bool) -> Iterator[str]:
    """The proposal side by side: what differs from the year it is taken from, then what is new in the file."""
    counts = {how: sum(one.how == how for one in proposal.lines) for how in ("same", *SAID)}
    yield f"{source.title}: column {proposal.year}, proposed from {proposal.basis}"
    yield f"  {counts['same']} lines as in {proposal.basis}; " + ", ".join(f"{counts[how]} {SAID[how]}" for how in SAID)
    for how, words in SAID.items():
        for one in (one for one in proposal.lines if one.how == how):
            yield f"  {words}: {one.line.label}"
            yield f"    {proposal.basis}: {one.before or '-'}"
            yield f"    {proposal.year}: {one.found or '-'}"
    if proposal.unused:
        shown = proposal.unused if everything else proposal.unused[:UNUSED_SHOWN]
        rest = len(proposal.unused) - len(shown)
        yield f"  headers that no line uses: {len(proposal.unused)}"
        yield "    " + "; ".join(shown) + (f"; and {rest} more (--new lists them)" if rest else "")


def _read(book: Book, taken: Any, proposal: Proposal) -> tuple[list[Any], int]:
    """Problems and rows when the file is read with the proposed column."""
    from dataclasses import replace

    from pipelines.areas.authorities import directory
    from pipelines.declarations.catalogue import tables
    from pipelines.shape.shapes import read_form

    source = proposal.with_column(taken.source)
    form = read_form(book, replace(taken, source=source), tables()[source.table], directory())
    return list(form.problems), form.size


def _checked(file: Path, table: str) -> list[Outcome]:
    """How the checks of its table end when the file alone is loaded."""
    import shutil

    from expectations.records.table_frames import Frames
    from expectations.running.check_all import declared_checks, run_checks
    from pipelines.declarations.catalogue import sources
    from pipelines.load.load import load

    sources.cache_clear()
    with tempfile.TemporaryDirectory() as folder:
        returns, out = Path(folder) / "returns", Path(folder) / "tables"
        returns.mkdir()
        shutil.copyfile(file, returns / file.name)
        load(returns, out)
        return list(run_checks(tuple(check for check in declared_checks() if check.table == table), Frames(out)))


def _check_content(outcome: Outcome) -> dict[str, Any]:
    names = ("outcome", "rows_failed", "rows_seen", "detail")
    return {"code": outcome.check.code, **{name: getattr(outcome, name) for name in names}}


def _check_lines(outcomes: list[Outcome], failed: list[Outcome], table: str) -> list[str]:
    """Every check that failed, and the totals."""
    lines = [
        f"{outcome.check.severity:<8} {outcome.check.code}: {outcome.check.because} {outcome.detail}".rstrip()
        for outcome in failed
    ]
    passed = sum(one.outcome == PASSED for one in outcomes)
    left = len(outcomes) - passed - len(failed)
    rest = f", {left} need other returns" if left else ""
    return [*lines, f"Checks of {table} on this file alone: {passed} passed, {len(failed)} failed{rest}."]
