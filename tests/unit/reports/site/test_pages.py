"""The site drawn from a made run: escaped, complete, offline, accessible in structure, the same bytes again."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import runpy
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from made_published import as_published

from audit.commands.cli import main
from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.declarations.parquet import write_table
from pipelines.declarations.table_words import RESULTS
from pipelines.errors import InputError
from reports.area.area_page import sections
from reports.area.questions import choose
from reports.site.page_printer import policy, script_text
from reports.site.render import render_site
from reports.words.narrative import outcome

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
NEW = {"review.html", "unusual.html", "national.html", "requests.html", "all-areas-w1.html", "all-areas-w2.html"}
BARE = {"run_id": "bare", "method_version": METHOD_VERSION}
OURS = f"<script>{script_text()}</script>"
LOADS, LINK = ("src", "srcset", "poster", "data", "ping", "background"), ("link", "href")
VOID = {"meta", "link", "br", "img", "hr", "input", "path", "line", "rect", "circle", "use"}
ACCUSING = re.compile(
    r"\b(suspici\w*|fraud\w*|offend\w*|guilt\w*|culprit\w*|misappropriat\w*|siphon\w*|diverted|raid(?:ed|s)?|abuse\w*"
    r"|injur\w*|swap\w*)\b",
    re.IGNORECASE,
)


class Page(HTMLParser):
    """Collects tags, ids and links, and whether tags nest."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("style", "script"):
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def parse(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    folder = write_made_run(tmp_path_factory.mktemp("made"))
    render_site(folder, workers=1)
    return folder


@pytest.fixture(scope="module")
def pages(run) -> dict[str, Page]:
    site = run / "site"
    return {path.relative_to(site).as_posix(): parse(path) for path in sorted(site.rglob("*.html"))}


def test_every_area_has_a_page_and_a_download_and_the_other_pages_are_there(run, pages):
    assert len([name for name in pages if name.startswith("areas/")]) == 12
    assert {"index.html", "validation.html", "sources.html", "method.html", *NEW} <= set(pages)
    assert len(list((run / "site" / "downloads").glob("E09??????.csv"))) == 12


def test_tags_nest_and_every_page_has_one_h1_a_language_landmarks_and_a_skip_link(pages):
    for name, page in pages.items():
        assert (page.faults, page.open) == ([], []), name
        assert len(page.all("h1")) == 1, name
        assert page.all("html")[0]["lang"] == "en-GB"
        assert all(len(page.all(tag)) == 1 for tag in ("main", "header", "footer")), name
        assert all(nav.get("aria-label") or nav.get("aria-labelledby") for nav in page.all("nav")), name
        assert len(page.all("nav")) == 1 + name.startswith("areas/"), name
        assert page.all("a")[0]["href"] == "#main"


def test_headings_never_skip_a_level_and_ids_are_never_repeated(pages):
    for name, page in pages.items():
        levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False)), name
        ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
        assert len(ids) == len(set(ids)), name


def test_every_table_has_a_caption_scoped_headings_and_a_scrolling_region_with_a_name(pages):
    for name, page in pages.items():
        tables = len(page.all("table"))
        assert len(page.all("caption")) == tables, name
        assert all(head.get("scope") in ("col", "row", "rowgroup") for head in page.all("th")), name
        regions = [region for region in page.all("div") if region.get("role") == "region"]
        assert len(regions) >= tables
        assert all(
            region["tabindex"] == "0" and (region.get("aria-label") or region.get("aria-labelledby"))
            for region in regions
        )


def test_pages_load_nothing_and_run_one_script_at_most_of_their_own(run, pages):
    for name, page in pages.items():
        assert [attributes for attributes in page.all("script") if attributes] == [], name
        assert not {tag for tag, _ in page.tags} & {"link", "img", "iframe", "object", "embed", "form", "details"}, name
        assert not [attributes for _, attributes in page.tags if any(key.startswith("on") for key in attributes)], name
        text = (run / "site" / name).read_text(encoding="utf-8").replace(OURS, "", 1)
        assert "<script" not in text, name
        assert not [key for tag, attributes in page.tags for key in attributes if key in LOADS or (tag, key) == LINK]
        addresses = re.sub(r'<a [^>]*href="https?://[^"]*"', "", text)
        assert not re.search(r"https?://|@import|url\(|//cdn", addresses), name


