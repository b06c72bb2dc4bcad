"""Words of the glossary as links, where they first stand on a page."""

from __future__ import annotations

import re
import runpy
from html import unescape
from pathlib import Path

import pytest

from reports.site.render import render_site
from reports.words.glossary_links import EVERYDAY, glossary_sections, linked_words, word_anchor, words_of_page

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_made_run(tmp_path_factory.mktemp("made"))
    render_site(folder, workers=1)
    return folder / "site"


def test_a_word_is_a_link_where_it_first_stands_and_text_after_that() -> None:
    worded = words_of_page("../")
    assert worded("Evidence ratios, then an evidence ratio.") == (
        '<a class="word" href="../glossary.html#evidence-ratio">Evidence ratios</a>, then an evidence ratio.'
    )
    assert worded("The evidence ratio again") == "The evidence ratio again"
    assert words_of_page("")("a posteriori") == "a posteriori"


def test_a_longer_word_goes_before_a_shorter_one_in_it() -> None:
    assert "#replacement-rate" in words_of_page("")("the replacement rate")
    assert "#planned-displacement" in words_of_page("")("planned displacement")


def test_everything_else_is_escaped_and_a_page_that_links_none_says_the_same() -> None:
    hostile = "<b>& the review list</b>"
    assert words_of_page("")(hostile) == (
        '&lt;b&gt;&amp; the <a class="word" href="glossary.html#review-list">review list</a>&lt;/b&gt;'
    )
    assert words_of_page("", linked=False)(hostile) == "&lt;b&gt;&amp; the review list&lt;/b&gt;"
    assert words_of_page("")("") == ""


def test_every_word_has_an_id_of_its_own_and_words_of_everyday_speech_are_in_the_glossary() -> None:
    words = [word for _, entries in glossary_sections() for word, _ in entries]
    anchors = [word_anchor(word) for word in words]
    assert len(set(anchors)) == len(anchors)
    assert word_anchor("papers' error") == "papers-error"
    parts = {part.strip() for word in words for part in word.split(",")}
    assert parts >= EVERYDAY
    assert {"review list", "own-funded spend", "posterior"} <= set(linked_words())
    assert not EVERYDAY & set(linked_words())


def test_links_on_pages_lead_to_their_word_and_stand_once_each(site: Path) -> None:
    glossary = (site / "glossary.html").read_text(encoding="utf-8")
    found = set[str]()
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        anchors = re.findall(r'class="word" href="[^"#]*#([^"]+)"', text)
        assert len(anchors) == len(set(anchors)), path.name
        found |= set(anchors)
    assert len(found) > 10
    assert all(f'<div id="{anchor}"><dt>' in glossary for anchor in found)
    assert 'class="word"' not in glossary


def test_no_page_has_a_link_within_a_link_or_within_a_control(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = unescape(path.read_text(encoding="utf-8"))
        assert not re.search(r"<a [^>]*>(?:(?!</a>).)*<a ", text, re.DOTALL), path.name
        assert not re.search(r"<th[^>]*scope=\"col\"[^>]*>[^<]*<a ", text), path.name
