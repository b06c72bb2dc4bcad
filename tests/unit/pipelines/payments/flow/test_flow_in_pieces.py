"""The traced flow, worked out column by column: what plain Python says row by row, and little memory per payment."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.declarations import parquet
from pipelines.payments.flow import both_sides
from pipelines.payments.flow.both_sides import direction_of, row_schema, sorted_rows
from pipelines.payments.flow.exposure import exposure
from pipelines.payments.flow.flow import area_of, classify, read_flow, trace, write_tables
from pipelines.payments.flow.flow_sums import DIRECTIONS, SIGNS_LOST, TIERS, sum_flow
from pipelines.payments.flow.publications import marked, rows_by_sheet

Row = dict[str, Any]
BODIES = (("nhs_commissioner", "00T", "NHS Bolton CCG", ""), ("nhs_trust", "", "Made Trust", ""),
          ("council", "E4201", "Bolton", "E4201"), ("council", "E4202", "Bury", "E4202"))  # fmt: skip
AMOUNTS = st.sampled_from([0.1, 0.2, 0.3, -0.3, 0.0, 1000.0, 250_000.07, -1000.0, 1e10 + 0.01, 0.005, 2.675])
PERIODS = st.sampled_from(["", "2020-04", "2020-05", "2020-06", "2021-03"])
CENTRES = st.sampled_from(["REABLEMENT", "GENERAL RESERVE", "CHC ADULT FULLY FUNDED", "PERS HLTH BUDGET", "X"])


def payment(number: int, payer: int, payee: int, **other: Any) -> Row:
    kind, code, name, _ = BODIES[payer]
    to_kind, to_code, to_name, area = BODIES[payee]
    made: Row = {
        "record_id": f"{number * 7919 % 10007:05d}:{number}", "body_type": kind, "body_code": code, "body_name": name,
        "supplier_kind": to_kind, "supplier_org_code": to_code, "supplier_org_name": to_name, "supplier_raw": to_name,
        "supplier_area_code": area, "supplier_match_score": 1.0, "financial_year": "2020-21", "period": "2020-04",
        "date": "", "expense_area": "X", "expense_type": "Services", "department": "", "purpose": "words",
        "transaction_number": str(number), "amount_gbp": 1.0, "sign_source": "as printed",
        "source_file": f"{payer}.csv", "sheet": "(file)", "source_row": number,
        "direction": direction_of(kind, to_kind),
    }  # fmt: skip
    return made | other


@st.composite
def payments(draw: Any) -> list[Row]:
    sides = st.sampled_from([(0, 2), (0, 3), (1, 2), (2, 0), (2, 1), (3, 0)])
    return [
        payment(number, *draw(sides), amount_gbp=draw(AMOUNTS), period=draw(PERIODS), expense_area=draw(CENTRES),
                purpose=draw(st.sampled_from(["", "Better Care Fund", "care"])),
                financial_year=draw(st.sampled_from(["2019-20", "2020-21"])),
                sign_source=draw(st.sampled_from(["as printed", SIGNS_LOST])))
        for number in range(draw(st.integers(0, 40)))
    ]  # fmt: skip


def table(rows: Iterable[Row]) -> Any:
    return sorted_rows([pa.Table.from_pylist(list(rows), schema=row_schema())])


def total(rows: Iterable[Row]) -> float:
    return reduce(add, (row["amount_gbp"] for row in rows), 0.0)


def months(rows: Iterable[Row]) -> int:
    return len({row["period"] for row in rows if row["period"]})


def plain_trace(rows: list[Row]) -> Iterable[tuple[Any, ...]]:
    """Record, tier, evidence, reserve, repeats, months, area, year's end and round sum, one row after the other."""

    def same(row: Row) -> tuple[Any, ...]:
        payee = row["supplier_org_code"] or row["supplier_org_name"]
        return row["body_type"], row["body_name"], payee, round(row["amount_gbp"] * 100)

    for row in sorted(rows, key=lambda row: row["record_id"]):
        equal = [other for other in rows if same(other) == same(row)]
        purpose = "" if row["expense_area"] == "PERS HLTH BUDGET" else row["purpose"]
        tier, why, reserve = classify(row["expense_area"], row["expense_type"], f"{purpose} {row['department']}")
        regular = months(equal) >= 3 and row["amount_gbp"] > 0
        tier = {"label": "labelled", "proxy": "proxy_regular" if regular else "proxy"}.get(tier, tier)
        if regular:
            why += f"; the same amount in {months(equal)} months"
        elif len(equal) > 1:
            why += f"; the same amount {len(equal)} times"
        pence = round(row["amount_gbp"] * 100)
        yield (row["record_id"], tier, why, reserve, len(equal), months(equal),
               row["supplier_area_code"] or area_of(row["body_code"]), row["period"].endswith("-03"),
               row["amount_gbp"] != 0 and pence % 100_000 == 0)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(payments())
def test_every_payment_has_the_tier_evidence_and_repeats_that_reading_row_by_row_gives(rows: list[Row]) -> None:
    names = ["record_id", "tier", "evidence", "reserve", "repeats", "repeat_months", "area_code", "year_end",
             "round_sum"]  # fmt: skip
    found = trace(table(rows)).select(names).to_pylist()
    assert [tuple(row.values()) for row in found] == list(plain_trace(rows))


