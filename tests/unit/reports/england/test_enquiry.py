"""The enquiry on the front page and on the lists: counts, the sample, files not used; one sentence without it."""

from __future__ import annotations

import re
import runpy
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from reports.england.answer_lines import NOBODY, counts, counts_note
from reports.england.enquiry_part import enquiry_part
from reports.england.index_page import enquiry_links, index_page
from reports.england.working_papers import working_papers
from reports.words.read_run import Run, read_run
from reports.words.view_models import DataTable, SectionPart

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(write_made_run(tmp_path_factory.mktemp("made")))


def told(table: DataTable) -> dict[str, list[str]]:
    return {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}


def part_of(run: Run) -> SectionPart:
    part = enquiry_part(run)
    assert part is not None
    return part


def test_where_nobody_was_asked_the_count_says_so_and_how_and_there_is_no_section() -> None:
    summary = [{"window": "W1", "settled": 0, "sampled": 0, "asked": 0}]
    for held in ({}, {"enquiry_summary": summary}):
        assert enquiry_part(Run({"run_id": "x"}, held)) is None
        assert counts_note(Run({"run_id": "x"}, held)) == NOBODY
    assert "ringfence request" in NOBODY
    assert enquiry_links(Run({"run_id": "x"})) == ()


def test_areas_asked_answered_and_settled_are_counted_once_whatever_the_window(run: Run) -> None:
    assert [(count.label, count.text) for count in counts(run)] == [
        ("Areas", "12"), ("Asked", "5"), ("Answered", "1"), ("Settled", "1"),
    ]  # fmt: skip
    assert counts_note(run) == ""


def test_asked_answered_settled_and_the_prior_are_counted_by_window(run: Run) -> None:
    by_window = told(part_of(run).tables[0])
    assert (by_window["Asked"], by_window["Answered"], by_window["Settled"]) == (["5", "5"], ["1", "1"], ["1", "1"])
    assert by_window["of these: not replaced"] == ["1", "0"]
    assert by_window["of these: cannot be determined"] == ["0", "1"]
    assert by_window["Prior as set"] == ["10 in 100", "10 in 100"]
    assert by_window["Prior updated by conclusions on areas drawn"] == ["9.1 in 100", "10 in 100"]


def test_england_by_the_sample_has_intervals_and_bounds_and_leaves_out_areas_not_drawn(run: Run) -> None:
    part = part_of(run)
    sample = told(next(table for table in part.tables if table.id == "enquiry-sample"))
    assert sample["Share of areas that replaced (90% interval)"] == ["0% (0% to 56%)", "nothing determined yet"]
    assert sample["The same, whatever those without a conclusion did"] == ["0% to 70%", "nothing determined yet"]
    assert sample["Share of NHS money in such areas (90% interval)"][0] == "0% (0% to 60%)"
    assert sample["Settled areas that were not drawn: they do not enter"] == ["0", "1"]
    assert any("conclusions on areas that were not drawn do not enter" in text for text in part.sentences)
    rows = [{**row, "sampled": 0} for row in run.rows("enquiry_summary")]
    without = part_of(Run(run.manifest, {**run.tables, "enquiry_summary": rows}))
    assert "enquiry-sample" not in [table.id for table in without.tables]
    assert not any("drawn" in text for text in without.sentences)


def test_files_with_problems_lead_to_their_area_and_those_of_no_area_are_told_here(run: Run) -> None:
    tables = {table.id: table for table in part_of(run).tables}
    files = {row[0].text: row for row in tables["enquiry-files"].rows}
    assert set(files) == {"E09000003/request.xlsx", "conclusions.csv"}
    refused, part = files["E09000003/request.xlsx"], files["conclusions.csv"]
    assert (refused[2].href, refused[3].text, refused[4].text) == ("areas/E09000003.html", "no", "2")
    assert (part[2].href, part[3].text) == ("", "yes, but for rows")
    (problem,) = tables["enquiry-problems"].rows
    assert (problem[0].text, problem[0].small, problem[3].text) == ("row 4", "conclusions.csv", "Mend the code.")


def tables_of(run: Run) -> dict[str, DataTable]:
    """Every table of the two lists, short on the first page (by its part) and in full (by its page)."""
    page = index_page(run)
    short = {part.id: part.table for part in (*page.review, *page.unusual) if part.table}
    full = {
        f"{path}#{part.id}": part.table
        for path, made in working_papers(run, {}).items()
        for section in made.sections for part in section.parts if part.table and part.id.endswith("figures")
    }  # fmt: skip
    return short | full


def test_lists_tell_beside_each_name_what_was_asked_and_replied_only_where_anybody_was(run: Run) -> None:
    def columns(held: Run) -> list[list[str]]:
        return [[column.label for column in table.columns] for table in tables_of(held).values()]

    assert len(columns(run)) == 8
    assert all(labels[-1] == "Asked and replied" for labels in columns(run))
    nobody = Run(run.manifest, {**run.tables, "asked": [], "responses": []})
    assert not any("Asked and replied" in labels for labels in columns(nobody))
    replied = Run(run.manifest, {**run.tables, "asked": []})
    assert all("Asked and replied" in labels for labels in columns(replied))
    for name in ("short-review-w1", "review.html#list-review-w1-figures"):
        cells = {row[0].href: row[-1] for row in tables_of(run)[name].rows}
        first, second = cells["areas/E09000000.html"], cells["areas/E09000001.html"]
        assert (first.text, first.small) == ("1 May 2026: We <b>disagree</b> & say why", "not asked for papers")
        assert first.href == "areas/E09000000.html#response"
        assert (second.text, second.small) == ("asked on 1 May 2026; answer used", "no comment received")


def test_the_sentence_over_a_list_tells_settled_areas_and_the_number_at_the_own_prior(run: Run) -> None:
    def sentences(held: Run) -> list[str]:
        return [text for section in working_papers(held, {})["review.html"].sections[:2] for text in section.paragraphs]

    first, second = sentences(run)
    assert "At this run's own prior of 9.1 in 100 it would be about 2 of the 6 areas." in first
    assert "own prior" not in second
    assert all(text.endswith("Settled areas are left out: 1 of them.") for text in (first, second))
    flags: list[dict[str, Any]] = [
        {**row, "list": "on no list"} for row in run.rows("flag") if row["list"] == "settled"
    ]
    assert "Settled areas" not in sentences(Run(run.manifest, {**run.tables, "flag": flags}))[0]


def test_a_settled_area_is_on_no_list_and_has_a_page_of_its_result(tmp_path: Path) -> None:
    from reports.site.render import render_site

    site = write_made_run(tmp_path) / "site"
    render_site(site.parent, workers=1)
    index = (site / "index.html").read_text(encoding="utf-8")
    for name in ("short-review-w1", "short-unusual-w1"):
        assert "E09000008" not in index.split(f'id="{name}"')[1].split("</table>")[0]
    assert not any("E09000008" in (site / name).read_text(encoding="utf-8") for name in ("review.html", "unusual.html"))
    listed = (site / "results" / "settled.html").read_text(encoding="utf-8")
    assert set(re.findall(r"areas/(E\d+)", listed)) == {"E09000008"}
    page = unescape((site / "flags" / "settled.html").read_text(encoding="utf-8"))
    assert "Section 256 transfers, 2011-12 to 2013-14: 1 area." in page
    assert {"conclusions.csv", "planned-displacement.csv"} <= {path.name for path in (site / "downloads").iterdir()}
    assert "downloads/conclusions.csv" in index
