"""Rows laid aside while the rest of a file is read: in memory while they are few, else in a file without a name.

In: Arrow batches of one schema, or hashes of rows. Out: the batches again, in any size; how many hashes repeat. What is
written to disk disappears with the process that wrote it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

IN_MEMORY = 1 << 23
AT_ONCE = 1 << 21  # hashes looked at together


class Spool:
    """A list of batches whose size in memory does not grow."""

    def __init__(self, schema: Any) -> None:
        self.schema, self.rows, self.bytes = schema, 0, 0
        self.held: list[Any] = []
        self.file: Any = None
        self.writer: Any = None

    def add(self, batch: Any) -> None:
        """Lay a batch aside."""
        import pyarrow as pa

        if not batch.num_rows:
            return
        self.held.append(batch)
        self.rows, self.bytes = self.rows + batch.num_rows, self.bytes + batch.nbytes
        if self.bytes > IN_MEMORY:
            if self.writer is None:
                self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the object
                self.writer = pa.ipc.new_stream(self.file, self.schema)
            for one in self.held:
                self.writer.write_batch(one)
            self.held, self.bytes = [], IN_MEMORY

    def _batches(self) -> Iterator[Any]:
        import pyarrow as pa

        if self.writer is not None:
            self.writer.close()
            self.file.seek(0)
            yield from pa.ipc.open_stream(self.file)
            self.file.close()
        yield from self.held

    def read(self, size: int) -> Iterator[Any]:
        """The rows again in the order they came, in tables of `size` rows; the last may be smaller."""
        import pyarrow as pa

        waiting: list[Any] = []
        count = 0
        for batch in self._batches():
            waiting.append(batch)
            count += batch.num_rows
            while count >= size:
                table = pa.Table.from_batches(waiting, self.schema)
                yield table.slice(0, size).combine_chunks()
                waiting, count = table.slice(size).to_batches(), count - size
        if count:
            yield pa.Table.from_batches(waiting, self.schema).combine_chunks()


class Repeats:
    """Counts how many rows are equal to an earlier one, by 64-bit hashes."""

    def __init__(self) -> None:
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the object
        self.rows = 0

    def add(self, hashes: Any) -> None:
        """Take the hashes (uint64) of more rows."""
        self.file.write(hashes.tobytes())
        self.rows += len(hashes)

    def count(self) -> int:
        """Rows that repeat. Hashes are looked at by their last digits, so that few stand in memory at once."""
        import numpy as np

        parts = 1 + self.rows // AT_ONCE
        distinct = 0
        for part in range(parts):
            self.file.seek(0)
            found: list[Any] = []
            while data := self.file.read(AT_ONCE):
                some = np.frombuffer(data, np.uint64)
                found.append(some[some % np.uint64(parts) == part] if parts > 1 else some)
            distinct += _distinct(np.concatenate(found)) if found else 0
        self.file.close()
        return self.rows - distinct


def _distinct(hashes: Any) -> int:
    """How many different hashes: each is put where its first bits say; those that lost their place are sorted."""
    import numpy as np

    rows = np.arange(len(hashes), dtype=np.int32)
    bits = (4 * len(hashes) + 1).bit_length()
    at = (hashes >> np.uint64(64 - bits)).view(np.int64)
    held = np.empty(1 << bits, np.int32)
    held[at] = rows
    holder = held[at]
    lost = np.flatnonzero(holder != rows)
    left = np.sort(hashes[lost[hashes[lost] != hashes[holder[lost]]]])
    return len(hashes) - len(lost) + int((left[1:] != left[:-1]).sum()) + bool(len(left))
