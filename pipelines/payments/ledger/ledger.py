"""The ledger: staged files compared within each body, then written as Parquet by body type, body and financial year.

In: a folder of staged files. Out: `payment/body_type=…/body_name=…/financial_year=…/rows.parquet`, whose rows stand by
file, sheet and row, and tables `payment_file` and `payment_quarantine`. Rows pass through some at a time. For every
file, rows read = kept + quarantined + repeated + not data, or this raises: an account that does not close is our bug
and must not be written.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipelines.payments.file.amounts import Total
from pipelines.payments.file.canonical import SHEET
from pipelines.payments.ledger.copies import Decision, copy_of, find_copies, join
from pipelines.payments.ledger.partitions import PARTITION, only, write_bodies
from pipelines.payments.ledger.same_payments import Part
from pipelines.payments.ledger.stage import read_staged

COUNTED = ("rows_kept", "rows_quarantined", "rows_repeated", "rows_not_data")
MOST_SORTED = 1 << 20
Row = dict[str, Any]
Staged = tuple[Row, Path]


def _part(told: dict[str, Any], rows: Path) -> Part:
    record = told["record"]
    return Part(record["source_file"], rows, record["rows_kept"], record["rows_without_date"] < record["rows_kept"],
                told["negative"], record["period"], record["rows_duplicate_inside"], record["form"],
                told["revised"], SHEET not in told["same"])  # fmt: skip


def decide(staged: Sequence[Staged]) -> dict[str, Decision]:
    """Tables pulled out of a PDF beside them, then copies and repeated blocks body by body."""
    records = {told["record"]["source_file"]: told["record"] for told, _ in staged}
    made: dict[str, Decision] = {}
    for group in _groups(staged):
        parts = {told["record"]["source_file"]: _part(told, rows) for told, rows in group}
        for source, part in sorted(parts.items()):
            pdf = parts.get(source.removesuffix(".csv")) if source.endswith(".pdf.csv") else None
            if pdf is not None:
                pair = (pdf, part) if _is_whole(records[pdf.source], records[source]) else (part, pdf)
                made[pair[1].source] = copy_of(*pair)
        for source, decision in find_copies([part for part in parts.values() if part.source not in made]).items():
            made[source] = join(made.get(source, Decision()), decision)
    return made


def _groups(staged: Sequence[Staged]) -> list[list[Staged]]:
    """Files with rows, by body; bodies whose payments stand in one file are one group. Sorted by their first body."""
    of_body: dict[tuple[str, str], tuple[str, str]] = {}

    def first(body: tuple[str, str]) -> tuple[str, str]:
        while of_body.setdefault(body, body) != body:
            body = of_body[body]
        return body

    kept = [item for item in staged if item[0]["record"]["rows_kept"]]
    for told, _ in kept:
        own, *others = sorted({first((kind, name)) for kind, name in told["bodies"]})
        of_body.update(dict.fromkeys(others, own))
    groups: dict[tuple[str, str], list[Staged]] = {}
    for told, rows in kept:
        kind, name = told["bodies"][0]
        groups.setdefault(first((kind, name)), []).append((told, rows))
    return [groups[key] for key in sorted(groups)]


def _is_whole(pdf: dict[str, Any], table: dict[str, Any]) -> bool:
    """Whether a PDF was read well enough to be kept before the table somebody pulled out of it."""
    used = {pair.split("=")[0] for pair in pdf["columns"].split(", ")}
    told = pdf["header_surety"] != "assumed" and {"supplier", "transaction_number"} <= used
    return told and pdf["rows_kept"] >= table["rows_kept"]


def _why(decision: Decision, position: int) -> tuple[str, str]:
    """Code and reason of a row that other files or sheets put aside."""
    if position in decision.open_rows:
        return "PAY-012", f"{decision.open_with} gives this payment otherwise, and which of the two is right is open"
    original = decision.copy_of or "another sheet of its file"
    return "PAY-006", f"in a copy of {original}, which does not hold this payment"


def _kept(told: dict[str, Any], decision: Decision, rows: Path, aside: list[dict[str, Any]]) -> Iterator[Any]:
    """The rows that stay, some at a time; rows that do not stay for a reason of their own are added to `aside`."""
    import numpy as np
    import pyarrow as pa

    record, after, total = told["record"], 0, Total()
    gone = np.zeros(record["rows_kept"], bool)
    gone[list(decision.repeated | decision.not_in_original | decision.open_rows)] = True
    outside = np.array(sorted(decision.not_in_original | decision.open_rows), int)
    for table in read_staged(rows, told["same"]):
        here = outside[(outside >= after) & (outside < after + table.num_rows)] - after
        found = table.select(["sheet", "source_row", "amount_gbp"]).take(pa.array(here)).to_pylist()
        for at, row in zip(here.tolist(), found, strict=True):
            code, reason = _why(decision, at + after)
            aside.append({"source_file": record["source_file"], "sheet": row["sheet"], "source_row": row["source_row"],
                          "code": code, "value": f"{row['amount_gbp']:.2f}", "reason": reason})  # fmt: skip
        stay = ~gone[after : after + table.num_rows]
        after += table.num_rows
        table = table if stay.all() else only(table, stay)
        total.add(table["amount_gbp"].to_numpy())
        yield table
    record["rows_repeated"] += len(decision.repeated)
    record["rows_quarantined"] += len(outside)
    record["rows_kept"], record["amount_kept_gbp"] = total.rows, total.pounds
    record["notes"] = "; ".join(filter(None, [record["notes"], decision.note]))
    if len(told["bodies"]) > 1:
        record["bodies"] = " | ".join(f"{kind} {name}" for kind, name in told["bodies"])
    if decision.copy_of:
        record["outcome"], record["reason"] = "copy", f"a copy of {decision.copy_of}"


def _aside(path: Path, more: list[dict[str, Any]], schema: Any) -> Iterator[Any]:
    """Rows of one file set aside, in the order of its sheets and rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    stored = pq.ParquetFile(path) if path.is_file() else None
    if stored and not more and stored.metadata.num_rows > MOST_SORTED:  # text of one sheet, in its order already
        tables = (stored.read_row_group(number) for number in range(stored.num_row_groups))
        yield from (table.select(schema.names).cast(schema) for table in tables)
    elif more or stored:
        first = [stored.read().select(schema.names).cast(schema)] if stored else []
        added = pa.Table.from_pylist(more, schema=schema)
        yield pa.concat_tables([*first, added]).sort_by([("sheet", "ascending"), ("source_row", "ascending")])


