"""Set rows aside and mark rows, losing nothing: every row says which check set it aside and which cell it came from.

In: outcomes and the run's `Frames`. Out: rewritten tables without the rows set aside, lines for tables `quarantine`,
`check_mark` and `check_finding`, and a balance per table and file in which rows in = rows kept + rows quarantined.
Refuses (AssertionError) a balance that does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from expectations.records.checks import FAILED, MARK, QUARANTINE, REPORT, STOP, Outcome
from expectations.records.table_frames import Frames, arrow_compute, joined_key

COLUMN_LETTERS = re.compile(r"^\$?([A-Z]+)\$?\d+$")
LINEAGE = ("file_sha256", "sheet", "row", "cell")
DONE = {STOP: "stopped the run", QUARANTINE: "set aside", MARK: "marked", REPORT: "reported"}
RELEASED = "released"


@dataclass(frozen=True)
class Balance:
    """Rows of one table from one file before and after setting aside."""

    table: str
    file_sha256: str
    rows_in: int
    rows_kept: int
    rows_quarantined: int


def set_aside(outcomes: Iterable[Outcome]) -> dict[str, dict[str, list[str]]]:
    """Record ids to take out, by table, each with the codes of the checks that ask for it."""
    found: dict[str, dict[str, list[str]]] = {}
    for outcome in outcomes:
        if outcome.outcome == FAILED and outcome.check.on_failure == QUARANTINE:
            for finding in (item for item in outcome.findings if item.record_id not in outcome.released):
                codes = found.setdefault(outcome.check.table, {}).setdefault(finding.record_id, [])
                codes.append(outcome.check.code)
    return found


def split_table(frames: Frames, table: str, record_ids: Iterable[str]) -> tuple[Any, list[Balance]]:
    """The table (Arrow) without the rows named, and its balance per file.

    Raises AssertionError when rows would be lost.
    """
    import pyarrow as pa

    arrow = frames.arrow(table, whole=True)
    ids = arrow.column("record_id").to_pandas() if "record_id" in arrow.column_names else None
    if ids is None:
        key = frames.declared[table].key
        ids = joined_key(arrow.select([name for name in key if name in arrow.column_names]).to_pandas(), key)
    away = ids.fillna("").astype(str).isin(set(record_ids)).to_numpy()
    kept = arrow.filter(pa.array(~away))
    files = (
        arrow.column("file_sha256").to_pandas().fillna("")
        if "file_sha256" in arrow.column_names
        else ids.map(lambda _: "")
    )
    balances: list[Balance] = []
    for sha in sorted(set(files)):
        here = (files == sha).to_numpy()
        balances.append(Balance(table, str(sha), int(here.sum()), int((here & ~away).sum()), int((here & away).sum())))
    if sum(item.rows_kept for item in balances) != kept.num_rows or any(
        item.rows_in != item.rows_kept + item.rows_quarantined for item in balances
    ):
        raise AssertionError(f"table '{table}': rows in differ from rows kept + rows quarantined")
    return kept, balances


def rewrite(arrow: Any, table: str, folder: Path) -> None:
    """Write the rows kept over the table, under a temporary name first."""
    import pyarrow.parquet as pq

    path = folder / f"{table}.parquet"
    temporary = path.with_suffix(".parquet.part")
    pq.write_table(arrow, temporary, compression="zstd", compression_level=1)
    temporary.replace(path)


def lineage(frames: Frames, wanted: set[tuple[str, str]]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Cells of the records (table, record id) from the tables `ledger` and `source_file`, by table, record id and
    column.

    Column '' stands for the record's first cell. Nothing is found for tables that do not come from a file.
    """
    if not wanted or not frames.has("ledger"):
        return {}
    import pyarrow as pa

    pc = arrow_compute()

    ledger = frames.arrow("ledger", whole=True)
    ids = pa.array(sorted({record for _, record in wanted}))
    rows = ledger.filter(pc.is_in(ledger.column("record_id"), value_set=ids)).to_pylist()
    names: dict[str, str] = {}
    if frames.has("source_file"):
        files = frames.arrow("source_file")
        names = dict(zip(files.column("file_sha256").to_pylist(), files.column("file_name").to_pylist(), strict=True))
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in sorted(
        rows, key=lambda item: (item["table"], item["record_id"], item["row"] or 0, item["cell"] or "", item["column"])
    ):
        if (row["table"], row["record_id"]) in wanted:
            cell = {name: row[name] for name in LINEAGE} | {"file_name": names.get(row["file_sha256"], "")}
            found[row["table"], row["record_id"], row["column"]] = cell
            found.setdefault((row["table"], row["record_id"], ""), cell)
    return found


