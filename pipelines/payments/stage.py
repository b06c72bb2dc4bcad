"""Each file's rows on disk before they are compared with other files: one Parquet and one JSON per file.

In: a path, the folder it is below, and the staging folder. Out: the two files, written under a temporary name and then
renamed, so that a job that is stopped or killed can be started again. What is already there is not read again.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.payments.load_file import load_file
from pipelines.payments.vocabulary import REFERENCE

KEY = "row_key"


@cache
def rules_id() -> str:
    """A hash of the code and the data files that decide how a file is read."""
    found = hashlib.sha256()
    for path in sorted(
        [*Path(__file__).parent.glob("*.py"), *REFERENCE.glob("payment_*.csv"), *REFERENCE.glob("area*.csv")]
    ):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def staged_name(source: str) -> str:
    """The name a file's parts are staged under: a hash of its path below the folder."""
    return hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:20]


def _keys(columns: dict[str, list[Any]]) -> list[int]:
    """A number per row, the same in another layout: date, pence without sign, transaction or else payee."""
    parts = zip(
        columns["date"], columns["amount_gbp"], columns["transaction_number"], columns["supplier_clean"], strict=True
    )
    return [int.from_bytes(hashlib.blake2b(
                f"{date}|{abs(round(amount * 100))}|{number.lstrip('0') or payee}".encode(), digest_size=8).digest(),
                "big", signed=True) for date, amount, number, payee in parts]  # fmt: skip


def stage(path: Path, root: Path, folder: Path) -> str:
    """Read one file and stage what it gave. Returns the path of its record, which is written last."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipelines.catalogue import tables

    name = staged_name(path.relative_to(root).as_posix())
    record = folder / f"{name}.json"
    if record.is_file():
        stamp = json.loads(record.read_text(encoding="utf-8")).get("stamp")
        if stamp == _stamp(path):
            return str(record)
    trying = folder / f"{name}.trying"
    trying.touch()
    loaded = load_file(path, root)
    rows = folder / f"{name}.parquet"
    if loaded.columns:
        keys = _keys(loaded.columns)
        given = {key: loaded.columns[key] for key in tables()["payment"].column_names}
        made = _arrow(given).append_column(KEY, pa.array(keys, pa.int64()))
        pq.write_table(made, rows.with_suffix(".part"), compression="zstd", compression_level=1)
        rows.with_suffix(".part").replace(rows)
    told = {
        "record": loaded.record,
        "quarantine": loaded.quarantine,
        "stamp": _stamp(path),
        "rows": bool(loaded.columns),
    }
    record.with_suffix(".tmp").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    record.with_suffix(".tmp").replace(record)
    trying.unlink(missing_ok=True)
    return str(record)


def _stamp(path: Path) -> list[int]:
    told = path.stat()
    return [told.st_size, told.st_mtime_ns]


def _arrow(columns: dict[str, list[Any]]) -> Any:
    import pyarrow as pa

    from pipelines.catalogue import arrow_schema, tables

    schema = arrow_schema(tables()["payment"])
    return pa.Table.from_arrays([pa.array(columns[item.name], type=item.type) for item in schema], schema=schema)
