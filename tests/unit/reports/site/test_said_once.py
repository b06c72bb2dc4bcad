"""What stands over a table or a chart is said once: no caption or title repeats the heading it stands under."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[4]
HEAD = re.compile(
    r"<h[234][^>]*>(?P<heading>.*?)</h[234]>|<caption[^>]*>(?P<caption>.*?)(?: <span class=\"note\">|</caption>)"
    r"|<figcaption><strong>(?P<title>.*?)</strong>",
    re.DOTALL,
)


def repeated(html: str) -> list[str]:
    """Captions and titles that say the heading above them, and titles that say the caption beside them."""
    found: list[str] = []
    heading, beside = "", set[str]()
    for head in HEAD.finditer(html):
        said = re.sub(r"<[^>]+>", "", head[head.lastgroup or 0]).strip()
        if head.lastgroup == "heading":
            heading, beside = said, set()
        elif said == heading or (head.lastgroup == "caption" and said in beside):
            found.append(said)
        elif head.lastgroup == "title":
            beside.add(said)
    return found


def test_no_caption_or_title_repeats_the_heading_over_it(tmp_path):
    write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
    folder = write_made_run(tmp_path / "made-run")
    render_site(folder, workers=1)
    pages = {path: repeated(path.read_text("utf-8")) for path in sorted((folder / "site").rglob("*.html"))}
    assert {path.name: found for path, found in pages.items() if found} == {}


def test_a_repeated_heading_is_seen():
    table = '<h3 id="a">Sums</h3><table><caption id="c">Sums <span class="note">x</span></caption></table>'
    chart = "<h3>Else</h3><figure><figcaption><strong>Rates</strong></figcaption></figure><caption>Rates</caption>"
    assert repeated(table) == ["Sums"]
    assert repeated(chart) == ["Rates"]
    assert repeated("<h3>Sums</h3><caption>By year</caption>") == []