def test_links_all_lead_to_a_file_or_an_id_inside_the_site(run, pages):
    site = (run / "site").resolve()
    for name, page in pages.items():
        for link in page.all("a"):
            path, _, anchor = (link["href"] or "").partition("#")
            if path.startswith("https://"):
                continue
            target = (site / name).parent / path if path else site / name
            assert target.resolve().is_relative_to(site), (name, link)
            assert target.is_file(), (name, link)
            if anchor and target.suffix == ".csv":
                lines = target.read_text(encoding="utf-8").splitlines()
                assert 2 <= int(anchor.removeprefix("row=")) <= len(lines), (name, link)
            elif anchor:
                other = pages[target.resolve().relative_to(site).as_posix()]
                assert anchor in {attributes.get("id") for _, attributes in other.tags}, (name, link)


def test_names_from_files_are_escaped_everywhere(run):
    for path in (run / "site").rglob("*.html"):
        assert "<script" not in path.read_text(encoding="utf-8").replace(OURS, "", 1), path.name
    text = (run / "site" / "areas" / "E09000005.html").read_text(encoding="utf-8")
    assert "Example &lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "King&#39;s Example &amp; Sons" in (run / "site" / "areas" / "E09000004.html").read_text(encoding="utf-8")


def test_pages_stay_under_two_hundred_kilobytes(run):
    assert max(path.stat().st_size for path in (run / "site").rglob("*.html")) < 200_000


def test_each_result_prints_its_own_words_and_only_the_unusual_pattern_list_prints_its_signs(pages):
    place = dict(zip(RESULTS, (0, 1, 2, 8, 3, 4), strict=True))
    for result, index in place.items():
        text = " ".join(pages[f"areas/E0900{index:04d}.html"].text)
        assert outcome(result) in text
    unusual, other = (" ".join(pages[f"areas/E0900000{place}.html"].text) for place in (2, 3))
    assert "Features of the unusual pattern" in unusual
    assert "Not on the unusual-pattern list" in other


def test_the_table_of_all_areas_lists_each_for_its_window_by_evidence_ratio(run):
    text = (run / "site" / "all-areas-w1.html").read_text(encoding="utf-8")
    table = text.split('id="areas-w1"')[1].split("</table>")[0]
    codes = re.findall(r"areas/(E\d+)\.html", table)
    assert len(codes) == len(set(codes)) == 12
    assert codes[:4] == ["E09000000", "E09000005", "E09000010", "E09000001"]
    assert 'href="all-areas-w2.html"' in text


def test_both_lists_stand_in_order_of_place_under_the_sentence_that_says_what_they_are_worth(run):
    text = (run / "site" / "review.html").read_text(encoding="utf-8")
    review = text.split('id="list-review-w1"')[1].split("</table>")[0]
    assert "if one council in ten did" in review
    assert "no news by itself" in review
    places = re.findall(r"</th><td>(\d+)(?: <small>[^<]*</small>)?</td>", review)
    assert len(places) == 6
    assert [int(place) for place in places] == list(range(1, len(places) + 1))
    assert "1 of 2" in review  # variants in which it stays on the list
    assert "also unusual" in review
    unusual = (run / "site" / "unusual.html").read_text(encoding="utf-8").split('id="list-unusual-w1"')[1]
    assert "isolation forest" in unusual.split("</table>")[0]


def test_a_list_says_what_following_up_asks_for_and_how_to_ask(run):
    text = (run / "site" / "review.html").read_text(encoding="utf-8")
    follow = text.split('id="follow-review-w1"')[1].split("</table>")[0]
    rows = re.findall(r'html">([^<]+)</a></th><td>(\d+)</td><td><a href="(areas/\S+?\.html)#questions">(\d+)<', follow)
    assert len(rows) == 6
    for _, plans, path, questions in rows:
        assert plans == "6"  # three years, planned without the money and with it
        section = (run / "site" / path).read_text(encoding="utf-8").split('<section id="questions"')[1]
        assert 5 <= int(questions) <= section.split("</section>")[0].count("<li>")
        assert f"ringfence request {path[6:15]}" in follow
    last = follow.split("All 6")[1]
    assert f"<td>36</td><td>{sum(int(row[3]) for row in rows)}</td>" in last
    assert "ringfence request --list review --window W1" in last
    assert all(name in follow for name in ("Followed up by", "Date", "Reference"))
    assert 'href="requests.html"' in text


