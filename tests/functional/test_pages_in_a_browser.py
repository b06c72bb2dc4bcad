"""Every kind of page in a real headless Chromium: nothing leaves, nothing is said, nothing scrolls sideways, and the
keyboard goes down the page.
"""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[2]
BROWSER = runpy.run_path(str(ROOT / "tests" / "functional" / "browser.py"))
BAD_INPUT = runpy.run_path(str(ROOT / "tests" / "unit" / "reports" / "words" / "test_bad_input.py"))
WIDTHS = (320, 768, 1280)
PAGES = (
    "index.html", "validation.html", "sources.html", "method.html",
    "method/how-it-works.html", "method/how-well.html", "method/settings.html", "glossary.html", "accessibility.html",
    "areas/E09000000.html", "areas/E09000001.html", "areas/E09000004.html", "areas/E09000005.html",
    "areas/E09000008.html", "flags/index.html",
    "flags/review-list.html", "commissioners/index.html", "commissioners/000.html", "results/both-lists.html",
    "regions/example-region.html", "bands/says-nothing-either-way.html", "passed-checks.html",
    "review.html", "unusual.html", "national.html", "requests.html", "all-areas-w1.html",
)  # fmt: skip
PROBE = """<script>window.told=new Promise(function(done){addEventListener("load",function(){
var d=document.documentElement,stops=[].slice.call(document.querySelectorAll("a[href],[tabindex],input,button"));
function box(e){var b=e.getBoundingClientRect();return [Math.round(b.left),Math.round(b.top),b.width,b.height]}
done({wide:d.scrollWidth>d.clientWidth,loads:performance.getEntriesByType("resource").length,
first:stops[0].className,moved:stops.filter(function(e){return e.tabIndex>0}).length,
stops:stops.slice(1).map(function(e){return [e.tagName].concat(box(e))}),
small:stops.slice(1).filter(function(e){if(e.tagName!="A"||e.closest("p,li,dd,caption,small"))return false;
var b=box(e);return b[3]<18}).length})})})</script>"""

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER["CHROMIUM"] is None, reason=BROWSER["ABSENT"])]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The pages of a made run whose areas have hostile names: 200 letters without a space, marks, tags."""
    write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
    folder = write_made_run(tmp_path_factory.mktemp("made"))
    names, rewrite = BAD_INPUT["NAMES"], BAD_INPUT["rewrite"]
    rewrite(folder, "area", lambda row: {**row, "area_name": names.get(row["area_code"], row["area_name"])})
    rewrite(folder, "flag", lambda row: {**row, "headline": f"In 2012-13 {names.get(row['area_code'], 'x')} spent"})
    render_site(folder, workers=1)
    return folder / "site"


@pytest.fixture(scope="module")
def told(site, tmp_path_factory) -> tuple[dict[tuple[str, int], Any], list[str]]:
    asked = [(name, width) for name in PAGES for width in WIDTHS]
    found, console = BROWSER["ask"](
        [(site / name, width) for name, width in asked], PROBE, tmp_path_factory.mktemp("browser")
    )
    return dict(zip(asked, found, strict=True)), console


def test_no_page_scrolls_sideways_at_any_width(told):
    assert [place for place, found in told[0].items() if found["wide"]] == []


def test_no_page_requests_anything_and_none_says_anything_on_the_console(told):
    assert [place for place, found in told[0].items() if found["loads"]] == []
    assert told[1] == []


def test_the_keyboard_comes_to_the_skip_link_first_and_then_goes_down_the_page(told):
    for (name, width), found in told[0].items():
        assert (found["first"], found["moved"]) == ("skip", 0), name
        if width != 1280:
            continue
        for before, after in zip(found["stops"], found["stops"][1:], strict=False):
            further_down, further_right = after[2] >= before[2] - 4, after[1] > before[1]
            assert further_down or further_right, (name, before, after)


def test_every_stop_of_the_keyboard_can_be_seen(told):
    for place, found in told[0].items():
        assert [stop for stop in found["stops"] if stop[3] <= 0 or stop[4] <= 0] == [], place


def test_the_probe_sees_what_it_looks_for(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        "<!DOCTYPE html><html><head><title>t</title></head><body><a href='#x' class='other' tabindex='2'>a</a>"
        "<a href='#y'>b</a><div style='width:3000px'>wide</div><img src='http://127.0.0.1:9/x.png'>"
        "<script>console.log('said')</script></body></html>",
        encoding="utf-8",
    )
    (found,), console = BROWSER["ask"]([(page, 320)], PROBE, tmp_path)
    assert (found["wide"], found["first"], found["moved"]) == (True, "other", 1)
    assert found["loads"] >= 1
    assert any("said" in line for line in console)


def test_every_page_of_a_real_run_is_under_two_hundred_kilobytes_and_the_first_well_under(embedded_run):
    sizes = {path: path.stat().st_size for path in (embedded_run / "site").rglob("*.html")}
    assert max(sizes.values()) < 200_000
    assert sizes[embedded_run / "site" / "index.html"] < 100_000


def test_the_first_page_of_a_real_run_is_short(embedded_run):
    text = (embedded_run / "site" / "index.html").read_text(encoding="utf-8").split("<main", 1)[1].split("</main>")[0]
    words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", text, flags=re.DOTALL).split()
    assert len(words) <= 1_500
