"""The how-to from a list to a settled area, followed literally in a copy of the repository: every command is typed as
it stands there and must print what the page says, the form is filled in as its table says, the pages are looked at.
"""

from __future__ import annotations

import datetime as dt
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from followed_page import BLOCK, COMMAND, differences

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "how-to" / "settle-an-area.md"
CODE, NAME = "E06000040", "Anyborough"


def in_copy(folder: Path, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audit.commands.cli", *arguments]
    environment = {"PYTHONPATH": str(folder), "PATH": ""}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def filled_in() -> tuple[list[str], dict[str, list[str]]]:
    """Years and values by label of the table that the page says was filled in."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    start = next(number for number, line in enumerate(lines) if line.startswith("| W1 "))
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[start:]]
    end = next(number for number, row in enumerate(rows) if number > 1 and len(row) != len(rows[0]) or "Date" in row[0])
    return rows[0][1:], {row[0]: row[1:] for row in rows[2 : end + 1]}


def fill_in(path: Path) -> None:
    import openpyxl

    years, wanted = filled_in()
    book = openpyxl.load_workbook(path)
    sheet, columns, done = book["Plan"], dict[str, int](), set[str]()
    for row in sheet.iter_rows():
        label = str(row[0].value or "")
        if label.startswith("W1"):
            columns = {str(cell.value): cell.column for cell in row}
        elif label.startswith("W2"):
            break
        for year, value in zip(years, wanted.get(label, ()), strict=False):
            day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
            sheet.cell(row[0].row, columns[year]).value = dt.date.fromisoformat(value) if day else int(value)
            done.add(label)
    assert done == set(wanted) and len(done) == 8
    book["Documents"].cell(6, 3).value = "Use-of-funds plan 2011-12 to 2013-14"
    book.save(path)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which one area goes by the name of the made-up council."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("audit", "expectations", "pipelines", "reports", "data"):
        left = shutil.ignore_patterns("runs", "raw") if name == "data" else None
        shutil.copytree(REPOSITORY / name, folder / name, ignore=left)
    areas = folder / "data" / "reference" / "area.csv"
    text, changed = re.subn(rf"^{CODE},[^,]*", f"{CODE},{NAME}", areas.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert changed == 1
    areas.write_text(text, encoding="utf-8")
    return folder


def test_the_how_to_followed_literally_goes_from_a_request_to_a_settled_area(copy: Path) -> None:
    wrong: dict[str, list[str]] = {}
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "csv":
            (copy / "enquiry" / "conclusions.csv").write_text(text, encoding="utf-8")
            continue
        for part in text.split(COMMAND)[1:]:
            typed, *expected = part.rstrip("\n").split("\n")
            if typed.startswith("answers"):
                fill_in(copy / "enquiry" / CODE / "request.xlsx")
            done = in_copy(copy, shlex.split(typed))
            assert done.returncode == 0, done.stderr[-2000:]
            missing = differences([line.rstrip() for line in done.stdout.strip("\n").splitlines()], expected)
            wrong |= {typed: missing} if missing else {}
    assert not wrong, wrong
    run = (copy / "data" / "runs" / "latest").resolve()
    page = (run / "site" / "areas" / f"{CODE}.html").read_text(encoding="utf-8")
    conclusion, figures = (
        page.index("An auditor&#39;s conclusion of 12 June 2026"),
        page.index("spent £4.1 million less"),
    )
    assert conclusion < figures and page.index('id="enquiry"') > figures
    assert f"{CODE}/request.xlsx" in page and "C12" in page and "6% above the return" in page
    front = (run / "site" / "index.html").read_text(encoding="utf-8")
    assert "The enquiry" in front and f"areas/{CODE}.html" in front
    summary = (run / "summary.txt").read_text(encoding="utf-8")
    assert "Enquiry: 1 area asked, 1 answered, 1 settled" in summary
    lists = summary.partition("Results of all areas")[2]
    section_256 = lists.partition("Section 256 transfers")[2].partition("Better Care Fund")[0]
    assert "On the review list" in section_256 and f"{NAME} (" not in section_256
