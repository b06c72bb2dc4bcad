"""The ledger: copies counted once, genuine repeats kept, private names withheld, the flow in tiers. Made-up files."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from joblib.externals.loky import get_reusable_executor

from pipelines.declarations.limits import limits
from pipelines.payments.flow.exposure import allocation_of, allocations, exposure
from pipelines.payments.flow.flow import classify
from pipelines.payments.flow.flow_sums import SIGNS_LOST, sum_rows
from pipelines.payments.ledger import copies, put_in_place
from pipelines.payments.ledger.ledger import read_ledger
from pipelines.payments.load import load_payments as loading
from pipelines.payments.load.load_payments import Result, load_payments

HEAD = "Entity,Date,Expense type,Expense area,Supplier,Transaction number,Amount\n"


def line(number: int, amount: float, **other: str) -> str:
    cells = {"entity": "NHS Bolton CCG", "day": "30/04/2020", "kind": "Services", "area": "COMMUNITY SERVICES",
             "payee": "MADEHAM WORKS LTD"} | other  # fmt: skip
    return f"{cells['entity']},{cells['day']},{cells['kind']},{cells['area']},{cells['payee']},{number},{amount}\n"


def load(folder: Path, files: dict[str, str]) -> tuple[Result, dict[str, dict[str, Any]], Path]:
    for name, text in files.items():
        path = folder / "in" / "body" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
    result = load_payments(folder / "in", folder / "out")
    return result, {Path(record["source_file"]).name: record for record in result.files}, folder / "out"


MONTH = "".join(line(number, 10.25 * number) for number in range(1, 41))


def test_rows_that_repeat_inside_one_file_are_kept_and_counted(tmp_path: Path) -> None:
    _, files, _ = load(tmp_path, {"a.csv": MONTH + line(1, 10.25)})
    assert (files["a.csv"]["rows_kept"], files["a.csv"]["rows_duplicate_inside"]) == (41, 1)


def test_a_block_that_stands_in_two_files_is_counted_once(tmp_path: Path) -> None:
    more = "".join(line(number, 7.0, day="31/05/2020") for number in range(100, 160))
    june = "".join(line(number, 8.0, day="30/06/2020") for number in range(200, 260))
    _, files, out = load(tmp_path, {"may-2020.csv": more + MONTH, "june-2020.csv": june + MONTH})
    assert [files[name]["rows_repeated"] for name in ("june-2020.csv", "may-2020.csv")] == [0, 40]
    assert read_ledger(out, ["record_id"]).num_rows == 160
    assert "counted there" in files["may-2020.csv"]["notes"]


def test_copies_and_blocks_are_the_same_when_keys_are_compared_a_slice_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "".join(line(number, 7.0, day="31/05/2020") for number in range(100, 160))
    given = {"may-2020.csv": more + MONTH, "june-2020.csv": MONTH, "copy.csv": more + MONTH + line(9, 9.0)}
    _, whole, _ = load(tmp_path / "whole", given)
    monkeypatch.setattr(copies, "AT_ONCE", 16)
    _, sliced, _ = load(tmp_path / "sliced", given)
    assert sliced == whole
    assert sum(record["rows_repeated"] for record in whole.values()) > 0


def test_of_two_copies_the_one_with_its_signs_is_kept(tmp_path: Path) -> None:
    signed, lost = MONTH + line(50, -900.0), MONTH + line(50, 900.0)
    _, files, out = load(tmp_path, {"a-clean.csv": lost, "original.csv": signed})
    assert files["a-clean.csv"]["outcome"] == "copy"
    assert min(read_ledger(out, ["amount_gbp"])["amount_gbp"].to_pylist()) == -900.0


def test_of_two_copies_the_one_not_doubled_is_kept(tmp_path: Path) -> None:
    _, files, _ = load(tmp_path, {"a.csv": MONTH + MONTH, "b-corrected.csv": MONTH})
    assert (files["a.csv"]["outcome"], files["b-corrected.csv"]["rows_kept"]) == ("copy", 40)


def test_names_that_may_be_private_are_withheld_everywhere(tmp_path: Path) -> None:
    text = line(1, 400.0, area="CHC AD FULL FUND PERS HLTH BUD", payee="MRS A MADENAME") + line(2, 5.0)
    _, files, out = load(tmp_path, {"a.csv": text})
    assert files["a.csv"]["rows_masked"] == 1
    assert read_ledger(out, ["supplier_kind"])["supplier_kind"].to_pylist() == ["withheld", "other"]
    found = [path for path in out.rglob("*") if path.is_file() and b"MADENAME" in path.read_bytes().upper()]
    columns = [pq.read_table(path).to_pylist() for path in out.rglob("*.parquet")]
    assert not found
    assert "MADENAME" not in str(columns).upper()


def test_a_file_of_the_same_size_and_date_with_other_content_is_read_again(tmp_path: Path) -> None:
    load(tmp_path, {"a.csv": MONTH})
    path = tmp_path / "in" / "body" / "a.csv"
    told = path.stat()
    path.write_text(HEAD + MONTH.replace(",10.25\n", ",99.25\n"), encoding="utf-8")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert path.stat().st_size == told.st_size
    load(tmp_path, {})
    assert 99.25 in read_ledger(tmp_path / "out", ["amount_gbp"])["amount_gbp"].to_pylist()


def _bytes(folder: Path) -> dict[str, str]:
    made = [path for path in sorted(folder.rglob("*.parquet")) if "stage" not in path.parts]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


def test_one_worker_two_workers_and_a_second_run_give_the_same_bytes(tmp_path: Path) -> None:
    _, _, out = load(tmp_path, {"a.csv": MONTH, "b.csv": line(900, 3.0) * 3})
    load_payments(tmp_path / "in", tmp_path / "two", workers=2)
    first = _bytes(out)
    load_payments(tmp_path / "in", out)
    assert first == _bytes(tmp_path / "two") == _bytes(out)


@pytest.mark.parametrize(
    ("harm", "reason"), [("die", "its reader died"), ("hang", "not read within 6 sec"), ("grow", "more memory")]
)
def test_a_file_that_kills_or_stops_its_reader_is_refused_and_the_batch_goes_on(
    harm: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[3] / "made"))
    get_reusable_executor().shutdown()  # processes that do not know this folder yet
    monkeypatch.setattr(loading, "READER", "hostile_readers:stage_payments")
    monkeypatch.setattr(
        loading, "limits", lambda: replace(limits(), file_seconds=6, file_clock_times=1, file_memory_bytes=1 << 31)
    )
    for name, text in (("a.csv", HEAD + MONTH), (f"{harm}.csv", HEAD + MONTH), ("z.csv", HEAD + line(900, 3.0) * 3)):
        path = tmp_path / "in" / "body" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    result = load_payments(tmp_path / "in", tmp_path / "out", workers=2)
    told = {Path(record["source_file"]).name: record for record in result.files}
    assert [told[name]["outcome"] for name in ("a.csv", "z.csv")] == ["read", "read"]
    assert told[f"{harm}.csv"]["outcome"] == "refused"
    assert reason in told[f"{harm}.csv"]["reason"]


def test_a_link_in_a_folder_of_payments_is_refused_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.csv").write_text(HEAD + MONTH, encoding="utf-8")
    (tmp_path / "in" / "body").mkdir(parents=True)
    (tmp_path / "in" / "body" / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    _, files, out = load(tmp_path, {"a.csv": line(1, 5.0)})
    assert (files["link.csv"]["outcome"], files["link.csv"]["reason"]) == (
        "refused", "it is a link that leads out of the folder"
    )  # fmt: skip
    assert read_ledger(out, ["record_id"]).num_rows == 1


def test_a_ledger_whose_job_was_killed_while_it_was_put_in_place_is_whole_for_whoever_comes_next(
    tmp_path: Path,
) -> None:
    _, _, out = load(tmp_path, {"a.csv": MONTH})
    old = _bytes(out)
    load_payments(tmp_path / "in", tmp_path / "same")
    (tmp_path / "same" / "stage").rename(tmp_path / "stage")
    ready = out / put_in_place.READY
    (tmp_path / "same").rename(ready)
    (out / "payment").rename(out / ".payment.last")  # as a kill between two renames leaves it
    put_in_place.settle(out)
    assert _bytes(out) == old
    assert sorted(path.name for path in out.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("area", "account", "words", "tier"),
    [("REABLEMENT", "Clinical&Medical-Othe Public Sector", "", "proxy"), ("ADULTS", "", "Better Care Fund", "label"),
     ("GENERAL RESERVE - PROGRAMME", "Soc Care-Community Equp&Adaptations", "", "proxy"),
     ("CHC ADULT FULLY FUNDED", "Cont Care- Palliative Care", "", "contradicts"),
     ("PROGRAMME PROJECTS", "Clinical&Medical-Othe Public Sector", "", "unknown"),
     ("COMMISSIONING ? NON ACUTE", "Programme Support Costs", "", "proxy"), ("X", "MH Step s256", "", "label")],
)  # fmt: skip
def test_the_tier_rests_on_label_then_cost_centre_then_account(area: str, account: str, words: str, tier: str) -> None:
    assert classify(area, account, words)[0] == tier


def test_equal_amounts_in_three_months_make_a_proxy_regular(tmp_path: Path) -> None:
    bexley = {"payee": "LONDON BOROUGH OF BEXLEY", "area": "REABLEMENT"}
    months = "".join(line(number, 250000.0, day=f"30/0{number}/2020", **bexley) for number in (4, 5, 6))
    once = line(9, 250001.0, **bexley)
    result, _, _ = load(tmp_path, {"a.csv": months + once})
    assert result.flow["tier"].to_pylist() == ["proxy_regular"] * 3 + ["proxy"]
    assert all("Reablement" in why for why in result.flow["evidence"].to_pylist())


def test_sums_are_a_range_and_both_directions_are_netted() -> None:
    row = {"area_code": "E1", "financial_year": "2020-21", "period": "2020-04", "signs": "as printed"}
    rows = [row | {"direction": way, "tier": tier, "amount_gbp": amount} for way, tier, amount in (
        ("nhs_to_council", "proxy_regular", 100.0), ("nhs_to_council", "unknown", 50.0),
        ("nhs_to_council", "contradicts", 900.0), ("council_to_nhs", "unknown", 30.0))]  # fmt: skip
    made = sum_rows(rows)[0]
    assert (made["nhs_to_council_low_gbp"], made["nhs_to_council_high_gbp"]) == (100.0, 150.0)
    assert (made["net_low_gbp"], made["net_high_gbp"]) == (70.0, 150.0)
    lost = sum_rows([*rows, rows[1] | {"signs": SIGNS_LOST, "amount_gbp": 7.0}])[0]
    assert lost["nhs_to_council_high_gbp"] == 150.0  # a copy that may have lost its minus signs is not added up
    assert (lost["signs_lost_payments"], lost["signs_lost_gbp"]) == (1, 7.0)


def test_exposure_is_set_beside_two_per_cent_of_the_allocation_or_says_why_not() -> None:
    row = {"payer_kind": "nhs_commissioner", "direction": "nhs_to_council", "financial_year": "2020-21",
           "period": "2020-04", "tier": "unknown", "amount_gbp": 1000.0}  # fmt: skip
    bodies = [row | {"payer_name": "A", "payer_code": "00T"}, row | {"payer_name": "B", "payer_code": ""}]
    known, unknown = exposure(pa.Table.from_pylist(bodies))
    assert known["two_per_cent_gbp"] == pytest.approx(known["allocation_gbp_thousand"] * 20)
    assert (known["low_share"], known["high_share"] > 0) == (0.0, True)
    assert (unknown["two_per_cent_gbp"], "cannot be told" in unknown["basis"]) == (None, True)


def test_a_merged_commissioner_takes_the_allocations_of_all_it_was_formed_from_and_says_so() -> None:
    parts = [allocations()[code, "2020-21"] for code in ("07M", "07R", "07X", "08D", "08H")]
    merged, basis = allocation_of("93C", "2020-21")
    assert merged == sum(parts)
    assert "07M, 07R, 07X, 08D, 08H, from which it was formed" in basis
    assert allocation_of("93C", "2021-22")[0] is None  # no allocation of that year is held for any of them
