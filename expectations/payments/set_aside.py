"""Set rows of the ledger aside: out of its files, into the list of rows set aside, and out of every sum made of them.

In: the folder of the ledger and the outcomes of its checks. Out: a ledger beside it, in the folder for making, whose
files, accounts and traced flow are as if the loader had set the rows aside; the caller puts it in place or leaves it.
Per file, rows in = rows kept + rows set aside, or this raises AssertionError and nothing is put in place.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from expectations.domain.payment_ledger import LEDGER, ledger_files
from expectations.quarantine.quarantine import Balance
from expectations.records.checks import FAILED, QUARANTINE, Finding, Outcome
from expectations.records.table_frames import arrow_compute
from pipelines.payments.ledger import put_in_place

Why = dict[str, list[tuple[str, Finding, str]]]
"""By record id: code, finding and reason of each check that sets the record aside."""


def why_aside(outcomes: Iterable[Outcome]) -> Why:
    """What is to be set aside from the ledger, and why."""
    found: Why = {}
    for item in outcomes:
        check = item.check
        if check.table == LEDGER and item.outcome == FAILED and check.on_failure == QUARANTINE:
            for finding in (held for held in item.findings if held.record_id not in item.released):
                found.setdefault(finding.record_id, []).append((check.code, finding, check.because))
    return found


def make_without(folder: Path, why: Why) -> list[Balance]:
    """Make the ledger of `folder` without the records of `why`. Returns the balance of every file that loses rows."""
    import pyarrow as pa

    from pipelines.payments.flow.flow import read_flow, write_tables

    pc = arrow_compute()
    making = put_in_place.begin(folder)
    aside: list[dict[str, Any]] = []
    for path in ledger_files(folder):
        aside += _part(path, making / path.relative_to(folder), why)
    (making / LEDGER).mkdir(exist_ok=True)
    records = _rows(folder, "payment_file")
    balances = _accounts(records, aside)
    _write(making, "payment_file", records)
    _write(making, "payment_quarantine", [*_rows(folder, "payment_quarantine"), *(_line(row, why) for row in aside)])
    flow = read_flow(folder)
    flow = flow.filter(pc.invert(pc.is_in(flow["record_id"], value_set=pa.array(sorted(why), pa.string()))))
    write_tables(flow, _sources(_rows(folder, "payment_source"), records, flow), making)
    return balances


def _sources(rows: list[dict[str, Any]], records: list[dict[str, Any]], flow: Any) -> list[dict[str, Any]]:
    from pipelines.payments.flow.publications import rows_by_sheet

    kept = {record["source_file"]: record["rows_kept"] for record in records}
    traced = rows_by_sheet(flow)
    left = [(row, traced.get((row["source_file"], row["sheet"]), 0)) for row in rows]
    return [{**row, "rows_kept": kept[row["source_file"]], "rows_traced": number} for row, number in left if number]


def _rows(folder: Path, table: str) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def _write(folder: Path, table: str, rows: list[dict[str, Any]]) -> None:
    from pipelines.declarations.catalogue import tables
    from pipelines.declarations.parquet import write_table

    write_table(table, {name: [row.get(name) for row in rows] for name in tables()[table].column_names}, folder)


def _part(path: Path, place: Path, why: Why) -> list[dict[str, Any]]:
    """Write one file without the records, or let it be where it holds none. Returns the rows taken out."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pc = arrow_compute()
    place.parent.mkdir(parents=True, exist_ok=True)
    file = pq.ParquetFile(path)
    ids = pc.fill_null(file.read(columns=["record_id"]).column("record_id"), "")
    away = pc.is_in(ids, value_set=pa.array(sorted(why)))
    if not pc.any(away).as_py():
        try:
            os.link(path, place)
        except OSError:  # another file system, or one without links
            shutil.copyfile(path, place)
        return []
    rows = file.read()
    kept = rows.filter(pc.invert(away))
    gone = rows.filter(away).to_pylist()
    if kept.num_rows + len(gone) != rows.num_rows:
        raise AssertionError(f"'{path.name}': rows in differ from rows kept + rows set aside")
    if kept.num_rows:
        pq.write_table(kept, place, compression="zstd", compression_level=1)
    return gone


def _accounts(records: list[dict[str, Any]], aside: list[dict[str, Any]]) -> list[Balance]:
    """Bring the accounts of the files up to date. Raises AssertionError where one would not close."""
    by_file: dict[str, list[dict[str, Any]]] = {}
    for row in aside:
        by_file.setdefault(str(row["source_file"]), []).append(row)
    balances: list[Balance] = []
    for record in records:
        gone = by_file.pop(record["source_file"], [])
        if not gone:
            continue
        rows_in = int(record["rows_kept"])
        undated = sum(row["date_precision"] in ("none", "period") for row in gone)
        record["rows_kept"] = rows_in - len(gone)
        record["rows_quarantined"] += len(gone)
        record["rows_without_date"] -= undated
        lost = sum(row["amount_gbp"] for row in gone if row["amount_gbp"] is not None)
        record["amount_kept_gbp"] = round(record["amount_kept_gbp"] - lost, 2)
        balances.append(Balance(LEDGER, str(record["file_sha256"]), rows_in, int(record["rows_kept"]), len(gone)))
    if by_file or any(item.rows_kept < 0 for item in balances):
        raise AssertionError("rows were set aside that the account of their file does not know")
    return balances


def _line(row: dict[str, Any], why: Why) -> dict[str, Any]:
    """A line of `payment_quarantine`: one per row, whatever the number of checks that set it aside."""
    reasons = sorted(why[row["record_id"] or ""], key=lambda reason: reason[:1])
    return {
        "source_file": row["source_file"],
        "sheet": row["sheet"],
        "source_row": _number(row),
        "code": "; ".join(dict.fromkeys(code for code, _, _ in reasons)),
        "value": "; ".join(dict.fromkeys(finding.value for _, finding, _ in reasons)),
        "reason": "; ".join(dict.fromkeys(f"{finding.reason}. {because}" for _, finding, because in reasons)),
    }


def _number(row: dict[str, Any]) -> int | None:
    """The row's number as its record id has it: the number itself may be what is wrong."""
    last = str(row["record_id"] or "").rpartition(":")[2]
    return int(last) if last.isdecimal() else row["source_row"]
