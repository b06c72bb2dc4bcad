"""Draw a run's site: the only room that writes pages.

In: a run folder (`manifest.json`, `tables/*.parquet`), and nothing else. Out: `<run>/site/`, written under a
temporary name and renamed when complete, so a half-drawn site is never seen. The same run gives the same bytes: no
clock, no counters, no addresses.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines import lasting
from pipelines.declarations.catalogue import tables
from pipelines.recorded import OWN_HASH, record_text
from reports.area.area_context import area_context
from reports.area.area_page import area_page
from reports.area.area_view import AreaPage
from reports.area.page_csv import TABLE, page_csvs
from reports.charts.drawings import drawing
from reports.charts.finish_svg import laid_over, with_text
from reports.checks.failing_rows_page import PAGE, failing_rows_page
from reports.checks.passed_checks_page import PASSED_PAGE, passed_checks_page
from reports.checks.sources_page import sources_page
from reports.checks.validation_page import validation_page
from reports.england.front_records import IndexPage
from reports.england.index_page import index_page
from reports.england.list_pages import list_pages
from reports.england.national_page import PAGE as NATIONAL
from reports.england.national_page import national_page
from reports.england.working_papers import working_papers
from reports.method.flag_pages import flag_pages
from reports.method.method_page import method_pages
from reports.payments.commissioner_pages import commissioner_pages
from reports.payments.section import payment_csvs, payments
from reports.requests.pack_page import PAGE as REQUESTS
from reports.requests.pack_page import pack_page
from reports.site.enquiry_downloads import enquiry_csvs
from reports.site.page_printer import PageText, page_printer
from reports.site.plain_pages import plain_pages
from reports.site.run_books import site_books
from reports.site.write_site import write_files
from reports.words.downloads import areas_of, csv_text, csv_texts, csvw_text, datapackage_text, schema_text
from reports.words.flags_csv import flags_csv
from reports.words.read_run import Row, Run, read_run
from reports.words.view_models import Figure, ProsePage, TablesPage

NOT_PRINTED = ("outputs", "sizes", "commit", OWN_HASH)
"""Of the manifest: what is known only when the pages are drawn, and the commit, which decides nothing."""
DOWNLOADS = ("flag", "check_result", "check_finding", "data_quality", "quarantine", "source_file")
TOGETHER = 30
Made = tuple[str, Any]


def _figures(page: Any) -> Iterator[Figure]:
    if isinstance(page, IndexPage):
        yield from page.said.maps
    elif isinstance(page, AreaPage):
        yield from (part.figure for part in (*page.money, *page.path, *page.why, page.peers) if part.figure)
        yield from page.funnel_figures
        yield from (part.figure for part in page.payments.parts if part.figure)
    elif isinstance(page, TablesPage):
        yield from (part.figure for part in page.measured if part.figure)
    elif isinstance(page, ProsePage):
        yield from (part.figure for section in page.sections for part in section.parts if part.figure)


def _specs(path: str, page: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """What to draw for a page: a drawing's name is its page's path and its figure's id, and `under` for what lies under
    it.
    """
    for figure in _figures(page):
        yield f"{path}#{figure.id}", figure.spec
        if figure.under is not None:
            yield f"{path}#{figure.id}#under", figure.under


def _pages(run: Run) -> Iterator[dict[str, Made]]:
    """Every page by its path, some at a time, so that charts of the first are drawn while the next are made."""
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
    return f"areas/{_safe(str(area['area_code']))}.html"


def _safe(code: str) -> str:
    """A code that can be a file name: letters, digits, dash and underscore only."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in code)


