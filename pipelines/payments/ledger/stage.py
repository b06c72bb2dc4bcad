"""Each file's rows on disk before they are compared with other files: one JSON per file and its rows beside it.

In: a path, the folder it is below, and the staging folder. Out: the record, and as Parquet the rows kept and the rows
set aside, written under names of their own and then renamed: a job that is stopped or killed can be started again, and
the same task run twice at once, or by a reader whose parent was killed, does no harm. What is there is not read again.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from pipelines.declarations.limits import Limits
from pipelines.errors import InputError, Place
from pipelines.payments.file.canonical import KEY, ROWS_AT_ONCE, put_back
from pipelines.payments.file.load_file import read_payments
from pipelines.payments.file.tally import PLAIN
from pipelines.places import REFERENCE, ROOT
from pipelines.read.reader_bounds import too_much
from pipelines.working_folder import own_files

LET_GO = 1 << 24
"""Bytes asked for and given back at once: glibc then keeps up to twice as much of what is freed, for the next block."""
NOT_REPEATED = (*PLAIN, "record_id", "source_row", "amount_gbp", "amount_net", "amount_gross", "vat_irrecoverable", KEY)


@cache
def rules_id() -> str:
    """A hash of the code and the data files that decide how a file is read."""
    found = hashlib.sha256()
    for path in sorted(
        [
            *(ROOT / "pipelines" / "payments").rglob("*.py"),
            *REFERENCE.glob("payment_*.csv"),
            *REFERENCE.glob("area*.csv"),
        ]
    ):
        found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    for name, path in own_files("reference", "tables").items():
        found.update(name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def staged_name(source: str) -> str:
    """The name a file's parts are staged under: a hash of its path below the folder."""
    return hashlib.sha256(source.encode("utf-8", "surrogateescape")).hexdigest()[:20]


def record_of(path: Path, root: Path, folder: Path) -> Path:
    """Where the record of a file is staged."""
    return folder / f"{staged_name(path.relative_to(root).as_posix())}.json"


def stage_apart(path: Path, allowed: Limits, root: Path, folder: Path) -> InputError | None:
    """What a reader in a process of its own does with one file. Returns why the file could not be staged, if so."""
    try:
        stage(path, root, folder)
    except InputError as error:
        return error
    except MemoryError:
        return too_much(path, allowed)
    except OSError as error:
        if path.is_file() and os.access(path, os.R_OK):
            raise
        return InputError(f"it cannot be read ({error.strerror})", place=Place(path.name))
    except AssertionError:
        raise
    except Exception as error:  # noqa: BLE001 - content that no reader foresaw; the file is named, the batch goes on
        what = f"its content cannot be read ({type(error).__name__}: {str(error)[:200]})"
        return InputError(
            what, place=Place(path.name), do="Please report it: our reader should have read or refused it."
        )
    return None


@cache
def _settle() -> None:
    """Once per process: what is freed is kept, and what was imported is not looked at for garbage again."""
    bytearray(LET_GO)
    gc.freeze()


def stage(path: Path, root: Path, folder: Path) -> str:
    """Read one file and stage what it gave. Returns the path of its record, which is written last."""
    _settle()
    record = record_of(path, root, folder)
    if not is_staged(record, path):
        stamp = _stamp(path)
        reading = read_payments(path, root)
        write_tables(reading.tables(), record.with_suffix(".parquet"))
        write_tables(reading.aside(), record.with_suffix(".aside"))
        if _stamp(path) != stamp:
            what = "it changed while it was read"
            raise InputError(what, place=Place(path.name), do="Run again when nobody writes it.")
        told = {"record": reading.record, "stamp": stamp, "negative": reading.negative, "same": reading.same,
                "bodies": reading.bodies if reading.parts else [], "revised": reading.revised,
                "sizes": _sizes(record)}  # fmt: skip
        write_record(record, told)
    return str(record)


def write_tables(tables: Iterable[Any], path: Path) -> None:
    """Write tables one after the other; nothing when there are none. Texts are written with their dictionaries."""
    import pyarrow.parquet

    pq: Any = pyarrow.parquet  # whose types do not know lists of columns
    temporary, writer = path.with_suffix(f".{uuid4().hex}.part"), None
    for table in tables:
        if writer is None:
            texts = [name for name in table.column_names if name not in NOT_REPEATED]
            writer = pq.ParquetWriter(temporary, table.schema, compression="lz4",
                                      use_dictionary=texts, write_statistics=False, store_schema=False,
                                      write_batch_size=ROWS_AT_ONCE)  # fmt: skip
        writer.write_table(table)
    if writer is None:
        path.unlink(missing_ok=True)
    else:
        writer.close()
        temporary.replace(path)


def read_staged(rows: Path, same: dict[str, str | None]) -> Iterator[Any]:
    """The rows kept of a staged file, whole again: tables of table `payment` with their keys, texts as dictionaries."""
    import pyarrow.parquet as pq

    texts = [name for name in text_columns() if name not in same]
    stored = pq.ParquetFile(rows, read_dictionary=texts)
    for number in range(stored.num_row_groups):
        yield put_back(stored.read_row_group(number), same)


def text_columns() -> list[str]:
    """The columns whose texts repeat, and are kept as dictionaries."""
    from pipelines.declarations.catalogue import tables

    return [column.name for column in tables()["payment"].columns
            if column.type == "string" and column.name not in NOT_REPEATED]  # fmt: skip


def write_record(record: Path, told: dict[str, Any]) -> None:
    """Write the record of a staged file."""
    temporary = record.with_suffix(f".{uuid4().hex}.part")
    temporary.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    temporary.replace(record)


def is_staged(record: Path, path: Path) -> bool:
    """Whether a file was staged as it is now."""
    try:
        told = json.loads(record.read_text(encoding="utf-8"))
        return told["stamp"] == _stamp(path) and told["sizes"] == _sizes(record)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _sizes(record: Path) -> list[int]:
    """Bytes of the rows kept and set aside beside a record: nothing here is flushed, and power may be lost."""
    beside = (record.with_suffix(end) for end in (".parquet", ".aside"))
    return [path.stat().st_size if path.is_file() else 0 for path in beside]


def _stamp(path: Path) -> list[int]:
    """What changes whenever the content does; times of writing may be copied with a file, those of change may not."""
    told = path.stat()
    return [told.st_size, told.st_mtime_ns, told.st_ctime_ns]
