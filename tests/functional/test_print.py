"""Pages on paper, printed by a real Chromium and read back: nothing beyond the sheet, letters that can be read, tables
whose heads repeat and that are not cut after one row, the run and the number in the foot of every sheet.
"""

from __future__ import annotations

import os
import runpy
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from made_changes import made_changes
from print_browser import ABSENT, CHROMIUM, PrintBrowser, print_browser
from printed_sheets import NUMBER_ROWS, faults

from reports.site.changes_page import changes_page
from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[2]
LEAST, FIRST = 8.0, 9.0
"""Points of the smallest letters: anywhere, and on the first sheet of an area, which is read by itself."""
AREAS = {
    "areas/E09000000.html": "both lists",
    "areas/E09000001.html": "the review list",
    "areas/E09000002.html": "the unusual-pattern list",
    "areas/E09000003.html": "no list, and a long name",
    "areas/E09000004.html": "not assessed",
}
PAGES = (
    "index.html", "validation.html", "failing-rows.html", "passed-checks.html", "sources.html", "method.html",
    "method/how-it-works.html", "method/how-well.html", "method/papers.html", "method/estimates.html",
    "method/settings.html", "review.html", "unusual.html", "all-areas-w1.html", "national.html", "requests.html",
    "criteria.html", "glossary.html", "accessibility.html", "changes.html", "flags/index.html",
    "flags/review-list.html",
    "commissioners/index.html", "commissioners/000.html", "results/both-lists.html", "regions/example-region.html",
    "classes/london.html", "bands/says-nothing-either-way.html", *AREAS,
)  # fmt: skip
REAL = "E08000003"
ALL = "RINGFENCE_PRINT_ALL"

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason=ABSENT)]


@pytest.fixture(scope="module")
def browser() -> Iterator[PrintBrowser]:
    with print_browser() as made:
        yield made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
    folder = write_made_run(tmp_path_factory.mktemp("made"))
    render_site(folder, workers=1)
    (folder / "site" / "changes.html").write_text(changes_page(made_changes()), "utf-8")
    return folder / "site"


def found(browser: PrintBrowser, page: Path) -> list[str]:
    """What is wrong with a page's print."""
    pdf = browser.printed(page, script=NUMBER_ROWS, generateTaggedPDF=False)
    return faults(pdf, least=LEAST, first=FIRST if page.parent.name == "areas" else None)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_within_its_sheets_in_letters_that_can_be_read_and_with_whole_tables(site, browser, name):
    assert found(browser, site / name) == []


def test_a_real_area_prints_as_well(embedded_run, browser):
    assert found(browser, embedded_run / "site" / "areas" / f"{REAL}.html") == []


@pytest.mark.skipif(
    not os.environ.get(ALL), reason=f"prints some 250 pages in five minutes: make print-check sets {ALL}"
)
def test_every_page_of_a_real_run_prints_as_well(embedded_run, browser):
    site = embedded_run / "site"
    pages = {path.relative_to(site).as_posix(): found(browser, path) for path in sorted(site.rglob("*.html"))}
    assert {name: wrong[:5] for name, wrong in pages.items() if wrong} == {}


def test_paper_is_a4_and_the_run_and_the_number_are_in_the_foot_of_every_sheet(site, browser):
    document = pypdfium2.PdfDocument(browser.printed(site / "areas" / "E09000000.html"))
    assert {tuple(map(round, page.get_size())) for page in document} == {(595, 842)}
    for place, page in enumerate(document, start=1):
        foot = page.get_textpage().get_text_bounded(bottom=0, top=40)
        assert "ringfence run made-0123abcd" in foot
        assert f"Page {place} of {len(document)}" in foot


ROWS = "".join(f"<tr><td>row {place}</td></tr>" for place in range(120))
BAD = {
    # Chromium shrinks a page until everything is on its sheets; what is cut off within a picture it leaves where it is.
    "beyond the sheet": "<style>@page{margin:0}body{margin:0}</style><svg width='90' height='20'><text x='-4' y='15'>"
    "away</text></svg>",
    "6.0 pt": "<p style='font-size:6pt'>small</p>",
    "5.0 pt": "<svg width='100' height='50' viewBox='0 0 200 100'><text y='50' font-size='10pt'>small</text></svg>",
    "no head on sheet 2": f"<table><thead style='display:table-row-group'><tr><th>head</th></tr></thead>"
    f"<tbody>{ROWS}</tbody></table>",
    "cut after one row": "<table><thead><tr><th>head</th></tr></thead><tbody><tr><td>one</td></tr>"
    "<tr style='break-before:page'><td>two</td></tr></tbody></table>",
    "its caption stands alone": "<table><caption style='break-after:page'>named</caption><thead><tr><th>head</th></tr>"
    "</thead><tbody><tr><td>one</td></tr></tbody></table>",
}


@pytest.mark.parametrize("said", sorted(BAD))
def test_the_reader_sees_what_it_looks_for(browser, tmp_path, said):
    page = tmp_path / "bad.html"
    page.write_text(f"<!DOCTYPE html><html><head><title>t</title></head><body>{BAD[said]}</body></html>", "utf-8")
    wrong = found(browser, page)
    assert wrong and all(said in fault for fault in wrong), wrong


def test_the_first_sheet_of_an_area_is_read_more_strictly_than_the_others(browser, tmp_path):
    (tmp_path / "areas").mkdir()
    page = tmp_path / "areas" / "E09000000.html"
    text = "<p style='font-size:8.5pt'>one</p><p style='font-size:8.5pt;break-before:page'>two</p>"
    page.write_text(f"<!DOCTYPE html><html><head><title>t</title></head><body>{text}</body></html>", "utf-8")
    assert found(browser, page) == ["sheet 1: 8.5 pt: 'one'"]