def test_only_pages_with_something_to_search_carry_the_script_and_the_policy_lets_it_alone_run(run, pages):
    kinds = {"index.html", "review.html", "all-areas-w1.html", "regions/example-region.html"}
    assert len(script_text().encode("utf-8")) < 2_048
    for name, page in pages.items():
        text = (run / "site" / name).read_text(encoding="utf-8")
        (told,) = [each["content"] for each in page.all("meta") if each.get("http-equiv")]
        assert text.index("Content-Security-Policy") < text.index("<style>")
        assert (OURS in text) == (' class="find' in text), name
        assert told == policy(script_text() if OURS in text else ""), name
        if OURS in text:
            digest = hashlib.sha256(re.search(r"<script>(.*)</script>", text, re.DOTALL)[1].encode("utf-8")).digest()
            assert f"script-src 'sha256-{base64.b64encode(digest).decode()}'" in str(told)
            kinds.discard(name)
        else:
            assert "script-src" not in str(told)
        assert str(told).startswith("default-src 'none';")
    assert kinds == set()


def test_pages_drawn_without_script_say_the_same(run, pages, tmp_path):
    bare = write_made_run(tmp_path / "bare")
    render_site(bare, workers=1, script=False)
    for name, page in pages.items():
        without = parse(bare / "site" / name)
        assert not without.all("script")
        assert "".join(without.text).strip() == "".join(page.text).strip(), name


def test_the_command_draws_pages_without_script_and_then_as_they_were(tmp_path, capsys):
    folder = as_published(write_made_run(tmp_path / "made-run"))
    assert main(["report", str(folder)]) == 0
    first = {path: path.read_bytes() for path in (folder / "site").rglob("*.html")}
    assert main(["report", str(folder), "--no-script"]) == 0
    assert any(b"<script" in text for text in first.values())
    assert not any("<script" in path.read_text(encoding="utf-8") for path in first)
    assert "pages. Open" in capsys.readouterr().out
    assert main(["report", str(folder)]) == 0
    assert {path: path.read_bytes() for path in first} == first
    assert main(["report", str(folder), "--no-script", "--zip", "--to", str(tmp_path)]) == 0
    with zipfile.ZipFile(tmp_path / f"ringfence-{folder.name}.zip") as held:
        assert b"<script" not in held.read(f"ringfence-{folder.name}/index.html")


def test_the_path_of_an_area_is_told_by_year_and_a_bridged_year_says_so(pages, run):
    text = (run / "site" / "areas" / "E09000007.html").read_text(encoding="utf-8")
    table = text.split('id="path-w1-table"')[1].split("</table>")[0]
    assert "over 2 years" in table
    assert "[x]: part of a later change" in table
    assert 'id="path-w1-chart"' in text
    assert "No path of yearly changes was judged" in " ".join(pages["areas/E09000004.html"].text)


def test_a_run_of_another_version_of_the_method_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "manifest.json").write_text('{"run_id": "old", "method_version": "1"}', encoding="utf-8")
    with pytest.raises(InputError, match="version 1 of the method"):
        render_site(tmp_path)


def test_wording_never_accuses(pages):
    for name, page in pages.items():
        assert not ACCUSING.search(" ".join(page.text)), name


def test_every_area_page_carries_the_warning_the_run_id_and_the_sections_in_order(pages):
    for name, page in pages.items():
        if not name.startswith("areas/"):
            continue
        wanted = [section for section, _ in sections() if section != "enquiry" or "Papers" in page.text]
        found = [
            attributes["id"]
            for tag, attributes in page.tags
            if attributes.get("id") in dict(sections()) and tag in ("section", "div", "nav")
        ]
        assert found == wanted, name
        text = " ".join(page.text)
        assert "Protecting social care was a permitted purpose" in text
        assert "made-0123abcd" in text


def test_the_contents_list_names_every_section_by_its_heading(run):
    for path in (run / "site" / "areas").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        listed = re.findall(
            r'<li><a href="#([a-z-]+)">([^<]+)</a></li>', text.split('id="contents"')[1].split("</nav>")[0]
        )
        headed = re.findall(r'<section id="([a-z-]+)"[^>]*>\s*<h2[^>]*>([^<]+)</h2>', text)
        assert listed == [found for found in headed if found[0] != "minute"], path.name


