"""Names that may be of private persons, taken out of the rows of personal health budgets before anything is stored.

In: the fields of the rows kept of a block. Out: the same without those names, and the number of rows in the tally.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from pipelines.payments.file.money import Columns
from pipelines.payments.file.payees import looks_like_person, resolve
from pipelines.payments.file.row_reasons import text_of
from pipelines.payments.file.tally import CODED, Tally
from pipelines.payments.words.organisations import OTHER
from pipelines.payments.words.texts import arrow_compute

BUDGET_TEXTS = ("expense_area", "expense_type", "purpose", "department")
WITHHELD = "(name withheld: personal health budget)"
BUDGET = re.compile(r"\bpers\w*\.? (health|hlth) (bud|budg)\w*|\bphbs?\b", re.IGNORECASE)


def which(texts: Any, pattern: str, test: Any) -> Any:
    """Which distinct texts pass a test, asked only of those in which a plain pattern is found."""
    import numpy as np

    pc = arrow_compute()
    found = pc.match_substring_regex(texts, pattern, ignore_case=True).to_numpy(zero_copy_only=False).copy()
    for at in np.flatnonzero(found):
        found[at] = test(text_of(texts[at].as_py()))
    return found


def withhold(work: Columns, rows: Any, fields: dict[str, Any], tally: Tally) -> None:
    """Take names that may be of private persons out of the fields of personal-health-budget rows."""
    import numpy as np
    import pyarrow as pa

    pc = arrow_compute()
    if "supplier" not in fields:
        return
    held = np.zeros(len(work.block.numbers), bool)
    for name in BUDGET_TEXTS:
        if name in work.layout.columns:
            column = work.column(work.layout.columns[name])
            told = which(column.texts, "pers|phb", BUDGET.search)
            held |= told.take(column.codes) if told.any() else False
    held = held[rows]
    private = [at for at in np.flatnonzero(held) if _is_private(text_of(fields["supplier"][at].as_py()))]
    if private:
        tally.rows_masked += len(private)
        mask = np.zeros(len(held), bool)
        mask[private] = True
        for name, text in (("supplier", WITHHELD), ("purpose", ""), ("invoice_number", "")):
            if name in fields:
                texts = pc.if_else(pa.array(mask), text, fields[name].cast(pa.string()))
                fields[name] = texts.dictionary_encode() if name in CODED else texts


@lru_cache(maxsize=10_000)
def _is_private(printed: str) -> bool:
    return resolve(printed).kind == OTHER and looks_like_person(printed)
