"""A user's table of allocations, by the command: used, named, hashed, verified, and refused with its place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.declarations.parquet import read_table
from pipelines.errors import EXIT_INPUT, EXIT_OK

WHOLE, PART = "E06000001", "E06000002"
YEARS = ("2011-12", "2012-13", "2013-14")


def ringfence(repository: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "audit.commands.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("transfers") / "allocations.csv"
    rows = [f"{WHOLE},{year},section 256,4000000,allocated,made up" for year in YEARS]
    rows.append(f"{PART},2011-12,section 256,1000000,allocated,made up")
    path.write_text("code,financial_year,kind,amount_gbp,basis,source\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(repository: Path, table: Path) -> Path:
    done = ringfence(repository, "run", "--quiet", "--out", table.parent / "runs", "--transfers", table)
    assert done.returncode == EXIT_OK, done.stderr
    return (table.parent / "runs" / "latest").resolve()


def test_an_area_is_judged_on_its_allocations_only_where_they_cover_the_window(run: Path) -> None:
    flags = read_table(run / "tables", "flag").set_index(["area_code", "window"])
    assert flags.loc[(WHOLE, "W1"), "transfer_basis"] == "allocated"
    assert flags.loc[(WHOLE, "W1"), "transfer_gbp"] == 12_000_000.0
    assert flags.loc[(WHOLE, "W1"), "transfer_error_share"] == 0.0
    assert flags.loc[(PART, "W1"), "transfer_basis"] == "estimated"
    assert flags.loc[(WHOLE, "W2"), "transfer_basis"] == "derived"


def test_the_page_names_the_basis_and_the_cell(run: Path) -> None:
    page = (run / "site" / "areas" / f"{WHOLE}.html").read_text(encoding="utf-8")
    assert "It was allocated £12.0 million" in page and "as it was allocated" in page and "allocations.csv" in page
    evidence = read_table(run / "tables", "evidence")
    mine = evidence[(evidence["table"] == "transfer") & (evidence["area_code"] == WHOLE)]
    assert mine[mine["window"] == "W1"]["cell"].tolist() == ["D2", "D3", "D4"]


def test_the_table_is_an_input_of_the_run_and_the_cause_of_what_changed(
    repository: Path, run: Path, table: Path, embedded_run: Path
) -> None:
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert "transfers/allocations.csv" in [item["file_name"] for item in manifest["inputs"]]
    assert manifest["command"] == "ringfence run --transfers FILE" and run.name != embedded_run.name
    assert str(table.parent) not in (run / "manifest.json").read_text(encoding="utf-8")
    told = ringfence(repository, "diff", embedded_run, run).stdout
    assert "cause: an input" in told and "transfers/allocations.csv" in told


def test_verify_asks_for_the_table_the_run_was_made_from(repository: Path, run: Path) -> None:
    without = ringfence(repository, "verify", run)
    assert without.returncode == EXIT_INPUT and "Give --transfers to verify." in without.stderr


def test_a_bad_table_publishes_nothing_and_names_the_row_and_column(repository: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("code,financial_year,kind,amount_gbp,basis,source\nE1,2011-12,section 256,5,allocated,x\n")
    done = ringfence(repository, "run", "--quiet", "--out", tmp_path / "runs", "--transfers", path)
    assert done.returncode == EXIT_INPUT
    assert "bad.csv, row 2, column code: 'E1' is no code" in done.stderr
    assert not (tmp_path / "runs" / "latest").exists()
