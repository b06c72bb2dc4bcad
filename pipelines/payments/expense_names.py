"""Whether a file has its expense areas and types exchanged: told by `data/reference/payment_account_names.csv`.

In: the two columns of a file. Out: exchanged or not, with the counts that say so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache

from pipelines.payments.vocabulary import REFERENCE


def fold_name(text: str) -> str:
    """A cost-centre or account name without case and punctuation, for comparing."""
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


@cache
def known_names() -> dict[str, frozenset[str]]:
    """Folded names of the shared chart of accounts, per column they belong in."""
    found: dict[str, set[str]] = {"expense_area": set(), "expense_type": set()}
    with (REFERENCE / "payment_account_names.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            found[row["column"]].add(fold_name(row["name"]))
    return {name: frozenset(values) for name, values in found.items()}


def are_exchanged(areas: Sequence[str], types: Sequence[str]) -> tuple[bool, str]:
    """(exchanged, why). Needs ten names that stand in the wrong column, and four times as many as in the right."""
    known = known_names()
    folded: dict[str, str] = {text: fold_name(text) for text in {*areas, *types}}
    right = sum(folded[text] in known["expense_area"] for text in areas)
    right += sum(folded[text] in known["expense_type"] for text in types)
    wrong = sum(folded[text] in known["expense_type"] for text in areas)
    wrong += sum(folded[text] in known["expense_area"] for text in types)
    return wrong >= 10 and wrong > 4 * right, f"{wrong} names stand in the other column, {right} in their own"
