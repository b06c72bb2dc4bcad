"""The annex of an area page as drawn: numbers of sentences stand in tables, cells read well without styles."""

from __future__ import annotations

import re
import runpy
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
ANNEX = ("peers", "path", "evidence", "why", "cautions", "recent")
CELLS, SENTENCES = ("td", "th", "dd"), ("p", "li", "caption", "strong", "h3", "figcaption")
INLINE = ("a", "small", "span", "strong", "em")
VOID = ("br", "hr", "img", "meta", "link", "input")
YEAR = re.compile(r"\b(?:19|20)\d\d(?:-\d\d)?\b")
NAMED = {"100,000", "256"}
"""Numbers of units and of names, which are no findings."""
NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


class Annex(HTMLParser):
    """Texts of cells and of sentences of a page by section, and inline siblings that nothing parts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str]] = []
        self.cells: list[str] = []
        self.sentences: list[tuple[str, str]] = []
        self.touching: list[str] = []
        self.closed = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in INLINE and self.closed:
            self.touching.append(f"{self.closed}<{tag}>")
        self.closed = ""
        if tag not in VOID:
            self.open.append((tag, str(dict(attrs).get("id") or "")))
        if tag in CELLS:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        self.open.pop()
        self.closed = f"</{tag}>" if tag in INLINE else ""

    def handle_data(self, data: str) -> None:
        self.closed = ""
        tags = [tag for tag, _ in self.open]
        section = next((name for tag, name in self.open if tag == "section"), "")
        if "svg" in tags or "style" in tags:
            return
        if any(tag in CELLS for tag in tags):
            self.cells[-1] += data
        elif section in ANNEX and any(tag in SENTENCES for tag in tags):
            self.sentences.append((section, data))


@pytest.fixture(scope="module")
def annexes(tmp_path_factory) -> dict[str, Annex]:
    run = write_made_run(tmp_path_factory.mktemp("made"))
    render_site(run, workers=1)
    made: dict[str, Annex] = {}
    for path in sorted((run / "site" / "areas").glob("*.html")):
        made[path.stem] = Annex()
        made[path.stem].feed(path.read_text(encoding="utf-8"))
    return made


def numbers(text: str) -> set[str]:
    """Numbers of two digits or more, or with decimals, that are no years."""
    return {found for found in NUMBER.findall(YEAR.sub(" ", text)) if sum(map(str.isdigit, found)) > 1}


def test_every_number_of_a_sentence_of_the_annex_stands_in_a_table_of_the_page(annexes):
    for code, page in annexes.items():
        held = numbers(" ".join(page.cells))
        for section, text in page.sentences:
            lacking = numbers(text) - held - NAMED
            assert not lacking, (code, section, text, lacking)


def test_no_text_of_a_cell_runs_into_its_neighbour_without_styles(annexes):
    for code, page in annexes.items():
        assert not page.touching, (code, page.touching[:3])
        assert any(re.fullmatch(r"[\d,]+ (\[e\] )?[A-Z]+\d+", cell) for cell in page.cells), code


def test_no_sentence_of_the_limits_stands_twice(annexes):
    for page in annexes.values():
        said = [text for section, text in page.sentences if section == "cautions" and text.strip().endswith(".")]
        assert len(said) == len(set(said)) > 1
