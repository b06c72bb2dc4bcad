"""Known answers in the published payment files; skipped where they are not beside the repository."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from audit.run.payment_stage import EMBEDDED_PAYMENTS
from pipelines.payments.file.load_file import load_file
from pipelines.payments.flow.both_sides import COLUMNS
from pipelines.payments.ledger.ledger import read_ledger
from pipelines.payments.ledger.stage import read_staged
from pipelines.payments.load.load_payments import load_payments
from pipelines.payments.load.write_extract import extract_texts

PAYMENTS = Path(__file__).resolve().parents[3] / "shared" / "payments"
pytestmark = [
    pytest.mark.originals,
    pytest.mark.skipif(
        not PAYMENTS.is_dir(), reason="the payment files are not beside the repository (../shared/payments)"
    ),
]
CLOSE = pytest.approx


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("payments")
    load_payments(PAYMENTS, folder, workers=2)
    return folder


@pytest.fixture(scope="module")
def files(ledger: Path) -> dict[str, dict[str, Any]]:
    import pyarrow.parquet as pq

    return {row["source_file"]: row for row in pq.read_table(ledger / "payment_file.parquet").to_pylist()}


def record(name: str) -> dict[str, Any]:
    return load_file(PAYMENTS / name, PAYMENTS).record


def columns(name: str) -> dict[str, list[Any]]:
    return load_file(PAYMENTS / name, PAYMENTS).columns


def test_every_file_is_read_or_refused_for_a_stated_reason_and_its_account_closes(files: dict[str, Any]) -> None:
    assert len(files) == 236
    for name, told in files.items():
        parts = told["rows_kept"] + told["rows_quarantined"] + told["rows_repeated"] + told["rows_not_data"]
        assert told["rows_read"] == parts, name
        assert told["outcome"] == "read" or told["reason"], name
    refused = {Path(name).name for name, told in files.items() if told["outcome"] == "refused"}
    assert refused == {"SEL 10 - January.pdf.csv", "2022-07.csv", "all-april-2011.pdf"}


def test_the_january_file_with_transaction_numbers_for_amounts_gives_way_to_the_pdf(files: dict[str, Any]) -> None:
    folder = "ccg/nhs-south-east-london-ccg/"
    assert "380 rows carry the transaction number" in files[folder + "SEL 10 - January.pdf.csv"]["reason"]
    assert files[folder + "SEL 10 - January.pdf"]["rows_kept"] == 2444
    assert files[folder + "SEL 10 - January.pdf"]["rows_quarantined"] == 0


def test_hashes_for_dates_leave_the_period_of_the_title() -> None:
    found = columns("ccg/nhs-south-west-london-ccg/SWL 01 - April.pdf.csv")
    assert set(found["date"]) == {""}
    assert set(found["period"]) == {"2020-04"}


def test_swapped_columns_are_swapped_back() -> None:
    found = columns("ccg/nhs-waltham-forest-ccg/NEWF 07 - October.pdf.csv")
    at = found["amount_gbp"].index(4590710.5)
    assert found["supplier_raw"][at] == "LONDON BOROUGH OF WALTHAM FOREST"
    assert found["expense_type"][at] != found["expense_type"][at].upper()


def test_the_doubled_month_gives_way_to_the_corrected_one(files: dict[str, Any]) -> None:
    doubled = files["council/warwickshire/all-aug-2013.csv"]
    assert (doubled["outcome"], doubled["rows_kept"]) == ("copy", 0)
    assert files["council/warwickshire/all-august-2013-corrected.csv"]["rows_kept"] == 5471


def test_the_block_in_two_months_is_counted_once(files: dict[str, Any], ledger: Path) -> None:
    months = [files[f"council/devon/DCCSpendingOver500_2020{month}.csv"] for month in ("01", "02")]
    assert sum(told["rows_repeated"] for told in months) == CLOSE(1490, abs=30)
    import pyarrow.dataset as ds

    where = (ds.field("body_name") == "Devon") & (ds.field("amount_gbp") == -1600000)
    assert read_ledger(ledger, ["record_id"], where).num_rows == 1


def test_the_copy_that_lost_its_signs_gives_way_to_the_original(files: dict[str, Any]) -> None:
    assert files["council/manchester-odileeds/2012-03.csv"]["outcome"] == "copy"
    assert -16132653.5 in columns("council/manchester/mar-2012.csv")["amount_gbp"]


def test_the_register_of_contracts_is_refused(files: dict[str, Any]) -> None:
    assert files["council/salford-odileeds/2022-07.csv"]["reason"] == "a register of contracts, not payments"


@pytest.mark.parametrize(
    ("name", "row", "kept"),
    [("council/warwickshire/all-apr-2013.csv", 23, 7828), ("council/darlington-odileeds/2013-02.csv", 19, 2837),
     ("council/lambeth/2011-08-payments.csv", 2, 1010), ("council/salford-odileeds/2018-04.csv", 2, 1248)],
)  # fmt: skip
def test_headers_are_found_where_they_are(name: str, row: int, kept: int) -> None:
    told = record(name)
    assert (told["header_row"], told["rows_kept"]) == (row, kept)


def test_net_is_taken_where_the_header_has_two_rows() -> None:
    assert record("council/salford-odileeds/2018-04.csv")["amount_basis"] == "net"


def test_a_list_of_totals_says_what_it_is_good_for() -> None:
    assert "only as totals by payee" in record("council/lambeth/2011-08-payments.csv")["notes"]


def test_excel_serials_are_dates_and_run_together_cells_are_set_aside() -> None:
    loaded = load_file(PAYMENTS / "council/lambeth/2012-06-payments.csv", PAYMENTS)
    assert set(loaded.columns["date_precision"]) == {"day"}
    assert {entry["code"] for entry in loaded.quarantine} == {"PAY-005"}
    assert loaded.record["header_row"] == 10


def test_midnight_is_no_date() -> None:
    assert set(columns("council/oxford/expenditure-over-500-apr-jun-2014.csv")["date"]) == {""}


def test_names_of_files_do_not_matter_and_months_keep_their_precision() -> None:
    assert record("council/manchester/Manchester September 2014.xls")["form"] == "csv"
    assert set(columns("council/stockport/Stockport September 2014.xls")["date_precision"]) == {"month"}
    assert record("council/bolton/expenditure-over-500-for-april-2012")["rows_kept"] == 1506


def test_negatives_in_brackets_and_with_a_trailing_minus_stay_negative(files: dict[str, Any]) -> None:
    assert min(columns("council/london-odileeds/2015-P06.csv")["amount_gbp"]) < 0
    trailing = sum(amount < 0 for name in files if name.startswith("council/hyndburn/")
                   for amount in columns(name)["amount_gbp"])  # fmt: skip
    assert trailing >= 124


def test_a_file_without_header_is_read_by_its_cells() -> None:
    told = record("council/hyndburn/Sept-25-CVS.csv")
    assert (told["header_surety"], told["rows_kept"]) == ("assumed", 585)


def test_genuine_repeats_are_kept() -> None:
    told = record("council/northtyneside-odileeds/2015-09_i.csv")
    assert (told["rows_kept"], told["rows_duplicate_inside"]) == (13879, 4474)


def test_the_flow_of_the_london_commissioners_is_the_measured_one() -> None:
    """689 rows, £248.0m, 30 names in the tables as pulled out by others, without the January of South East London.

    The Greater London Authority (two rows, £0.258m) is a council to us and was not one of the thirty names.
    """
    rows: list[tuple[str, float]] = []
    for path in sorted((PAYMENTS / "ccg").rglob("*.csv")):
        if "nhs-trusts" not in path.parts and not path.name.startswith("SEL 10"):
            found = load_file(path, PAYMENTS).columns
            told = zip(found["supplier_kind"], found["supplier_org_code"], found["supplier_raw"], found["amount_gbp"],
                       strict=True)  # fmt: skip
            rows += [(name, amount) for kind, code, name, amount in told if kind == "council" and code != "E5100"]
    assert len(rows) == 689
    assert len({name for name, _ in rows}) == 30
    assert sum(amount for _, amount in rows) / 1e6 == CLOSE(248.0, abs=0.05)


def test_trusts_paid_councils_what_was_measured_and_one_council_more(ledger: Path) -> None:
    """59 rows, £13.2m by plain search; it misses four rows to `London Borough Hammersmith & Fulham` (no "of")."""
    import pyarrow.dataset as ds

    where = (ds.field("body_type") == "nhs_trust") & (ds.field("supplier_kind") == "council")
    found = read_ledger(ledger, COLUMNS, where).to_pylist()
    plain = [row["amount_gbp"] for row in found if row["supplier_raw"] != "London Borough Hammersmith & Fulham"]
    assert (len(found), len(plain)) == (63, 59)
    assert sum(plain) / 1e6 == CLOSE(13.2, abs=0.05)


def test_the_embedded_payments_are_what_the_published_files_give_byte_for_byte(ledger: Path) -> None:
    for name, text in extract_texts(ledger, PAYMENTS).items():
        assert (EMBEDDED_PAYMENTS / name).read_bytes() == text.encode(), name


def test_payments_to_commissioners_are_the_measured_ones_until_copies_are_counted_once(ledger: Path) -> None:
    """323 rows, £158.2m by plain search in the rows as they stand in 128 files.

    We read 325 such rows of the same value: two that cancel out (Manchester, September 2021) make the difference. Two
    more name a commissioner without saying so. Of these 327 rows 23 stand in copies: the Manchester copy that lost its
    minus signs (11 rows, £44.570m, where the original comes to £0.132m), the doubled Warwickshire month (6 rows,
    £0.571m) and the block that Devon published twice (6 rows, £0.096m). So 304 rows, £113.1m stay.
    """
    import pyarrow as pa
    import pyarrow.dataset as ds

    columns = ["record_id", "source_file", "supplier_raw", "supplier_kind", "amount_gbp"]
    read = pa.concat_tables(
        table.select(columns)
        for path in sorted((ledger / "stage").rglob("*.parquet"))
        for table in read_staged(path, json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["same"])
    ).filter(ds.field("supplier_kind") == "nhs_commissioner")
    rows = [row for row in read.to_pylist() if row["source_file"].startswith("council/")]
    words = re.compile(r"\b(pct|ccg|icb|primary care trust|nhs england)\b", re.IGNORECASE)
    plain = [row["amount_gbp"] for row in rows if words.search(row["supplier_raw"])]
    assert (len(rows), len(plain)) == (327, 325)
    assert sum(plain) / 1e6 == CLOSE(158.2, abs=0.05)
    where = (ds.field("body_type") == "council") & (ds.field("supplier_kind") == "nhs_commissioner")
    kept = {row["record_id"]: row["amount_gbp"] for row in read_ledger(ledger, COLUMNS, where).to_pylist()}
    assert len(kept) == 304
    assert sum(kept.values()) / 1e6 == CLOSE(113.05, abs=0.01)
    gone: dict[str, list[float]] = {}
    for row in rows:
        if row["record_id"] not in kept:
            gone.setdefault(Path(row["source_file"]).parent.name, []).append(row["amount_gbp"])
    told = {body: (len(amounts), round(sum(amounts) / 1e6, 3)) for body, amounts in gone.items()}
    assert told == {"manchester-odileeds": (11, 44.570), "warwickshire": (6, 0.571), "devon": (6, 0.096)}


def test_copies_that_may_have_lost_their_minus_signs_are_traced_and_never_added_up(ledger: Path) -> None:
    import pyarrow.parquet as pq

    flow = pq.read_table(ledger / "payment_flow.parquet").to_pylist()
    largest = max((row for row in flow if row["payer_name"] == "Salford"), key=lambda row: row["amount_gbp"])
    assert (largest["amount_gbp"], largest["signs"]) == (33805232.68, "may be lost")
    sums = pq.read_table(ledger / "payment_flow_sum.parquet").to_pylist()
    year = next(row for row in sums if row["area_code"] == largest["area_code"] and row["financial_year"] == "2019-20")
    assert (year["council_to_nhs_high_gbp"], year["signs_lost_payments"]) == (0.0, year["payments"])


@pytest.mark.parametrize(
    ("payee", "amount", "times", "tier"),
    [("E5030", 1300625.00, 8, "proxy_regular"), ("E5019", 4304537.00, 4, "proxy_regular"),
     ("E5018", 2405942.00, 3, "proxy")],
)  # fmt: skip
def test_equal_amounts_that_repeat_are_found(ledger: Path, payee: str, amount: float, times: int, tier: str) -> None:
    """Barking monthly; Southwark quarterly; Lewisham three times in one month, back-billed and not duplicates."""
    import pyarrow.parquet as pq

    flow = pq.read_table(ledger / "payment_flow.parquet").to_pylist()
    found = [row for row in flow if row["payee_code"] == payee and row["amount_gbp"] == amount]
    assert [len(found), {row["repeats"] for row in found}] == [times, {times}]
    assert {row["tier"] for row in found} == {tier}


def test_no_payment_to_a_council_carries_a_label_and_few_from_councils_do(ledger: Path) -> None:
    import pyarrow.parquet as pq

    flow = pq.read_table(ledger / "payment_flow.parquet").to_pylist()
    labelled = [row for row in flow if row["tier"] == "labelled"]
    assert {row["direction"] for row in labelled} == {"council_to_nhs"}
    assert {row["payer_name"] for row in labelled} <= {"Devon", "Bolton", "Salford", "Newcastle upon Tyne"}
