"""The small inputs of payments that earlier versions got wrong; skipped where they are not beside the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.payments.ledger.ledger import read_ledger
from pipelines.payments.load.load_payments import load_payments

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
pytestmark = [
    pytest.mark.originals,
    pytest.mark.skipif(not CASES.is_dir(), reason="the small inputs are not beside the repository (../shared/cases)"),
]
COMMAS = [-75.25, 12.5, 640.0, 834.5, 1250.75, 2_000_000.0]


def load(case: str, folder: Path) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The rows of the ledger, and the record of each file by its name."""
    load_payments(CASES / case, folder)
    rows = read_ledger(folder, ["source_file", "supplier_raw", "date", "amount_gbp"]).to_pylist()
    records = pq.read_table(folder / "payment_file.parquet").to_pylist()
    for record in records:
        parts = ("rows_kept", "rows_quarantined", "rows_repeated", "rows_not_data")
        assert record["rows_read"] == sum(record[name] for name in parts)
        assert record["lines_read"] == record["rows_read"] + record["lines_blank"] + record["lines_inside_cells"]
    return rows, {record["source_file"].split("/")[-1]: record for record in records}


@pytest.mark.parametrize(
    ("case", "rows", "pounds"),
    [("01-subtotals", 5, 7_600.5), ("02-half-swapped-dates", 30, 30_465.0), ("03-decimal-comma", 6, sum(COMMAS)),
     ("04-thousands", 6, 2_658_400.0), ("05-credit-column", 8, 2_400.0), ("06-order-changes", 10, 30_000.0),
     ("07-hidden-sheet", 8, 36_000.0), ("08-merged-cells", 8, 36_000.0), ("12-revised-month", 30, 38_445.0),
     ("14-two-tables", 24, 42_420.0), ("22-stray-quote", 60, 60_930.0), ("24-formulas", 5, 18_000.0)],
)  # fmt: skip
def test_a_small_input_gives_its_right_answer(tmp_path: Path, case: str, rows: int, pounds: float) -> None:
    kept, _ = load(case, tmp_path)
    assert len(kept) == rows
    assert sum(row["amount_gbp"] for row in kept) == pytest.approx(pounds)


def test_what_is_paid_to_the_commissioner_is_right(tmp_path: Path) -> None:
    for case, pounds in (("08-merged-cells", 15_000.0), ("12-revised-month", 9_000.0), ("01-subtotals", 5_000.0),
                         ("05-credit-column", 0.0)):  # fmt: skip
        kept, _ = load(case, tmp_path / case)
        paid = [row["amount_gbp"] for row in kept if row["supplier_raw"] == "NHS Wiltshire CCG"]
        assert sum(paid) == pounds, case


def test_dates_exchanged_by_a_spreadsheet_are_all_in_their_month(tmp_path: Path) -> None:
    kept, records = load("02-half-swapped-dates", tmp_path)
    assert {row["date"][:7] for row in kept} == {"2019-05"}
    assert "12 dates had day and month exchanged" in records["spend-may-2019.xlsx"]["notes"]


def test_formulas_without_values_and_errors_are_set_aside_for_what_they_are(tmp_path: Path) -> None:
    load("24-formulas", tmp_path)
    aside = pq.read_table(tmp_path / "payment_quarantine.parquet").to_pylist()
    assert [row["code"] for row in aside] == ["PAY-007"] * 7
    assert {row["value"] for row in aside} == {"#REF!", "#formula without a value"}
