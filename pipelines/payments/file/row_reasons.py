"""Why a row of a sheet of payments is set aside, or no data at all.

In: the cells of a row that was not kept, and what is known of it. Out: a code and a reason, or nothing: a title, a
note, a total or a repeated header.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.payments.file.amounts import parse_amount
from pipelines.payments.file.blocks import Row
from pipelines.payments.file.header import Layout
from pipelines.payments.words.vocabulary import AMOUNTS, exact_field_of

_FUSED = re.compile(r"[^\s(]\d\d/\d\d/20\d\d|\d\d/\d\d/20\d\d\d")
TOTAL = re.compile(r"^\W*(grand |sub ?|report )?totals?\b(?! \w+ (ltd|limited|plc))", re.IGNORECASE)
TOTAL_WORDS = re.compile(
    r"^\W*(grand |sub ?|report )?totals?\W*(£.*|amount.*|for .*|of .*|spend.*|\d.*)?$", re.IGNORECASE
)


def text_of(cell: Any) -> str:
    """A cell as one line of text; whole numbers without `.0`."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def why_not(
    row: Row, amount: float | None, said: bool, slid: bool, layout: Layout, running: float
) -> tuple[str, str] | None:
    """Why a row is set aside; None when it is no data at all: a title, note, total or repeated header."""
    cell = text_of(row[layout.columns[layout.amount_field]])
    filled = [text_of(item) for item in row if text_of(item)]
    if slid:
        return "PAY-001", "the amount is a transaction number that slid into the column of amounts"
    if amount is not None:
        money = [parse_amount(item) for item in row]
        total = _is_total("", row) or any(item is not None and abs(item - running) < 0.015 for item in money)
        return None if total else ("PAY-002", "an amount without payee, date or transaction")
    if any(_FUSED.search(item) for item in filled):
        return "PAY-005", "the date runs together with the payee or the amount in one cell"
    if cell and exact_field_of(cell) in AMOUNTS:
        return None
    if cell and (any(map(str.isdigit, cell)) or "#" in cell):
        return "PAY-003", "the amount cannot be read"
    supplier = text_of(row[layout.columns["supplier"]]) if "supplier" in layout.columns else ""
    if supplier and len(filled) >= 3 and said and sum(bool(exact_field_of(item)) for item in filled) < 3:
        return "PAY-004", "a payee without an amount"
    return None


def _is_total(payee: str, row: Row) -> bool:
    first = next((text_of(cell) for cell in row if text_of(cell)), "")
    return bool(TOTAL_WORDS.match(first) or (payee and TOTAL_WORDS.match(text_of(payee))))
