"""The evidence: grouped by return, one file a year, and every figure ticked to its cell, file and row of the CSV."""

from __future__ import annotations

from typing import Any

from reports.area.evidence_section import evidence_part, evidence_sentence, grouped, lines_of
from reports.checks.evidence_checks import Checked
from reports.checks.evidence_files import files_table, files_used

NO_MARKS = Checked(ran={"ro3": 3}, marks={})
PUBLISHER = "Example Department"


def figure(what: str, year: str, number: int, **other: Any) -> dict[str, Any]:
    """A figure of a return; `number` makes its id, its value and its cell."""
    return {
        "window": "W1", "evidence_id": f"W1-{number:03d}", "figure": what, "financial_year": year,
        "value": 1000.0 + number, "unit": "gbp_thousand", "table": "ro3", "record_id": f"ro3/{year}/E1000",
        "column": f"c{number}", "source": "ro3", "publisher": PUBLISHER, "title": "Outturn: all councils",
        "file_sha256": f"{year:0<64}", "file_name": f"{year}.xls", "sheet": "Data", "cell": f"B{number}", "status": "",
        **other,
    }  # fmt: skip


ROWS = [
    figure("Older people: total (C3)", "2011-12", 1),
    figure("Older people: total (C3)", "2012-13", 2),
    figure("Mental health: total (C3)", "2011-12", 3),
    figure("Mental health: total (C3)", "2012-13", 4, sheet="Data (2)"),
    figure("Strategy: total (C3)", "2012-13", 5),
    figure("Power: council tax", "2012-13", 6, table="spending_power", unit="gbp_million"),
    figure("Power: bonus", "2012-13", 7, table="spending_power", unit="gbp_million"),
    figure("NHS money", "2012-13", 8, table="area_year", unit="£", file_sha256=None, sheet=None, cell=None, status="e"),
]


def drawn(rows: list[dict[str, Any]] = ROWS, checked: Checked = NO_MARKS) -> Any:
    files = files_used(rows, csv="downloads/E1.csv", listed=rows)
    table = evidence_part("W1", rows, others=(), files=files, checked=checked).table
    assert table is not None
    return table


def test_rows_stand_under_their_return_and_words_that_several_share_stand_once_in_its_heading():
    table = drawn()
    assert [cell.text for _, cell in sorted(table.groups.items())] == [
        "Social care outturn (RO3): total (C3)",
        "Revenue and core spending power, £ million",
        "Worked out in this run [e], £",
    ]
    assert [row[0].text for row in table.rows] == [
        "File", "Older people", "Mental health", "Strategy", "File", "Council tax", "Bonus", "NHS money",
    ]  # fmt: skip
    assert table.groups[0].href == "validation.html#checks-ro3"


def test_a_groups_file_stands_once_a_year_and_a_figure_from_another_keeps_its_own_number():
    rows = drawn().rows
    assert [(cell.text, cell.href) for cell in rows[0][1:]] == [("F1", "#f1"), ("F2", "#f2")]
    assert [(cell.text, cell.small, cell.small_href) for cell in rows[1][1:]] == [
        ("1,001", "B1", "#f1"), ("1,002", "B2", "#f2"),
    ]  # fmt: skip
    assert (rows[2][2].small, rows[2][2].small_href) == ("B4 F3", "#f3")


def test_a_value_leads_to_its_row_of_the_csv_and_a_marked_one_says_so():
    marked = Checked(ran={}, marks={"ro3/2011-12/E1000": {"c1": ("X",)}})
    first, second = (drawn(checked=marked).rows[place][1] for place in (1, 2))
    assert first.href == "downloads/E1.csv#row=2"
    assert (first.small, second.small) == ("B1 \u2020", "B3")


def test_a_figure_worked_out_in_the_run_has_no_file_and_its_letter_in_the_heading():
    table = drawn()
    assert [(cell.text, cell.small) for cell in table.rows[-1][1:]] == [("", ""), ("1,008", "")]
    files = files_table(files_used(ROWS, csv="x.csv", listed=ROWS))
    assert files is not None
    assert [row[0].text for row in files.rows] == ["F1", "F2", "F3"]
    assert (files.groups[0].text, files.groups[0].small) == ("Outturn", PUBLISHER)


def test_a_figure_that_several_authorities_give_names_the_authority_in_its_line():
    names = ("Tax (E1000)", "Tax (E2000)")
    rows = [
        figure(name, "2011-12", place, table="rs", record_id=f"rs/2011-12/{name[5:10]}")
        for place, name in enumerate(names, start=1)
    ]
    table = drawn(rows)
    assert [(row[0].text, row[0].small) for row in table.rows[1:]] == [("Tax", "E1000"), ("Tax", "E2000")]


def test_a_colon_that_nothing_shares_stays_in_the_name():
    lines = lines_of([figure("Grants: less components", "2011-12", 1)])
    assert list(grouped(list(lines)).values()) == [("", "Grants: less components")]


def test_the_lead_counts_a_figure_of_two_windows_once():
    again = [*ROWS, {**ROWS[0], "window": "W2"}]
    said = evidence_sentence(again, 12)
    assert said.startswith("7 published figures of this area, and 1 worked out. A check marked 12 (\u2020).")
    assert evidence_sentence([], 0) == "This run recorded no figures for this area."
