"""The ledger: staged files compared within each body, then written as Parquet by body type, body and financial year.

In: a folder of staged files. Out: `payment/body_type=…/body_name=…/financial_year=…/<file>.parquet`, and tables
`payment_file` and `payment_quarantine`. For every file, rows read = kept + quarantined + repeated + not data, or this
raises: an account that does not close is our bug and must not be written.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipelines.payments.copies import Decision, Part, copy_of, find_copies
from pipelines.payments.stage import KEY

PARTITION = ("body_type", "body_name", "financial_year")
COUNTED = ("rows_kept", "rows_quarantined", "rows_repeated", "rows_not_data")


def _part(record: dict[str, Any], rows: Path) -> Part:
    import pyarrow.parquet as pq

    made = pq.read_table(rows, columns=[KEY, "date", "amount_gbp"])
    negatives = sum(1 for amount in made["amount_gbp"].to_pylist() if amount < 0)
    return Part(record["source_file"], tuple(made[KEY].to_pylist()), tuple(made["date"].to_pylist()), record["period"],
                negatives, record["rows_duplicate_inside"], record["form"])  # fmt: skip


def decide(staged: Sequence[tuple[dict[str, Any], Path | None]]) -> dict[str, Decision]:
    """Tables pulled out of a PDF beside them, then copies and repeated blocks body by body."""
    bodies: dict[tuple[str, str], list[Part]] = {}
    records = {record["source_file"]: record for record, rows in staged if rows is not None}
    for record, rows in staged:
        if rows is not None:
            bodies.setdefault((record["body_type"], record["body_name"]), []).append(_part(record, rows))
    made: dict[str, Decision] = {}
    for key in sorted(bodies):
        parts = {part.source: part for part in bodies[key]}
        for source, part in sorted(parts.items()):
            pdf = parts.get(source.removesuffix(".csv")) if source.endswith(".pdf.csv") else None
            if pdf is not None:
                pair = (pdf, part) if _is_whole(records[pdf.source], records[source]) else (part, pdf)
                made[pair[1].source] = copy_of(*pair)
        made |= find_copies([part for part in parts.values() if part.source not in made])
    return made


def _is_whole(pdf: dict[str, Any], table: dict[str, Any]) -> bool:
    """Whether a PDF was read well enough to be kept before the table somebody pulled out of it."""
    used = {pair.split("=")[0] for pair in pdf["columns"].split(", ")}
    told = pdf["header_surety"] != "assumed" and {"supplier", "transaction_number"} <= used
    return told and pdf["rows_kept"] >= table["rows_kept"]


def _apply(record: dict[str, Any], decision: Decision, made: Any) -> tuple[Any, list[dict[str, Any]]]:
    """Rows that stay, rows set aside; the record is brought up to date."""
    import pyarrow as pa

    aside: list[dict[str, Any]] = []
    for at in sorted(decision.not_in_original):
        row = made.slice(at, 1).to_pylist()[0]
        aside.append({"source_file": record["source_file"], "sheet": row["sheet"], "source_row": row["source_row"],
                      "code": "PAY-006", "value": f"{row['amount_gbp']:.2f}",
                      "reason": f"in a copy of {decision.copy_of}, which does not hold this payment"})  # fmt: skip
    gone = decision.repeated | decision.not_in_original
    kept = made.filter(pa.array([at not in gone for at in range(made.num_rows)]))
    record["rows_repeated"] += len(decision.repeated)
    record["rows_quarantined"] += len(decision.not_in_original)
    record["rows_kept"] = kept.num_rows
    record["amount_kept_gbp"] = round(sum(kept["amount_gbp"].to_pylist()), 2)
    record["notes"] = "; ".join(filter(None, [record["notes"], decision.note]))
    if decision.copy_of:
        record["outcome"], record["reason"] = "copy", f"a copy of {decision.copy_of}"
    return kept, aside


def _write_rows(made: Any, folder: Path, name: str) -> None:
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    for year in sorted(set(made["financial_year"].to_pylist())):
        rows = made.filter(ds.field("financial_year") == year)
        first = rows.slice(0, 1).to_pylist()[0]
        place = folder.joinpath(*(f"{key}={quote(str(first[key]), safe=' ')}" for key in PARTITION))
        place.mkdir(parents=True, exist_ok=True)
        pq.write_table(rows.drop_columns([*PARTITION, KEY]), place / f"{name}.parquet", compression="zstd",
                       compression_level=1)  # fmt: skip


def write_ledger(records: Sequence[Path], out: Path) -> list[dict[str, Any]]:
    """Write the ledger from staged records. Returns the records of `payment_file`, sorted by file."""
    import pyarrow.parquet as pq

    from pipelines.write_parquet import write_table

    told = sorted(((json.loads(path.read_text(encoding="utf-8")), path) for path in records),
                  key=lambda pair: pair[0]["record"]["source_file"])  # fmt: skip
    staged = [(item["record"], path.with_suffix(".parquet") if item["rows"] else None) for item, path in told]
    decisions = decide(staged)
    ledger = out / "payment"
    shutil.rmtree(ledger, ignore_errors=True)
    ledger.mkdir(parents=True)
    aside: list[dict[str, Any]] = []
    for (item, path), (record, rows) in zip(told, staged, strict=True):
        aside += item["quarantine"]
        if rows is not None:
            kept, more = _apply(record, decisions.get(record["source_file"], Decision()), pq.read_table(rows))
            aside += more
            if kept.num_rows:
                _write_rows(kept, ledger, path.stem)
        if record["rows_read"] != sum(record[name] for name in COUNTED):
            raise AssertionError(f"the account of {record['source_file']} does not close")
    final = [record for record, _ in staged]
    names = sorted({key for record in final for key in record})
    write_table("payment_file", {name: [record.get(name) for record in final] for name in names}, out)
    keys = ("source_file", "sheet", "source_row", "code", "value", "reason")
    write_table("payment_quarantine", {key: [entry.get(key) for entry in aside] for key in keys}, out)
    return final


def read_ledger(out: Path, columns: list[str] | None = None, where: Any = None) -> Any:
    """Rows of the ledger as a pyarrow table, the columns and rows asked for; body and year come from the folders."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    schema = pa.schema([(name, pa.string()) for name in PARTITION])
    data = ds.dataset(out / "payment", partitioning=ds.partitioning(schema, flavor="hive"))
    return data.to_table(columns=columns, filter=where)
