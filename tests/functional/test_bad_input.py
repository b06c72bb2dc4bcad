"""Bad input by the command a user would type: one clear error, its exit code, and the last good run untouched."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipelines.payments.ledger.ledger import read_ledger

REPOSITORY = Path(__file__).resolve().parents[2]
EMBEDDED = REPOSITORY / "data" / "returns"


def ringfence(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "audit.commands.cli", *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def returns(tmp_path: Path) -> Path:
    """A folder with a few of the embedded returns: enough to be read, quick to refuse."""
    folder = tmp_path / "returns"
    folder.mkdir()
    for name in ("rs_2012-13", "rs_2013-14", "ro3_2013-14"):
        for ending in (".csv", ".csv-metadata.json"):
            shutil.copy(EMBEDDED / f"{name}{ending}", folder / f"{name}{ending}")
    return folder


@pytest.fixture
def last_good(tmp_path: Path) -> Path:
    """A folder of runs with a published run in it, as any reader would see it."""
    out = tmp_path / "runs"
    good = out / "0123456789abcdef"
    good.mkdir(parents=True)
    (good / "manifest.json").write_text('{"run_id": "0123456789abcdef", "counts": {"quarantined": 0}}')
    (out / "latest").symlink_to(good.name)
    return out


def refuse(returns: Path, out: Path, code: int, *wanted: str) -> str:
    before = sorted((path.name, path.read_bytes()) for path in (out / "0123456789abcdef").iterdir())
    done = ringfence("run", "--returns", str(returns), "--out", str(out), "--quiet")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for text in wanted:
        assert text in done.stderr
    assert sorted((path.name, path.read_bytes()) for path in (out / "0123456789abcdef").iterdir()) == before
    assert (out / "latest").resolve().name == "0123456789abcdef"
    assert [path.name for path in out.iterdir() if path.name.endswith(".part")] == []
    return done.stderr


def made_rs(year: str, heads: list[str], rows: list[list[str]]) -> list[list[str]]:
    return [
        [f"Revenue Outturn Summary (RS): {year} data"],
        ["£ thousand"],
        [],
        ["E-code", "Local authority", "Class", *heads],
        *rows,
    ]


def change(path: Path, edit) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def test_an_empty_folder(tmp_path, last_good):
    folder = tmp_path / "nothing"
    folder.mkdir()
    refuse(folder, last_good, 11, "the folder holds no files", "Put the files there")


def test_a_folder_that_is_not_there(tmp_path, last_good):
    refuse(tmp_path / "gone", last_good, 11, "the folder does not exist")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder, so this needs another user")
def test_a_folder_without_permission(returns, last_good):
    returns.chmod(0)
    try:
        refuse(returns, last_good, 11, "cannot be read", "permissions")
    finally:
        returns.chmod(0o755)


def test_a_truncated_workbook(returns, last_good):
    import openpyxl

    whole = returns.parent / "whole.xlsx"
    openpyxl.Workbook().save(whole)
    (returns / "rs.xlsx").write_bytes(whole.read_bytes()[:2000])
    refuse(returns, last_good, 11, "rs.xlsx: the workbook cannot be opened", "Get the file from the publisher again")


def test_a_sheet_named_like_a_path_has_a_name_and_nothing_is_written_there(tmp_path):
    import openpyxl

    book, path = openpyxl.Workbook(), tmp_path / "in" / "body" / "april-2020.xlsx"
    for row in [
        ("Entity", "Date", "Expense type", "Supplier", "Transaction number", "Amount"),
        *(("A body", "30/04/2020", "Services", "MADEHAM WORKS LTD", number, 10.25) for number in range(30)),
    ]:
        book.active.append(row)
    path.parent.mkdir(parents=True)
    book.save(tmp_path / "plain.xlsx")
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as plain, zipfile.ZipFile(path, "w") as made:
        for name in plain.namelist():
            made.writestr(name, plain.read(name).replace(b'name="Sheet"', b'name="../../../evil"'))
    before = set(tmp_path.rglob("*"))
    done = ringfence("payments", str(tmp_path / "in"), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    written = set(tmp_path.rglob("*")) - before
    assert all(found.is_relative_to(tmp_path / "out") for found in written)
    assert [found for found in written if "evil" in found.name] == []
    assert set(read_ledger(tmp_path / "out", ["sheet"])["sheet"].to_pylist()) == {"../../../evil"}


def test_a_duplicated_file(returns, last_good):
    for ending in (".csv", ".csv-metadata.json"):
        shutil.copy(returns / f"rs_2013-14{ending}", returns / f"copy{ending}")
    refuse(returns, last_good, 11, "the same publication was given twice", "Remove one of the two")


def test_a_file_of_a_year_the_map_does_not_have(returns, last_good):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "RS_LA_Data_2040-41"
    for row in made_rs("2040-41", ["Education services"], [["E0101", "Bath", "UA", "1"]]):
        book.active.append(row)
    book.active["A1"] = "Revenue Account Outturn RS - Revenue Outturn Summary 2040-41"
    book.save(returns / "new.xlsx")
    refuse(returns, last_good, 11, "2040-41", "a column '2040-41' for pipelines/sources/rs/columns.csv")


def test_a_file_that_is_no_return(returns, last_good):
    (returns / "contracts.csv").write_text("supplier,annual value\nA,1\n")
    refuse(returns, last_good, 11, "contracts.csv: the content fits no declared source")


def test_an_extract_with_a_missing_column(returns, last_good):
    def drop(rows):
        at = rows[0].index("adult_social_care_nce_gbp_thousand")
        for row in rows:
            del row[at]

    change(returns / "rs_2013-14.csv", drop)
    refuse(returns, last_good, 11, "rs_2013-14.csv", "column 'adult_social_care_nce_gbp_thousand' is not there")


def test_a_value_that_is_no_number_in_an_extract(returns, last_good):
    def spoil(rows):
        rows[5][rows[0].index("adult_social_care_nce_gbp_thousand")] = "many"

    change(returns / "rs_2013-14.csv", spoil)
    refuse(returns, last_good, 11, "rs_2013-14.csv, row 6, column adult_social_care_nce_gbp_thousand: 'many'")


def test_a_setting_that_does_not_exist(tmp_path, returns, last_good):
    settings = tmp_path / "settings.toml"
    settings.write_text("[lists]\nreview_quick = 20\n")
    done = ringfence("run", "--returns", str(returns), "--out", str(last_good), "--settings", str(settings))
    assert done.returncode == 10
    assert "review_quick" in done.stderr


def test_pounds_where_thousands_belong_stop_the_run(tmp_path, last_good):
    folder = tmp_path / "pounds"
    shutil.copytree(EMBEDDED, folder)

    def slip(rows):
        columns = [index for index, head in enumerate(rows[0]) if head.endswith("_gbp_thousand")]
        for row in rows[1:]:
            for at in columns:
                if not row[at].startswith("["):
                    row[at] = str(float(row[at]) * 1000)

    change(folder / "rs_2013-14.csv", slip)
    refuse(folder, last_good, 12, "critical")


def test_what_could_be_loaded_of_a_refused_run_is_kept_apart_with_the_reason(returns, last_good):
    (returns / "contracts.csv").write_text("supplier,annual value\nA,1\n")
    refuse(returns, last_good, 11)
    (kept,) = (last_good / "refused").iterdir()
    assert "contracts.csv" in (kept / "problems.txt").read_text()
    assert (kept / "tables" / "rs.parquet").is_file()


def test_sources_says_what_each_file_was_taken_for_and_what_was_refused(returns):
    (returns / "contracts.csv").write_text("supplier,annual value\nA,1\n")
    done = ringfence("sources", str(returns))
    assert done.returncode == 11
    assert "rs_2013-14.csv: extract of rs 2013-14" in done.stdout
    assert "contracts.csv: refused: contracts.csv: the content fits no declared source" in done.stdout
    assert "3 of 4 files can be read in full, 1 problems" in done.stdout


def test_explain_names_near_areas_when_the_name_is_not_known(embedded_runs):
    assert ringfence("explain", "--out", str(embedded_runs), "Nowhere").returncode == 11
    done = ringfence("explain", "--out", str(embedded_runs), "Leeds")
    assert done.returncode == 0
    assert done.stdout.startswith("Leeds (E08000035)")


def test_a_repeat_says_that_nothing_had_changed(embedded_runs):
    done = ringfence("run", "--out", str(embedded_runs))
    assert done.returncode == 0
    assert "Nothing had changed" in done.stdout