def test_a_missing_value_prints_a_status_letter_and_never_nought_or_none(pages):
    text = " ".join(pages["areas/E09000007.html"].text)
    assert "[x]" in text
    for page in pages.values():
        assert not re.search(r"\b(None|nan|NaN|undefined)\b", " ".join(page.text).replace("None recorded.", ""))


def test_checks_marks_and_series_breaks_of_an_area_are_told_in_words(pages):
    marked, other = (" ".join(pages[f"areas/E0900000{place}.html"].text) for place in (0, 1))
    assert "A check marked 1 (\u2020)." in marked
    assert "51,234: Net current expenditure changed by" in marked
    assert "No check marked any." in other
    assert "Learning-disability money moved from NHS income to council grant." in other


def test_a_figure_leads_to_its_own_row_of_the_csv_and_its_cell_to_the_list_of_files(run, pages):
    text = (run / "site" / "areas" / "E09000000.html").read_text(encoding="utf-8")
    found = re.findall(r"csv#row=(\d+)\">([^<]+)</a> <a href=#(f\d+)>([A-Z]+\d+)( \u2020)?</a>", text)
    heads = re.findall(r'<th scope="row">File</th>(.*?)</tr>', text)
    with (run / "site" / "downloads" / "E09000000.csv").open(encoding="utf-8-sig", newline="") as stream:
        every = list(csv.DictReader(stream))
    rows = [row for row in every if row["title"] != "Worked out by ringfence"]
    assert rows == every[: len(rows)]
    assert len(found) == len(rows) == 24
    assert [set(re.findall(r"href=#(f\d+)>", head)) for head in heads] == [{"f1"}, {"f2"}]
    for place, value, anchor, cell, _ in found:
        row = rows[int(place) - 2]
        assert row["cell"] == cell
        assert not row["value"] or row["value"] in value.replace(",", "").replace(" [e]", "")
        assert anchor == ("f1" if row["window"] == "W1" else "f2")


def test_spreadsheet_formulas_in_downloads_are_neutralised(run):
    text = (run / "site" / "downloads" / "E09000000.csv").read_text(encoding="utf-8")
    assert ",'=ro3" in text
    assert not re.search(r"(^|,)=", text, re.MULTILINE)


def test_the_same_run_drawn_again_with_a_process_beside_gives_the_same_bytes(run, tmp_path):
    again = write_made_run(tmp_path / "again")
    render_site(again, workers=2)
    first = {path.relative_to(run): path.read_bytes() for path in (run / "site").rglob("*") if path.is_file()}
    second = {path.relative_to(again): path.read_bytes() for path in (again / "site").rglob("*") if path.is_file()}
    assert first == second


def test_a_run_without_results_still_draws_and_says_what_it_does_not_hold(tmp_path):
    folder = tmp_path / "bare"
    write_table("area", {"area_code": ["E09000001"], "area_name": ["Example Area"]}, folder / "tables")
    (folder / "manifest.json").write_text(json.dumps(BARE), encoding="utf-8")
    render_site(folder, workers=1)
    assert "This run holds no results." in (folder / "site" / "index.html").read_text(encoding="utf-8")
    assert "recorded no checks" in (folder / "site" / "validation.html").read_text(encoding="utf-8")
    assert "recorded no figures" in (folder / "site" / "areas" / "E09000001.html").read_text(encoding="utf-8")


def test_a_folder_that_is_not_a_run_is_refused_and_an_old_site_stays(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("old", encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        render_site(tmp_path)
    (tmp_path / "manifest.json").write_text('{"run_id": "</style>"}', encoding="utf-8")
    with pytest.raises(InputError, match="run_id"):
        render_site(tmp_path)
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "old"


def test_five_or_six_questions_are_asked_and_each_names_a_document():
    for tests in (["housing_recode"], []):
        asked = choose(look_alikes=tests, features=["path_statistic", "care_share"])
        assert 5 <= len(asked) <= 6
        assert all(question.document for question in asked)
    assert len(choose(look_alikes=[], features=[])) == 5
