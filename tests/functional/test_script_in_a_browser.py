"""The one script in a real headless Chromium, under the page's own policy: it searches, sorts and jumps, its controls
can be reached, and it changes no word.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[2]
BROWSER = runpy.run_path(str(ROOT / "tests" / "functional" / "browser.py"))
PAGES = ("index.html", "review.html", "all-areas-w1.html", "results/not-assessed.html", "areas/E09000000.html")
WORDS = """<script>window.told=new Promise(function(done){addEventListener("load",function(){
var d=document,tools=d.querySelectorAll(".tool").length,buttons=d.querySelectorAll("th button").length;
d.querySelectorAll(".tool").forEach(function(tool){tool.remove()});
done({tools:tools,buttons:buttons,words:d.querySelector("main").textContent.replace(/\\s+/g," "),
seen:d.querySelector("main").innerText.replace(/\\s+/g," ")})})})</script>"""
USE = """<script>window.told=new Promise(function(done){addEventListener("load",function(){
var d=document,table=d.querySelector("#areas-w1"),box=d.querySelector("input"),out=d.querySelector("output"),told={};
function names(){return [].slice.call(table.tBodies[0].rows).filter(function(row){return !row.hidden}).map(
function(row){return row.cells[0].textContent})}
function type(text){box.value=text;box.dispatchEvent(new Event("input"))}
function head(label){return [].slice.call(table.tHead.rows[0].cells).find(function(cell){
return cell.textContent==label})}
function sorted(label,place){head(label).firstChild.click();return [head(label).getAttribute("aria-sort"),
[].slice.call(table.querySelectorAll("[aria-sort]")).length,[].slice.call(table.tBodies[0].rows).map(
function(row){return row.cells[place].firstChild.textContent})]}
told.labelled=box.labels[0].textContent;told.first=names().length;
type("LONDON  example area");told.london=names();told.out=out.value;
type("nothing like it");told.none=[names().length,out.value];type("");told.again=[names().length,out.value];
told.ratio=[sorted("Evidence ratio",5),sorted("Evidence ratio",5)];
told.rate=sorted("Rate (90% interval)",7);told.area=[sorted("Area",0),sorted("Area",0)];
done(told)})})</script>"""
JUMP = """<script>window.told=new Promise(function(done){addEventListener("load",function(){
var d=document,box=d.querySelector("input"),went="";
d.addEventListener("click",function(press){went=press.target.getAttribute("href");press.preventDefault()});
function enter(text){box.value=text;box.dispatchEvent(new Event("input"));
box.dispatchEvent(new KeyboardEvent("keydown",{key:"Enter"}));return went}
box.focus();
done({kings:enter("king's"),letters:[].slice.call(d.querySelectorAll(".letter")).filter(function(part){
return !part.hidden}).map(function(part){return part.id}),ten:enter("area 10"),none:(went="",enter("nowhere")),
focused:d.activeElement==box})})})</script>"""

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER["CHROMIUM"] is None, reason=BROWSER["ABSENT"])]


def lowered(rate: float | None) -> float | None:
    return None if rate is None else rate - 0.75


def drawn(folder: Path, *, script: bool) -> Path:
    """A made run with rates above nought and below."""
    write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
    rewrite = runpy.run_path(str(ROOT / "tests" / "unit" / "reports" / "words" / "test_bad_input.py"))["rewrite"]
    write_made_run(folder)
    rewrite(folder, "flag", lambda row: {**row, "replacement_rate": lowered(row["replacement_rate"])})
    render_site(folder, workers=1, script=script)
    return folder / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn(tmp_path_factory.mktemp("with"), script=True)


def told(site: Path, pages: tuple[str, ...], script: str, scratch: Path) -> list[dict[str, Any]]:
    found, console = BROWSER["ask"]([(site / name, 1280) for name in pages], script, scratch)
    assert console == []
    return found


@pytest.fixture(scope="module")
def used(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return told(site, ("all-areas-w1.html",), USE, tmp_path_factory.mktemp("browser"))[0]


def test_a_page_has_the_same_words_with_the_script_and_without(site: Path, tmp_path: Path) -> None:
    bare = told(drawn(tmp_path / "bare", script=False), PAGES, WORDS, tmp_path)
    ours = told(site, PAGES, WORDS, tmp_path)
    for name, with_script, without in zip(PAGES, ours, bare, strict=True):
        assert (without["tools"], without["buttons"]) == (0, 0), name
        assert with_script["words"] == without["words"], name
        assert with_script["seen"] == without["seen"], name
    assert [page["tools"] for page in ours] == [1, 2, 1, 2, 0]
    assert ours[2]["buttons"] == 9


def test_a_table_shows_only_rows_that_hold_every_word_typed(used: dict[str, Any]) -> None:
    assert used["labelled"] == "Show only rows with"
    assert used["first"] == 12
    assert used["london"] == ["Example Area 11", "Example Area 7", "Example Area 3"]
    assert used["out"] == f"{len(used['london'])} of 12"
    assert used["none"] == [0, "0 of 12"]
    assert used["again"] == [12, ""]


def number(text: str) -> float:
    return float(text.partition(" ")[0].replace("−", "-").replace(",", ""))


def test_a_column_of_numbers_is_sorted_largest_first_then_turned_with_missing_values_last(used: dict[str, Any]) -> None:
    (down, marked, largest), (up, _, smallest) = used["ratio"]
    assert (down, up, marked) == ("descending", "ascending", 1)
    for cells, turned in ((largest, True), (smallest, False)):
        held = [text for text in cells if text != "[x]"]
        assert [number(text) for text in held] == sorted(map(number, held), reverse=turned)
        assert cells == held + ["[x]"] * (12 - len(held))
        assert 0 < len(held) < 12
    rates = [text for text in used["rate"][2] if text != "[x]"]
    assert [number(text) for text in rates] == sorted(map(number, rates), reverse=True)
    assert any(text.startswith("−") for text in rates)


def test_a_column_of_names_is_sorted_from_a_then_turned(used: dict[str, Any]) -> None:
    (up, marked, first), (down, _, last) = used["area"]
    assert (up, down, marked) == ("ascending", "descending", 1)
    assert first != last
    assert first[::-1] == last
    assert first[-1] == "King's Example & Sons"


def test_return_in_the_a_to_z_opens_the_first_area_left_and_leaves_only_its_letter(site: Path, tmp_path: Path) -> None:
    (found,) = told(site, ("index.html",), JUMP, tmp_path)
    assert found == {
        "kings": "areas/E09000004.html", "letters": ["az-k"], "ten": "areas/E09000009.html", "none": "",
        "focused": True,
    }  # fmt: skip


def test_a_page_whose_script_was_changed_does_not_run_it(site: Path, tmp_path: Path) -> None:
    text = (site / "all-areas-w1.html").read_text(encoding="utf-8")
    changed = site / "changed.html"
    changed.write_text(text.replace('made("output"', 'made( "output"'), encoding="utf-8")
    found, console = BROWSER["ask"]([(changed, 1280)], WORDS, tmp_path)
    changed.unlink()
    assert (found[0]["tools"], found[0]["buttons"]) == (0, 0)
    assert any("Content Security Policy" in line for line in console)
