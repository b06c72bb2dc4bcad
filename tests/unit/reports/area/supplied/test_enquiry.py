"""The papers of an area on its page: conclusion first, what the papers show, every figure with its cell, problems."""

from __future__ import annotations

import csv
import re
import runpy
from html import unescape
from pathlib import Path

import pytest

from pipelines.declarations.parquet import write_table
from reports.site.papers import working_pages
from reports.site.render import render_site

ROOT = Path(__file__).resolve().parents[5]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
TABLES = (
    "asked", "answer_file", "answer_problem", "answer_figure", "answer_text", "answer_check", "planned_displacement",
    "conclusion", "sample", "enquiry_summary",
)  # fmt: skip
USED, WITHOUT, REFUSED, BLANK, SETTLED = "E09000001", "E09000004", "E09000003", "E09000006", "E09000008"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = write_made_run(tmp_path_factory.mktemp("made"))
    render_site(run, workers=1)
    return run / "site"


def page(site: Path, code: str) -> str:
    return (site / "areas" / f"{code}.html").read_text(encoding="utf-8")


def papers(site: Path, code: str) -> str:
    return page(site, code).split('<section id="enquiry"')[1].split("</section>")[0]


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


def table(html: str, name: str) -> str:
    return html.split(f'<table id="{name}"')[1].partition("</table>")[0]


def test_a_conclusion_stands_first_and_the_headline_of_the_figures_after_it(site: Path) -> None:
    head = page(site, SETTLED).split('<div id="headline">')[1].split('<section id="result"')[0]
    concluded, figures = (
        head.index("An auditor&#39;s conclusion of 20 May 2026"),
        head.index("In 2013-14 Example Area 9"),
    )
    assert concluded < figures
    said = words(head)
    assert "(Example audit office): not replaced. It rests on Audit <report>, page 4." in said
    assert "Own money replaced: £1.2 million." in said
    assert "Settled by the conclusion above; the path alone points against replacement" in said
    assert "Settled by the conclusion above; the figures were not assessed" in said
    told = words(table(papers(site, SETTLED), "conclusions-table"))
    assert "not replaced 1,200 Audit <report> 4 20 May 2026 Example audit office" in told
    assert "cannot be determined not determined" in told


def test_a_line_under_the_headline_tells_of_the_papers_and_leads_to_them(site: Path) -> None:
    head = page(site, USED).split('id="headline"')[1].split('id="minute"')[0]
    assert re.search(r'<a href="#enquiry">Papers</a>: Papers were asked for .*An answer came back and is used\.', head)
    assert 'href="#enquiry"' not in page(site, "E09000010")


def test_the_chance_by_the_papers_stands_before_that_of_the_returns(site: Path) -> None:
    said = words(papers(site, USED))
    alone, returns = said.index("By the papers alone the chance"), said.index("By the returns alone it is 29%")
    assert alone < returns < said.index("The two are not multiplied.")
    assert "planned displacement is 0.24 of each pound of transfer (error 0.31; 90% interval −0.38 to 0.86)" in said
    assert (
        "3%, if 10 councils in 100 replaced their own money (2% if 5 did; 12% if 30 did; 4% at this run's own prior"
        in said
    )
    assert "can show is £5.1 million, or 0.62 of each pound." in said
    assert "come to £600,000, or 0.15 of each pound of transfer: a floor" in said
    assert (
        "outturn against plan for 2011-12 and 2012-13: 0.31 of each pound (error 0.97; 90% interval −1.64 to 2.26)"
        in said
    )
    assert "contradict each other: 2013-14." in said
    assert "so that their error is doubled: 2012-13." in said
    assert "An answer settles nothing; an auditor's conclusion does." in said


def test_every_number_of_a_sentence_on_papers_stands_in_a_table_of_the_page(site: Path) -> None:
    html = papers(site, USED).split('id="papers-w1"')[1].split('id="papers-w2"')[0]
    sentences = words(" ".join(re.findall(r"<p>(.*?)</p>", html, re.DOTALL)))
    cells = words(" ".join(re.findall(r"<table.*?</table>", html, re.DOTALL))).replace(",", "")
    numbers = set(re.findall(r"(?<![\d-])−?\d+\.\d\d\b|\d+%", sentences)) - {"90%"}
    assert len(numbers) >= 12
    assert not {number for number in numbers if number not in cells}
    for pounds in ("104.1", "102.1", "5.1"):
        assert f"£{pounds} million" in sentences
        assert any(abs(float(found) / 1000 - float(pounds)) < 0.05 for found in re.findall(r"\b\d{4,6}\b", cells))


