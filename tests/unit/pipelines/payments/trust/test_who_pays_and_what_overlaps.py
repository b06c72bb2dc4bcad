"""Files beside each other: who pays is told by row, and what two files or sheets hold is counted once, by content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from payment_files import HEAD, payment, text, workbook

from expectations.running.check_payments import check_payments
from pipelines.errors import InputError
from pipelines.payments.ledger.ledger import read_ledger
from pipelines.payments.load.load_payments import Result, load_payments
from pipelines.payments.load.write_extract import extract_texts


def load(folder: Path, files: dict[str, bytes | str], body: str = "wiltshire-council") -> Result:
    for name, data in files.items():
        path = folder / "in" / body / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return load_payments(folder / "in", folder / "out")


def told(folder: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / "out" / f"{table}.parquet").to_pylist()


def kept(folder: Path) -> list[float]:
    return sorted(read_ledger(folder / "out", ["amount_gbp"])["amount_gbp"].to_pylist())


def closes(files: list[dict[str, Any]]) -> bool:
    parts = ("rows_kept", "rows_quarantined", "rows_repeated", "rows_not_data")
    return all(record["rows_read"] == sum(record[name] for name in parts) for record in files)


PAYERS = [("NHS Barking And Dagenham CCG", "London Borough of Barking and Dagenham", 100_000.0),
          ("NHS Havering CCG", "London Borough of Havering", 200_000.0),
          ("NHS Havering CCG", "London Borough of Havering", 250_000.0),
          ("NHS Redbridge CCG", "London Borough of Redbridge", 300_000.0)]  # fmt: skip


@pytest.mark.parametrize("column", ["Entity", "Organisation Name", "Body Name"])
def test_a_file_of_several_bodies_is_several_bodies(tmp_path: Path, column: str) -> None:
    rows = [[payer, *payment(at, amount, payee=payee)] for at, (payer, payee, amount) in enumerate(PAYERS, 1)]
    files = load(tmp_path, {"April 2020.csv": text([[column, *HEAD], *rows])}, "north-east-london").files
    rows_kept = read_ledger(tmp_path / "out", ["body_name", "body_code", "amount_gbp"]).to_pylist()
    assert sorted((row["body_name"], row["amount_gbp"]) for row in rows_kept) == [
        ("NHS Barking And Dagenham", 100_000.0), ("NHS Havering", 200_000.0), ("NHS Havering", 250_000.0),
        ("NHS Redbridge", 300_000.0)]  # fmt: skip
    exposed = {row["payer_name"]: row for row in told(tmp_path, "payment_exposure")}
    assert len(exposed) == 3
    assert len({row["two_per_cent_gbp"] for row in exposed.values()}) == 3
    assert "payments of 3 bodies, told by row" in files[0]["notes"]
    assert closes(files)


def test_a_payer_that_is_not_known_is_not_taken_for_the_others(tmp_path: Path) -> None:
    rows = [[payer, *payment(at, amount, payee=payee)] for at, (payer, payee, amount) in enumerate(PAYERS, 1)]
    rows.append(["Madeham Partnership Board", *payment(9, 5.0, payee="London Borough of Redbridge")])
    load(tmp_path, {"April 2020.csv": text([["Entity", *HEAD], *rows])}, "north-east-london")
    assert sum(row["flow_high_gbp"] for row in told(tmp_path, "payment_exposure")) == 850_000.0


def test_an_extract_of_a_file_of_several_bodies_is_refused(tmp_path: Path) -> None:
    rows = [[payer, *payment(at, amount, payee=payee)] for at, (payer, payee, amount) in enumerate(PAYERS, 1)]
    load(tmp_path, {"April 2020.csv": text([["Entity", *HEAD], *rows])}, "north-east-london")
    with pytest.raises(InputError, match="several bodies"):
        extract_texts(tmp_path / "out", tmp_path / "in")


def test_departments_of_one_body_are_no_bodies(tmp_path: Path) -> None:
    rows = [
        [name, *payment(at, at * 10.0)] for at, name in enumerate(["Wiltshire Council", "Public Health", "Schools"], 1)
    ]
    files = load(tmp_path, {"June 2019.csv": text([["Entity", *HEAD], *rows])}).files
    assert {row["body_name"] for row in read_ledger(tmp_path / "out", ["body_name"]).to_pylist()} == {"Wiltshire"}
    assert "bodies" not in files[0]["notes"]


def test_the_ledger_of_several_bodies_passes_its_checks(tmp_path: Path) -> None:
    rows = [[payer, *payment(at, amount, payee=payee)] for at, (payer, payee, amount) in enumerate(PAYERS, 1)]
    load(tmp_path, {"April 2020.csv": text([["Entity", *HEAD], *rows])}, "north-east-london")
    outcomes = {item.check.code: item.outcome for item in check_payments(tmp_path / "out").outcomes}
    assert outcomes["STR-PAYMENT-PARTITIONS"] == "passed"
    assert outcomes["PAYF-ACCOUNT"] == "passed"
    assert outcomes["PAYF-PAYERS"] == "failed"


def month(**changed: Any) -> list[list[Any]]:
    """Thirty payments; `changed` gives another amount, payee or nothing by number (`n20=9000.0`)."""
    rows = []
    for at in range(1, 31):
        change = changed.get(f"n{at}", at * 10.0)
        if isinstance(change, str):
            rows.append(payment(at, at * 10.0, payee=change))
        elif change is not None:
            rows.append(payment(at, change))
    return rows


@pytest.mark.parametrize(
    ("first", "second"),
    [("a.csv", "b revised.csv"), ("z.csv", "a_corrected.csv"), ("b.csv", "a v2.csv"), ("b.csv", "a.csv")],
)
def test_a_revision_is_told_by_its_changed_rows_and_what_its_publisher_says(
    tmp_path: Path, first: str, second: str
) -> None:
    title = [["Amended list"]] if second == "a.csv" else []
    files = {first: text([HEAD, *month(n20=900_000.0)]), second: text([*title, HEAD, *month(n20=9_000.0)])}
    records = {record["source_file"].split("/")[1]: record for record in load(tmp_path, files).files}
    assert records[first]["outcome"] == "copy"
    assert 9_000.0 in kept(tmp_path)
    assert 900_000.0 not in kept(tmp_path)
    assert "1 payments differ" in records[second]["notes"]
    assert [row["value"] for row in told(tmp_path, "payment_quarantine")] == ["900000.00"]


@pytest.mark.parametrize(("one", "other"), [(900_000.0, 9_000.0), (-200.0, 200.0), ("NHS Wiltshire CCG", "Zeta Homes")])
@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_where_nothing_says_which_file_is_right_the_choice_is_open(
    tmp_path: Path, one: Any, other: Any, names: tuple[str, str]
) -> None:
    files = {names[0]: text([HEAD, *month(n20=one, n3=-5.0)]), names[1]: text([HEAD, *month(n20=other, n3=-5.0)])}
    found = load(tmp_path, files).files
    assert len(kept(tmp_path)) == 29
    assert all("which of them is right is open" in record["notes"] for record in found)
    assert "PAY-012" in {row["code"] for row in told(tmp_path, "payment_quarantine")}
    assert closes(found)


@pytest.mark.parametrize("names", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
@pytest.mark.parametrize("rows", [3, 12, 28])
def test_a_file_that_holds_the_other_wins_whatever_their_names(
    tmp_path: Path, names: tuple[str, str], rows: int
) -> None:
    files = load(tmp_path, {names[0]: text([HEAD, *month()]), names[1]: text([HEAD, *month()[:rows]])}).files
    records = {record["source_file"].split("/")[1]: record for record in files}
    assert records[names[0]]["rows_kept"] == 30
    assert records[names[1]]["outcome"] == "copy"
    assert closes(files)


def test_sheets_of_one_file_are_compared_as_files_are(tmp_path: Path) -> None:
    sheets = {"Adults": [HEAD, *month()[:10]], "All": [HEAD, *month()], "Rest": [HEAD, *month()[10:]]}
    files = load(tmp_path, {"June 2019.xlsx": workbook(sheets)}).files
    assert kept(tmp_path) == sorted(at * 10.0 for at in range(1, 31))
    assert files[0]["rows_repeated"] == 30
    assert "holds payments of sheet 2, counted there" in files[0]["notes"]
    assert closes(files)


def test_sheets_with_payments_of_their_own_all_count(tmp_path: Path) -> None:
    sheets = {"May": [HEAD, *month()[:15]], "June": [HEAD, *month()[15:]]}
    load(tmp_path, {"2019.xlsx": workbook(sheets)})
    assert len(kept(tmp_path)) == 30
