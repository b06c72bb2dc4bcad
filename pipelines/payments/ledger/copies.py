"""The same payments in two files: whole copies, doubled months and repeated blocks, each counted once.

In: per file of one body where its row keys are, in the order of its rows. Out: which files are copies of which, and
which rows of the others are not counted again. Rows that repeat inside one file are left alone: benefit runs and cards
repeat. Pairs that share keys are found a slice of the keys at a time; only the keys of such pairs are read whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.payments.file.canonical import KEY

COPY_SHARE = 0.8
LEAST_SHARED = 5
BLOCK_ROWS = 20
AT_ONCE = 1 << 22  # keys compared together


@dataclass(frozen=True)
class Part:
    """A file of one body, as far as copies need it. `path` is the Parquet file of its rows."""

    source: str
    path: Path
    rows: int
    dated: bool
    negative: bool
    period: str
    repeats_inside: int
    form: str

    def batches(self, column: str) -> Iterator[Any]:
        """A column of its rows, some at a time."""
        import pyarrow.parquet as pq

        for batch in pq.ParquetFile(self.path).iter_batches(batch_size=1 << 17, columns=[column]):
            yield batch.column(0)

    def keys(self) -> Any:
        """The keys of its rows (int64)."""
        import numpy as np

        return np.concatenate([batch.to_numpy() for batch in self.batches(KEY)])

    def months(self) -> list[str]:
        """The month of each row as far as its own date says."""
        return [date[:7] for batch in self.batches("date") for date in batch.to_pylist()]


@dataclass(frozen=True)
class Decision:
    """What to do with a file: the file it is a copy of, or the positions of its rows that are counted elsewhere."""

    copy_of: str = ""
    repeated: frozenset[int] = frozenset()
    not_in_original: frozenset[int] = frozenset()
    note: str = ""


def _distinct(keys: Any) -> Any:
    """The different keys in order; sooner than `numpy.unique`, which looks for them one by one."""
    import numpy as np

    keys = np.sort(keys)
    return keys[np.diff(keys, prepend=keys[:1] - 1) != 0]


def shared_keys(parts: Sequence[Part]) -> dict[tuple[int, int], int]:
    """How many keys two files share, for every pair of positions that share any."""
    import numpy as np

    slices = 1 + sum(part.rows for part in parts) // AT_ONCE
    found = Counter[tuple[int, int]]()
    for piece in range(slices):
        keys, owners = [], []
        for number, part in enumerate(parts):
            some = (batch.to_numpy() for batch in part.batches(KEY))
            own = _distinct(np.concatenate([batch[batch % slices == piece] for batch in some]))
            keys.append(own)
            owners.append(np.full(len(own), number))
        every, owner = np.concatenate(keys), np.concatenate(owners)
        order = np.lexsort((owner, every))
        every, owner = every[order], owner[order]
        for step in range(1, len(parts)):
            same = np.flatnonzero(every[step:] == every[:-step])
            if not len(same):
                break
            pairs, counts = np.unique(owner[same] * len(parts) + owner[same + step], return_counts=True)
            for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
                found[divmod(pair, len(parts))] += count
    return dict(sorted(found.items()))


def _worth(part: Part) -> tuple[bool, bool, int, str]:
    """Which of two equal files to keep: signs first, then no PDF, then fewer rows doubled inside, then the name."""
    return (not part.negative, part.form == "pdf", part.repeats_inside, part.source)


def copy_of(kept: Part, copy: Part) -> Decision:
    """All rows of `copy` leave the ledger: those `kept` holds as repeated, the others with a reason of their own."""
    import numpy as np

    held = np.isin(copy.keys(), kept.keys())
    return Decision(kept.source, frozenset(np.flatnonzero(held).tolist()), frozenset(np.flatnonzero(~held).tolist()))


def find_copies(parts: Sequence[Part]) -> dict[str, Decision]:
    """Decisions by source file, for the files of one body that are not simply kept whole."""
    if len(parts) < 2:
        return {}
    made: dict[str, Decision] = {}
    ordered = sorted(parts, key=lambda part: part.source)
    pairs = {pair: count for pair, count in shared_keys(ordered).items() if count >= LEAST_SHARED}
    distinct = {at: len(_distinct(ordered[at].keys())) for at in sorted({at for pair in pairs for at in pair})}
    for (first, second), shared in pairs.items():
        one, other = ordered[first], ordered[second]
        sizes = distinct[first], distinct[second]
        if one.source in made or other.source in made or shared < COPY_SHARE * min(sizes):
            continue
        kept, copy = (one, other) if _worth(one) <= _worth(other) else (other, one)
        if (one.form == "pdf") == (other.form == "pdf") and shared < COPY_SHARE * max(sizes):
            kept, copy = (one, other) if sizes[0] > sizes[1] else (other, one)
        made[copy.source] = copy_of(kept, copy)
    whole = {(ordered[first], ordered[second]): count for (first, second), count in pairs.items()
             if not {ordered[first].source, ordered[second].source} & set(made)}  # fmt: skip
    return made | _blocks(whole)


def _blocks(pairs: dict[tuple[Part, Part], int]) -> dict[str, Decision]:
    import numpy as np

    made: dict[str, Decision] = {}
    for (one, other), shared in pairs.items():
        if shared < BLOCK_ROWS or not one.dated:
            continue
        keys = {one: one.keys(), other: other.keys()}
        common = np.intersect1d(keys[one], keys[other])
        kept, cut = (one, other) if _own(one, keys[one], common) >= _own(other, keys[other], common) else (other, one)
        counts = Counter(keys[kept][np.isin(keys[kept], common)].tolist())
        gone: set[int] = set(made[cut.source].repeated) if cut.source in made else set()
        for at in np.flatnonzero(np.isin(keys[cut], common)).tolist():
            key = int(keys[cut][at])
            if counts[key] > 0 and at not in gone:
                counts[key] -= 1
                gone.add(at)
        note = f"{shared} payments stand in {kept.source} too and are counted there"
        made[cut.source] = Decision("", frozenset(gone), frozenset(), note)
    return made


def _own(part: Part, keys: Any, common: Any) -> int:
    """Rows of a block that are dated in a month their file is for: the file with more of them keeps the block."""
    import numpy as np

    inside = np.isin(keys, common).tolist()
    return sum(1 for month, held in zip(part.months(), inside, strict=True) if held and month in part.period)
