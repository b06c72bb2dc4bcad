"""A user's table of allocations: read strictly, every problem with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import InputError
from pipelines.supplied.transfer_table import read_transfers

HEADER = "code,financial_year,kind,amount_gbp,basis,source"
GOOD = "E06000001,2014-15,section 256,1200000,allocated,Board paper of March 2014"


def table(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "allocations.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_good_table_gives_rows_that_lead_back_to_their_cell(tmp_path: Path) -> None:
    rows, problems = read_transfers(table(tmp_path, GOOD, 'E0702,2014-15,Section 75,"2,500.50",allocated,Agreement'))
    assert not problems
    assert [(row["area_code"], row["authority_code"], row["amount_gbp"], row["cell"]) for row in rows] == [
        ("E06000001", "", 1_200_000.0, "D2"),
        ("E06000002", "E0702", 2500.5, "D3"),
    ]


@pytest.mark.parametrize(
    ("line", "column", "what"),
    [
        ("E99999999,2014-15,section 256,1,allocated,x", "code", "'E99999999' is no code"),
        ("E06000001,2014-16,section 256,1,allocated,x", "financial_year", "'2014-16' is no financial year"),
        ("E06000001,2014/15,section 256,1,allocated,x", "financial_year", "written 2014-15"),
        ("E06000001,2014-15,section 257,1,allocated,x", "kind", "one of section 256"),
        ("E06000001,2014-15,section 256,-1,allocated,x", "amount_gbp", "pounds from 0"),
        (
            "E06000001,2014-15,section 256,1.2m,allocated,x",
            "amount_gbp",
            "'1.2m' is no amount in pounds. Expected pounds",
        ),
        ("E06000001,2014-15,section 256,5700000000000000,allocated,x", "amount_gbp", "to 999,999,999,999"),
        ("E06000001,2014-15,section 256,,allocated,x", "amount_gbp", "it is empty"),
        ("E06000001,2014-15,section 256,1,received,x", "basis", "read from the returns"),
        ("E06000001,2014-15,section 256,1,allocated,", "source", "where the amount was published"),
    ],
)
def test_a_bad_cell_is_named_with_file_row_and_column(tmp_path: Path, line: str, column: str, what: str) -> None:
    _, (problem,) = read_transfers(table(tmp_path, GOOD.replace("E06000001", "E06000002"), line))
    assert f"allocations.csv, row 3, column {column}: " in str(problem) and what in str(problem)


def test_the_same_allocation_twice_names_the_first_row(tmp_path: Path) -> None:
    _, (problem,) = read_transfers(table(tmp_path, GOOD, GOOD.replace("1200000", "5")))
    assert "row 3" in str(problem) and "stands in row 2" in str(problem)


def test_an_area_beside_an_authority_in_it_is_refused_as_it_would_count_twice(tmp_path: Path) -> None:
    _, (problem,) = read_transfers(table(tmp_path, GOOD, "E0701,2014-15,section 75,5,allocated,x"))
    assert "row 2 gives the same year by area" in str(problem)


def test_every_problem_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    rows, problems = read_transfers(table(tmp_path, GOOD, "x,2014-15,section 256,1,allocated,x", "y,,,,,"))
    assert len(rows) == 1 and len(problems) == 2


@pytest.mark.parametrize("header", [HEADER + ",notes", HEADER.replace("basis,", ""), HEADER.replace("kind", "code")])
def test_unknown_missing_and_repeated_columns_are_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(InputError, match="row 1.*column"):
        read_transfers(table(tmp_path, GOOD, header=header))


def test_semicolons_and_an_empty_file_are_called_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 1: the columns are separated by semicolons. Expected commas"):
        read_transfers(table(tmp_path, GOOD.replace(",", ";"), header=HEADER.replace(",", ";")))
    (tmp_path / "none.csv").touch()
    with pytest.raises(InputError, match=r"none\.csv: the file is empty. Expected a header and rows. See docs/how-to"):
        read_transfers(tmp_path / "none.csv")


def test_a_table_without_rows_and_a_workbook_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rows"):
        read_transfers(table(tmp_path))
    book = tmp_path / "book.csv"
    book.write_bytes(b"PK\x03\x04 rest of a workbook")
    with pytest.raises(InputError, match="workbook"):
        read_transfers(book)
