"""Whatever is damaged: rows in = rows kept + rows quarantined, and every planted breach of a declared check is set
aside under that check's code. The checks are the repository's own; only the rows are made up.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from expectations.quarantine.quarantine import quarantine_lines, set_aside, split_table
from expectations.records.checks import QUARANTINE, Check
from expectations.records.table_frames import Frames
from expectations.running.check_all import check_tables, declared_checks, run_checks
from pipelines.declarations.catalogue import arrow_schema, tables
from pipelines.declarations.parquet import read_table, write_table

Row = dict[str, Any]
Damage = Callable[[Row, float], set[str]]
AUTHORITIES = ("E0101", "E0102", "E0103", "E0104", "E0201", "E0202")
GROUPS = ("older_people", "learning_disability")
FILES = ("a" * 64, "b" * 64)


def ours(table: str) -> tuple[Check, ...]:
    """The checks of a table that set rows aside."""
    return tuple(check for check in declared_checks() if check.table == table and check.on_failure == QUARANTINE)


def sound_row(number: int) -> Row:
    """One row of RO3 that breaks nothing."""
    authority, group = AUTHORITIES[number % 6], GROUPS[number // 6 % 2]
    year = ("2010-11", "2011-12")[number // 12 % 2]
    gross, charges, other = 10_000.0 + number, 800.0, 700.0
    return {
        "record_id": f"ro3/{year}/{authority}/{group}@{number}",
        "financial_year": year,
        "authority_code": authority,
        "client_group": group,
        "area_code": "E06000022",
        "release": "published on 28 november 2013",
        "file_sha256": FILES[number % 2],
        "employees_gbp_thousand": gross - 4_000.0,
        "running_expenses_gbp_thousand": 4_000.0,
        "total_expenditure_gbp_thousand": gross,
        "sales_fees_charges_gbp_thousand": charges,
        "other_income_gbp_thousand": other,
        "total_income_gbp_thousand": charges + other,
        "net_current_expenditure_gbp_thousand": gross - charges - other,
    }


def net_is_off(row: Row, size: float) -> set[str]:
    row["net_current_expenditure_gbp_thousand"] += size
    return {"RO3-NET"}


def put(column: str, value: str | None, *codes: str) -> Damage:
    def damage(row: Row, size: float) -> set[str]:
        row[column] = value
        return set(codes)

    return damage


DAMAGES: dict[str, Damage] = {
    "the identity is broken": net_is_off,
    "the authority is not known": put("authority_code", "E9998", "RO3-AUTHORITY"),
    "the authority is no code": put("authority_code", "Anytown", "RO3-AUTHORITY", "STR-RO3-AUTHORITY-CODE-PATTERN"),
    "the authority is missing": put("authority_code", None, "STR-RO3-AUTHORITY-CODE-PRESENT"),
    "the year is written otherwise": put("financial_year", "2010/11", "STR-RO3-FINANCIAL-YEAR-PATTERN"),
    "the year is missing": put("financial_year", None, "STR-RO3-FINANCIAL-YEAR-PRESENT"),
    "the client group is not known": put("client_group", "everybody", "STR-RO3-CLIENT-GROUP-KNOWN"),
    "the file is not named": put("file_sha256", "", "STR-RO3-FILE-SHA256-PRESENT"),
}

damaged = st.dictionaries(
    st.integers(0, 23),
    st.tuples(st.sampled_from(sorted(DAMAGES)), st.one_of(st.floats(2.1, 1e9), st.floats(-1e9, -2.1))),
    max_size=24,
)


def held(rows: list[Row]) -> Frames:
    register = {"authority_code": list(AUTHORITIES)}
    schema = arrow_schema(tables()["ro3"])
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    return Frames(held={"ro3": pa.table(columns, schema=schema), "area_authority": pa.table(register)})


def plant(damage: dict[int, tuple[str, float]], older: set[int]) -> tuple[list[Row], dict[str, set[str]]]:
    """Rows with the damage done, and the codes each damaged record must be set aside under."""
    rows = [sound_row(number) for number in range(24)]
    planted: dict[str, set[str]] = {}
    for number, (what, size) in damage.items():
        planted[rows[number]["record_id"]] = DAMAGES[what](rows[number], size)
    for number in sorted(older - set(damage)):
        earlier = {**rows[number], "record_id": f"earlier@{number}", "release": "published on 1 november 2012"}
        rows.append(earlier)
        planted[earlier["record_id"]] = {"RO3-SUPERSEDED"}
    return rows, planted


@settings(max_examples=40, deadline=None)
@given(damage=damaged, older=st.sets(st.integers(0, 23), max_size=4))
def test_every_planted_breach_is_set_aside_under_its_code_and_no_row_is_lost(
    damage: dict[int, tuple[str, float]], older: set[int]
) -> None:
    rows, planted = plant(damage, older)
    frames = held(rows)
    outcomes = run_checks(ours("ro3"), frames)
    assert not [item.detail for item in outcomes if item.outcome == "errored"]
    away = set_aside(outcomes).get("ro3", {})
    for record, codes in planted.items():
        assert codes <= set(away.get(record, ())), f"{record} was to be set aside by {codes}"
    assert set(away) == set(planted), "a row that nothing is wrong with was set aside"
    kept, balances = split_table(frames, "ro3", away)
    assert sum(item.rows_in for item in balances) == len(rows)
    assert all(item.rows_in == item.rows_kept + item.rows_quarantined for item in balances)
    sound = [row for row in rows if row["record_id"] not in planted]
    assert kept.to_pylist() == [{name: row.get(name) for name in kept.column_names} for row in sound]
    lines = quarantine_lines(outcomes, frames)
    assert {(line["record_id"], line["check_code"]) for line in lines} == {
        (record, code) for record, codes in away.items() for code in codes
    }
    assert all(line["reason"] for line in lines)


@example(damage={number: (what, 50.0) for number, what in enumerate(sorted(DAMAGES))})
@settings(max_examples=6, deadline=None)
@given(damage=damaged)
def test_the_same_holds_for_the_files_that_a_whole_run_writes(damage: dict[int, tuple[str, float]]) -> None:
    rows, planted = plant(damage, set())
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_table(
            "ro3", {name: [row.get(name) for row in rows] for name in arrow_schema(tables()["ro3"]).names}, folder
        )
        names = [column.name for column in tables()["area_authority"].columns if column.name != "authority_code"]
        write_table("area_authority", {"authority_code": AUTHORITIES, names[0]: ["x"] * len(AUTHORITIES)}, folder)
        validation = check_tables(folder)
        if validation.stopped_by:  # rows made alike by the damage repeat a key: nothing is published
            assert {item.check.code for item in validation.stopped_by} == {"STR-RO3-KEY"}
            assert len(read_table(folder, "ro3")) == len(rows)
            return
        after = set(read_table(folder, "ro3")["record_id"])
        lines = read_table(folder, "quarantine")
        assert after == {row["record_id"] for row in rows} - set(planted)
        assert set(lines["record_id"]) == set(planted)
        for record, codes in planted.items():
            assert codes <= set(lines.loc[lines["record_id"] == record, "check_code"])


@settings(max_examples=20, deadline=None)
@given(sizes=st.lists(st.one_of(st.none(), st.floats(0, 300_000), st.floats(300_001, 1e12)), min_size=1, max_size=25))
def test_a_breach_of_a_great_expectations_type_is_set_aside_under_its_code(sizes: list[float | None]) -> None:
    checks = tuple(check for check in ours("dtoc_by_reason") if check.code == "DTOC-REASON-SIZE")
    assert checks
    schema = arrow_schema(tables()["dtoc_by_reason"])
    rows = [{"record_id": f"r{number}", "file_sha256": FILES[number % 2], "total_days": size}
            for number, size in enumerate(sizes)]  # fmt: skip
    columns = {name: [row.get(name) for row in rows] for name in schema.names}
    frames = Frames(held={"dtoc_by_reason": pa.table(columns, schema=schema)})
    away = set_aside(run_checks(checks, frames)).get("dtoc_by_reason", {})
    assert away == {
        f"r{n}": ["DTOC-REASON-SIZE"] for n, size in enumerate(sizes) if size is not None and size > 300_000
    }
    kept, balances = split_table(frames, "dtoc_by_reason", away)
    assert kept.num_rows + len(away) == len(rows) == sum(item.rows_in for item in balances)


def test_a_check_that_raises_on_one_row_is_errored_and_stops_the_run() -> None:
    frames = held([sound_row(0), sound_row(1)])
    broken = frames.held["ro3"].set_column(
        frames.held["ro3"].column_names.index("total_income_gbp_thousand"), "total_income_gbp_thousand",
        pa.array(["800", "eight hundred"]),
    )  # fmt: skip
    (outcome,) = run_checks(
        tuple(check for check in ours("ro3") if check.code == "RO3-NET"), replace(frames, held={"ro3": broken})
    )
    assert (outcome.outcome, outcome.stops_the_run) == ("errored", True)
    assert "raised" in outcome.detail
