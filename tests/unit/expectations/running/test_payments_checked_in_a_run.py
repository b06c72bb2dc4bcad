"""A run that read payment files checks them with everything else; a run without them does not name those checks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.run.payment_stage import load_run_payments
from expectations.running.check_all import check_tables
from expectations.running.check_payments import payment_checks
from expectations.suite.suite import SUITES
from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import read_table, write_table
from pipelines.payments.ledger.ledger import read_ledger


def codes_run(tmp_path: Path, *, with_payments: bool) -> set[str]:
    suites, folder = tmp_path / "suites", tmp_path / f"tables_{with_payments}"
    suites.mkdir(exist_ok=True)
    shutil.copy(SUITES / "payment_file.yaml", suites)
    columns = {name: [] for name in tables()["payment_file"].column_names}
    write_table("payment_file" if with_payments else "hex_map", columns if with_payments else {}, folder)
    check_tables(folder, suites)
    return set(read_table(folder, "check_result")["code"])


def test_payment_files_of_a_run_are_checked_with_its_returns(tmp_path: Path) -> None:
    wanted = {check.code for check in payment_checks() if check.table == "payment_file"}
    assert wanted
    assert wanted <= codes_run(tmp_path, with_payments=True)


def test_a_run_without_payment_files_does_not_name_their_checks(tmp_path: Path) -> None:
    assert not {check.code for check in payment_checks()} & codes_run(tmp_path, with_payments=False)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "NHS Bolton CCG" / "april-2020.csv"
    path.parent.mkdir(parents=True)
    lines = [f"NHS Bolton CCG,{1 + row:02d}/04/2020,Services,REABLEMENT,MADEHAM COUNCIL,{row:05d},{100 + row}\n"
             for row in range(25)]  # fmt: skip
    head = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
    path.write_text(head + "".join(lines), encoding="utf-8")
    tables_folder = tmp_path / "tables"
    tables_folder.mkdir()
    load_run_payments(tmp_path / "in", tables_folder, workers=1)
    return tables_folder


def _damage(ledger: Path) -> str:
    """Make the third row of the ledger one that may not be used. Returns its record id."""
    path = next((ledger / "payment").rglob("*.parquet"))
    rows = pq.ParquetFile(path).read()
    place, held = rows.schema.get_field_index("amount_basis"), rows.column("amount_basis").to_pylist()
    held[2] = "guess"
    values = pa.array(held, rows.schema.field(place).type)
    pq.write_table(rows.set_column(place, rows.schema.field(place), values), path)
    return str(rows.column("record_id")[2])


def _payment_suites(tmp_path: Path) -> Path:
    suites = tmp_path / "suites"
    suites.mkdir(exist_ok=True)
    for path in SUITES.glob("payment*.yaml"):
        shutil.copy(path, suites)
    return suites


def test_every_check_on_the_rows_of_the_ledger_is_part_of_the_run(ledger: Path, tmp_path: Path) -> None:
    made = check_tables(ledger, _payment_suites(tmp_path))
    wanted = {check.code for check in payment_checks() if check.table == "payment"}
    results = read_table(ledger, "check_result").set_index("code")
    assert wanted
    assert set(results.loc[sorted(wanted), "outcome"]) == {"passed"}
    assert (made.balances, made.rewritten) == ((), ())


def test_a_row_of_the_ledger_that_fails_in_a_run_is_set_aside_and_accounted_for(ledger: Path, tmp_path: Path) -> None:
    away = _damage(ledger)
    made = check_tables(ledger, _payment_suites(tmp_path))
    assert [(item.rows_in, item.rows_kept, item.rows_quarantined) for item in made.balances] == [(25, 24, 1)]
    assert made.rewritten == ("payment",)
    left = read_ledger(ledger, ["record_id"])["record_id"].to_pylist()
    assert (len(left), away in left) == (24, False)
    assert away not in set(read_table(ledger, "payment_flow")["record_id"])
    (line,) = read_table(ledger, "quarantine").to_dict("records")
    assert (line["table"], line["record_id"], line["row"]) == ("payment", away, 4)
    assert line["file_name"].endswith("april-2020.csv")
    (file,) = read_table(ledger, "payment_file").to_dict("records")
    assert (file["rows_kept"], file["rows_quarantined"]) == (24, 1)
