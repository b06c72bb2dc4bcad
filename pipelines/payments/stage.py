"""Each file's rows on disk before they are compared with other files: one Parquet and one JSON per file.

In: a path, the folder it is below, and the staging folder. Out: the two files, written under a temporary name and then
renamed, so that a job that is stopped or killed can be started again. What is already there is not read again. The
temporary names are the process's own: a reader whose parent was killed may still be at work beside the next job's.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.errors import InputError, Place
from pipelines.limits import Limits
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


def stage_apart(path: Path, _allowed: Limits, root: Path, folder: Path) -> InputError | None:
    """What a reader in a process of its own does with one file. Returns why the file could not be staged, if so."""
    try:
        stage(path, root, folder)
    except InputError as error:
        return error
    except MemoryError:
        return InputError("it needs more memory than a reader is allowed", place=Place(path.name))
    except OSError as error:
        if path.is_file() and os.access(path, os.R_OK):
            raise
        return InputError(f"it cannot be read ({error.strerror})", place=Place(path.name))
    return None


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
    stamp = _stamp(path)
    loaded = load_file(path, root)
    if _stamp(path) != stamp:
        raise InputError("it changed while it was read", place=Place(path.name), do="Run again when nobody writes it.")
    rows = folder / f"{name}.parquet"
    if loaded.columns:
        keys = _keys(loaded.columns)
        given = {key: loaded.columns[key] for key in tables()["payment"].column_names}
        made = _arrow(given).append_column(KEY, pa.array(keys, pa.int64()))
        part = rows.with_suffix(f".{os.getpid()}.part")
        pq.write_table(made, part, compression="zstd", compression_level=1)
        part.replace(rows)
    told = {"record": loaded.record, "quarantine": loaded.quarantine, "stamp": stamp, "rows": bool(loaded.columns)}
    part = record.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    part.replace(record)
    return str(record)


def _stamp(path: Path) -> list[int]:
    told = path.stat()
    return [told.st_size, told.st_mtime_ns]


def _arrow(columns: dict[str, list[Any]]) -> Any:
    import pyarrow as pa

    from pipelines.catalogue import arrow_schema, tables

    schema = arrow_schema(tables()["payment"])
    return pa.Table.from_arrays([pa.array(columns[item.name], type=item.type) for item in schema], schema=schema)
