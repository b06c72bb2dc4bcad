"""The rows of one sheet under its layout: kept with every field read, set aside with a reason, or declared not data.

In: a sheet, its layout and the months of the file. Out: `SheetRows`, columns of the canonical record. Rows without any
content are not rows. Nothing is dropped: the counts of the parts make up the count of rows with content.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pipelines.financial_year import of_month
from pipelines.payments.amounts import basis_of, parse_amount, parse_column
from pipelines.payments.dates import Day, Order, read_column
from pipelines.payments.expense_names import are_exchanged
from pipelines.payments.header import Layout
from pipelines.payments.organisations import OTHER, normalise
from pipelines.payments.payees import looks_like_person, resolve
from pipelines.payments.sniff import Sheet
from pipelines.payments.vocabulary import AMOUNTS, exact_field_of

TEXTS = (
    "department_family", "entity", "department", "service_category", "expense_area", "expense_type", "expense_code",
    "purpose", "transaction_number", "invoice_number", "capital_revenue", "procurement_class", "merchant_category",
)  # fmt: skip
IDENTIFYING = ("supplier", "supplier_id", "transaction_number", "invoice_number", "date", "expense_type",
               "expense_area", "department", "purpose")  # fmt: skip
WITHHELD = "(name withheld: personal health budget)"
NO_SUPPLIER = "no column of payees"
_FUSED = re.compile(r"[^\s(]\d\d/\d\d/20\d\d|\d\d/\d\d/20\d\d\d")
_TOTAL = re.compile(r"^\W*(grand |sub ?|report )?totals?\b(?! \w+ (ltd|limited|plc))", re.IGNORECASE)
_TOTAL_WORDS = re.compile(
    r"^\W*(grand |sub ?|report )?totals?\W*(£.*|amount.*|for .*|of .*|spend.*|\d.*)?$", re.IGNORECASE
)
_REDACTED = re.compile(r"redact|withheld|personal data|data protection|confidential|private individual", re.IGNORECASE)
BUDGET = re.compile(r"\bpers\w*\.? (health|hlth) (bud|budg)\w*|\bphbs?\b", re.IGNORECASE)


@dataclass
class SheetRows:
    """Columns of the rows kept, rows set aside, and the counts that close the account."""

    columns: dict[str, list[Any]]
    quarantine: list[dict[str, Any]]
    rows_read: int
    rows_not_data: int
    rows_duplicate: int
    rows_masked: int
    order: Order
    notes: list[str]


def text_of(cell: Any) -> str:
    """A cell as one line of text; whole numbers without `.0`, null bytes and control marks left out."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _says(cell: Any) -> bool:
    return bool(cell) and not (isinstance(cell, str) and cell.isspace())


def _texts(cells: list[Any]) -> list[str]:
    known: dict[Any, str] = {}
    out: list[str] = []
    for cell in cells:
        if cell not in known:
            known[cell] = text_of(cell)
        out.append(known[cell])
    return out


def _sort_out(
    grid: list[tuple[int, list[Any]]], layout: Layout, slid: set[int], sheet: str
) -> tuple[list[tuple[int, list[Any]]], list[dict[str, Any]], int]:
    """(rows kept, rows set aside, rows not data)."""
    at = layout.columns[layout.amount_field]
    name = layout.columns.get("supplier", -1)
    identifying = [layout.columns[key] for key in IDENTIFYING if key in layout.columns]
    amounts = parse_column(row[at] for _, row in grid)
    kept: list[tuple[int, list[Any]]] = []
    aside: list[dict[str, Any]] = []
    not_data, running = 0, 0.0
    for (index, row), amount in zip(grid, amounts, strict=True):
        said = any(_says(row[column]) for column in identifying)
        payee = row[name] if name >= 0 else ""
        if amount is not None and index not in slid and said and not _is_total(payee, row):
            kept.append((index, row))
            running += amount
            continue
        code = _why_not(row, amount, said, index in slid, layout, running)
        if code:
            value = text_of(row[at])[:200]
            aside.append({"sheet": sheet, "source_row": index + 1, "code": code[0], "value": value, "reason": code[1]})
        else:
            not_data += 1
    return kept, aside, not_data


def _is_total(payee: Any, row: list[Any]) -> bool:
    if isinstance(payee, str) and payee and not _TOTAL.match(payee):
        return False
    first = next((text_of(cell) for cell in row if text_of(cell)), "")
    return bool(_TOTAL_WORDS.match(first) or (payee and _TOTAL_WORDS.match(text_of(payee))))


