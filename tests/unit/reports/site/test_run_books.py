"""The workbooks of a run: formulas that give what they show, figures with their cells, texts that are never formulas,
and the same bytes again.
"""

from __future__ import annotations

import io
import re
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reports.site.run_books import ENGLAND, RunBooks, area_book_path, site_books
from reports.words.read_run import Run, read_run

ROOT = Path(__file__).resolve().parents[4]
write_made_run = runpy.run_path(str(ROOT / "tests" / "golden" / "made_run.py"))["write_made_run"]
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
LISTED, HOSTILE = "E09000000", "E09000005"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    return read_run(write_made_run(tmp_path_factory.mktemp("made") / "made-run"))


def area_bytes(run: Run, code: str) -> bytes:
    return RunBooks(run).area(next(area for area in run.rows("area") if area["area_code"] == code))


def opened(data: bytes) -> tuple[Any, Any]:
    """Formulas, and the values shown to readers that work nothing out."""
    return openpyxl.load_workbook(io.BytesIO(data)), openpyxl.load_workbook(io.BytesIO(data), data_only=True)


def worked_out(sheet: Any, formula: str) -> Any:
    """What a formula of these workbooks gives: sums, means, differences, products, ratios, roundings."""
    if found := re.fullmatch(r"=(SUM|AVERAGE)\((\w+:\w+)\)", formula):
        held = [cell.value for row in sheet[found[2]] for cell in row if cell.value not in (None, "")]
        return sum(held) / (len(held) if found[1] == "AVERAGE" else 1)

    def value(name: str) -> float:
        return sheet[name.replace("$", "")].value

    if found := re.fullmatch(r"=ROUND\((\w+)-(\w+),0\)", formula):
        return round(value(found[1]) - value(found[2]))
    if found := re.fullmatch(r'=IF\((\w+)>0,(\w+)/(\w+),""\)', formula):
        return value(found[2]) / value(found[3]) if value(found[1]) > 0 else ""
    first, sign, second = re.fullmatch(r"=([A-Z$]+\d+)([-*])([A-Z$]+\d+)", formula).groups()  # type: ignore[union-attr]
    return value(first) - value(second) if sign == "-" else value(first) * value(second)


def formulas(book: Any) -> list[tuple[str, str, str]]:
    return [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]


@pytest.mark.parametrize("code", [LISTED, HOSTILE, "E09000004"])
def test_every_formula_of_an_area_gives_what_its_cell_shows(run, code):
    live, shown = opened(area_bytes(run, code))
    found = formulas(live)
    assert len(found) > 10
    for sheet, cell, formula in found:
        said = shown[sheet][cell].value
        assert worked_out(shown[sheet], formula) == (pytest.approx(said, abs=1e-6) if said is not None else ""), (
            sheet, cell, formula,
        )  # fmt: skip


def test_the_sums_of_the_gap_are_those_the_run_states(run):
    live, shown = opened(area_bytes(run, LISTED))
    (flag,) = (row for row in run.rows("flag") if (row["area_code"], row["window"]) == (LISTED, "W2"))
    sheet = shown["Gap W2"]
    place = next(row for row in range(1, 30) if sheet.cell(row, 1).value == "Sum of the years judged")
    years = [row for row in run.rows("expected_spend") if (row["area_code"], row["window"]) == (LISTED, "W2")]
    judged = [row for row in years if not row["is_base"]]
    total = sum(row["expected_gbp"] - row["actual_gbp"] for row in judged)
    assert sheet.cell(place, 4).value == pytest.approx(total, abs=0.1)
    assert live["Gap W2"].cell(place, 4).value == f"=SUM(D{place - len(judged)}:D{place - 1})"
    assert sheet.cell(place + 1, 4).value == pytest.approx(flag["gap_gbp"], abs=0.01)


def test_every_figure_has_the_cell_it_was_read_from_and_its_row_of_the_csv(run):
    sheet = opened(area_bytes(run, LISTED))[1]["Figures"]
    heads = [cell.value for cell in sheet[4]]
    rows = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=5)]
    held = {row["evidence_id"]: row for row in run.rows("evidence") if row["area_code"] == LISTED}
    assert {row["Number"] for row in rows} == set(held)
    for row in rows:
        wanted = held[row["Number"]]
        told = (row["Value"], row["File"], row["Sheet"], row["Cell"], row["SHA-256, first 12"])
        sha = (wanted["file_sha256"] or "")[:12] or None
        assert told == (
            None if wanted["value"] is None else pytest.approx(wanted["value"]), wanted["file_name"] or None,
            wanted["sheet"] or None, wanted["cell"] or None, sha,
        )  # fmt: skip
    assert [row["Row of the CSV"] for row in rows] == list(range(2, len(rows) + 2))