def test_a_window_without_planned_displacement_says_so_and_prints_no_row_for_what_is_not_told(site: Path) -> None:
    html = papers(site, USED).split('id="papers-w2"')[1].split('id="papers-texts"')[0]
    said = words(html)
    assert "No year holds both plans and a transfer, so the papers tell no planned displacement." in said
    assert "Budget lines met from NHS money that the council met itself before come to £200,000: a floor" in said
    assert "[x]" not in words(table(html, "papers-w2-table"))
    assert "None" not in said


def test_every_figure_of_an_answer_has_its_file_sheet_and_cell_on_the_page_and_in_a_csv(site: Path) -> None:
    html = papers(site, USED)
    told = words(table(html, "answer-figures-w1"))
    assert "From E09000001/request.xlsx, sheet Plan" in told
    assert "Own spend planned without the transfer 52,000 C10 52,100 D10" in told
    assert "Own spend in the return given 50,700 C8" in told
    assert "2011-12 Budget report <2011> 12 28 February 2011" in words(table(html, "answer-papers-w1"))
    line = words(table(html, "answer-lines-w1"))
    assert "Home care <b>contracts</b> 2011-12 600 Budget report <2011> 14" in line
    assert line.endswith("[x] C6")
    assert "From E09000001/request.xlsx, sheet Lines met before. Their sum is a floor" in line
    with (site / "downloads" / f"{USED}-answers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 19
    assert all(row["file_sha256"] and row["sheet"] and row["cell"] for row in rows)
    assert f'href="../downloads/{USED}-answers.csv"' in page(site, USED)
    assert (site / "downloads" / f"{USED}-answers.csv-metadata.json").is_file()
    assert {f"downloads/{USED}-answers.csv", f"downloads/{USED}-answers.csv-metadata.json"} <= set(
        working_pages(site, USED)
    )


def test_a_check_shows_both_figures_their_difference_the_outcome_and_both_cells(site: Path) -> None:
    told = words(table(papers(site, USED), "answer-checks-w1"))
    assert (
        "Transfer agreed, against NHS income as the return books it 2011-12 4,100 5,000 −18.0% differs It is 18% below "
        "income booked. Plan C12 RO3 2011-12, sheet RO3 LA Data: L80"
    ) in told
    assert "agrees Plan C13" in told  # what agrees needs no sentence


def test_texts_of_an_answer_are_unedited_and_escaped(site: Path) -> None:
    html = papers(site, USED)
    assert "The board &amp; we &lt;i&gt;agree&lt;/i&gt;" in html
    assert "=1+1 is what it costs" in words(table(html, "answer-notes"))
    assert "Budget report <2011> 28 February 2011 [x] yes C5, D5, F5" in words(table(html, "answer-documents"))


def test_an_answer_that_is_not_used_is_named_with_its_cells_and_what_to_do(site: Path) -> None:
    html = papers(site, REFUSED)
    assert "it is not used until its problems are mended" in words(html)
    told = words(table(html, "answer-problems"))
    assert "Plan C10 E09000003/request.xlsx 'about <500>' is no number an amount in £ thousand Leave it empty" in told
    assert told.count("not used for it") == 2
    assert "papers-w1" not in html


def test_a_blank_form_counts_as_no_answer(site: Path) -> None:
    assert "The form came back blank, which counts as no answer." in words(papers(site, BLANK))


def test_a_page_without_papers_gains_one_short_line(site: Path) -> None:
    html = page(site, WITHOUT)
    assert '<section id="enquiry"' not in html
    assert "This run holds no papers of this area." in html
    assert "This run holds no papers of this area." not in page(site, USED)


def test_when_a_comment_was_asked_for_stands_with_the_comments_and_makes_no_section_of_papers(site: Path) -> None:
    for code, after in (("E09000000", "Comments, unedited"), ("E09000005", "None recorded.")):
        html = page(site, code)
        said = words(html.split('id="response-comments"')[1].partition("Joint plans")[0])
        assert after in said and "A comment was asked for on 2 May 2026." in said
        assert '<section id="enquiry"' not in html


def test_a_run_without_an_enquiry_has_no_page_file_or_column_for_it(tmp_path: Path) -> None:
    run = write_made_run(tmp_path)
    for name in TABLES:
        write_table(name, {}, run / "tables")
    render_site(run, workers=1)
    assert not [path.name for path in (run / "site" / "downloads").iterdir() if "answer" in path.name]
    assert not (run / "site" / "downloads" / "conclusions.csv").exists()
    assert '<section id="enquiry"' not in page(run / "site", USED)
