"""A run that read payment files checks them with everything else; a run without them does not name those checks."""

from __future__ import annotations

import shutil
from pathlib import Path

from expectations.check_all import check_tables
from expectations.check_payments import payment_checks
from expectations.suite import SUITES
from pipelines.catalogue import tables
from pipelines.write_parquet import read_table, write_table


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