def test_questions_have_empty_columns_for_their_answers(run):
    sheet = opened(area_bytes(run, LISTED))[1]["Questions"]
    assert [cell.value for cell in sheet[4]] == [
        "No.", "Question", "Document that would answer it", "Answer", "By whom", "Date", "Reference"
    ]  # fmt: skip
    assert 3 <= sheet.max_row - 4 <= 7
    for row in sheet.iter_rows(min_row=5):
        assert row[1].value and row[2].value
        assert [cell.value for cell in row[3:]] == [None] * 4


def test_the_first_sheet_says_what_run_it_is_under_which_licence_and_that_a_flag_is_no_evidence(run):
    live, _ = opened(area_bytes(run, HOSTILE))
    assert live.sheetnames == ["About", "Gap W1", "Gap W2", "Figures", "Questions"]
    told = {row[0].value: row[1].value for row in live["About"].iter_rows(min_row=4)}
    assert told["Run"] == run.run_id
    assert told["Warning"].startswith("A flag is a prompt for enquiry")
    assert "Open Government Licence" in told["Licence"]
    assert {"How to read it", "Method version", "ringfence version"} <= set(told)


@pytest.mark.parametrize(
    "name", ["=1+1", '=HYPERLINK("http://127.0.0.1/","x")', "@SUM(A1)", "+44", "http://127.0.0.1/"]
)
def test_a_name_from_a_file_is_a_text_in_every_workbook(tmp_path, name):
    folder = write_made_run(tmp_path / "made-run")
    rewrite = runpy.run_path(str(ROOT / "tests" / "unit" / "reports" / "words" / "test_bad_input.py"))["rewrite"]
    for table in ("area", "flag"):
        rewrite(folder, table, lambda row: {**row, "area_name": name})
    rewrite(folder, "evidence", lambda row: {**row, "figure": name, "sheet": name})
    run = read_run(folder)
    for data in (area_bytes(run, LISTED), RunBooks(run).england()):
        book = openpyxl.load_workbook(io.BytesIO(data))
        held = [cell for sheet in book for row in sheet.iter_rows() for cell in row if name in str(cell.value)]
        assert len(held) >= 3
        assert {cell.data_type for cell in held} == {"s"}
        assert not any(cell.hyperlink for cell in held)


def test_england_has_a_sheet_for_each_list_and_all_areas_with_rate_times_money_as_a_formula(run):
    live, shown = opened(RunBooks(run).england())
    assert live.sheetnames == ["About", "Review W1", "Unusual W1", "All W1", "Review W2", "Unusual W2", "All W2"]
    for sheet, cell, formula in formulas(live):
        assert worked_out(shown[sheet], formula) == pytest.approx(shown[sheet][cell].value), (sheet, cell, formula)
    flags = [row for row in run.rows("flag") if row["window"] == "W2" and row["review_place"]]
    sheet = live["Review W2"]
    rows = list(sheet.iter_rows(min_row=5, max_row=4 + len(flags)))
    assert [row[2].value for row in rows] == list(range(1, len(flags) + 1))
    assert {row[1].value for row in rows} == {row["area_code"] for row in flags}
    assert [row[13].value for row in rows] == [f"=J{place}*M{place}" for place in range(5, 5 + len(flags))]
    assert sheet.cell(5 + len(flags), 13).value == f"=SUM(M5:M{4 + len(flags)})"
    assert shown["All W1"].max_row == 5 + len(run.rows("area"))


def test_a_site_holds_englands_workbook_and_on_demand_every_areas_and_all_are_the_same_bytes_again(run):
    made, again = (dict(site_books(run, areas=True)) for _ in range(2))
    assert set(made) == {ENGLAND, *(area_book_path(str(area["area_code"])) for area in run.rows("area"))}
    assert made == again
    assert [path for path, _ in site_books(run)] == [ENGLAND]


def test_an_area_without_figures_or_results_has_a_workbook_that_says_so(tmp_path):
    folder = write_made_run(tmp_path / "made-run")
    for table in ("evidence", "expected_spend"):
        (folder / "tables" / f"{table}.parquet").unlink()
    _, shown = opened(area_bytes(read_run(folder), LISTED))
    assert shown["Gap W1"]["A4"].value == "No expected spend was computed for this area in this window."
    assert shown["Figures"].max_row == 4


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed on this machine")
def test_libreoffice_works_out_the_values_that_are_shown(run, tmp_path):
    book = tmp_path / "area.xlsx"
    book.write_bytes(area_bytes(run, LISTED))
    command = [str(OFFICE), "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    for kind, source, folder in (("ods", book, tmp_path), ("xlsx", tmp_path / "area.ods", tmp_path / "again")):
        convert = [*command, "--convert-to", kind, "--outdir", str(folder), str(source)]
        subprocess.run(convert, check=True, capture_output=True, timeout=120)
    live, shown = opened(book.read_bytes())
    again = openpyxl.load_workbook(tmp_path / "again" / "area.xlsx", data_only=True)
    for sheet, cell, _ in formulas(live):
        assert again[sheet][cell].value == pytest.approx(shown[sheet][cell].value, abs=1e-6)