def _downloads(run: Run) -> dict[str, str]:
    printed = {key: value for key, value in run.manifest.items() if key not in NOT_PRINTED}
    made: dict[str, str] = {"manifest.json": record_text(printed)}
    areas_by_code = areas_of(run)
    about = partial(csvw_text, run_id=run.run_id, for_people=True)
    for table in DOWNLOADS:
        name = "flags.csv" if table == "flag" else f"{table}.csv"
        rows = run.rows(table)
        made[f"downloads/{name}"] = flags_csv(rows) if table == "flag" else csv_text(table, rows, areas=areas_by_code)
        made[f"downloads/{name}-metadata.json"] = about(table, file_name=name)
    figures, areas = page_csvs(run), dict[str, str]()
    while some := {f"{_safe(code)}.csv": (code, rows) for code, rows in islice(figures, TOGETHER)}:
        own = {name: rows for name, (_, rows) in some.items()}
        for name, text in csv_texts(TABLE, own, areas=areas_by_code).items():
            areas[name] = f"{tables()[TABLE].title}: {areas_by_code[some[name][0]]['area_name']}"
            made[f"downloads/{name}"] = text
            made[f"downloads/{name}-metadata.json"] = about(TABLE, file_name=name, title=areas[name])
    paid = payment_csvs(payments(run), areas_by_code)
    for path, (title, text) in paid.items():
        made[path] = text
        name = path.removeprefix("downloads/")
        made[f"{path}-metadata.json"] = about("payment_flow", file_name=name, title=title)
    enquiry = enquiry_csvs(run)
    for path, (table, title, text) in enquiry.items():
        made[path] = text
        name = path.removeprefix("downloads/")
        made[f"{path}-metadata.json"] = about(table, file_name=name, title=title)
    files = {f"downloads/{'flags' if table == 'flag' else table}.csv": table for table in DOWNLOADS}
    files |= {f"downloads/{name}": TABLE for name in areas} | dict.fromkeys(paid, "payment_flow")
    files |= {path: table for path, (table, _, _) in enquiry.items()}
    made |= {f"downloads/{table}.schema.json": schema_text(table) for table in sorted(set(files.values()))}
    made["datapackage.json"] = datapackage_text(
        {path: (table, made[path]) for path, table in files.items()}, run.run_id
    )
    return made


def _page_texts(
    pages: Mapping[str, Made], drawn: Iterator[tuple[str, str]], page_text: PageText
) -> Iterator[tuple[str, str]]:
    """Each page's path and text, printed as soon as its last drawing is there."""
    wanted = {path: {name for name, _ in _specs(path, page)} for path, (_, page) in pages.items()}
    held: dict[str, dict[str, str]] = {path: {} for path in pages}
    yield from ((path, page_text(*pages[path], {})) for path in pages if not wanted[path])
    for name, svg in drawn:
        path = name.partition("#")[0]
        held[path][name] = svg
        if len(held[path]) == len(wanted[path]):
            yield path, page_text(*pages[path], _charts(path, pages[path][1], held.pop(path)))


def _charts(path: str, page: Any, drawn: Mapping[str, str]) -> dict[str, str]:
    """A page's charts by id, named for assistive technology, from its drawings."""
    made: dict[str, str] = {}
    for figure in _figures(page):
        svg = drawn[f"{path}#{figure.id}"]
        if figure.under is not None:
            svg = laid_over(drawn[f"{path}#{figure.id}#under"], svg)
        made[figure.id] = with_text(svg, name=f"{figure.id}-svg", title=figure.title, description=figure.description)
    return made


def _site_texts(
    run_folder: Path, *, workers: int, cache: Path | None, script: bool
) -> Iterator[tuple[str, str | bytes]]:
    """Every file of the site by its path."""
    pages: dict[str, Made] = {}
    with drawing(beside=workers > 1, cache=cache) as drawings:
        run = read_run(run_folder)
        for some in _pages(run):
            pages |= some
            drawings.begin({name: spec for path, (_, page) in some.items() for name, spec in _specs(path, page)})
        yield from _downloads(run).items()
        yield from site_books(run)
        yield from _page_texts(pages, drawings.finished(), page_printer(run.run_id, script=script))


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


def render_site(run_folder: Path, *, workers: int = 2, cache: Path | None = None, script: bool = True) -> list[Path]:
    """Draw `<run>/site/` and return the paths written, sorted. `cache` keeps drawn charts by content between runs; with
    `script` off no page carries the script that searches and sorts.

    Raises InputError where the folder is not a run, a table cannot be read or a page cannot be written; an existing
    site is then left as it was.
    """
    site = run_folder / "site"
    lasting.settle(site)
    part = lasting.part_of(site)
    with _without_collector():
        written = write_files(_site_texts(run_folder, workers=workers, cache=cache, script=script), part)
    if site.exists():
        lasting.put_in_place(part, site)
    else:  # a run that is being made: it is flushed as a whole
        part.rename(site)
    return [site / path for path in written]
