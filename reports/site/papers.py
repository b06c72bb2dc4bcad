"""One area's working papers: its page as `index.html`, its PDF and workbook, its CSV, and the pages that explain them.

In: a run folder whose site is drawn, and an area. Out: a zip; or the workbooks of some areas as files. Where no
Chromium is installed the papers say how to print the page instead of holding the PDF. Refuses an area without a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipelines import lasting
from pipelines.errors import InputError
from reports.site.hand_over import START, page_of, relinked, site_of, write_zip
from reports.site.print_pdf import chromium, pdf_of
from reports.site.run_books import RunBooks, area_book_path
from reports.words.read_run import Row, read_run

EXPLAINING = (
    "validation.html", "passed-checks.html", "sources.html", "method.html", "method/*.html", "criteria.html",
    "requests.html", "glossary.html", "accessibility.html", "flags/*.html",
)  # fmt: skip
OVER, OVER_LINKED = "<p><span>ringfence</span></p>", '<p><a href="{}">ringfence</a></p>'
README = "README.txt"
FIRST = "Open index.html: it is the page of {name}, and leads to everything else here.\n"
PRINTED = "{code}.pdf is that page as it prints.\n"
NOT_PRINTED = "No Chromium was there to print it: open index.html in any browser and print it, on A4.\n"
BOOK = (
    "downloads/{code}.xlsx is the workbook: figures with their cells, the gap with formulas, questions to answer.\n"
    "The run is {run}; manifest.json holds its inputs with their sha256. A flag is a prompt for enquiry, not evidence "
    "of misuse.\n"
)


def _area(books: RunBooks, code: str) -> Row:
    return next(area for area in books.run.rows("area") if area["area_code"] == code)


def _page(name: str, text: str, places: Mapping[str, str]) -> str:
    """A page as it stands in the bundle: the name over it leads back to the area, not to the site it came from."""
    root = "../" * places[name].count("/")
    return relinked(name, text, places).replace(OVER, OVER_LINKED.format(root + START), 1)


def working_pages(site: Path, code: str) -> dict[str, bytes]:
    """The area's page as `index.html`, the pages that explain it, its CSVs and the manifest, by their path in the
    bundle. Raises InputError.
    """
    own, page = f"areas/{code}.html", page_of(site, code)
    explaining = [path for pattern in EXPLAINING for path in sorted(site.glob(pattern))]
    files = {own: page, **{path.relative_to(site).as_posix(): path for path in explaining}}
    figures = (f"{code}.csv", f"{code}-answers.csv", f"payments-{code.lower()}.csv")
    beside = [f"downloads/{name}{ending}" for name in figures for ending in ("", "-metadata.json")]
    others = {name: site / name for name in (*beside, "manifest.json") if (site / name).is_file()}
    places = {name: name for name in (*files, *others)} | {own: START, area_book_path(code): area_book_path(code)}
    made = {places[name]: _page(name, path.read_text("utf-8"), places).encode("utf-8") for name, path in files.items()}
    return made | {name: path.read_bytes() for name, path in others.items()}


def working_papers(run_folder: Path, code: str) -> dict[str, bytes]:
    """Every file of an area's papers by its path. Raises InputError."""
    site = site_of(run_folder)
    made, books = working_pages(site, code), RunBooks(read_run(run_folder))
    area = _area(books, code)
    made[area_book_path(code)] = books.area(area)
    try:
        browser = chromium()
    except InputError:
        how = NOT_PRINTED
    else:
        how, made[f"{code}.pdf"] = PRINTED, pdf_of(browser, page_of(site, code))
    words = {"name": area["area_name"], "code": code, "run": run_folder.name}
    made[README] = (FIRST + how + BOOK).format(**words).encode("utf-8")
    return made


def zip_papers(run_folder: Path, to: Path, *, code: str) -> Path:
    """An area's papers as a zip in the folder `to`. Raises InputError."""
    name = f"ringfence-{run_folder.name}-{code}"
    return write_zip(working_papers(run_folder, code), to / f"{name}.zip", folder=name)


def write_books(run_folder: Path, codes: Sequence[str], to: Path) -> list[Path]:
    """The workbooks of some areas, in the folder `to`."""
    books, made = RunBooks(read_run(run_folder)), list[Path]()
    to.mkdir(parents=True, exist_ok=True)
    for code in codes:
        target = to / f"ringfence-{run_folder.name}-{code}.xlsx"
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(books.area(_area(books, code)))
        lasting.put_in_place(part, target)
        made.append(target)
    return made
