"""Figures and amounts that moved between two runs, each with the input, check, setting or code that moved it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from made_published import as_published

from audit.account.causes import causes
from audit.account.changed_words import lines_of, since_lines
from audit.commands.diff_runs import compare
from audit.run.manifest import settings_record
from audit.settings import load_settings
from pipelines.declarations.parquet import write_table
from reports.site.changes_page import changes_page

FIGURE: dict[str, Any] = {
    "evidence_id": "x", "area_code": "E06000001", "window": "W1", "table": "ro3", "column": "c", "figure": "Fees",
    "financial_year": "2012-13", "record_id": "ro3/2012-13/E0701@aaaa", "value": 10.0, "unit": "£ thousand",
    "file_name": "ro3_2012-13.xls", "file_sha256": "a" * 64,
}  # fmt: skip


def run_with(folder: Path, figure: dict[str, Any], *, gap: float, ratio: float = 2.0, **told: Any) -> Path:
    tables = folder / "made" / "tables"
    tables.mkdir(parents=True)
    flags: dict[str, Any] = {
        "area_code": "E06000001", "window": "W1", "list": "review list", "band": "points towards replacement",
        "gap_gbp": gap, "evidence_ratio": ratio,
    }  # fmt: skip
    for name, row in (
        ("flag", flags),
        ("area", {"area_code": "E06000001", "area_name": "Anytown"}),
        ("evidence", figure),
    ):
        write_table(name, {column: [value] for column, value in row.items()}, tables)
    content = {"method_version": "2", "settings": settings_record(load_settings()), **told}
    return as_published(folder / "made", **content)


def test_a_figure_that_moved_names_the_input_it_came_from_and_its_area_that_it_moved(tmp_path: Path) -> None:
    moved = {**FIGURE, "value": 12.0, "file_sha256": "b" * 64, "record_id": "ro3/2012-13/E0701@bbbb"}
    found = compare(run_with(tmp_path / "a", FIGURE, gap=1e6), run_with(tmp_path / "b", moved, gap=3e6))
    (figure,) = found.figures
    assert (figure.before, figure.after, figure.cause) == (10.0, 12.0, "input ro3_2012-13.xls differs")
    (amount,) = found.amounts
    assert not found.changes and amount.before.gap_gbp == 1e6
    page = changes_page(found)
    row = page[page.index("Published figures that moved") :]
    assert "<td>10</td><td>12</td><td>£ thousand</td><td>input ro3_2012-13.xls differs</td>" in row.replace(
        '<td class="n">', "<td>"
    ).replace("<td class=n>", "<td>")
    assert "Amounts that moved, list and band as they were" in page and "+2,000" in page
    lines = lines_of(found)
    assert "  Anytown (E06000001), W1 2012-13, Fees: 10 -> 12 £ thousand; input ro3_2012-13.xls differs" in lines
    assert (
        "  W1 Anytown (E06000001): (evidence ratio 2 -> 2, gap +£2.0 million); 1 of its figures changed (ro3 2012-13: "
        "input ro3_2012-13.xls differs)"
    ) in lines


def test_a_figure_that_a_check_set_aside_names_the_check_and_its_suite(tmp_path: Path) -> None:
    aside = {**FIGURE, "value": None, "check_code": "RO3-FLIP"}
    found = compare(run_with(tmp_path / "a", FIGURE, gap=1.0), run_with(tmp_path / "b", aside, gap=1.0))
    assert found.figures[0].cause == "set aside by check RO3-FLIP (suite ro3)"


def test_an_amount_that_no_figure_moved_names_the_setting(tmp_path: Path) -> None:
    other = settings_record(load_settings(also="lists.review = 20"))
    one = run_with(tmp_path / "a", FIGURE, gap=1e6)
    found = compare(one, run_with(tmp_path / "b", FIGURE, gap=2e6, settings=other))
    assert not found.figures
    assert found.amounts[0].why == "none of its figures changed, so it was a setting (lists.review 15 -> 20)"


def test_code_that_differs_is_named_by_room_and_suites_alone_are_no_code(tmp_path: Path) -> None:
    one = {"inputs": [], "settings": {}, "libraries": {}, "code": "a", "code_rooms": {"audit/method": "1", "x": "1"}}
    two = {**one, "code": "b", "code_rooms": {"audit/method": "2", "x": "1"}}
    assert causes(one, two) == ["the code or reference data differs: audit/method"]
    assert causes(one, {**two, "code_rooms": None}) == ["the code or reference data differs"]


def test_what_changed_since_the_run_before_is_said_in_a_few_lines_without_sums(tmp_path: Path) -> None:
    moved = {**FIGURE, "value": 12.0, "file_sha256": "b" * 64}
    found = compare(run_with(tmp_path / "a", FIGURE, gap=1e6), run_with(tmp_path / "b", moved, gap=3e6))
    lines = since_lines(found)
    assert lines[0] == f"Since run {found.before.run_id} no list and no band changed; 1 other result has other amounts."
    assert not any("£" in line for line in lines)
    assert since_lines(None) == ["There is no run before this one here to compare it with."]
