"""Hand a run over: pages of areas as PDF, their workbooks, one area's working papers or the whole site as a zip.

In: parsed arguments of `ringfence report`. Out: files in the folder that was named, and their names; or, beforehand,
what would be written. Refuses an area that the run does not hold before anything is written.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pipelines.told import Planned, Told


def _areas(asked: argparse.Namespace, run: Path) -> tuple[list[str], list[str], str]:
    """Codes of the areas to print, of those whose workbooks are asked for, and of that whose papers are. Raises
    InputError.
    """
    from audit.api.find_area import find_area

    tables = run / "tables"
    printed, books = ([find_area(tables, area).code for area in named or ()] for named in (asked.pdf, asked.xlsx))
    return printed, books, find_area(tables, asked.zip).code if asked.zip else ""


def hand_over(asked: argparse.Namespace) -> Told:
    """Write what was asked for from the pages as they are; draw them only where there are none, or without script."""
    from audit.commands.redraw import redraw, run_to_draw, site_is_whole
    from reports.site.hand_over import zip_site
    from reports.site.papers import write_books, zip_papers
    from reports.site.print_pdf import print_areas

    run = run_to_draw(asked.run)
    printed, books, code = _areas(asked, run)
    if asked.no_script or not site_is_whole(run):
        redraw(run, script=not asked.no_script)
    made = print_areas(run, printed, asked.to) if printed else []
    made += write_books(run, books, asked.to) if books else []
    if asked.zip is not None:
        made.append(zip_papers(run, asked.to, code=code) if code else zip_site(run, asked.to))
    return Told({"written": made}, [str(path) for path in made], run=run.name)


def plan_report(asked: argparse.Namespace) -> Planned:
    """What `report` would write, handed over or drawn again. Raises what it would."""
    from audit.commands.redraw import run_to_read, site_is_whole

    run = run_to_read(asked.run)
    printed, books, code = _areas(asked, run)
    handed = bool(printed or books or asked.zip is not None)
    writes: list[tuple[Path, str]] = []
    if asked.no_script or not handed or not site_is_whole(run):
        writes.append((run / "site", "the pages, drawn again" + (" without script" if asked.no_script else "")))
    stem = f"ringfence-{run.name}"
    writes += [(asked.to / f"{stem}-{area}.pdf", "the page of the area as PDF") for area in printed]
    writes += [(asked.to / f"{stem}-{area}.xlsx", "the workbook of the area") for area in books]
    if asked.zip is not None:
        what = "the working papers of the area" if code else "the whole site"
        writes.append((asked.to / f"{stem}{f'-{code}' if code else ''}.zip", what))
    return Planned(writes, run=run.name)
