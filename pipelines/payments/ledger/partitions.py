"""Rows of bodies, file after file, as one Parquet file per body and financial year.

In: tables of rows in the order they are to stand in. Out: `body_type=…/body_name=…/financial_year=…/rows.parquet`, in
row groups of some hundred thousand rows. No more rows are held than two row groups have, whatever the body's years.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipelines.payments.file.canonical import KEY
from pipelines.payments.ledger.stage import NOT_REPEATED
from pipelines.payments.words.texts import arrow_compute

PARTITION = ("body_type", "body_name", "financial_year")
WITH_BOUNDS = ["date", "amount_gbp"]  # columns a reader may skip pages by
GROUP_ROWS = 1 << 17
"""A row group is written when it has so many rows; most files of a body and a year have fewer, and are one."""
MOST_HELD = 2 * GROUP_ROWS
NAME = "rows.parquet"
Key = tuple[str, str, str]


def only(table: Any, which: Any) -> Any:
    """Some rows of a table, and in its dictionaries only the texts that stand in them."""
    import pyarrow as pa

    rows = table.filter(pa.array(which))
    for at, field in enumerate(rows.schema):
        if pa.types.is_dictionary(field.type):
            rows = rows.set_column(at, field, rows[at].cast(pa.string()).dictionary_encode().cast(field.type))
    return rows


def write_bodies(tables: Iterable[Any], folder: Path) -> set[tuple[str, str]]:
    """Write rows by body and financial year. Returns the type and name of every body that has some."""
    writers: dict[Key, Any] = {}
    held: dict[Key, list[Any]] = {}
    sizes: dict[Key, int] = {}

    def write(key: Key) -> None:
        import pyarrow as pa

        rows = pa.concat_tables(held.pop(key)).unify_dictionaries().combine_chunks()
        del sizes[key]
        if key not in writers:
            writers[key] = _writer(rows.schema, folder, key)
        writers[key].write_table(rows)

    for table in tables:
        for key, rows in _by_key(table, 0, ()):
            held.setdefault(key, []).append(rows.drop_columns([*PARTITION, KEY]))
            sizes[key] = sizes.get(key, 0) + rows.num_rows
            if sizes[key] >= GROUP_ROWS:
                write(key)
        while sum(sizes.values()) > MOST_HELD:
            write(max(sizes, key=lambda key: (sizes[key], key)))
    for key in sorted(held):
        write(key)
    for writer in writers.values():
        writer.close()
    return {key[:2] for key in writers}


def _by_key(table: Any, at: int, key: tuple[str, ...]) -> Iterator[tuple[Key, Any]]:
    """Rows of a table by their body and year, in order."""
    if at == len(PARTITION):
        yield (key[0], key[1], key[2]), table
        return
    values = sorted(table[PARTITION[at]].unique().to_pylist())
    for value in values:
        own = table
        if len(values) > 1:
            own = only(table, arrow_compute().equal(table[PARTITION[at]], value).to_numpy())
        yield from _by_key(own, at + 1, (*key, value))


def _writer(schema: Any, folder: Path, values: tuple[str, ...]) -> Any:
    import pyarrow.parquet

    pq: Any = pyarrow.parquet  # whose types do not know lists of columns
    place = folder.joinpath(*(f"{key}={quote(value, safe=' ')}" for key, value in zip(PARTITION, values, strict=True)))
    place.mkdir(parents=True, exist_ok=True)
    texts = [name for name in schema.names if name not in NOT_REPEATED]
    return pq.ParquetWriter(place / NAME, schema, compression="zstd", compression_level=1, use_dictionary=texts,
                            write_statistics=WITH_BOUNDS, store_schema=False)  # fmt: skip
