"""Write and read the Parquet tables of a run: sorted by key, schema from the table's declaration, atomically.

In: a frame or column dictionary whose columns are those the table declares. Out: `<folder>/<table>.parquet`, the same
bytes for the same rows. Refuses a column the table does not declare.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.declarations.catalogue import arrow_schema, tables
from pipelines.errors import DefinitionError

if TYPE_CHECKING:
    import pandas as pd


GROUP_ROWS = 1 << 17
"""Rows of a row group where a table is written some rows at a time."""


def to_arrow(table: str, frame: pd.DataFrame | dict[str, Any]) -> Any:
    """Frame or dict of columns to a `pyarrow.Table` with the declared schema, sorted by key then record id.

    Raises DefinitionError when a column is not declared. Declared columns that are absent become null.
    """
    import pyarrow as pa

    declared = tables()[table]
    schema = arrow_schema(declared)
    columns = {str(name): frame[name] for name in (frame if isinstance(frame, dict) else frame.columns)}
    unknown = sorted(set(columns) - set(schema.names))
    if unknown:
        raise DefinitionError(
            f"column '{unknown[0]}' is not declared for table '{table}'", do=f"Declare it in tables/{table}.toml."
        )
    size = len(next(iter(columns.values()))) if columns else 0
    arrays = []
    for item in schema:
        values = columns.get(item.name)
        arrays.append(
            pa.nulls(size, item.type) if values is None else pa.array(values, type=item.type, from_pandas=True)
        )
    made = pa.Table.from_arrays(arrays, schema=schema)
    order = [(name, "ascending") for name in (*declared.key, "record_id") if name in schema.names]
    return made.sort_by(order) if order and made.num_rows else made


def write_table(table: str, frame: pd.DataFrame | dict[str, Any], folder: Path) -> Path:
    """Write `frame` as `<folder>/<table>.parquet` under a temporary name, then rename. Returns the path.

    Raises DefinitionError when a column is not declared.
    """
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table}.parquet"
    temporary = path.with_suffix(".parquet.part")
    pq.write_table(to_arrow(table, frame), temporary, compression="zstd", compression_level=1)
    temporary.replace(path)
    return path


def write_rows(table: str, rows: Any, folder: Path) -> Path:
    """Write a `pyarrow.Table` in its own order, of whose codes only some rows' are texts at once. Returns the path.

    The bytes are those of `write_table` where the rows fill one row group.
    """
    import pyarrow.parquet as pq

    path = folder / f"{table}.parquet"
    temporary, schema = path.with_suffix(".parquet.part"), arrow_schema(tables()[table])
    with pq.ParquetWriter(temporary, schema, compression="zstd", compression_level=1) as writer:
        for at in range(0, max(rows.num_rows, 1), GROUP_ROWS):
            writer.write_table(rows.slice(at, GROUP_ROWS).select(schema.names).cast(schema).combine_chunks())
    temporary.replace(path)
    return path


def read_table(folder: Path, table: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a table of a run folder's `tables/` (or the folder itself) as a pandas frame: all columns, or those named.

    Raises FileNotFoundError when the run did not write the table.
    """
    import pyarrow.parquet as pq

    path = folder / f"{table}.parquet"
    return pq.read_table(path, columns=columns).to_pandas()
