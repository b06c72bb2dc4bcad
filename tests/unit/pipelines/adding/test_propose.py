"""A map's new column: proposed by likeness, every column for one line, nothing guessed between two."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.adding.column_map import with_column
from pipelines.adding.propose import ALIKE, GONE, RENAMED, SAME, moved, nearest_year, plain, propose
from pipelines.areas.authorities import directory
from pipelines.declarations.catalogue import Source, sources, tables
from pipelines.errors import InputError, Place
from pipelines.read.find_files import find_files
from pipelines.read.read_tabular import Book, book_of, open_book
from pipelines.shape import locate
from pipelines.shape.recognise import Recognised, taken_for
from pipelines.shape.shapes import read_form
from pipelines.shape.standardise import roles_of, sheet_for

SHARED = Path(__file__).parents[5] / "shared"
EVERY = bool(os.environ.get("RINGFENCE_EVERY_EDITION"))
"""Take every edition held, as `make editions-check` does in a minute; else one of each source."""
LEAST_FOUND = 0.94
"""Share of lines that are found again when their year is taken out of the map, over all editions held."""


def budget(*heads: str, basis: str = "Net current expenditure (£ thousand)") -> Book:
    """A budget return of a year that no map has."""
    lines = ["Revenue Account Budget (RA) 2044-45: Revenue Account data", basis, ",".join(["E-code", *heads]),
             ",".join(["E0101", *map(str, range(1, len(heads) + 1))])]  # fmt: skip
    return book_of("\n".join(lines).encode(), "made.csv")


def found(book: Book) -> dict[str, tuple[str, str]]:
    return {one.line.column: (one.how, one.found) for one in propose(book, taken_for(book, sources())).lines}


def test_headers_are_found_as_they_were_worded_otherwise_or_only_alike_and_else_gone():
    made = found(
        budget(
            "TOTAL SERVICE EXPENDITURE",
            "TOTAL ADULT SOCIAL CARE (total of lines 1 to 9)",
            "TOTAL ENVIRONMENTAL AND REGULATORY SERVICE",
            "Revenue Support Grant (c)",
        )
    )
    assert made["total_service_expenditure_gbp_thousand"] == (SAME, "TOTAL SERVICE EXPENDITURE")
    assert made["adult_social_care_nce_gbp_thousand"][0] == RENAMED
    assert made["environmental_nce_gbp_thousand"] == (ALIKE, "TOTAL ENVIRONMENTAL AND REGULATORY SERVICE")
    assert made["revenue_support_grant_gbp_thousand"] == (RENAMED, "Revenue Support Grant (c)")
    assert made["police_nce_gbp_thousand"] == (GONE, "")


def test_two_headers_that_are_as_near_are_not_decided_between():
    made = found(budget("TOTAL SERVICE EXPENDITURE", "TOTAL ADULT SOCIAL CARE (a)", "TOTAL ADULT SOCIAL CARE (b)"))
    assert made["adult_social_care_nce_gbp_thousand"] == (GONE, "")


def test_a_budget_on_another_basis_is_refused_with_what_the_sheet_says():
    book = budget("TOTAL SERVICE EXPENDITURE", basis="Capital charges (£ thousand)")
    taken = taken_for(book, sources())
    source = propose(book, taken).with_column(taken.source)
    with pytest.raises(InputError, match="the sheet says 'Capital charges"):
        read_form(book, replace(taken, source=source), tables()["ra"], directory())


def test_a_map_without_years_gives_nothing_to_begin_from():
    source = replace(sources()["ra"], lines=())
    with pytest.raises(InputError, match="holds no year to begin from"):
        propose(budget("TOTAL SERVICE EXPENDITURE"), Recognised(source, "2044-45", "", "", ""))


@pytest.mark.parametrize(
    ("text", "before", "year", "then"),
    [
        ("sfa_2019", "2019-20", "2020-21", "sfa_2020"),
        ("Spent in 2019-20", "2019-20", "2021-22", "Spent in 2021-22"),
        ("CCG19CD", "2019-20", "2020-21", "CCG20CD"),
        ("TOTAL OF LINES 19 to 30", "2019-20", "2020-21", "TOTAL OF LINES 19 to 30"),
    ],
)
def test_a_header_that_names_its_year_is_looked_for_with_the_new_one(text, before, year, then):
    assert moved(text, before, year) == then


def test_the_nearest_year_is_the_earlier_of_two():
    assert nearest_year(["2013-14", "2017-18"], "2015-16") == "2013-14"
    assert nearest_year([], "2015-16") == ""
    assert plain("TOTAL Children's Care (a) 2015-16 (total of lines 1 to 9)") == "total childrens care"


def test_a_map_gets_one_column_in_its_place_and_every_other_cell_stays():
    text = 'column,2013-14,2018-19,note\na,"A, b",A2,why\nb,B,,\n'
    made = with_column(text, "2015-16", {2: "A, new"})
    assert made == 'column,2013-14,2015-16,2018-19,note\na,"A, b","A, new",A2,why\nb,B,,,\n'
    assert with_column(text, "2019-20", {}).startswith("column,2013-14,2018-19,2019-20,note\n")


@pytest.mark.parametrize("code", sorted(sources()))
def test_every_map_is_written_back_as_it_is_but_for_the_column(code: str):
    from pipelines.declarations.catalogue import SOURCES

    text = (SOURCES / code / "columns.csv").read_text(encoding="utf-8")
    years = [year for year in sources()[code].years if re.match(r"\d", year)]
    if not years:
        pytest.skip("the map has no years")
    made = list(csv.reader(with_column(text, "2099-00", {}).splitlines()))
    at = made[0].index("2099-00")
    assert [[*row[:at], *row[at + 1 :]] for row in made] == list(csv.reader(text.splitlines()))
    assert {row[at] for row in made[1:]} == {""}


def _column(text: str, source: Source, book: Book, year: str) -> object:
    """Where a locator leads, so that two wordings of it are one."""
    if not text or source.shape not in ("grid", "hexjson", "stata"):
        return text
    locator = locate.parse_locator(text, roles=roles_of(source), shape=source.shape)
    sheet = sheet_for(book, source, locator.role)
    heads = locate.read_headers(book.rows(sheet), source, year, Place(""))
    return sheet, heads.find(locator), heads.find(locator, locator.last) if locator.last else None


@pytest.mark.originals
def test_every_edition_held_finds_its_lines_again_when_its_column_is_taken_out_and_none_wrongly():
    if not (SHARED / "returns").is_dir():
        pytest.skip("the published originals are not here")
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    seen: set[tuple[str, str]] = set()
    for path in [*find_files(SHARED / "returns"), *find_files(SHARED / "returns_added")]:
        if not path.match("revenue_outturn/*"):
            continue
        book = open_book(path)
        taken = taken_for(book, sources())
        year, held = taken.financial_year, [one for one in taken.source.years if one != "any"]
        if year not in held or len(held) < 2 or (taken.source.code, year) in seen:
            continue
        if not EVERY and any(code == taken.source.code for code, _ in seen):
            continue
        seen.add((taken.source.code, year))
        truth = {line.label: line.locators.get(year, "") for line in taken.source.lines}
        without = tuple(
            replace(line, locators={key: text for key, text in line.locators.items() if key != year})
            for line in taken.source.lines
        )
        source = replace(taken.source, lines=without)
        shown = book.with_hidden() if year in source.options.get("hidden", ()) else book
        for one in propose(book, replace(taken, source=source)).lines:
            true = truth[one.line.label]
            if not one.found or not true:
                counts["missed" if true else "extra" if one.found else "absent"] += 1
            elif _column(one.found, source, shown, year) == _column(true, source, shown, year):
                counts["right"] += 1
            else:
                wrong.append(f"{taken.source.code} {year} {one.line.label}: {one.found}")
    assert not wrong
    assert counts["extra"] == 0
    assert len(seen) >= (30 if EVERY else 4)
    assert counts["right"] >= LEAST_FOUND * (counts["right"] + counts["missed"])
