"""The ledger: copies counted once, genuine repeats kept, private names withheld, the flow in tiers. Made-up files."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.payments import load_payments as loading
from pipelines.payments.exposure import exposure
from pipelines.payments.flow import classify, sum_flow
from pipelines.payments.ledger import read_ledger
from pipelines.payments.load_payments import Result, load_payments
from pipelines.payments.stage import stage

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


def _bytes(folder: Path) -> dict[str, str]:
    made = [path for path in sorted(folder.rglob("*.parquet")) if "stage" not in path.parts]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in made}


def test_one_worker_two_workers_and_a_second_run_give_the_same_bytes(tmp_path: Path) -> None:
    _, _, out = load(tmp_path, {"a.csv": MONTH, "b.csv": line(900, 3.0) * 3})
    load_payments(tmp_path / "in", tmp_path / "two", workers=2)
    first = _bytes(out)
    load_payments(tmp_path / "in", out)
    assert first == _bytes(tmp_path / "two") == _bytes(out)


def _deadly(path: Path, root: Path, folder: Path) -> str:
    if path.name == "deadly.csv":
        os._exit(9)
    return stage(path, root, folder)


def test_a_file_that_kills_its_worker_is_refused_and_the_batch_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "stage", _deadly)
    for name in ("a.csv", "deadly.csv", "z.csv"):
        path = tmp_path / "in" / "body" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + MONTH.replace(",1,", f",{name}1,"), encoding="utf-8")
    result = load_payments(tmp_path / "in", tmp_path / "out", workers=2)
    told = {Path(record["source_file"]).name: record["outcome"] for record in result.files}
    assert told["deadly.csv"] == "refused"
    assert len(told) == 3
    assert any("ended its process 2 times" in str(record["reason"]) for record in result.files)


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
    assert [row["tier"] for row in result.flow] == ["proxy_regular"] * 3 + ["proxy"]
    assert all("Reablement" in row["evidence"] for row in result.flow)


def test_sums_are_a_range_and_both_directions_are_netted() -> None:
    row = {"area_code": "E1", "financial_year": "2020-21", "period": "2020-04"}
    rows = [row | {"direction": way, "tier": tier, "amount_gbp": amount} for way, tier, amount in (
        ("nhs_to_council", "proxy_regular", 100.0), ("nhs_to_council", "unknown", 50.0),
        ("nhs_to_council", "contradicts", 900.0), ("council_to_nhs", "unknown", 30.0))]  # fmt: skip
    made = sum_flow(rows)[0]
    assert (made["nhs_to_council_low_gbp"], made["nhs_to_council_high_gbp"]) == (100.0, 150.0)
    assert (made["net_low_gbp"], made["net_high_gbp"]) == (70.0, 150.0)


def test_exposure_is_set_beside_two_per_cent_of_the_allocation_or_says_why_not() -> None:
    row = {"payer_kind": "nhs_commissioner", "direction": "nhs_to_council", "financial_year": "2020-21",
           "period": "2020-04", "tier": "unknown", "amount_gbp": 1000.0}  # fmt: skip
    known, unknown = exposure(
        [row | {"payer_name": "A", "payer_code": "00T"}, row | {"payer_name": "B", "payer_code": ""}]
    )
    assert known["two_per_cent_gbp"] == pytest.approx(known["allocation_gbp_thousand"] * 20)
    assert (known["low_share"], known["high_share"] > 0) == (0.0, True)
    assert (unknown["two_per_cent_gbp"], "cannot be told" in unknown["basis"]) == (None, True)
