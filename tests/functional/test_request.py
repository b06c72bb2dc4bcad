"""The command that writes request packs: whom it asks, what a pack holds, what it never writes over."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from audit.commands.cli import main
from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import read_table
from pipelines.supplied.answer_form import FILES, PLAN, SHEETS, asked, form
from pipelines.supplied.answers.read_answers import read_answers
from pipelines.supplied.strict_rows import strict_rows

PACK = {
    "request.xlsx", "letter.html", "letter.txt", "asked.csv", "where-to-look.csv", *FILES.values(),
    *(f"{name}-metadata.json" for name in ("asked.csv", "where-to-look.csv", *FILES.values())),
}  # fmt: skip
JOINED = "E06000059"


def request(run: Path, to: Path, *more: str) -> int:
    return main(["request", "--out", str(run.parent), "--to", str(to), *more])


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def windows(tables_folder: Path) -> dict[str, tuple[str, ...]]:
    spend = read_table(tables_folder, "expected_spend", ["window", "financial_year", "is_base"])
    spend = spend[~spend["is_base"] & spend["window"].isin(["W1", "W2"])]
    return {name: tuple(sorted(set(part["financial_year"]))) for name, part in spend.groupby("window")}


@pytest.fixture(scope="module")
def packs(embedded_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two packs, one of an area that joins several authorities."""
    to = tmp_path_factory.mktemp("request") / "enquiry"
    assert request(embedded_run, to, "hartlepool", JOINED, "--date", "2026-05-01", "--office", "Audit office") == 0
    return to


