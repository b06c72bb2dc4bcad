"""The same payments in two files: whole copies, doubled months and repeated blocks, each counted once.

In: per file of one body its row keys, in the order of its rows. Out: which files are copies of which, and which rows of
the others are not counted again. Rows that repeat inside one file are left alone: benefit runs and cards repeat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

COPY_SHARE = 0.8
BLOCK_ROWS = 20


@dataclass(frozen=True)
class Part:
    """A file of one body, as far as copies need it."""

    source: str
    keys: tuple[int, ...]
    dates: tuple[str, ...]
    period: str
    negatives: int
    repeats_inside: int
    form: str


@dataclass(frozen=True)
class Decision:
    """What to do with a file: the file it is a copy of, or the positions of its rows that are counted elsewhere."""

    copy_of: str = ""
    repeated: frozenset[int] = frozenset()
    not_in_original: frozenset[int] = frozenset()
    note: str = ""


def _worth(part: Part) -> tuple[bool, bool, int, str]:
    """Which of two equal files to keep: signs first, then no PDF, then fewer rows doubled inside, then the name."""
    return (part.negatives == 0, part.form == "pdf", part.repeats_inside, part.source)


def _better(one: Part, other: Part) -> tuple[Part, Part]:
    """(kept, copy) of two files that hold the same payments."""
    first, second = set(one.keys), set(other.keys)
    shared = len(first & second)
    if (one.form == "pdf") == (other.form == "pdf") and shared < COPY_SHARE * max(len(first), len(second)):
        return (one, other) if len(first) > len(second) else (other, one)
    return (one, other) if _worth(one) <= _worth(other) else (other, one)


def copy_of(kept: Part, copy: Part) -> Decision:
    """All rows of `copy` leave the ledger: those `kept` holds as repeated, the others with a reason of their own."""
    held = set(kept.keys)
    outside = frozenset(at for at, key in enumerate(copy.keys) if key not in held)
    return Decision(kept.source, frozenset(range(len(copy.keys))) - outside, outside)


def find_copies(parts: Sequence[Part]) -> dict[str, Decision]:
    """Decisions by source file, for the files of one body that are not simply kept whole."""
    made: dict[str, Decision] = {}
    ordered = sorted(parts, key=lambda part: part.source)
    sets = {part.source: set(part.keys) for part in ordered}
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if one.source in made or other.source in made:
                continue
            shared = len(sets[one.source] & sets[other.source])
            if shared >= 5 and shared >= COPY_SHARE * min(len(sets[one.source]), len(sets[other.source])):
                kept, copy = _better(one, other)
                made[copy.source] = copy_of(kept, copy)
    whole = [part for part in ordered if part.source not in made]
    return made | _blocks(whole, sets)


def _blocks(parts: Sequence[Part], sets: dict[str, set[int]]) -> dict[str, Decision]:
    made: dict[str, Decision] = {}
    for number, one in enumerate(parts):
        for other in parts[number + 1 :]:
            common = sets[one.source] & sets[other.source]
            if len(common) < BLOCK_ROWS or not any(one.dates):
                continue
            kept, cut = _owner(one, other, common)
            counts = Counter(key for key in kept.keys if key in common)
            gone: set[int] = set(made[cut.source].repeated) if cut.source in made else set()
            for at, key in enumerate(cut.keys):
                if counts.get(key, 0) > 0 and at not in gone:
                    counts[key] -= 1
                    gone.add(at)
            note = f"{len(common)} payments stand in {kept.source} too and are counted there"
            made[cut.source] = Decision("", frozenset(gone), frozenset(), note)
    return made


def _owner(one: Part, other: Part, common: set[int]) -> tuple[Part, Part]:
    """(file that keeps the block, file it is cut from): the one for whose month more of the block is dated."""

    def own(part: Part) -> int:
        return sum(
            1 for key, date in zip(part.keys, part.dates, strict=True) if key in common and date[:7] in part.period
        )

    return (one, other) if own(one) >= own(other) else (other, one)