def _write_rows(staged: Sequence[Staged], decisions: dict[str, Decision], ledger: Path) -> dict[str, list[Row]]:
    """Write the rows that stay and bring the records up to date. Returns what else is set aside, by file."""
    aside: dict[str, list[Row]] = {}
    for files in _groups(staged):

        def kept(files: list[Staged] = files) -> Iterator[Any]:
            for told, rows in files:
                source = told["record"]["source_file"]
                yield from _kept(told, decisions.get(source, Decision()), rows, aside.setdefault(source, []))

        write_bodies(kept(), ledger)
    return aside


def write_ledger(records: Sequence[Path], out: Path) -> list[dict[str, Any]]:
    """Write the ledger from staged records. Returns the records of `payment_file`, sorted by file."""
    import pyarrow.parquet as pq

    from pipelines.declarations.catalogue import arrow_schema, tables
    from pipelines.declarations.parquet import write_table

    staged: list[Staged] = sorted(
        ((json.loads(path.read_text(encoding="utf-8")), path.with_suffix(".parquet")) for path in records),
        key=lambda pair: pair[0]["record"]["source_file"],
    )
    decisions = decide(staged)
    ledger = out / "payment"
    shutil.rmtree(ledger, ignore_errors=True)
    ledger.mkdir(parents=True)
    more = _write_rows(staged, decisions, ledger)
    schema = arrow_schema(tables()["payment_quarantine"])
    quarantine = out / "payment_quarantine.parquet.part"
    with pq.ParquetWriter(quarantine, schema, compression="zstd", compression_level=1) as writer:
        for told, rows in staged:
            record = told["record"]
            for table in _aside(rows.with_suffix(".aside"), more.get(record["source_file"], []), schema):
                writer.write_table(table)
            if record["rows_read"] != sum(record[name] for name in COUNTED):
                raise AssertionError(f"the account of {record['source_file']} does not close")
    quarantine.replace(out / "payment_quarantine.parquet")
    final = [told["record"] for told, _ in staged]
    names = sorted({key for record in final for key in record})
    write_table("payment_file", {name: [record.get(name) for record in final] for name in names}, out)
    return final


def read_ledger(out: Path, columns: list[str] | None = None, where: Any = None) -> Any:
    """Rows of the ledger as a pyarrow table, the columns and rows asked for; body and year come from the folders."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    from pipelines.declarations.catalogue import arrow_schema, tables

    schema, folders = arrow_schema(tables()["payment"]), pa.schema([(name, pa.string()) for name in PARTITION])
    data = ds.dataset(out / "payment", schema=schema, partitioning=ds.partitioning(folders, flavor="hive"))
    return data.to_table(columns=columns, filter=where)
