"""Which field a column header means: exact spellings from `data/reference/payment_vocabulary.csv`, then near misses.

In: the text of a header cell. Out: a field of the canonical record and how surely, or nothing. No spelling of any body
stands in code: a new layout is new rows in the data file. Treasury, Transparency Code and LGA names come first.
"""

from __future__ import annotations

import difflib
import re
from functools import cache, lru_cache
from pathlib import Path

from pipelines.declarations.declared_files import read_list
from pipelines.payments.words.units import without_unit
from pipelines.places import REFERENCE

NEAR = 0.86  # a swapped or missing letter in a word of seven
SHORTEST_NEAR = 6
AMOUNTS = ("amount_net", "amount", "amount_gross")
MONEY = (*AMOUNTS, "vat_irrecoverable", "vat", "credit")
_PUNCTUATION = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=10_000, typed=True)
def fold_header(cell: object) -> str:
    """A header without case, punctuation, currency or the '(T)' some ledgers add for the text of a code."""
    text = without_unit(str(cell if cell is not None else "")).casefold().replace("\ufeff", "").replace("ï»¿", "")
    return _PUNCTUATION.sub(" ", text.replace("(t)", " (text)").replace("'", "")).strip()


@cache
def spellings(path: Path = REFERENCE / "payment_vocabulary.csv") -> dict[str, str]:
    """Folded spelling to field. The first of two equal spellings holds."""
    found: dict[str, str] = {}
    for row in read_list(path, ("field", "spelling")):
        found.setdefault(fold_header(row["spelling"]), row["field"])
    return found


def has_letter(cell: object) -> bool:
    """Whether a cell can be a header at all."""
    return isinstance(cell, str) and cell.lower() != cell.upper()


@lru_cache(maxsize=10_000, typed=True)
def exact_field_of(cell: object) -> str:
    """The field of a header cell whose spelling is in the vocabulary; empty when it is not."""
    if not has_letter(cell):
        return ""
    folded = fold_header(cell)
    return spellings().get(folded) or spellings().get(folded.removesuffix(" text"), "")


@cache
def _field_of_folded(folded: str) -> tuple[str, str]:
    known = spellings()
    if folded in known:
        return known[folded], "certain"
    bare = folded.removesuffix(" text")
    if bare in known:
        return known[bare], "certain"
    if len(folded) >= SHORTEST_NEAR and not folded.isdigit() and len(folded) < 60:
        near = difflib.get_close_matches(folded, known, n=1, cutoff=NEAR)
        if near:
            return known[near[0]], "likely"
    return "", ""


def field_of(cell: object) -> tuple[str, str]:
    """(field, surety) of a header cell; two empty texts when it is not known."""
    return _field_of_folded(fold_header(cell))
