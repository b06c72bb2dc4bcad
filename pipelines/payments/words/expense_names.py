"""Names of the chart of accounts commissioners share: which are of cost centres and which of accounts.

In: `data/reference/payment_account_names.csv`. Out: the folded names per column, by which `tally` tells that a file has
its expense areas and types exchanged.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pipelines.declarations.declared_files import read_rows
from pipelines.payments.words.texts import arrow_compute, folded
from pipelines.places import REFERENCE


def fold_name(text: str) -> str:
    """A cost-centre or account name without case and punctuation, for comparing."""
    return re.sub(r"[^a-z0-9]+", " ", text.casefold()).strip()


def fold_names(texts: Any) -> Any:
    """`fold_name` of an Arrow array of texts."""
    import pyarrow as pa

    pc = arrow_compute()
    foreign = pc.invert(pc.string_is_ascii(texts))
    alone = pa.array(map(fold_name, texts.filter(foreign).to_pylist()), pa.string())
    return pc.replace_with_mask(folded(texts), foreign, alone)


@cache
def known_names() -> dict[str, Any]:
    """Folded names of the shared chart of accounts as Arrow arrays, per column they belong in."""
    import pyarrow as pa

    found: dict[str, set[str]] = {"expense_area": set(), "expense_type": set()}
    for row in read_rows(REFERENCE / "payment_account_names.csv", ("column", "name")):
        found[row["column"]].add(fold_name(row["name"]))
    return {name: pa.array(sorted(values)) for name, values in found.items()}
