"""Checks on the rows of the ledger: one reading in pieces gives what a plain suite gives on the whole, and rows that
may not be used are set aside with nothing lost. Made-up rows; no real names.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audit.commands.cli import main
from expectations.domain import payment_ledger
from expectations.domain.payment_ledger import over_pieces
from expectations.gx import candidates
from expectations.gx.adapter import run_gx
from expectations.gx.candidates import Counted, count_piece, judged
from expectations.gx.in_arrow import SUMMARY
from expectations.payments import rows
from expectations.payments.rows import refuse_types
from expectations.records.checks import ERRORED, FAILED, NOT_RUN, PASSED, Check, Outcome
from expectations.records.table_frames import Frames
from expectations.running.check_payments import check_payments, payment_checks, run_payments
from pipelines.declarations.catalogue import tables
from pipelines.declarations.parquet import read_table
from pipelines.errors import CriticalCheckError, DefinitionError
from pipelines.payments.ledger.ledger import PARTITION, read_ledger
from pipelines.payments.load.load_payments import load_payments

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks"
HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"
BODIES = ("NHS Bolton CCG", "NHS Bury CCG")
ROWS = 25
"""Rows of one file; there are two years of each of two bodies, and March and April in one file."""


def peer() -> Any:
    """What the benchmark compares with: a plain suite as the documentation of the library shows it."""
    found = importlib.util.spec_from_file_location("measure_checks", BENCHMARKS / "measure_checks.py")
    assert found is not None and found.loader is not None
    made = importlib.util.module_from_spec(found)
    sys.modules[found.name] = made
    found.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    for number, body in enumerate(BODIES):
        for month in ("03", "04", "05"):
            lines = [f"{body},{1 + row % 28:02d}/{month if row % 5 else '04'}/2020,Services,REABLEMENT,MADEHAM COUNCIL,"
                     f"{number}{month}{row:04d},{100 + row + number / 4}\n" for row in range(ROWS)]  # fmt: skip
            path = folder / "in" / body / f"2020-{month}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(HEAD + "".join(lines), encoding="utf-8")
    load_payments(folder / "in", folder / "out")
    shutil.rmtree(folder / "out" / "stage")
    return folder / "out"


@pytest.fixture
def ledger(loaded: Path, tmp_path: Path) -> Path:
    shutil.copytree(loaded, tmp_path / "ledger")
    return tmp_path / "ledger"


def files(ledger: Path) -> list[Path]:
    return sorted((ledger / "payment").rglob("*.parquet"))


def change(path: Path, column: str, values: dict[int, Any]) -> list[str]:
    """Put values into rows of a file. Returns the record ids of the rows."""
    made = pq.ParquetFile(path).read()
    held = made.column(column).to_pylist()
    for row, value in values.items():
        held[row] = value
    place = made.schema.get_field_index(column)
    ids = made.column("record_id").to_pylist()
    pq.write_table(
        made.set_column(place, made.schema.field(place), pa.array(held, made.schema.field(place).type)), path
    )
    return [ids[row] for row in values]


def told(outcomes: tuple[Outcome, ...]) -> dict[str, tuple[str, int, list[str]]]:
    return {item.check.code: (item.outcome, item.rows_failed, [finding.record_id for finding in item.findings])
            for item in outcomes if item.check.table == "payment"}  # fmt: skip


def damage(ledger: Path) -> None:
    first, second, last = files(ledger)[0], files(ledger)[1], files(ledger)[-1]
    change(first, "supplier_raw", {0: "", 1: "31339638", 2: "MADE 01/02/2020 LTD", 3: None})
    change(first, "amount_gbp", {1: 0.0, 2: 6e8, 3: None})
    change(second, "date", {0: "2020-13-01", 1: "1999-01-01", 2: ""})
    change(second, "supplier_kind", {0: "nobody", 1: ""})
    change(last, "supplier_match_score", {0: 1.5, 1: None})
    change(last, "transaction_number", {0: "104166.67", 2: None})


def test_each_check_ends_as_in_a_plain_suite_on_the_same_frame(ledger: Path) -> None:
    damage(ledger)
    bench = peer()
    ours, theirs = bench.ours(ledger), bench.peer(ledger)
    assert ours == theirs
    assert sum(not passed for passed, _ in ours.values()) >= 9
    assert len(ours) >= 30


def test_many_small_pieces_give_what_one_gives(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(ledger)
    whole = told(run_payments(payment_checks(), ledger))
    monkeypatch.setattr(payment_ledger, "PIECE_BYTES", 1)
    assert len(list(over_pieces(Frames(ledger), ["source_row"], lambda piece: piece))) == len(files(ledger))
    assert told(run_payments(payment_checks(), ledger)) == whole


def test_what_statistics_or_folders_tell_is_what_the_rows_hold(ledger: Path) -> None:
    names = list(tables()["payment"].column_names)
    made = pa.concat_tables(over_pieces(Frames(ledger), names, lambda piece: piece)).to_pandas()
    plain = read_ledger(ledger, names).to_pandas()
    order = ["record_id"]
    assert made.sort_values(order).astype(str).values.tolist() == plain.sort_values(order).astype(str).values.tolist()


def test_no_more_pieces_are_read_than_can_be_used(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_ledger, "PIECE_BYTES", 1)
    lock, alive, most = threading.Lock(), [0], [0]

    def read(piece: Any) -> Any:
        with lock:
            alive[0] += 1
            most[0] = max(most[0], alive[0])
        return piece

    for _ in over_pieces(Frames(ledger), ["source_row"], read):
        with lock:
            alive[0] -= 1
    assert most[0] <= payment_ledger.READERS + 1 < len(files(ledger))


def test_a_record_that_stands_in_two_pieces_stops(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payment_ledger, "PIECE_BYTES", 1)
    one, other = files(ledger)[0], files(ledger)[-1]
    twice = pq.ParquetFile(one).read().column("record_id").to_pylist()[4]
    change(other, "record_id", {0: twice})
    outcome = next(item for item in run_payments(payment_checks(), ledger) if item.check.code == "STR-PAYMENT-KEY")
    assert (outcome.outcome, outcome.stops_the_run) == (FAILED, True)
    assert {item.record_id for item in outcome.findings} == {twice}


def test_a_file_without_a_declared_column_stops_and_nothing_else_is_judged(ledger: Path) -> None:
    path = files(ledger)[0]
    pq.write_table(pq.ParquetFile(path).read().drop_columns(["purpose"]), path)
    with pytest.raises(CriticalCheckError, match="'purpose' is missing"):
        check_payments(ledger)
    outcomes = read_table(ledger, "check_result")
    rows = outcomes[outcomes["table"] == "payment"]
    assert set(rows[rows["outcome"] != NOT_RUN]["code"]) == {"STR-PAYMENT-COLUMNS", "STR-PAYMENT-PARTITIONS"}


def test_a_damaged_file_stops(ledger: Path) -> None:
    files(ledger)[1].write_bytes(files(ledger)[1].read_bytes()[:200])
    with pytest.raises(CriticalCheckError, match="cannot be read"):
        check_payments(ledger)


def test_a_file_outside_the_declared_folders_stops(ledger: Path) -> None:
    shutil.copy(files(ledger)[0], ledger / "payment" / "stray.parquet")
    with pytest.raises(CriticalCheckError, match="does not lie in folders named by body_type, body_name"):
        check_payments(ledger)


def test_a_body_without_its_folder_stops(ledger: Path) -> None:
    shutil.rmtree(sorted((ledger / "payment").glob("*/*"))[1])
    with pytest.raises(CriticalCheckError):
        check_payments(ledger)
    outcomes = read_table(ledger, "check_result").set_index("code")
    assert outcomes.loc["STR-PAYMENT-PARTITIONS", "outcome"] == FAILED
    assert "no rows of " in outcomes.loc["STR-PAYMENT-PARTITIONS", "detail"]


def test_the_declared_partitions_are_those_the_ledger_is_written_in() -> None:
    assert tables()["payment"].partitions == PARTITION


def test_a_type_that_cannot_be_told_piece_by_piece_is_refused_with_its_place() -> None:
    check = Check("payment", "PAYR-X", "expect_column_median_to_be_between", {"column": "amount_gbp", "min_value": 0},
                  "info", "report", "Because it is a test.", origin="gx", file="payment.yaml", line=7)  # fmt: skip
    with pytest.raises(DefinitionError, match="piece by piece") as caught:
        refuse_types((*payment_checks(), check))
    assert "payment.yaml" in str(caught.value) and "7" in str(caught.value)
    assert caught.value.exit_code == 10


def test_rows_that_may_not_be_used_are_set_aside_and_every_account_closes(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = change(files(ledger)[0], "amount_gbp", {1: None, 2: None})
    away += change(files(ledger)[-1], "amount_basis", {0: "guess"})
    before = {row["source_file"]: row for row in read_table(ledger, "payment_file").to_dict("records")}
    flow = set(read_table(ledger, "payment_flow")["record_id"])
    left = set(read_ledger(ledger, ["record_id"]).column("record_id").to_pylist()) - set(away)
    assert main(["check", "--payments", str(ledger), "--strict"]) == 13
    printed = capsys.readouterr().out
    assert set(read_ledger(ledger, ["record_id"]).column("record_id").to_pylist()) == left
    for row in read_table(ledger, "payment_file").to_dict("records"):
        was = before[row["source_file"]]
        lost = was["rows_kept"] - row["rows_kept"]
        assert lost == row["rows_quarantined"] - was["rows_quarantined"]
        if lost:
            line = f"{row['source_file']}: {was['rows_kept']} rows in = {row['rows_kept']} kept + {lost} set aside"
            assert line in printed
    assert "all 6 files: 156 rows read = 147 kept + 3 set aside + 0 counted in another file + 6 not data" in printed
    lines = read_table(ledger, "payment_quarantine").to_dict("records")
    assert sorted(line["code"] for line in lines) == [
        "STR-PAYMENT-AMOUNT-BASIS-KNOWN", "STR-PAYMENT-AMOUNT-GBP-PRESENT", "STR-PAYMENT-AMOUNT-GBP-PRESENT"
    ]  # fmt: skip
    assert all(line["reason"] and line["source_row"] for line in lines)
    assert set(read_table(ledger, "payment_flow")["record_id"]) == flow - set(away)
    results = read_table(ledger, "check_result").set_index("code")
    assert results.loc["STR-PAYMENT-AMOUNT-GBP-PRESENT", "rows_quarantined"] == 2


def test_a_second_check_finds_nothing_more_to_set_aside(ledger: Path) -> None:
    change(files(ledger)[0], "amount_basis", {1: "guess"})
    assert check_payments(ledger).balances
    before = {path: path.read_bytes() for path in [*files(ledger), ledger / "payment_file.parquet"]}
    again = check_payments(ledger)
    assert (again.balances, again.stopped_by) == ((), ())
    assert before == {path: path.read_bytes() for path in before}
    assert sorted(before)[:-1] == files(ledger) or set(files(ledger)) <= set(before)


def test_where_a_check_stops_no_row_is_set_aside(ledger: Path) -> None:
    change(files(ledger)[0], "amount_basis", {1: "guess"})
    change(files(ledger)[1], "source_file", {0: "another.csv"})
    before = {path: path.read_bytes() for path in [*files(ledger), ledger / "payment_file.parquet"]}
    with pytest.raises(CriticalCheckError):
        check_payments(ledger)
    assert before == {path: path.read_bytes() for path in before}
    assert len(read_table(ledger, "payment_quarantine")) == 0


def test_a_check_that_more_rows_fail_than_are_listed_counts_them_all(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (candidates, rows):
        monkeypatch.setattr(module, "LISTED", 4)
    for path in files(ledger):
        change(path, "supplier_raw", dict.fromkeys(range(4), ""))
        change(path, "date", dict.fromkeys(range(3), "2020-13-01"))
    found = told(run_payments(payment_checks(), ledger))
    number = len(files(ledger))
    assert found["PAYR-PAYEE"][:2] == (FAILED, 4 * number)
    assert 4 <= len(found["PAYR-PAYEE"][2]) <= 8 < 4 * number
    assert found["STR-PAYMENT-DATE-PATTERN"][:2] == (FAILED, 3 * number)
    assert len(found["STR-PAYMENT-DATE-PATTERN"][2]) == 4


def test_more_rows_to_set_aside_than_are_listed_stop_instead(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LISTED", 4)
    change(files(ledger)[0], "amount_basis", dict.fromkeys(range(5), "guess"))
    with pytest.raises(CriticalCheckError, match="too many to set aside"):
        check_payments(ledger)
    assert read_ledger(ledger).num_rows == 6 * ROWS


def test_no_finding_repeats_a_payee(ledger: Path) -> None:
    change(files(ledger)[0], "supplier_raw", {0: "MADENAME 01/02/2020 LTD"})
    check_payments(ledger)
    marks = read_table(ledger, "check_mark")
    assert "PAYR-PAYEE-DATE" in set(marks["check_code"])
    assert "MADENAME" not in str(marks.to_dict("records")) + (ledger / "validation.json").read_text()


def test_a_check_that_raises_is_errored_and_the_others_are_judged(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(arrow: Any, table: Any, check: Check) -> Any:
        raise ValueError("made to fail")

    monkeypatch.setitem(rows.RUNNERS, "value_between", broken)
    outcomes = {item.check.code: item for item in run_payments(payment_checks(), ledger)}
    assert outcomes["STR-PAYMENT-SUPPLIER-MATCH-SCORE-RANGE"].outcome == ERRORED
    assert outcomes["STR-PAYMENT-DATE-PATTERN"].outcome == PASSED


def test_an_aggregate_told_by_pieces_is_that_of_the_whole_column() -> None:
    table = tables()["payment"]
    numbers, words = [3.0, None, -1.5, 8.0, 2.0], ["a", "b", None, "a", "c"]
    whole = pa.table({"record_id": list("vwxyz"), "amount_gbp": numbers, "purpose": words})
    checks = [
        Check("payment", f"P-{kind}-{at}", kind, kwargs, "info", "report", "Because it is a test.", origin="gx")
        for kind in SUMMARY for at, kwargs in enumerate(
            [{"column": "purpose", "value_set": values} for values in (["a", "b", "c"], ["a"], list("abcd"))]
            if "distinct" in kind
            else [{"column": "amount_gbp", "max_value": top} for top in (-1.5, 2.0, 8.0, 11.5)]
        )
    ]  # fmt: skip
    counted = Counted()
    for start in (0, 2, 3):
        piece = whole.slice(start, {0: 2, 2: 1, 3: 2}[start])
        counted.add(count_piece(checks, piece, table))
    ours = judged(checks, counted, table, run_gx)
    theirs = run_gx(tuple(checks), Frames(held={"payment": whole}, declared={"payment": table}))
    assert [ours[item.check.code].outcome for item in theirs] == [item.outcome for item in theirs]
    assert {item.outcome for item in theirs} == {PASSED, FAILED}


QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Examples are large and few: shrinking one would take minutes."""
PLANTED: dict[str, tuple[str, Any, str]] = {
    "no amount": ("amount_gbp", None, "STR-PAYMENT-AMOUNT-GBP-PRESENT"),
    "another basis": ("amount_basis", "guess", "STR-PAYMENT-AMOUNT-BASIS-KNOWN"),
    "no hash": ("file_sha256", "", "STR-PAYMENT-FILE-SHA256-PRESENT"),
    "a hash that is none": ("file_sha256", "abc", "STR-PAYMENT-FILE-SHA256-PATTERN"),
    "no row": ("source_row", None, "STR-PAYMENT-SOURCE-ROW-PRESENT"),
    "row nought": ("source_row", 0, "STR-PAYMENT-SOURCE-ROW-RANGE"),
    "no precision": ("date_precision", None, "STR-PAYMENT-DATE-PRECISION-PRESENT"),
    "another precision": ("date_precision", "week", "STR-PAYMENT-DATE-PRECISION-KNOWN"),
    "no kind": ("supplier_kind", "", "STR-PAYMENT-SUPPLIER-KIND-PRESENT"),
    "another kind": ("supplier_kind", "nobody", "STR-PAYMENT-SUPPLIER-KIND-KNOWN"),
    "no such day": ("date", "2020-02-40", "STR-PAYMENT-DATE-PATTERN"),
    "another order": ("date_order", "ymd", "STR-PAYMENT-DATE-ORDER-KNOWN"),
    "no such month": ("period", "2020-13", "STR-PAYMENT-PERIOD-PATTERN"),
    "a score above one": ("supplier_match_score", 1.01, "STR-PAYMENT-SUPPLIER-MATCH-SCORE-RANGE"),
    "far too much": ("amount_gbp", 5.1e8, "PAYR-SIZE"),
    "no payee": ("supplier_raw", "", "PAYR-PAYEE"),
    "a number for a payee": ("supplier_raw", "12 345", "PAYR-PAYEE-NUMBER"),
    "two cells in one": ("supplier_raw", "MADE" + "x" * 200, "PAYR-PAYEE-LENGTH"),
    "long ago": ("date", "1920-04-01", "PAYR-YEARS"),
}


