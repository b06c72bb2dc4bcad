"""England on the index, and the lists without script."""

from __future__ import annotations

import re

from audit.method.national.national_rows import TRUTHS
from pipelines.supplied.supplied_tables import read_supplied_table
from reports.england.list_pages import list_pages
from reports.england.national_section import (
    displacement_part,
    money_part,
    money_sentence,
    national_sentences,
    national_words,
    whole_sums,
)
from reports.words.frame import slug
from reports.words.read_run import Run

ROW = {
    "window": "W1", "financial_year": "all", "design": "across areas", "basis": "received", "displacement": 0.1,
    "lower": -0.1, "upper": 0.3, "published_share": None,
}  # fmt: skip


def test_a_sum_leaves_out_an_area_without_a_figure_in_every_year():
    rows = [
        {"area_code": area, "financial_year": year, "spend": value}
        for area, year, value in (("A", "2009-10", 1.0), ("A", "2010-11", 2.0), ("B", "2009-10", 5.0))
    ]
    assert whole_sums(rows, "spend") == ({"2009-10": 1.0, "2010-11": 2.0}, 1)


def test_the_national_sentence_gives_direction_size_and_years():
    said = money_sentence({"2009-10": 9e9, "2010-11": 8.5e9}, {"2009-10": 1e9, "2010-11": 1.2e9})
    assert said == (
        "Between 2009-10 and 2010-11 own-funded spend without learning disability fell by £0.50 billion, "
        "from £9.00 billion to £8.50 billion in cash. Other income booked there, where NHS money is recorded, rose by "
        "£0.20 billion, from £1.00 billion to £1.20 billion."
    )


def test_published_shares_stand_beneath_the_estimates_also_one_of_a_year_without_estimate():
    rows = [ROW, {**ROW, "financial_year": "2011-12"}]
    shares = [
        {"financial_year": year, "share": share, "said": "x", "source": "Survey"}
        for year, share in (("2011-12", "0.177"), ("2014-15", "0.49"))
    ]
    part = displacement_part(Run({"run_id": "x"}, {"national_displacement": rows, "published_shares": shares}))
    assert part.table is not None
    assert part.figure is not None
    assert [[cell.text for cell in row][:3] for row in part.table.rows] == [
        ["W1: across areas (received)", "0.10", "−0.10 to 0.30"],
        ["Reported for 2011-12 (W1)", "0.18", "[z]"],
        ["Reported for 2014-15 (no estimate)", "0.49", "[z]"],
    ]
    svg = part.figure.chart()
    assert all(f">{text}</text>" in svg for text in ("18%", "49%", "Reported for 2014-15 (no estimate)"))


def test_the_published_shares_of_the_pages_are_those_the_estimates_are_compared_with():
    held = read_supplied_table("published_shares", ())
    assert {row["financial_year"]: float(row["share"]) for row in held} == TRUTHS


def test_a_run_without_national_figures_says_what_would_show_them():
    run = Run({"run_id": "x"})
    assert "would show it" in money_part(run).empty
    assert "would show it" in displacement_part(run).empty
    assert national_sentences(run) == ()


def test_every_area_is_in_one_list_of_each_kind_for_each_window():
    areas = [
        {"area_code": f"E{place}", "area_name": "X", "region": ("North & West", "")[place], "class": "london"}
        for place in range(2)
    ]
    flag = {"area_code": "E0", "window": "W1", "list": "on no list", "band": "says nothing either way",
            "evidence_ratio": 1.2, "posterior_10": 0.12, "replacement_rate": None, "data_quality": ""}  # fmt: skip
    pages = list_pages(Run({"run_id": "x"}, {"area": areas, "flag": [flag]}))
    for kind, areas_listed in (("all-areas-w1", 2), ("regions", 2), ("classes", 2), ("results", 2), ("bands", 1)):
        listed = [
            len(part.table.rows) for path, page in pages.items() if path.startswith(kind)
            for section in page.sections for part in section.parts if part.table
        ]  # fmt: skip
        assert sum(listed) == areas_listed, kind
    assert slug("North & West") == "north-west"


def test_windows_are_named_before_the_chart():
    part = displacement_part(Run({"run_id": "x"}, {"national_displacement": [ROW]}))
    assert part.sentence.startswith("W1: Section 256 transfers, 2011-12 to 2013-14.")


def test_the_first_page_tells_directions_alone_and_leaves_the_numbers_to_the_page_of_england():
    blocks = [
        {
            "area_code": "A",
            "financial_year": year,
            "client_group": "older",
            "own_funded_gbp": own,
            "other_income_gbp": nhs,
        }
        for year, own, nhs in (("2009-10", 9e6, 1e6), ("2010-11", 8e6, 2e6))
    ]
    rows = [ROW, {**ROW, "lower": 0.2, "upper": 1.2}]
    said = national_words(Run({"run_id": "x"}, {"area_year_block": blocks, "national_displacement": rows}))
    assert said[0].startswith("Between 2009-10 and 2010-11 own-funded spend without learning disability fell in cash;")
    assert said[0].endswith("is recorded, rose.")
    assert "some hold nothing replaced and some hold pound for pound" in said[1]
    assert (
        "all hold nothing replaced and none holds pound"
        in national_words(Run({"run_id": "x"}, {"national_displacement": [ROW]}))[0]
    )
    assert not re.search(r"\d", said[1].replace("90%", ""))
    assert national_words(Run({"run_id": "x"})) == ()


def test_national_estimates_are_said_in_words_at_both_ends_of_the_scale():
    said = national_sentences(Run({"run_id": "x"}, {"national_displacement": [ROW, {**ROW, "upper": 1.2}]}))[0]
    assert ": 2 hold 0 (nothing replaced) and" in said
    assert "and 1 holds 1 (pound for pound), so the national level is not settled." in said
