"""The same payments in two files: whole copies, doubled months and repeated blocks, each counted once.

In: per file of one body where its row keys are, in the order of its rows. Out: which files are copies of which, and
which rows of the others are not counted again. Rows that repeat inside one file are left alone: benefit runs and cards
repeat. Pairs that share keys are found a slice of the keys at a time; only the keys of such pairs are read whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.payments.file.canonical import KEY
from pipelines.payments.ledger.same_payments import Part, changed_rows, repeated_sheets

COPY_SHARE = 0.8
LEAST_SHARED = 5
BLOCK_ROWS = 20
AT_ONCE = 1 << 22  # keys compared together


@dataclass(frozen=True)
class Decision:
    """What to do with a file: the file it is a copy of, the positions of its rows that are counted elsewhere, and of
    those that are set aside: not in the original, or one of two amounts of which the right one is open.
    """

    copy_of: str = ""
    repeated: frozenset[int] = frozenset()
    not_in_original: frozenset[int] = frozenset()
    note: str = ""
    open_with: str = ""
    open_rows: frozenset[int] = frozenset()


def join(one: Decision, other: Decision) -> Decision:
    """Two decisions on one file as one: a copy stays a copy."""
    repeated = one.repeated | other.repeated
    note = "; ".join(filter(None, [one.note, other.note]))
    aside = (one.not_in_original | other.not_in_original) - repeated
    return Decision(one.copy_of or other.copy_of, repeated, aside, note, one.open_with or other.open_with,
                    (one.open_rows | other.open_rows) - repeated - aside)  # fmt: skip


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


@dataclass(frozen=True)
class _Pair:
    """Two files of which one is a copy: which is kept, which rows differ in each, and why it was chosen."""

    kept: Part
    copy: Part
    changed_kept: list[int]
    changed_copy: list[int]
    why: str


def _choose(one: Part, other: Part, sizes: tuple[int, int], shared: int) -> _Pair:
    """Which of two files that hold the same payments is kept. Content decides, and a name never does.

    Signs first, then no PDF, then the one that holds the other, then the one that its publisher calls revised where
    payments differ, then the one with fewer rows doubled inside. Else it is open.
    """
    changed = changed_rows(one, other)

    def pair(*, first: bool, why: str = "") -> _Pair:
        if first:
            return _Pair(one, other, changed[0], changed[1], why)
        return _Pair(other, one, changed[1], changed[0], why)

    for told in ("negative", "pdf"):
        values = [part.negative if told == "negative" else part.form != "pdf" for part in (one, other)]
        if values[0] != values[1]:
            return pair(first=values[0], why=told)
    if sizes[0] != sizes[1] and (shared == min(sizes) or shared < COPY_SHARE * max(sizes)):
        return pair(first=sizes[0] > sizes[1], why="holds")
    if any(changed) and bool(one.revised) != bool(other.revised):
        return pair(first=bool(one.revised), why="revised")
    if one.repeats_inside != other.repeats_inside:
        return pair(first=one.repeats_inside < other.repeats_inside, why="doubled")
    if shared == max(sizes) and not any(changed):
        return pair(first=one.source < other.source)
    return pair(first=sizes[0] > sizes[1] or (sizes[0] == sizes[1] and one.source < other.source), why="open")


def _decided(pair: _Pair) -> tuple[Decision, Decision]:
    """What to do with the file that is kept and with its copy."""
    copy, number = copy_of(pair.kept, pair.copy), len(pair.changed_kept)
    if pair.why == "revised":
        said = f"{number} payments differ from {pair.copy.source}; this file counts: it says '{pair.kept.revised}'"
        return Decision(note=said), copy
    if pair.why == "open" and number:
        note = f"{number} payments differ between this file and {{}}; which of them is right is open"
        kept = Decision(note=note.format(pair.copy.source), open_with=pair.copy.source,
                        open_rows=frozenset(pair.changed_kept))  # fmt: skip
        return kept, join(copy, Decision(note=note.format(pair.kept.source)))
    if pair.why == "open":
        return Decision(note=f"{pair.copy.source} is nearly the same; which of the two is right is open"), copy
    if pair.why == "holds" and pair.copy.revised and not pair.kept.revised:
        note = (
            f"{pair.copy.source} says '{pair.copy.revised}' and holds fewer payments; which of the two is right is open"
        )
        return Decision(note=note), copy
    if number and pair.why in ("holds", "doubled"):
        return Decision(note=f"{number} payments differ from {pair.copy.source}, which it holds; that is open"), copy
    return Decision(), copy


def copy_of(kept: Part, copy: Part) -> Decision:
    """All rows of `copy` leave the ledger: those `kept` holds as repeated, the others with a reason of their own."""
    import numpy as np

    held = np.isin(copy.keys(), kept.keys())
    return Decision(kept.source, frozenset(np.flatnonzero(held).tolist()), frozenset(np.flatnonzero(~held).tolist()))


def find_copies(parts: Sequence[Part]) -> dict[str, Decision]:
    """Decisions by source file, for the files of one body that are not simply kept whole."""
    sheets = {part.source: _sheets(part) for part in parts}
    told = {source: decision for source, decision in sheets.items() if decision != Decision()}
    if len(parts) < 2:
        return told
    made: dict[str, Decision] = {}
    ordered = sorted(parts, key=lambda part: part.source)
    pairs = {(first, second): count for (first, second), count in shared_keys(ordered).items()
             if count >= LEAST_SHARED or 2 * count >= min(ordered[first].rows, ordered[second].rows)}  # fmt: skip
    distinct = {at: len(_distinct(ordered[at].keys())) for at in sorted({at for pair in pairs for at in pair})}
    for (first, second), shared in pairs.items():
        one, other = ordered[first], ordered[second]
        sizes = distinct[first], distinct[second]
        few = shared < LEAST_SHARED and not (shared == min(sizes) and one.dated and other.dated)
        if one.source in made or other.source in made or shared < COPY_SHARE * min(sizes) or few:
            continue
        pair = _choose(one, other, sizes, shared)
        kept, made[pair.copy.source] = _decided(pair)
        told[pair.kept.source] = join(told.get(pair.kept.source, Decision()), kept)
    whole = {(ordered[first], ordered[second]): count for (first, second), count in pairs.items()
             if not {ordered[first].source, ordered[second].source} & set(made)}  # fmt: skip
    for source, decision in (made | _blocks(whole)).items():
        told[source] = join(told.get(source, Decision()), decision)
    return {source: decision for source, decision in told.items() if decision != Decision()}


def _sheets(part: Part) -> Decision:
    """The sheets of one file compared as files are."""
    held, alone, notes = repeated_sheets(part, LEAST_SHARED, COPY_SHARE) if part.sheeted else (set(), set(), [])
    return Decision("", frozenset(held), frozenset(alone), "; ".join(notes))


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
