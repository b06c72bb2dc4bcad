"""What is hidden is no publication; formulas without a value, other units and wrong codes are refused and named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from made_files import Formula, Return, Sheet, made_return, write_csv, write_xlsx

from pipelines.declarations import catalogue
from pipelines.errors import InputError
from pipelines.load.load import read_file
from pipelines.load.same_release import duplicates
from pipelines.places import ROOT
from pipelines.read.read_tabular import open_book
from pipelines.shape.form_data import FormData
from pipelines.shape.recognise import recognise
from pipelines.shape.stated_unit import stated


def read(made: Return, folder: Path, name: str = "return.xlsx") -> tuple[FormData | None, list[str]]:
    form, problems, _ = read_file(write_xlsx(made, folder / name))
    return form, [str(problem) for problem in problems]


def test_a_hidden_sheet_row_or_column_is_not_read_and_its_place_is_kept(tmp_path: Path) -> None:
    sheets = [
        Sheet("Draft", [["a"]], state="hidden"),
        Sheet("Older draft", [["b"]], state="veryHidden"),
        Sheet("Shown", [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]], hidden_rows={2}, hidden_columns={2}),
    ]
    book = open_book(write_xlsx(Return(sheets, 2, 0, 0, 0, []), tmp_path / "book.xlsx"))
    assert (book.sheet_names, book.hidden_sheets) == (("Shown",), ("Draft", "Older draft"))
    assert book.rows("Shown") == [["1", None, "3"], [], ["7", None, "9"]]
    assert book.hidden_rows("Shown") == {2: ["4", "5", "6"]}
    assert book.hidden_columns("Shown") == "B:B"
    assert book.with_hidden().rows("Shown")[1] == ["4", "5", "6"]
    assert set(book.with_hidden().sheet_names) == {"Draft", "Older draft", "Shown"}


def test_a_hidden_council_is_set_aside_by_name_and_the_account_closes(tmp_path: Path) -> None:
    made = made_return()
    at = made.councils()[7]
    made.sheet.hidden_rows = {at + 1}
    form, problems = read(made, tmp_path)
    assert form is not None and not problems
    assert [(item.rule, item.place.row) for item in form.aside] == [("LOAD-HIDDEN", at + 1)]
    assert form.counts.quarantined == 1


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_return_whose_sheet_is_hidden_is_refused_and_the_sheet_named(tmp_path: Path, state: str) -> None:
    made = made_return()
    made.sheet.state = state
    assert "hidden, and so not read: sheet 'RA LA Data 2018-19'" in read(made, tmp_path)[1][0]


def test_two_sheets_that_fit_are_an_error_naming_both(tmp_path: Path) -> None:
    made = made_return()
    made.sheets.append(Sheet(made.sheet.name + " ", made.copy().sheet.rows))
    assert "'RA LA Data 2018-19' and 'RA LA Data 2018-19 '" in read(made, tmp_path)[1][0]


@pytest.mark.parametrize(("value", "said"), [(None, "cell D6 holds a formula without a value"), (7.0, "")])
def test_a_formula_without_a_stored_value_is_refused_with_its_cell(tmp_path: Path, value: Any, said: str) -> None:
    made = made_return()
    made.sheet.rows[5][3] = Formula("SUM(E6:F6)", value)
    problems = read(made, tmp_path)[1]
    assert (said in problems[0]) if said else not problems


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("£ thousand", 1e3), ("(£000)", 1e3), ("£000's", 1e3), ("£ million", 1e6), ("£", 1.0), ("Unit: £", 1.0),
        ("This worksheet contains 1 table. Data is reported in £.", 1.0), ("Net current expenditure (£ thousand)", 1e3),
        ("All figures are in £, 000. Change in reserves", 1e3), ("Figures in pounds", 1.0),
        ("thousands of pounds", 1e3),
        ("£5.5million higher in their accounts", None), ("Cost per week (£)", 1.0), ("Adult Social Care", None),
        ("Cash £ million Seasonally Adjusted", None),
    ],
)  # fmt: skip
def test_a_line_states_a_unit_or_none(text: str, pounds: float | None) -> None:
    assert stated(text) == pounds


@pytest.mark.parametrize(
    "title", ["Net current expenditure (£)", "£", "Data are reported in £.", "All figures in £ million"]
)
def test_a_unit_that_is_not_the_maps_is_refused_with_its_cell(tmp_path: Path, title: str) -> None:
    made = made_return()
    made.sheet.rows[2] = ["", title]
    said = read(made, tmp_path)[1][0]
    assert "row 3, column B" in said and "thousands of pounds" in said


def test_code_and_name_that_disagree_are_named_with_both_rows(tmp_path: Path) -> None:
    made = made_return()
    one, other = made.councils()[3], made.councils()[30]
    rows = made.sheet.rows
    rows[one][0], rows[other][0] = rows[other][0], rows[one][0]
    problems = read(made, tmp_path)[1]
    assert [f"row {at + 1}:" in said for at, said in zip((one, other), problems, strict=True)] == [True, True]
    assert all("but the row names" in said for said in problems)


def test_an_authority_and_its_successor_of_one_name_are_not_told_apart(tmp_path: Path) -> None:
    form, problems, _ = read_file(write_csv(made_return(), tmp_path / "return.csv"))
    assert form is not None and not problems  # every council of a year, by the names of the register


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><table><tr><td>E-code</td></tr></table></html>", "it is a web page (HTML)"),
        (b"<!DOCTYPE html>\n<html></html>", "it is a web page (HTML)"),
        (b"%PDF-1.7 and so on", "it is a PDF"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "it only points to a file kept elsewhere"),
        (b"E-code;Name;Net;Gross\nE0101;Bath;1,5;2,5\nE0102;Bristol;3,5;4,5\n", "separated by semicolons"),
    ],
)
def test_the_reason_of_a_refusal_names_the_cause(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "return.xls"
    path.write_bytes(content)
    assert said in str(read_file(path)[1][0])


def test_a_renamed_header_of_a_known_return_is_told_with_its_nearest_likeness(tmp_path: Path) -> None:
    made = made_return()
    made.sheet.rows[4][0] = "E code"
    said = read(made, tmp_path)[1][0]
    assert "looks like 'ra'" in said and "header 'E-code' is now 'e code'" in said


def looks_like(folder: Path, headers: list[str], title: str = "adult social care staff 2023-24") -> str:
    """What is said of a file of the how-to's source with other headers."""
    page = (ROOT / "docs" / "how-to" / "add-a-source-and-a-table.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"^```(?:csv|toml) (\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    room = folder / "pipelines"
    own = catalogue.sources(room / "sources", room / "tables")
    rows = [[title], headers, ["E0101", "Bath and North East Somerset", "1", "2"]]
    path = folder / "made.csv"
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        recognise(open_book(path), {**catalogue.sources(), **own})
    return str(caught.value)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (["LA code", "Council", "Number of jobs", "Vacancies"], "but header 'Jobs' is now 'number of jobs'."),
        (
            ["LA code", "Council", "Filled posts", "Vacancy"],
            "'Jobs' is not there, and header 'Vacancies' is now 'vacancy'.",
        ),
        (
            ["LA code", "Council", "Jobs in all", "Open"],
            "'Jobs' is now 'jobs in all', and header 'Vacancies' is not there.",
        ),
    ],
)
def test_every_renamed_header_names_the_source_and_what_stands_there_now(
    tmp_path: Path, headers: list[str], said: str
) -> None:
    told = looks_like(tmp_path, headers)
    assert "it looks like 'care_staff' (Adult social care staff), but header " in told
    assert said in told


def test_a_source_whose_title_and_a_header_changed_is_known_by_its_map(tmp_path: Path) -> None:
    made = made_return()
    for row in made.sheet.rows[:4]:
        row[:] = [str(cell).replace("Revenue Account", "Yearly Estimates").replace("RA ", "YE ") for cell in row]
    made.sheet.rows[4][0] = "Code"
    made.sheet.name = "Sheet"
    said = read(made, tmp_path)[1][0]
    assert "looks like 'ra'" in said and "header 'E-code' is " in said and "title is not there" in said


def test_a_file_like_no_source_is_likened_to_none(tmp_path: Path) -> None:
    assert "looks like" not in looks_like(tmp_path, ["a", "b", "c", "d"], title="nothing we know")


def test_one_release_saved_twice_is_told_with_how_many_figures_are_equal(tmp_path: Path) -> None:
    made = made_return()
    one, _ = read(made, tmp_path, "a.xlsx")
    made.sheet.rows[5][3] += 1
    other, _ = read(made, tmp_path, "b.xlsx")
    assert one is not None and other is not None
    (problem,) = duplicates([one, other])
    assert "the same release twice: a.xlsx and b.xlsx" in str(problem)
    assert "3,518 of 3,519 figures equal" in str(problem)


def test_a_later_release_of_a_form_is_no_copy(tmp_path: Path) -> None:
    made = made_return()
    one, _ = read(made, tmp_path, "a.xlsx")
    made.sheet.rows[1] = ["Published on 5 July 2019"]
    other, _ = read(made, tmp_path, "b.xlsx")
    assert one is not None and other is not None and one.release != other.release
    assert not duplicates([one, other])
