"""Hashes of rows and payments, the same in every run: columns hashed once per distinct text, then mixed by position.

In: coded columns. Out: one 64-bit number per row. Cells that are empty add nothing, so that trailing delimiters make no
difference. The mixing is the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.payments.words.texts import WORD, Coded, arrow_compute, bytes_of


def hash_texts(texts: Any) -> Any:
    """64-bit hashes (uint64) of an Arrow array of texts: their length, and eight bytes at a time. Nought if empty."""
    import numpy as np

    ends, data = bytes_of(texts)
    held = np.zeros(len(data) + WORD, np.uint8)  # so that eight bytes can be read from any place
    held[:-WORD] = data
    words = np.ndarray(len(held) - WORD + 1, "<u8", held, strides=(1,))
    own = np.array([(1 << 8 * size) - 1 for size in range(WORD + 1)], np.uint64)  # bytes of a word that are the text's
    at, left, rows = ends[:-1], np.diff(ends), np.s_[:]
    made, salt = left.astype(np.uint64), 4
    while (longer := left > 0).any():
        if not longer.all():
            rows = np.arange(len(made))[rows][longer]
            at, left = at[longer], left[longer]
        made[rows] = mix(made[rows] + (words[at] & own[np.minimum(left, WORD)]), salt)
        at, left, salt = at + WORD, left - WORD, salt + 1
    return made


def mix(numbers: Any, salt: int) -> Any:
    """Numbers scattered over 64 bits, differently for every salt; nought stays nought."""
    import numpy as np

    mixed = numbers * np.uint64(2 * salt + 0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def hash_rows(columns: Sequence[Coded], pounds: Any) -> Any:
    """One number per row of a block, from its amount (float64) and its other columns."""
    import numpy as np

    total = mix(np.ascontiguousarray(pounds).view(np.uint64), len(columns))
    for salt, column in enumerate(columns):
        mixed = mix(hash_texts(column.texts), salt)
        total += mixed[0] if len(mixed) == 1 else mixed if column.own else mixed.take(column.codes)
    return total


def payment_keys(dates: Coded, pounds: Any, numbers: Any, payees: Coded) -> Any:
    """A number per payment (int64), the same in another layout: date, pence without sign, transaction or else payee."""
    import numpy as np

    pc = arrow_compute()
    pence = np.abs(np.rint(pounds * 100)).astype(np.int64).astype(np.uint64) + np.uint64(1)
    number = hash_texts(pc.ascii_ltrim(numbers, "0"))
    who = np.where(number == 0, hash_texts(payees.texts).take(payees.codes), number)
    when = mix(hash_texts(dates.texts), 0).take(dates.codes)
    return mix(when + mix(pence, 1) + mix(who, 2), 3).view(np.int64)
