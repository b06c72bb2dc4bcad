"""Text of an input that wants to run in a browser or a spreadsheet arrives on pages and in CSV as plain text."""

from __future__ import annotations

import csv
import re
import runpy
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile_files import xlsx_parts, zipped

from pipelines.cell_values import text_of
from pipelines.errors import InputError
from pipelines.read.read_tabular import book_of
from reports.site.page_printer import script_text
from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
ATTACKS = (
    "<script>alert(1)</script>", "=cmd|'/c calc'!A1", '"onload="alert(1)', "]]><svg onload=alert(1)>", "\u202etxt.exe",
    "' onmouseover='alert(1)", "javascript:alert(1)", "<img src=x onerror=alert(1)>", "</style><iframe>", "</title><b>",
    "{{ 7*7 }}{% for %}", "&lt;script&gt;", "@SUM(1)", "\t=1+1", "--><object>", "<![CDATA[<script>]]>", "a\x00b",
)  # fmt: skip
FROM_INPUTS = (
    "area_name", "note", "commissioner_name", "file_name", "sheet", "cell", "release", "value", "expected", "reason",
    "fixes", "detail", "publisher", "title", "licence", "column_letter", "what",
)  # fmt: skip
FORBIDDEN = {"script", "iframe", "object", "embed", "base", "form", "frame", "applet"}
FORMULA = re.compile(r"^\s*[=+\-@\t\r]")
NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$")


class Seen(HTMLParser):
    """Collects what may not be on a page, and its text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in FORBIDDEN:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            runs = re.match(r"\s*(javascript|vbscript|data:text)", value or "", re.IGNORECASE)
            if name.startswith("on") or (name in ("href", "src", "xlink:href", "action") and runs):
                self.faults.append(f"<{tag} {name}={value!r}>")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a made run in which every text that comes from an input carries an attack."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path_factory.mktemp("poisoned")
    write_made_run(folder)
    for path in sorted((folder / "tables").glob("*.parquet")):
        table = pq.read_table(path)
        for index, name in enumerate(table.column_names):
            if name in FROM_INPUTS and pa.types.is_string(table.schema.field(name).type):
                texts = [
                    f"{ATTACKS[(number + index) % len(ATTACKS)]}{text or ''}"
                    for number, text in enumerate(table.column(name).to_pylist())
                ]
                table = table.set_column(index, table.schema.field(name), pa.array(texts, pa.string()))
        pq.write_table(table, path)
    render_site(folder, workers=1)
    return folder / "site"


def seen(path: Path) -> Seen:
    page = Seen()
    page.feed(path.read_text(encoding="utf-8").replace(f"<script>{script_text()}</script>", "", 1))
    return page


def test_no_text_of_an_input_becomes_a_tag_an_attribute_or_a_link_that_runs(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 10
    faults = {path.name: page.faults for path in pages for page in [seen(path)] if page.faults}
    assert faults == {}


def test_the_attacks_are_on_the_pages_as_plain_text(site: Path) -> None:
    text = "".join("".join(seen(path).text) for path in site.rglob("*.html"))
    for attack in ("<script>alert(1)</script>", "]]><svg onload=alert(1)>", "{{ 7*7 }}{% for %}", "&lt;script&gt;"):
        assert attack in text


def test_no_cell_of_a_csv_would_be_run_by_a_spreadsheet(site: Path) -> None:
    paths = sorted(site.rglob("*.csv"))
    assert len(paths) > 5
    bad: list[tuple[str, str]] = []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                bad += [(path.name, cell) for cell in row if FORMULA.match(cell) and not NUMBER.match(cell)]
    assert bad == []


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\u202e", "\u2066", "\u2028", "\ud800"])
def test_what_must_not_be_printed_does_not_come_in_by_a_cell(mark: str) -> None:
    assert text_of(f"Anytown{mark}Council").replace(" ", "") == "AnytownCouncil"


def test_what_must_not_be_printed_does_not_come_in_by_the_name_of_a_sheet() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1"><v>1</v></c></row>')
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace('name="S1"', 'name="S&#x202e;1"')
    with pytest.raises(InputError, match="the name of a sheet holds control characters"):
        book_of(zipped(parts), "made.xlsx")


def test_no_file_name_of_the_site_comes_from_an_input_unchecked(site: Path) -> None:
    for path in site.rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9_.\-]+", path.name), path.name
