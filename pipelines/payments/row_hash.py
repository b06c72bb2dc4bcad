"""Hashes of rows and payments, the same in every run: columns hashed once per distinct text, then mixed by position.

In: coded columns. Out: one 64-bit number per row. Cells that are empty add nothing, so that trailing delimiters make no
difference. The mixing is the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.payments.blocks import Coded, arrow_compute


def hash_texts(texts: Any) -> Any:
    """64-bit hashes of an Arrow array of texts; nought for an empty one. Whole numbers are hashed as numbers."""
    import numpy as np
    import pyarrow as pa
    from pandas.core.util.hashing import hash_array

    pc = arrow_compute()
    made = np.zeros(len(texts), np.uint64)
    short = pc.and_not(pc.less_equal(pc.binary_length(texts), 18), pc.starts_with(texts, "0"))
    whole = pc.and_(pc.ascii_is_decimal(texts), short).to_numpy(zero_copy_only=False)
    made[whole] = mix(pc.cast(texts.filter(pa.array(whole)), pa.int64()).to_numpy().astype(np.uint64), 4)
    rest = np.flatnonzero(~whole & pc.not_equal(texts, "").to_numpy(zero_copy_only=False))
    if len(rest):
        values = texts.take(pa.array(rest)).to_numpy(zero_copy_only=False)
        made[rest] = hash_array(values.astype(object), categorize=False)
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
        total += mixed[0] if len(mixed) == 1 else mixed[column.codes]
    return total


def payment_keys(dates: Coded, pounds: Any, numbers: Any, payees: Coded) -> Any:
    """A number per payment (int64), the same in another layout: date, pence without sign, transaction or else payee."""
    import numpy as np

    pc = arrow_compute()
    pence = np.abs(np.rint(pounds * 100)).astype(np.int64).astype(np.uint64) + np.uint64(1)
    number = hash_texts(pc.utf8_ltrim(numbers, "0"))
    who = np.where(number == 0, hash_texts(payees.texts)[payees.codes], number)
    return mix(mix(hash_texts(dates.texts), 0)[dates.codes] + mix(pence, 1) + mix(who, 2), 3).astype(np.int64)
