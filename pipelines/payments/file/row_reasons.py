"""Why a row of a sheet of payments is set aside, or no data at all.

In: the cells of a row that was not kept, and what is known of it. Out: a code and a reason, or nothing: a title, a
note, a total or a repeated header.
"""

from __future__ import annotations

import re
from typing import Any

from pipelines.payments.file.amounts import parse_amount
from pipelines.payments.file.header import Layout
from pipelines.payments.sheet.blocks import Row
from pipelines.payments.words.grammar import may_be_either, may_mean
from pipelines.payments.words.vocabulary import AMOUNTS, exact_field_of

_FUSED = re.compile(r"[^\s(]\d\d/\d\d/20\d\d|\d\d/\d\d/20\d\d\d")
TOTAL = re.compile(r"^\W*(grand |sub ?|report )?totals?\b(?! \w+ (ltd|limited|plc))", re.IGNORECASE)
TOTAL_WORDS = re.compile(
    r"^\W*(grand |sub ?|report )?totals?\W*(£.*|amount.*|for .*|of .*|spend.*|\d.*)?$", re.IGNORECASE
)
TELLING = frozenset({"supplier", "date", *AMOUNTS})
ENDS_TOTAL = re.compile(r"\b(sub[ -]?|grand )?totals?\W*$", re.IGNORECASE)
BEGINS_TOTAL = re.compile(r"^\W*(grand |sub[ -]?|report |overall )?totals?\b", re.IGNORECASE)
_CARRIED = re.compile(r"\b(carried|brought) forward\b|\b[bc]/f(wd)?\b", re.IGNORECASE)


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
    if cell.startswith("#") and len(cell) > 1:
        what = cell[1:] if cell[1:2].islower() else may_mean(cell)
        return "PAY-007", f"the amount cannot be read: {what}"
    if cell and exact_field_of(cell) in AMOUNTS:
        return None
    if cell and any(map(str.isdigit, cell)):
        return _unread(row, cell, layout)
    supplier = text_of(row[layout.columns["supplier"]]) if "supplier" in layout.columns else ""
    if supplier and len(filled) >= 3 and said and sum(bool(exact_field_of(item)) for item in filled) < 3:
        return "PAY-004", "a payee without an amount"
    return None


def _unread(row: Row, cell: str, layout: Layout) -> tuple[str, str]:
    """Why an amount with digits in it is not used."""
    credit = parse_amount(row[layout.columns["credit"]]) if "credit" in layout.columns else None
    if credit and parse_amount(cell):
        return "PAY-010", f"a payment and a credit ({credit:,.2f}) in one row"
    if may_be_either(cell):
        return (
            "PAY-003",
            "the amount cannot be read: other amounts of the file have a decimal comma, this may be either",
        )
    guess = may_mean(cell)
    return "PAY-003", f"the amount cannot be read{': it ' + guess if guess else ''}"


def names_total(row: Row, supplier: int) -> bool:
    """Whether a cell of a row says that it is a total. A payee whose name only begins with Total does not."""
    for at, item in enumerate(row):
        text = text_of(item)
        if "total" not in text.casefold() and not _CARRIED.search(text):
            continue
        if (
            ENDS_TOTAL.search(text)
            or _CARRIED.search(text)
            or TOTAL_WORDS.match(text)
            or (at != supplier and BEGINS_TOTAL.match(text))
        ):
            return True
    return False


def header_fields(row: Row) -> list[str] | None:
    """The field of each cell of a row that is a header; None where it is none."""
    texts = [text_of(item) for item in row]
    filled = [text for text in texts if text]
    if len(filled) < 2 or any(any(map(str.isdigit, text)) and not exact_field_of(text) for text in filled):
        return None
    fields = [exact_field_of(text) for text in texts]
    known = {name for name in fields if name and name != "ignore"}
    if len(known) < 2 or len(known) * (2 if len(known) < 3 else 3) < len(filled) or not known & TELLING:
        return None
    return fields


def headed_otherwise(fields: list[str], above: list[str]) -> bool:
    """Whether a header, by the fields of its cells, has other columns than the header above it."""
    above = above + [""] * (len(fields) - len(above))
    if not any(above):  # columns were told by what they hold: only a whole header is surer
        return "supplier" in fields and bool({*AMOUNTS} & {*fields})
    return any(name and name != other for name, other in zip(fields, above, strict=False))


def _is_total(payee: str, row: Row) -> bool:
    first = next((text_of(cell) for cell in row if text_of(cell)), "")
    return bool(TOTAL_WORDS.match(first) or (payee and TOTAL_WORDS.match(text_of(payee))))
