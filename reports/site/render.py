"""Draw a run's site: the only room that writes pages.

In: a run folder (`manifest.json`, `tables/*.parquet`), and nothing else. Out: `<run>/site/`, written under a
temporary name and renamed when complete, so a half-drawn site is never seen. The same run gives the same bytes: no
clock, no counters, no addresses.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipelines import lasting
from reports.area.area_context import area_context
from reports.area.area_page import area_page
from reports.checks.failing_rows_page import PAGE, failing_rows_page
from reports.checks.passed_checks_page import PASSED_PAGE, passed_checks_page
from reports.checks.sources_page import sources_page
from reports.checks.validation_page import validation_page
from reports.england.index_page import index_page
from reports.england.list_pages import list_pages
from reports.england.national_page import PAGE as NATIONAL
from reports.england.national_page import national_page
from reports.england.working_papers import working_papers
from reports.method.flag_pages import flag_pages
from reports.method.method_page import method_pages
from reports.payments.commissioner_pages import commissioner_pages
from reports.requests.pack_page import PAGE as REQUESTS
from reports.requests.pack_page import pack_page
from reports.site.beside import beside
from reports.site.downloads import download_files
from reports.site.page_printer import print_pages
from reports.site.plain_pages import plain_pages
from reports.site.write_site import write_files
from reports.words.downloads import safe_name
from reports.words.read_run import Row, Run, read_run

TOGETHER = 30
"""Areas whose pages are handed over at a time, to be printed while the next are made."""
Made = tuple[str, Any]


def _pages(run: Run) -> Iterator[dict[str, Made]]:
    """Every page by its path, some at a time, so that the first are printed while the next are made."""
    yield {
        "index.html": ("index", index_page(run)),
        REQUESTS: ("prose", pack_page(run)),
        NATIONAL: ("prose", national_page(run)),
        "validation.html": ("tables", validation_page(run)),
        PAGE: ("tables", failing_rows_page(run)),
        PASSED_PAGE: ("tables", passed_checks_page(run)),
        "sources.html": ("tables", sources_page(run)),
        **method_pages(run),
        **{
            path: ("prose", page)
            for path, page in (flag_pages(run) | plain_pages(run) | list_pages(run) | commissioner_pages(run)).items()
        },
    }
    context, areas, questions = area_context(run), run.rows("area"), dict[str, int]()
    for at in range(0, len(areas), TOGETHER):
        some = [(area_path(area), area_page(context, area)) for area in areas[at : at + TOGETHER]]
        questions |= {page.code: len(page.questions) for _, page in some}
        yield {path: ("area", page) for path, page in some}
    # The lists come last: what following up asks for is counted on the areas' pages.
    yield {path: ("prose", page) for path, page in working_papers(run, questions).items()}


def area_path(area: Row) -> str:
    """Where an area's page lies in the site."""
    return f"areas/{safe_name(str(area['area_code']))}.html"


def _site_texts(run_folder: Path, *, workers: int, script: bool) -> Iterator[tuple[str, str | bytes]]:
    """Every file of the site by its path."""
    with beside(apart=workers > 1) as work:
        work.ask(download_files, run_folder.resolve())
        run = read_run(run_folder)
        for some in _pages(run):
            work.ask(print_pages, run.run_id, script, some)
            for files in work.answers(wait=False):
                yield from files.items()
        for files in work.answers(wait=True):
            yield from files.items()


@contextmanager
def _without_collector() -> Generator[None]:
    """No search for cycles meanwhile: nothing made here has any, and looking through a million strings again and again
    takes a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def render_site(run_folder: Path, *, workers: int = 2, script: bool = True) -> list[Path]:
    """Draw `<run>/site/` and return the paths written, sorted. Pages are printed in a process beside this one where
    there are several `workers`; with `script` off no page carries the script that searches and sorts.

    Raises InputError where the folder is not a run, a table cannot be read or a page cannot be written; an existing
    site is then left as it was.
    """
    site = run_folder / "site"
    lasting.settle(site)
    part = lasting.part_of(site)
    with _without_collector():
        written = write_files(_site_texts(run_folder, workers=workers, script=script), part)
    if site.exists():
        lasting.put_in_place(part, site)
    else:  # a run that is being made: it is flushed as a whole
        part.rename(site)
    return [site / path for path in written]
