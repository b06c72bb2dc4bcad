"""Rows of one body, file after file, as one Parquet file per financial year.

In: tables of rows in the order they are to stand in. Out: `body_type=…/body_name=…/financial_year=…/rows.parquet`, in
row groups of some hundred thousand rows. No more rows are held than two row groups have, whatever the body's years.
"""

from __future__ import annotations

from collections.abc import Iterable
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


def only(table: Any, which: Any) -> Any:
    """Some rows of a table, and in its dictionaries only the texts that stand in them."""
    import pyarrow as pa

    rows = table.filter(pa.array(which))
    for at, field in enumerate(rows.schema):
        if pa.types.is_dictionary(field.type):
            rows = rows.set_column(at, field, rows[at].cast(pa.string()).dictionary_encode().cast(field.type))
    return rows


def write_body(tables: Iterable[Any], folder: Path, body: tuple[str, str]) -> None:
    """Write the rows of one body (its type and name) by financial year."""
    pc = arrow_compute()
    writers: dict[str, Any] = {}
    held: dict[str, list[Any]] = {}
    sizes: dict[str, int] = {}

    def write(year: str) -> None:
        import pyarrow as pa

        rows = pa.concat_tables(held.pop(year)).unify_dictionaries().combine_chunks()
        del sizes[year]
        if year not in writers:
            writers[year] = _writer(rows.schema, folder, (*body, year))
        writers[year].write_table(rows)

    for table in tables:
        years = sorted(table["financial_year"].unique().to_pylist())
        for year in years:
            of_year = pc.equal(table["financial_year"], year).to_numpy()
            rows = (table if len(years) == 1 else only(table, of_year)).drop_columns([*PARTITION, KEY])
            held.setdefault(year, []).append(rows)
            sizes[year] = sizes.get(year, 0) + rows.num_rows
            if sizes[year] >= GROUP_ROWS:
                write(year)
        while sum(sizes.values()) > MOST_HELD:
            write(max(sizes, key=lambda year: (sizes[year], year)))
    for year in sorted(held):
        write(year)
    for writer in writers.values():
        writer.close()


def _writer(schema: Any, folder: Path, values: tuple[str, ...]) -> Any:
    import pyarrow.parquet

    pq: Any = pyarrow.parquet  # whose types do not know lists of columns
    place = folder.joinpath(*(f"{key}={quote(value, safe=' ')}" for key, value in zip(PARTITION, values, strict=True)))
    place.mkdir(parents=True, exist_ok=True)
    texts = [name for name in schema.names if name not in NOT_REPEATED]
    return pq.ParquetWriter(place / NAME, schema, compression="zstd", compression_level=1, use_dictionary=texts,
                            write_statistics=WITH_BOUNDS, store_schema=False)  # fmt: skip
