"""Names of the chart of accounts commissioners share: which are of cost centres and which of accounts.

In: `data/reference/payment_account_names.csv`. Out: the folded names per column, by which `tally` tells that a file has
its expense areas and types exchanged.
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.declared_files import read_rows
from pipelines.payments.vocabulary import REFERENCE


def fold_name(text: str) -> str:
    """A cost-centre or account name without case and punctuation, for comparing."""
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


@cache
def known_names() -> dict[str, frozenset[str]]:
    """Folded names of the shared chart of accounts, per column they belong in."""
    found: dict[str, set[str]] = {"expense_area": set(), "expense_type": set()}
    for row in read_rows(REFERENCE / "payment_account_names.csv", ("column", "name")):
        found[row["column"]].add(fold_name(row["name"]))
    return {name: frozenset(values) for name, values in found.items()}
