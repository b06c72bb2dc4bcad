"""A run that was given answers: what cannot be used is named and counted, the others are used, and nothing supplied is
written over. The same folder verifies the run.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

CONCLUSIONS = """area_code,window,outcome,replaced_gbp,document,page,date,office
E06000002,W1,not replaced,,Budget report 2011-12,9,2026-06-12,Internal audit
E06000003,W1,perhaps,,Budget report 2011-12,9,2026-06-12,Internal audit
"""


def ringfence(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audit.commands.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def hashes(folder: Path) -> dict[str, str]:
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*.*"))}


@pytest.fixture(scope="module")
def enquiry(embedded_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two packs: one filled in with a word where a number belongs, one by CSV; and a right and a wrong conclusion."""
    import openpyxl

    folder = tmp_path_factory.mktemp("asked") / "enquiry"
    done = ringfence("request", "E06000001", "E06000002", "--out", embedded_run.parent, "--to", folder)
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(folder / "E06000001" / "request.xlsx")
    sheet = book["Plan"]
    row = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Own spend planned without the transfer")
    sheet.cell(row, 3).value = "about 500"
    book.save(folder / "E06000001" / "request.xlsx")
    plan = folder / "E06000002" / "answer.csv"
    head, *lines = plan.read_text(encoding="utf-8").splitlines()
    names = head.split(",")
    cells = dict(zip(names, lines[0].split(","), strict=True)) if '"' not in lines[0] else {}
    if cells:
        cells |= {"own_without_gbp_thousand": "21000", "own_with_gbp_thousand": "20000", "paper_date": "2011-02-22"}
        lines[0] = ",".join(cells[name] for name in names)
    plan.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    (folder / "conclusions.csv").write_text(CONCLUSIONS, encoding="utf-8")
    return folder


def test_a_run_goes_on_without_what_cannot_be_used_names_it_by_cell_and_verifies_with_the_same_folder(
    enquiry: Path, tmp_path: Path
) -> None:
    before = hashes(enquiry)
    out = tmp_path / "runs"
    done = ringfence("run", "--answers", enquiry, "--out", out, "--strict", "--quiet")
    assert done.returncode == 13, done.stderr
    assert "E06000001/request.xlsx, sheet 'Plan', C" in done.stderr and "about 500" in done.stderr
    assert "conclusions.csv" in done.stderr and "perhaps" in done.stderr and "2 answers not used" in done.stderr
    run = (out / "latest").resolve()
    told = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    assert told["enquiry"]["not_used"] == ["E06000001/request.xlsx", "conclusions.csv"]
    assert told["enquiry"]["settled"] == 1 and told["results"]["settled"] == 1
    again = ringfence("run", "--answers", enquiry, "--out", out, "--quiet")
    assert again.returncode == 0 and "2 answers not used" in again.stderr
    refused = ringfence("verify", run)
    assert refused.returncode == 11 and "--answers" in refused.stderr
    verified = ringfence("verify", run, "--answers", enquiry)
    assert verified.returncode == 0, verified.stderr
    assert hashes(enquiry) == before


def test_answers_are_checked_without_a_run_and_without_writing_anything(enquiry: Path, tmp_path: Path) -> None:
    before = hashes(enquiry)
    done = ringfence("answers", enquiry, "--out", tmp_path / "none")
    assert done.returncode == 0 and "There is no run yet" in done.stderr
    assert "problem: E06000001/request.xlsx, sheet 'Plan', C" in done.stdout
    assert ringfence("answers", enquiry, "--out", tmp_path / "none", "--strict").returncode == 13
    assert hashes(enquiry) == before and not (tmp_path / "none").exists()


def test_a_folder_of_answers_that_is_none_is_refused(tmp_path: Path) -> None:
    for command in (("answers",), ("run", "--out", tmp_path / "runs", "--answers")):
        done = ringfence(*command, tmp_path / "nowhere")
        assert done.returncode == 11 and "the folder does not exist" in done.stderr
