"""The ledger of payments as the checks see it: piece by piece, so that ten million rows never stand in memory at once.

In: the run's `Frames`, whose folder is the one `ringfence payments` wrote, or which hold a table `payment`. Out: what a
function makes of each piece, an Arrow table of some hundred thousand rows in the columns asked for: text that repeats
as codes, and the columns that stand in the names of folders. A body is not parted between pieces unless it is larger
than two. Raises NotRunError where there is no ledger, LayoutError where columns are not the declared ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from expectations.records.checks import NotRunError
from expectations.records.table_frames import Frames
from pipelines.declarations.catalogue import arrow_schema, tables
from pipelines.processes.engine import engine, in_force

LEDGER = "payment"
PIECE_BYTES = 6_000_000
"""Size on disk of the files read as one piece: about 170,000 rows of the real ones, 100 MB in memory."""
READERS = 2
Part = tuple[Path, int | None]
"""A file, and the row group where the file is too large to be read at once."""


class LayoutError(Exception):
    """A file of the ledger that cannot be read as declared; the text says why."""


def ledger_files(folder: Path) -> list[Path]:
    """The files of the ledger below `folder`; those of one body stand together. Raises NotRunError."""
    if not (folder / LEDGER).is_dir():
        raise NotRunError("the ledger of payments was not loaded in this run")
    return sorted((folder / LEDGER).rglob("*.parquet"))


def folder_values(path: Path, root: Path) -> dict[str, str]:
    """The columns that stand in the names of a file's folders. Raises LayoutError for other folders."""
    pairs = [name.partition("=") for name in path.relative_to(root).parts[:-1]]
    values = {name: unquote(value) for name, _, value in pairs}
    if tuple(values) != tables()[LEDGER].partitions or len(pairs) != len(values):
        raise LayoutError(f"'{path.relative_to(root)}' does not lie in folders named by {', '.join(_partitions())}")
    return values


def bodies(folder: Path) -> set[tuple[str, str]]:
    """Kind and name of the bodies that have a folder in the ledger."""
    found = [folder_values(path, folder / LEDGER) for path in ledger_files(folder)]
    return {(values["body_type"], values["body_name"]) for values in found}


def over_pieces(frames: Frames, columns: Iterable[str], work: Callable[[Any], Any]) -> Iterator[Any]:
    """What `work` makes of each piece of the ledger, in the order of the pieces. Raises as the module says.

    Pieces are read in threads here, or by the workers of the cluster in force, to which `work` travels.
    """
    wanted = list(dict.fromkeys(columns))
    if LEDGER in frames.held:
        yield work(frames.held[LEDGER].select(wanted))
        return
    if frames.folder is None:
        raise NotRunError("the ledger of payments was not loaded in this run")
    folder = frames.folder.absolute()
    pieces = _grouped(ledger_files(folder))
    if in_force():
        from joblib import Parallel, delayed

        with engine(READERS):
            tasks = (delayed(_work_on)(work, parts, folder / LEDGER, wanted) for parts in pieces)
            yield from Parallel(return_as="generator")(tasks)  # type: ignore[misc]
        return
    waiting: deque[Future[Any]] = deque()
    with ThreadPoolExecutor(READERS) as pool:
        for parts in pieces:
            waiting.append(pool.submit(_work_on, work, parts, folder / LEDGER, wanted))
            if len(waiting) > READERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _work_on(work: Callable[[Any], Any], parts: list[Part], root: Path, columns: list[str]) -> Any:
    return work(_read(parts, root, columns))


def _grouped(paths: Iterable[Path]) -> Iterator[list[Part]]:
    import pyarrow.parquet as pq

    held: list[Part] = []
    size, body = 0, Path()
    for path in paths:
        here = path.stat().st_size
        another = path.parent.parent != body
        if held and size + here > (PIECE_BYTES if another else 2 * PIECE_BYTES):
            yield held
            held, size = [], 0
        if here > PIECE_BYTES and (groups := pq.read_metadata(path).num_row_groups) > 1:
            if held:
                yield held
            for group in range(groups):
                yield [(path, group)]
            held, size = [], 0
        else:
            held.append((path, None))
            size, body = size + here, path.parent.parent
    if held:
        yield held


def _partitions() -> tuple[str, ...]:
    return tables()[LEDGER].partitions


@cache
def _stored() -> Any:
    """The schema of a file of the ledger: text that repeats as codes."""
    import pyarrow as pa

    plain = {*tables()[LEDGER].key, "transaction_number", "invoice_number"}
    coded = pa.dictionary(pa.int32(), pa.string())
    fields = [item for item in arrow_schema(tables()[LEDGER]) if item.name not in _partitions()]
    return pa.schema([pa.field(item.name, coded if item.type == pa.string() and item.name not in plain else item.type)
                      for item in fields])  # fmt: skip


def _read(parts: list[Part], root: Path, columns: list[str]) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _stored()
    coded = [item.name for item in schema if pa.types.is_dictionary(item.type)]
    made: list[Any] = []
    for path, group in parts:
        values = folder_values(path, root)
        try:
            file = pq.ParquetFile(path, read_dictionary=coded)
        except KeyError as error:
            raise LayoutError(f"'{path.relative_to(root)}': {_unlike(pq.read_schema(path), schema)}") from error
        except pa.ArrowInvalid as error:
            raise LayoutError(f"'{path.relative_to(root)}' cannot be read: {error}") from error
        if not file.schema_arrow.equals(schema):
            raise LayoutError(f"'{path.relative_to(root)}': {_unlike(file.schema_arrow, schema)}")
        values |= _throughout(file, group or 0) if group is not None or file.num_row_groups == 1 else {}
        rows = file.metadata.num_rows if group is None else file.metadata.row_group(group).num_rows
        wanted = [name for name in columns if name not in values]
        read = file.read if group is None else partial(file.read_row_group, group)
        piece = read(columns=wanted or ["record_id"], use_threads=False)
        for name in (name for name in columns if name in values):
            alike = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), pa.array([values[name]]))
            piece = piece.append_column(name, alike)
        made.append(piece.select(columns))
    return pa.concat_tables(made).unify_dictionaries().combine_chunks()


def _throughout(file: Any, group: int) -> dict[str, str]:
    """Text columns that have one value throughout a row group, by its own statistics; they need not be read.

    Where statistics are cut short the largest is rounded up, so that it differs from the smallest.
    """
    import pyarrow as pa

    found: dict[str, str] = {}
    about = file.metadata.row_group(group)
    for place, item in enumerate(_stored()):
        told = about.column(place).statistics if pa.types.is_dictionary(item.type) else None
        if told is not None and told.has_min_max and told.null_count == 0 and told.min_raw == told.max_raw:
            found[item.name] = str(told.max)
    return found


def _unlike(found: Any, schema: Any) -> str:
    lacking = [f"'{name}' is missing" for name in schema.names if name not in found.names]
    more = [f"'{name}' is not declared" for name in found.names if name not in schema.names]
    kinds = [] if lacking else [
        f"'{name}' is {found.field(name).type}" for name in schema.names
        if name in found.names and found.field(name).type != schema.field(name).type
    ]  # fmt: skip
    return "; ".join(lacking + more + kinds) or "its columns stand in another order"