@settings(max_examples=60, deadline=None)
@given(payments())
def test_sums_and_exposure_are_to_the_last_bit_those_of_adding_row_after_row(rows: list[Row]) -> None:
    flow = trace(table(rows))
    held = flow.to_pylist()
    keys = sorted({(row["area_code"], row["financial_year"]) for row in held if row["area_code"]})
    made = sum_flow(flow)
    assert [(row["area_code"], row["financial_year"]) for row in made] == keys
    for sums in made:
        mine = [row for row in held if all(row[name] == sums[name] for name in ("area_code", "financial_year"))]
        lost = [row for row in mine if row["signs"] == SIGNS_LOST]
        kept = [row for row in mine if row["signs"] != SIGNS_LOST]
        assert (sums["payments"], sums["months"]) == (len(mine), months(mine))
        assert (sums["signs_lost_payments"], sums["signs_lost_gbp"]) == (len(lost), round(total(lost), 2))
        for way in DIRECTIONS:
            added = [row for row in kept if row["direction"] == way]
            assert (sums[f"{way}_payments"], sums[f"{way}_months"]) == (len(added), months(added))
            for tier in TIERS:
                assert sums[f"{way}_{tier}_gbp"] == round(total(row for row in added if row["tier"] == tier), 2)
    paid = [row for row in held if row["payer_kind"] == "nhs_commissioner"]
    for row in exposure(flow):
        mine = [other for other in paid if other["financial_year"] == row["financial_year"]]
        low = total(other for other in mine if other["tier"] in ("labelled", "proxy_regular"))
        high = total(other for other in mine if other["tier"] != "contradicts")
        assert (row["payer_code"], row["months"]) == ("00T", months(mine))
        assert row["high_share"] == max(low, high) / row["two_per_cent_gbp"]
    assert {row["financial_year"] for row in exposure(flow)} == {row["financial_year"] for row in paid}


def many(count: int) -> Any:
    """Payments every one of which has words of its own: the most that can be asked of memory."""
    return table(payment(at, 0, 2, purpose=f"words of payment {at} and more of them", amount_gbp=at % 90 + 0.5,
                         period=f"2020-{at % 9 + 1:02d}") for at in range(count))  # fmt: skip


def test_pieces_of_three_and_row_groups_of_five_give_the_same_payments_and_sums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = many(50)
    for name in ("whole", "pieces", "groups"):
        (tmp_path / name).mkdir()
        if name == "pieces":
            monkeypatch.setattr(both_sides, "AT_ONCE", 3)
        if name == "groups":
            monkeypatch.setattr(parquet, "GROUP_ROWS", 5)
        write_tables(trace(rows), [], tmp_path / name)
    for path in sorted((tmp_path / "whole").iterdir()):
        assert path.read_bytes() == (tmp_path / "pieces" / path.name).read_bytes()
        assert pq.read_table(path).equals(pq.read_table(tmp_path / "groups" / path.name))
    assert pq.ParquetFile(tmp_path / "groups" / "payment_flow.parquet").num_row_groups == 10


def test_the_flow_is_written_as_any_table_is_and_read_back_as_it_was(tmp_path: Path) -> None:
    flow = trace(many(20))
    write_tables(flow, [], tmp_path)
    written = (tmp_path / "payment_flow.parquet").read_bytes()
    parquet.write_table("payment_flow", {name: flow[name].to_pylist() for name in flow.column_names}, tmp_path)
    assert written == (tmp_path / "payment_flow.parquet").read_bytes()
    assert read_flow(tmp_path).to_pylist() == flow.to_pylist()


def test_rows_are_objects_of_python_a_piece_at_a_time_and_what_is_asked_twice_is_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(both_sides, "AT_ONCE", 1000)
    peaks: list[int] = []
    for rows in (many(4_000), many(12_000)):
        trace(rows)  # what is kept between calls is kept already
        tracemalloc.start()
        flow = trace(rows)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert flow.num_rows == rows.num_rows
    assert (peaks[1] - peaks[0]) / 8_000 < 200  # bytes for every payment more: numbers of rows; it was six thousand


def test_texts_that_repeat_take_no_memory_of_their_own() -> None:
    flow = trace(table(payment(at, 0, 2, period=f"2020-{at % 9 + 1:02d}") for at in range(2000)))
    assert flow.nbytes / flow.num_rows < 200


def test_a_copy_that_may_have_lost_its_signs_is_marked_only_before_2021_22() -> None:
    rows = table([payment(1, 0, 2), payment(2, 0, 2, financial_year="2021-22"), payment(3, 1, 2)])
    said = {"0.csv": {"source_state": "clean, minus signs may be lost"}, "1.csv": {"source_state": "as published"}}
    signs = {row["transaction_number"]: row["sign_source"] for row in marked(rows, said).to_pylist()}
    assert signs == {"1": SIGNS_LOST, "2": "as printed", "3": "as printed"}
    assert rows_by_sheet(rows) == {("0.csv", "(file)"): 2, ("1.csv", "(file)"): 1}


def test_a_ledger_without_such_payments_gives_empty_tables(tmp_path: Path) -> None:
    flow = trace(table([]))
    write_tables(flow, [], tmp_path)
    assert [pq.read_table(path).num_rows for path in sorted(tmp_path.iterdir())] == [0, 0, 0, 0]