def test_a_pack_an_area_by_name_or_code_the_same_bytes_every_time(
    embedded_run: Path, packs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {path.name for path in packs.iterdir()} == {"E06000001", JOINED}
    assert {path.name for path in (packs / JOINED).iterdir()} == PACK
    same = ["E06000001", JOINED, "--date", "2026-05-01", "--office", "Audit office"]
    assert request(embedded_run, tmp_path / "again", *same) == 0
    assert contents(tmp_path / "again") == contents(packs)
    said = capsys.readouterr().out
    assert "2 packs from run" in said and f"ringfence answers {tmp_path / 'again'}" in said


def test_the_given_figures_are_those_the_area_was_judged_on(embedded_tables: Path, packs: Path) -> None:
    spend = read_table(embedded_tables, "expected_spend")
    spend = spend[(spend["area_code"] == JOINED) & ~spend["is_base"] & spend["window"].isin(["W1", "W2"])]
    told = spend.set_index(["window", "financial_year"])["actual_gbp"].to_dict()
    rows = csv_rows(packs / JOINED / "answer.csv")
    assert {(row["window"], row["financial_year"]) for row in rows} == set(told)
    for row in rows:
        own = told[row["window"], row["financial_year"]]
        assert (
            row["own_returned_gbp_thousand"] == ""
            if own != own
            else abs(float(row["own_returned_gbp_thousand"]) * 1000 - own) < 1.0
        )
    evidence = read_table(embedded_tables, "evidence")
    evidence = evidence[(evidence["area_code"] == JOINED) & (evidence["column"] == "transfer_gbp")]
    money = evidence.set_index(["window", "financial_year"])["value"].to_dict()
    for row in rows:
        worked_out = money[row["window"], row["financial_year"]]
        assert abs(float(row["nhs_money_gbp_thousand"]) * 1000 - worked_out) < 1.0
        assert row["nhs_money_basis"] in ("estimated", "derived")


def test_the_cells_named_add_up_to_own_spend(embedded_tables: Path, packs: Path) -> None:
    sheet = openpyxl.load_workbook(packs / "E06000001" / "request.xlsx")["Cells"]
    listed = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    rows = {(row["window"], row["financial_year"]): row for row in csv_rows(packs / "E06000001" / "answer.csv")}
    for (window, year), row in rows.items():
        own = sum(
            float(value)
            for number, figure, at, value, *_ in listed
            if number.startswith(window) and at == year and "net current expenditure" in figure
        )
        grants = sum(
            float(value) / 1000.0
            for number, figure, at, value, *_ in listed
            if number.startswith(window) and at == year and "grants" in figure
        )
        assert own - grants == pytest.approx(float(row["own_returned_gbp_thousand"]), abs=0.01)
    held = read_table(embedded_tables, "evidence")
    held = held[held["area_code"] == "E06000001"].set_index("evidence_id")
    for number, _figure, _year, _value, _unit, _publication, _file, _sheet, cell in listed:
        assert (cell or "") == (held.loc[number, "cell"] if isinstance(held.loc[number, "cell"], str) else "")


def test_every_csv_of_a_pack_has_the_declared_columns_and_asked_ones_are_empty(packs: Path) -> None:
    for name, file in FILES.items():
        with (packs / JOINED / file).open(newline="", encoding="utf-8") as stream:
            lines = list(csv.reader(stream))
        assert tuple(lines[0]) == tables()[name].column_names
        for row in csv_rows(packs / JOINED / file):
            assert not any(row[column.name] for column in asked(name))
        _, problems = strict_rows(name, lines, file=file, areas={JOINED})
        assert not problems
    assert csv_rows(packs / JOINED / "asked.csv")[0]["date"] == "2026-05-01"


def test_packs_that_come_back_blank_are_no_answer_and_without_remarks(embedded_tables: Path, packs: Path) -> None:
    areas = read_table(embedded_tables, "area", ["area_code", "area_name"])
    names = dict(zip(areas["area_code"], areas["area_name"], strict=True))
    read = read_answers(packs, windows=windows(embedded_tables), areas=names, workers=1)
    assert not read.problems and not read.figures
    assert {row["kind"] for row in read.files} == {"answer workbook", "answer table", "asked", "not read"}
    assert sorted(row["area_code"] for row in read.asked) == ["E06000001", JOINED]


def fill_in(path: Path, filled: dict[str, Any]) -> dict[str, str]:
    """Fill in the first year of the first block; what was filled in by cell."""
    book = openpyxl.load_workbook(path)
    plan, cells = book[SHEETS[PLAN]], dict[str, str]()
    for name, value in filled.items():
        row = next(row for row in range(1, 60) if plan.cell(row, 1).value == form(PLAN).column(name).label)
        plan.cell(row, 3).value = value
        cells[name] = plan.cell(row, 3).coordinate
    book.save(path)
    return cells


def test_a_pack_filled_in_is_read_back_equal_with_its_cells(
    embedded_run: Path, embedded_tables: Path, tmp_path: Path
) -> None:
    assert request(embedded_run, tmp_path, "E06000001") == 0
    filled = {
        "own_without_gbp_thousand": 21_000,
        "own_with_gbp_thousand": 19_500.5,
        "total_with_gbp_thousand": "21,100",
    }
    cells = fill_in(tmp_path / "E06000001" / "request.xlsx", filled)
    areas = read_table(embedded_tables, "area", ["area_code", "area_name"])
    names = dict(zip(areas["area_code"], areas["area_name"], strict=True))
    read = read_answers(tmp_path, windows=windows(embedded_tables), areas=names, workers=1)
    assert [row["area_code"] for row in read.files if row["used"] and row["kind"] == "answer workbook"] == ["E06000001"]
    back = {row["item"]: row for row in read.figures if row["item"] in filled}
    assert {item: row["value_gbp_thousand"] for item, row in back.items()} == {
        "own_without_gbp_thousand": 21_000.0, "own_with_gbp_thousand": 19_500.5, "total_with_gbp_thousand": 21_100.0,
    }  # fmt: skip
    assert {item: row["cell"] for item, row in back.items()} == cells
    assert {(row["window"], row["financial_year"]) for row in back.values()} == {("W1", "2011-12")}


def test_a_pack_that_is_there_is_never_written_over_and_all_such_are_named_before_anything_is(
    embedded_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for code in ("E06000001", "E06000003"):
        (tmp_path / code).mkdir()
        (tmp_path / code / "answer.txt").write_text("kept", encoding="utf-8")
    assert request(embedded_run, tmp_path, "E06000001", "E06000002", "E06000003") == 11
    assert "2 packs are there already and may hold an answer: E06000001, E06000003" in capsys.readouterr().err
    assert {path.name for path in tmp_path.iterdir()} == {"E06000001", "E06000003"}
    assert contents(tmp_path / "E06000001") == {"answer.txt": b"kept"}


def test_unknown_areas_are_all_named_and_nothing_is_written(
    embedded_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert request(embedded_run, tmp_path / "to", "Hartlepool", "Atlantis", "E99999999") == 11
    said = capsys.readouterr().err
    assert "'Atlantis' is no area" in said and "'E99999999' is no area" in said
    assert not (tmp_path / "to").exists()


def test_a_list_asks_its_areas_in_both_windows_or_in_one(
    embedded_run: Path, embedded_tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = read_table(embedded_tables, "flag", ["area_code", "window", "list"])
    on = flags[flags["list"].isin(["review list", "both lists"])]
    assert request(embedded_run, tmp_path / "both", "--list", "review") == 0
    assert {path.name for path in (tmp_path / "both").iterdir()} == set(on["area_code"])
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith(str(tmp_path))]) == 10, (
        "ten packs are named, the rest counted"
    )
    assert request(embedded_run, tmp_path / "one", "--list", "review", "--window", "W1") == 0
    assert {path.name for path in (tmp_path / "one").iterdir()} == set(on[on["window"] == "W1"]["area_code"])
    letter = (tmp_path / "one" / min(on[on["window"] == "W1"]["area_code"]) / "letter.txt").read_text(encoding="utf-8")
    assert "review list" in letter and "Nothing is alleged" in letter


def test_a_sample_asks_those_drawn_and_tells_them_they_were_drawn_by_lot(embedded_run: Path, tmp_path: Path) -> None:
    sample = tmp_path / "sample.csv"
    assert main(["sample", "--out", str(embedded_run.parent), "--size", "10", "--to", str(sample)]) == 0
    assert request(embedded_run, tmp_path / "to", "--sample", str(sample)) == 0
    drawn = {row["area_code"] for row in csv_rows(sample) if row["drawn"] == "true"}
    assert {path.name for path in (tmp_path / "to").iterdir()} == drawn and len(drawn) == 10
    for code in drawn:
        letter = (tmp_path / "to" / code / "letter.txt").read_text(encoding="utf-8")
        assert "drawn by lot" in letter and "review list" not in letter


def test_a_sample_of_other_areas_or_with_a_slip_is_refused(
    embedded_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = tmp_path / "sample.csv"
    assert main(["sample", "--out", str(embedded_run.parent), "--size", "10", "--to", str(sample)]) == 0
    whole = sample.read_text(encoding="utf-8")
    for text, said in (
        ("\n".join(whole.splitlines()[:-1]), "the sample has 149 areas, and the latest run 150"),
        (whole.replace("true", "false"), "no area of the sample is drawn"),
        (whole.replace("true", "perhaps"), "perhaps"),
        ("", "sample.csv"),
    ):
        sample.write_text(text, encoding="utf-8")
        capsys.readouterr()
        assert request(embedded_run, tmp_path / "to", "--sample", str(sample)) == 11
        assert said in capsys.readouterr().err
    assert request(embedded_run, tmp_path / "to", "--sample", str(tmp_path / "none.csv")) == 11
    assert not (tmp_path / "to").exists()


def test_a_comment_is_asked_for_with_the_areas_working_papers(embedded_run: Path, tmp_path: Path) -> None:
    assert request(embedded_run, tmp_path, "Manchester", "--reply", "--date", "2026-05-01", "--by", "2026-05-29") == 0
    folder = tmp_path / "E08000003-comment"
    papers = f"ringfence-{embedded_run.name}-E08000003.zip"
    assert {path.name for path in folder.iterdir()} == {
        "letter.html", "letter.txt", "asked.csv", "asked.csv-metadata.json", papers,
    }  # fmt: skip
    letter = (folder / "letter.txt").read_text(encoding="utf-8")
    assert papers in letter and "29 May 2026" in letter
    with zipfile.ZipFile(io.BytesIO((folder / papers).read_bytes())) as held:
        assert any(name.endswith("/downloads/E08000003.xlsx") for name in held.namelist())
    assert csv_rows(folder / "asked.csv") == [
        {
            "area_code": "E08000003", "area_name": "Manchester", "kind": "comment", "date": "2026-05-01",
            "run": embedded_run.name,
        }
    ]  # fmt: skip
    assert request(embedded_run, tmp_path, "Manchester") == 0, "papers and comment lie side by side"


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ((), 2, "required"),
        (("Hartlepool", "--list", "review"), 2, "not allowed with"),
        (("Hartlepool", "--date", "01/05/2026"), 2, "no day written like 2026-05-01"),
        (("Hartlepool", "--date", "2026-02-30"), 2, "no day written like"),
        (("Hartlepool", "--window", "W1"), 11, "--window goes with --list"),
        (("Hartlepool", "--date", "2026-05-01", "--by", "2026-04-01"), 11, "lies before"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused_before_anything_is_written(
    embedded_run: Path, tmp_path: Path, more: tuple[str, ...], code: int, said: str
) -> None:
    command = [sys.executable, "-m", "audit.commands.cli", "request", "--out", str(embedded_run.parent)]
    done = subprocess.run([*command, "--to", str(tmp_path / "to"), *more], capture_output=True, text=True, check=False)
    assert done.returncode == code and said in done.stderr
    assert not (tmp_path / "to").exists()
