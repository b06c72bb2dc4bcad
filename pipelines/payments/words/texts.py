"""Columns of text as arrays: their bytes, what is blank in them, and each distinct text once with a code per row.

In: Arrow arrays of texts, none missing. Out: numpy arrays of bytes, booleans or codes, and Arrow arrays of texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

WORD = 8  # bytes that are hashed at once
_FOLDED = bytes(ord(chr(at).lower()) if at < 0x80 and chr(at).isalnum() else ord(" ") for at in range(256))


def arrow_compute() -> Any:
    """pyarrow.compute, whose functions are made when it is imported and so unknown to a type checker."""
    import pyarrow.compute

    return pyarrow.compute


@dataclass(frozen=True)
class Coded:
    """A column as its distinct texts (Arrow array) and, per row, which of them it holds.

    Where it is `loose`, texts are not distinct: there is one for each row of a block.
    """

    codes: Any
    texts: Any
    loose: bool = False

    @property
    def own(self) -> bool:
        """Whether the texts are those of its rows, one by one."""
        return self.loose and len(self.codes) == len(self.texts)

    def of(self, rows: Any) -> Coded:
        """The column in some rows, given by their positions or as a slice."""
        return Coded(self.codes[rows], self.texts, self.loose)

    def counts(self) -> Any:
        """How often each distinct text stands in it."""
        import numpy as np

        return np.bincount(self.codes, minlength=len(self.texts))


def texts_of(column: Any, rows: Any) -> Any:
    """Texts (Arrow array) of some rows, given by their positions or as a slice."""
    import pyarrow as pa

    if isinstance(rows, slice):
        return column.slice(rows.start, rows.stop - rows.start)
    return column.take(pa.array(rows))


def coded(column: Any) -> Coded:
    """Each distinct text of a column once, in the order they first stand."""
    import numpy as np

    pc = arrow_compute()
    if len(column) and column[0] == column[-1] and pc.all(pc.equal(column, column[0])).as_py():
        return Coded(np.zeros(len(column), np.int32), column.slice(0, 1))
    made = column.dictionary_encode()
    return Coded(made.indices.to_numpy(zero_copy_only=False), made.dictionary)


def loosely_coded(column: Any) -> Coded:
    """As `coded`, but where most texts differ or are short every row is a text of its own: that is sooner done."""
    import numpy as np

    sample = list(filter(None, column.slice(0, 256).to_pylist()))
    different = len(set(sample))
    if different * 4 > 3 * len(sample) or (different > 1 and max(map(len, sample)) <= WORD):
        return Coded(np.arange(len(column), dtype=np.int32), column, loose=True)
    return coded(column)


def recode(codes: Any, values: Any) -> Coded:
    """A column whose distinct values were changed: those now equal become one, in the order they first stand."""
    import pyarrow as pa

    made = (values if isinstance(values, pa.Array) else pa.array(values, pa.string())).dictionary_encode()
    return Coded(made.indices.to_numpy(zero_copy_only=False).take(codes) if len(values) else codes, made.dictionary)


def bytes_of(texts: Any) -> tuple[Any, Any]:
    """(ends, bytes) of an Arrow array of texts: where each begins and the last ends (int32), in all of them (uint8)."""
    import numpy as np

    _, offsets, data = texts.buffers()
    if not len(texts):
        return np.zeros(1, np.int32), np.zeros(0, np.uint8)
    ends = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return ends - ends[0], np.frombuffer(data or b"", np.uint8)[ends[0] : ends[-1]]


def folded(texts: Any) -> Any:
    """Texts (Arrow array) in lower case; whatever is no ASCII letter or digit is a space, one at most and within."""
    import pyarrow as pa

    pc = arrow_compute()
    ends, held = bytes_of(texts)
    data = pa.py_buffer(held.tobytes().translate(_FOLDED))
    made = pa.Array.from_buffers(pa.string(), len(texts), [None, pa.py_buffer(ends), data])
    odd = pc.match_substring(made, "  ")
    if pc.any(odd).as_py():
        made = pc.replace_with_mask(made, odd, pc.replace_substring_regex(made.filter(odd), "  +", " "))
    return pc.ascii_trim(made, " ")


def lengths_of(texts: Any) -> Any:
    """The length of each text (Arrow array) in bytes, as int32."""
    ends, _ = bytes_of(texts)
    return ends[1:] - ends[:-1]


def says(texts: Any) -> Any:
    """Which texts (Arrow array) are more than white space, as booleans: most are told by their first byte."""
    import numpy as np
    import pyarrow as pa

    ends, held = bytes_of(texts)
    told = lengths_of(texts) > 0
    first = held[ends[:-1][told]]
    doubtful = np.flatnonzero(told)[(first <= ord(" ")) | (first >= 0x7F)]
    if len(doubtful):
        space = arrow_compute().utf8_is_space(texts.take(pa.array(doubtful)))
        told[doubtful] = ~space.to_numpy(zero_copy_only=False)
    return told