@settings(max_examples=12, deadline=None, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planted=st.dictionaries(st.integers(0, 6 * ROWS - 1), st.sampled_from(sorted(PLANTED)), max_size=40))
def test_every_planted_breach_is_caught_under_its_code_and_no_row_is_lost(
    loaded: Path, tmp_path: Path, planted: dict[int, str]
) -> None:
    ledger = tmp_path / "ledger"
    shutil.rmtree(ledger, ignore_errors=True)
    shutil.copytree(loaded, ledger)
    places = [(path, row) for path in files(ledger) for row in range(pq.read_metadata(path).num_rows)]
    caught: dict[str, str] = {}
    for number, what in planted.items():
        path, row = places[number]
        column, value, code = PLANTED[what]
        (record,) = change(path, column, {row: value})
        caught[record] = code
    every = set(read_ledger(ledger, ["record_id"]).column("record_id").to_pylist())
    made = check_payments(ledger)
    aside = {code for code, check in ((item.check.code, item.check) for item in made.outcomes)
             if check.on_failure == "quarantine"}  # fmt: skip
    found = {item.check.code: {finding.record_id for finding in item.findings} for item in made.outcomes}
    for record, code in caught.items():
        assert record in found[code], f"{record} was to be caught by {code}"
    gone = {record for record, code in caught.items() if code in aside}
    kept = set(read_ledger(ledger, ["record_id"]).column("record_id").to_pylist())
    assert kept == every - gone
    assert len(read_table(ledger, "payment_quarantine")) == len(gone)
    accounts = read_table(ledger, "payment_file")
    parts = accounts["rows_kept"] + accounts["rows_quarantined"] + accounts["rows_not_data"]
    assert (accounts["rows_read"] == parts).all()
    assert accounts["rows_kept"].sum() == len(kept)
    assert json.loads((ledger / "validation.json").read_text(encoding="utf-8"))["stopped_by"] == []
