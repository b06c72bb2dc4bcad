"""The ledger of payments as the checks see it: piece by piece, so that ten million rows never stand in memory at once.

In: the run's `Frames`, whose folder is the one `ringfence payments` wrote, or which hold a table `payment`. Out: Arrow
tables of the columns asked for, and counts of rows per file. Raises NotRunError where there is no ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from expectations.checks import NotRunError
from expectations.table_frames import Frames, arrow_compute


def pieces(frames: Frames, columns: list[str]) -> Iterator[Any]:
    """The ledger in Arrow tables, one per file and year."""
    if "payment" in frames.held:
        yield frames.held["payment"].select(columns)
        return
    if frames.folder is None or not (frames.folder / "payment").is_dir():
        raise NotRunError("the ledger of payments was not loaded in this run")
    import pyarrow.parquet as pq

    for path in sorted((frames.folder / "payment").rglob("*.parquet")):
        yield pq.ParquetFile(path).read(columns=columns)


def rows_per_file(frames: Frames, columns: list[str], mask: Callable[[Any], Any] | None = None) -> Counter[str]:
    """Rows of each source file, or those for which `mask` (Arrow table to booleans) is true."""
    pc = arrow_compute()
    found: Counter[str] = Counter()
    for piece in pieces(frames, ["source_file", *columns]):
        names = piece.column("source_file")
        names = names if mask is None else names.filter(pc.fill_null(mask(piece), False))
        for pair in names.value_counts().to_pylist():
            found[str(pair["values"])] += int(pair["counts"])
    return found


def in_any(piece: Any, columns: list[str], pattern: str) -> Any:
    """Whether any of the text columns of each row matches `pattern`, whatever its case."""
    pc = arrow_compute()
    found: Any = None
    for name in columns:
        here = pc.fill_null(pc.match_substring_regex(piece.column(name), pattern, ignore_case=True), False)
        found = here if found is None else pc.or_(found, here)
    return found
