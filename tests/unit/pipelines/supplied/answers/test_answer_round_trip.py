"""A filled workbook that another program saved says the same, or every difference is named by its cell."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from made_answers import ONE, W1, filled_book, plan_cell, put, read, said, values
from openpyxl import load_workbook
from openpyxl.comments import Comment

from pipelines.supplied.answer_form import CHECK, PLAN, SHEETS

OFFICE = shutil.which("soffice")


def saved_by_office(path: Path, form: str = "xlsx") -> Path:
    """The same workbook opened and saved by LibreOffice."""
    made = path.parent / "saved"
    profile = f"-env:UserInstallation=file://{path.parent.resolve()}/.profile"
    command = [str(OFFICE), profile, "--headless", "--convert-to", form, "--outdir", str(made), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    path.unlink()
    return made / path.with_suffix(f".{form}").name


def test_a_workbook_saved_again_by_openpyxl_says_the_same(tmp_path: Path):
    path = put(tmp_path, filled_book())
    before = values(read(tmp_path))
    load_workbook(path).save(path)
    supplied = read(tmp_path)
    assert supplied.problems == []
    assert values(supplied) == before


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_a_workbook_saved_again_by_libreoffice_says_the_same_but_for_what_is_named(tmp_path: Path):
    put(tmp_path / "plain", filled_book())
    before = values(read(tmp_path / "plain"))
    book = filled_book()
    plan = book[SHEETS[PLAN]]
    own = plan_cell(book, "2011-12", "own_without_gbp_thousand")
    plan[own] = f"{W1['own_without_gbp_thousand']:,}"
    plan[plan_cell(book, "2011-12", "total_with_gbp_thousand")] = "=43600+0.5"
    plan[plan_cell(book, "2011-12", "page")].comment = Comment("see annex", "office")
    plan.insert_cols(4)
    put(tmp_path, book, name="request.xlsx")
    shutil.rmtree(tmp_path / "plain")
    assert [what for _, _, what in said(read(tmp_path))] == ["the cell holds a formula without its value"]
    saved_by_office(tmp_path / ONE / "request.xlsx")
    supplied = read(tmp_path)
    assert said(supplied) == []
    assert values(supplied) == before
    page = plan_cell(book, "2011-12", "page")
    assert {cell for _, cell, _ in said(supplied, refused=False)} == {page, "A5"} | {
        f"A{row}" for row in range(6, 60) if str(plan.cell(row, 1).value).startswith("W2")
    }
    assert CHECK in {plan.cell(row, 1).value for row in range(1, 60)}


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(("form", "what"), [("xls", "Excel 97 to 2003"), ("ods", "OpenDocument")])
def test_a_request_saved_in_an_older_or_open_form_is_refused_and_told_to_be_saved_as_xlsx(tmp_path, form, what):
    path = put(tmp_path, filled_book())
    saved_by_office(path, form)
    [row] = [row for row in read(tmp_path).problems if row["refused"]]
    assert what in row["what"]
    assert ".xlsx" in row["do"]