def _why_not(
    row: list[Any], amount: float | None, said: bool, slid: bool, layout: Layout, running: float
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


def _dates(kept: list[tuple[int, list[Any]]], layout: Layout, months: tuple[str, ...]) -> tuple[list[Day], Order]:
    if "date" not in layout.columns:
        return [Day("", "none")] * len(kept), Order("", "", "no column of dates")
    cells = [row[layout.columns["date"]] for _, row in kept]
    return read_column(cells, months)


def _payees(columns: dict[str, list[Any]], printed: list[str]) -> int:
    """Fill in the payee columns; names that may be of private persons are withheld. Returns how many were."""
    names = ("supplier_raw", "supplier_clean", "supplier_kind", "supplier_org_code", "supplier_org_name",
             "supplier_area_code", "supplier_match_score", "supplier_match_reason", "redacted")  # fmt: skip
    texts = [key for key in ("expense_area", "expense_type", "purpose", "department")]
    budget = {text for key in texts for text in set(columns[key]) if text and BUDGET.search(text)}
    held = set[int]()
    if budget:
        held = {at for at in range(len(printed)) if any(columns[key][at] in budget for key in texts)}
    known = {text: _payee(text) for text in set(printed)}
    rows = [known[text] for text in printed]
    masked = [at for at in held if rows[at][2] == OTHER and looks_like_person(printed[at])]
    for at in masked:
        columns["purpose"][at] = columns["invoice_number"][at] = ""
        rows[at] = (WITHHELD, "", "withheld", "", "", "", 0.0, "withheld by this tool", True)
    columns |= {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
    return len(masked)


def _payee(text: str) -> tuple[Any, ...]:
    match = resolve(text)
    name = match.name if match.score else ""
    hidden = bool(_REDACTED.search(text))
    return (text, normalise(text), match.kind, match.code, name, match.area_code, match.score, match.reason, hidden)


def read_sheet(sheet: Sheet, number: int, layout: Layout, months: tuple[str, ...], slid: set[int]) -> SheetRows:
    """Read the rows of a sheet."""
    width = max([len(layout.header), *(at + 1 for at in layout.columns.values())])
    filled = [(index, row) for index, row in enumerate(sheet.rows) if any(map(_says, row))]
    grid = [(index, row + [""] * (width - len(row)) if len(row) < width else row) for index, row in filled]
    body = [(index, row) for index, row in grid if index >= layout.first_data_row]
    kept, aside, not_data = _sort_out(body, layout, slid, sheet.name)
    notes = list(layout.notes)
    columns: dict[str, list[Any]] = {
        name: _texts([row[layout.columns[name]] for _, row in kept]) if name in layout.columns else [""] * len(kept)
        for name in TEXTS
    }
    exchanged, why = are_exchanged(columns["expense_area"], columns["expense_type"])
    if exchanged:
        columns["expense_area"], columns["expense_type"] = columns["expense_type"], columns["expense_area"]
        notes.append(f"expense area and type were exchanged and are put back: {why}")
    days, order = _dates(kept, layout, months)
    columns |= _when(days, order, months)
    for name in (*AMOUNTS, "vat_irrecoverable"):
        known = name in layout.columns
        columns[name] = parse_column(row[layout.columns[name]] for _, row in kept) if known else [None] * len(kept)
    columns["amount_gbp"] = columns[layout.amount_field]
    del columns["amount"]
    columns["amount_basis"] = [basis_of(layout.amount_field)] * len(kept)
    has_payee = "supplier" in layout.columns
    printed = _texts([row[layout.columns["supplier"]] for _, row in kept]) if has_payee else [""] * len(kept)
    masked = _payees(columns, printed)
    if not has_payee:
        notes.append(NO_SUPPLIER)
    if "date" not in layout.columns and "transaction_number" not in layout.columns:
        notes.append("no dates and no transactions: usable only as totals by payee")
    columns["flags"] = [""] * len(kept)
    columns["sheet"], columns["sheet_number"] = [sheet.name] * len(kept), [number] * len(kept)
    columns["source_row"] = [index + 1 for index, _ in kept]
    tuples = [tuple(row) for _, row in kept]
    return SheetRows(columns, aside, len(grid), not_data + len(grid) - len(body), len(tuples) - len(set(tuples)),
                     masked, order, notes)  # fmt: skip


def _when(days: list[Day], order: Order, months: tuple[str, ...]) -> dict[str, list[Any]]:
    seen = {day.value[:7] for day in days if day.precision == "day"}
    months = months or (tuple(seen) if len(seen) == 1 else ())  # all dated rows in one month: it is that of the file
    years = {of_month(month) for month in months}
    spare_month = months[0] if len(months) == 1 else ""
    spare_year = years.pop() if len(years) == 1 else ""
    cache: dict[Day, tuple[str, str, str, str]] = {}
    for day in set(days):
        month = day.value[:7]
        precision = day.precision if day.precision != "none" else ("period" if spare_month else "none")
        cache[day] = (day.value, precision, month or spare_month, of_month(month) if month else spare_year)
    names = ("date", "date_precision", "period", "financial_year")
    out: dict[str, list[Any]] = {name: [cache[day][at] for day in days] for at, name in enumerate(names)}
    return out | {"date_order": [order.order] * len(days)}
