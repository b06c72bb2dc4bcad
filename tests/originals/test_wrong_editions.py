"""What is not the publication it is given for: one sheet of a budget, a budget named as an outturn, another year's."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from audit.commands.cli import main
from pipelines.load.load import read_files
from pipelines.read.find_files import find_files
from pipelines.read.read_tabular import open_book

pytestmark = pytest.mark.originals
FIRST = "RA LA Data 2014-15 (1)"


@pytest.fixture
def added(originals: Path) -> Path:
    folder = originals.parent / "returns_added" / "revenue_outturn"
    if not folder.is_dir():
        pytest.skip("the published originals added since are not beside the repository (../shared/returns_added)")
    return folder


def alone(added: Path, sheet: str, name: str, folder: Path) -> Path:
    """A workbook that holds one sheet of the budget 2014-15, under the name of that sheet or another."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = name
    for row in open_book(added / "ra_2014-15_budget.xls").rows(sheet):
        page.append(list(row))
    path = folder / "budget.xlsx"
    book.save(path)
    return path


def refusals(path: Path) -> list[str]:
    return [str(problem) for problem in read_files(find_files(path.parent), workers=1).problems]


@pytest.mark.parametrize("number", [2, 3])
def test_the_second_or_third_sheet_of_a_budget_is_not_taken_for_the_first(
    added: Path, tmp_path: Path, number: int
) -> None:
    sheet = f"RA LA Data 2014-15 ({number})"
    (told,) = refusals(alone(added, sheet, sheet, tmp_path))
    assert "no sheet matches" in told and "whole workbook" in told and told.endswith(sheet)
    (told,) = refusals(alone(added, sheet, FIRST, tmp_path))
    assert f"sheet '{FIRST}': the sheet says" in told and "net current expenditure" in told


def test_the_first_sheet_alone_is_read_as_the_whole_workbook_is(added: Path, tmp_path: Path) -> None:
    (form,) = read_files([alone(added, FIRST, FIRST, tmp_path)], workers=1).forms
    (whole,) = read_files([added / "ra_2014-15_budget.xls"], workers=1).forms
    assert form.size == whole.size and not form.problems
    assert {line.column: list(line.values) for line in form.lines} == {
        line.column: list(line.values) for line in whole.lines
    }


@pytest.mark.parametrize(
    ("original", "named", "code", "year"),
    [
        ("ra_2016-17_budget.xlsx", "rs_2016-17.xlsx", "rs", "2016-17"),
        ("rsx_2016-17.xlsx", "rsx.xlsx", "rsx", "2017-18"),
    ],
)
def test_a_file_is_what_its_content_says_whatever_it_is_given_for(
    added: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], original: str, named: str, code: str, year: str
) -> None:
    path = Path(shutil.copy(added / original, tmp_path / named))
    (form,) = read_files([path], workers=1).forms
    assert (form.source, form.financial_year) == (original.partition("_")[0], "2016-17")
    assert main(["add-year", str(path), "--source", code, "--year", year]) == 11
    assert f"the content says that this is {form.source} 2016-17" in capsys.readouterr().err


def test_another_years_edition_twice_over_is_named_with_both_files(added: Path, tmp_path: Path) -> None:
    for name in ("rsx_2016-17.xlsx", "rsx_2017-18.xlsx"):
        shutil.copy(added / "rsx_2016-17.xlsx", tmp_path / name)
    (told,) = refusals(tmp_path / "rsx_2016-17.xlsx")
    assert "rsx_2017-18.xlsx: the same publication was given twice (rsx 2016-17, also as rsx_2016-17.xlsx)" in told


def test_a_year_that_is_held_is_said_to_be_a_revision_of_the_returns(
    added: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = shutil.copy(added / "rsx_2016-17.xlsx", tmp_path)
    assert main(["add-year", str(path)]) == 11
    assert "is held already" in (told := capsys.readouterr().err) and "every figure that moved" in told