def _paid(frames: Frames, records: list[str]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """File and row of payments, which their record ids tell: the start of the file's hash, the sheet and the row."""
    if not records or not frames.has("payment_file"):
        return {}
    files = {str(row["file_sha256"])[:12]: row for row in frames.arrow("payment_file").to_pylist()}
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for record in records:
        file, row = files.get(record.partition(":")[0]), record.rpartition(":")[2]
        if file is not None and row.isdecimal():
            told = {"file_name": file["source_file"], "file_sha256": file["file_sha256"], "row": int(row)}
            found["payment", record, ""] = told
    return found


def quarantine_lines(outcomes: Iterable[Outcome], frames: Frames) -> list[dict[str, Any]]:
    """Lines for table `quarantine`: one per finding of a failed check that sets rows aside, each with its file, sheet,
    row and column letter.
    """
    failed = [item for item in outcomes if item.outcome == FAILED and item.check.on_failure == QUARANTINE]
    wanted = {(item.check.table, finding.record_id) for item in failed for finding in item.findings}
    cells = lineage(frames, wanted) | _paid(frames, [record for table, record in wanted if table == "payment"])
    lines: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for outcome in failed:
        table = outcome.check.table
        for finding in (item for item in outcome.findings if item.record_id not in outcome.released):
            exact = cells.get((table, finding.record_id, finding.column))
            cell = exact or cells.get((table, finding.record_id, "")) or {}
            letters = COLUMN_LETTERS.match(str(exact["cell"])) if exact else None
            key = (table, finding.record_id, outcome.check.code, finding.column)
            lines[key] = {
                "table": table,
                "record_id": finding.record_id,
                "check_code": outcome.check.code,
                "column": finding.column,
                "value": finding.value,
                "reason": f"{finding.reason}. {outcome.check.because}",
                "file_name": cell.get("file_name", ""),
                "file_sha256": cell.get("file_sha256", ""),
                "sheet": cell.get("sheet", ""),
                "row": cell.get("row"),
                "column_letter": letters.group(1) if letters else "",
            }
    return [lines[key] for key in sorted(lines)]


def mark_lines(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Lines for table `check_mark`: findings of failed checks that mark, of critical ones (the reader sees which
    rows), and of rows released from setting aside.
    """
    lines: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for outcome in outcomes:
        check = outcome.check
        if outcome.outcome == FAILED:
            for finding in outcome.findings:
                if finding.record_id in outcome.released:
                    finding = replace(finding, reason=f"{finding.reason}. {outcome.released[finding.record_id]}")
                elif check.on_failure not in (MARK, STOP):
                    continue
                key = (check.table, finding.record_id, check.code, finding.column)
                lines.setdefault(
                    key, {"table": check.table, "check_code": check.code, "severity": check.severity} | asdict(finding)
                )
    return [lines[key] for key in sorted(lines)]


def finding_lines(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Lines for table `check_finding`: every finding of every failed check, with what was done about it."""
    lines: dict[tuple[str, str, str, str], dict[str, Any]] = {}
    for outcome in (item for item in outcomes if item.outcome == FAILED):
        check = outcome.check
        for finding in outcome.findings:
            told = {"table": check.table, "check_code": check.code, "done": DONE[check.on_failure]} | asdict(finding)
            if finding.record_id in outcome.released:
                told |= {"done": RELEASED, "reason": f"{finding.reason}. {outcome.released[finding.record_id]}"}
            lines.setdefault((check.table, check.code, finding.record_id, finding.column), told)
    return [lines[key] for key in sorted(lines)]


def merged(existing: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Quarantine lines of loading and of the checks together; a line with the same key is replaced by the newer one."""

    def key(line: dict[str, Any]) -> tuple[str, ...]:
        return tuple(str(line.get(name) or "") for name in ("table", "record_id", "check_code", "column"))

    fresh = {key(line) for line in new}
    return sorted([line for line in existing if key(line) not in fresh] + new, key=key)
