"""One payment file into rows of the canonical record, with an exact account of every row it holds.

In: a path and the folder it is below. Out: a `Loaded`: columns of rows kept, rows set aside with reasons, and the
record for table `payment_file`. A file that is refused comes back as a record too, so that the batch goes on.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.errors import InputError
from pipelines.payments.amounts import basis_of, look_like_transaction_numbers, sign_source
from pipelines.payments.dates import Order
from pipelines.payments.header import Layout, find_layout
from pipelines.payments.payees import Match, body_of
from pipelines.payments.period import bare_month, file_months, financial_year_in
from pipelines.payments.rows import SheetRows, read_sheet
from pipelines.payments.sniff import Opened, open_file
from pipelines.read_tabular import column_letter

TWIN = ".pdf.csv"


@dataclass
class Loaded:
    """What one file gave."""

    record: dict[str, Any]
    columns: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    quarantine: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def _refused(source: str, sha256: str, reason: str) -> Loaded:
    return Loaded({"source_file": source, "file_sha256": sha256, "outcome": "refused", "reason": reason,
                   "rows_read": 0, "rows_kept": 0, "rows_quarantined": 0, "rows_repeated": 0, "rows_not_data": 0,
                   "rows_duplicate_inside": 0, "rows_masked": 0, "rows_without_date": 0, "notes": ""})  # fmt: skip


def _twin_title(path: Path) -> str:
    """The title of the PDF a table was pulled out of, where it stands beside it."""
    pdf = path.with_name(path.name.removesuffix(".csv"))
    if not path.name.endswith(TWIN) or not pdf.is_file():
        return ""
    from pipelines.payments.read_pdf import first_words

    return first_words(pdf, pdf.read_bytes())


def _months(path: Path, opened: Opened, starts: list[int]) -> tuple[str, ...]:
    above = " ".join(
        str(cell) for sheet, start in zip(opened.sheets, starts, strict=True) for row in sheet.rows[: min(start, 40)]
        for cell in row if cell
    )  # fmt: skip
    found = file_months(path.name.rsplit(".", 1)[0] if "." in path.name else path.name, above)
    return found or file_months("", _twin_title(path))


def _layouts(opened: Opened) -> list[Layout]:
    """Layouts of the sheets; a later sheet without a header takes that of the sheet before it, if as wide."""
    layouts: list[Layout] = []
    for number, sheet in enumerate(opened.sheets):
        layout = find_layout(sheet.rows)
        before = next((item for item in layouts if not item.refused), None)
        if number and before and (layout.refused or layout.surety == "assumed"):
            width = max(map(len, sheet.rows), default=0)
            if sheet.rows and abs(width - len(before.header)) <= 1 and layout.surety == "assumed":
                layout = Layout(0, before.columns, before.header, "likely", ("columns as on the sheet before",))
            else:
                layout = Layout(0, {}, (), "", refused="not a sheet of payments")
        layouts.append(layout)
    return layouts


def _read(path: Path, opened: Opened, layouts: list[Layout], months: tuple[str, ...]) -> list[SheetRows]:
    parts: list[SheetRows] = []
    for number, (sheet, layout) in enumerate(zip(opened.sheets, layouts, strict=True)):
        if layout.refused:
            continue
        at = layout.columns[layout.amount_field]
        amounts = [row[at] if len(row) > at else "" for row in sheet.rows[layout.first_data_row :]]
        slid = set[int]() if "transaction_number" in layout.columns else look_like_transaction_numbers(amounts)
        if slid and path.name.endswith(TWIN) and path.with_name(path.name.removesuffix(".csv")).is_file():
            raise InputError(
                f"{len(slid)} rows carry the transaction number as their amount; the PDF beside it is read"
            )
        parts.append(read_sheet(sheet, number, layout, months, {at + layout.first_data_row for at in slid}))
    return parts


def load_file(path: Path, root: Path) -> Loaded:
    """Load one file. Never raises for what the file holds: a refusal is a record with its reason."""
    source = path.relative_to(root).as_posix()
    try:
        opened = open_file(path)
    except InputError as error:
        return _refused(source, "", error.what)
    try:
        layouts = _layouts(opened)
        if all(layout.refused for layout in layouts):
            return _refused(source, opened.sha256, layouts[0].refused)
        months = _months(path, opened, [layout.first_data_row for layout in layouts])
        parts = _read(path, opened, layouts, months)
    except InputError as error:
        return _refused(source, opened.sha256, error.what)
    return _assembled(path, source, opened, layouts, months, parts)


def _body(source: str, parts: list[SheetRows]) -> Match:
    entities = Counter(
        re.sub(r"\d\d/\d\d/\d{4}$", "", name) for part in parts for name in part.columns["entity"] if name
    )
    folders = source.split("/")[:-1]
    return body_of([name for name, _ in entities.most_common(1)] + folders[::-1])


def _assembled(
    path: Path, source: str, opened: Opened, layouts: list[Layout], months: tuple[str, ...], parts: list[SheetRows]
) -> Loaded:
    body = _body(source, parts)
    kind = body.kind if body.name else "other"
    name = body.name or (source.split("/")[-2] if "/" in source else "unknown")
    year = financial_year_in(path.name)
    columns: dict[str, list[Any]] = {key: [] for key in parts[0].columns}
    for part in parts:
        for key, values in part.columns.items():
            columns[key] += values
    size = len(columns["source_row"])
    columns["financial_year"] = [known or year or "unknown" for known in columns["financial_year"]]
    sign = sign_source(columns["amount_gbp"])
    short = opened.sha256[:12]
    columns |= {
        "record_id": [f"{short}:{sheet}:{row}"
                      for sheet, row in zip(columns.pop("sheet_number"), columns["source_row"], strict=True)],
        "source_file": [source] * size, "file_sha256": [opened.sha256] * size, "body_type": [kind] * size,
        "body_name": [name] * size, "body_code": [body.code] * size, "sign_source": [sign] * size,
    }  # fmt: skip
    first = next(layout for layout in layouts if not layout.refused)
    order = next((part.order for part in parts if part.order.surety), Order("", "", "no column of dates"))
    month = "" if months else str(bare_month(path.name) or "")
    used = ", ".join(f"{key}={column_letter(at + 1)}" for key, at in sorted(first.columns.items()))
    record = {
        "source_file": source, "file_sha256": opened.sha256, "outcome": "read", "reason": "", "form": opened.form,
        "encoding": opened.encoding, "encoding_surety": opened.encoding_surety, "delimiter": opened.delimiter,
        "body_type": kind, "body_name": name, "body_code": body.code, "body_reason": body.reason,
        "header_row": first.first_data_row if any(first.header) else 0, "header_surety": first.surety, "columns": used,
        "period": " ".join(months) or (f"month {month}, year not said" if month else ""), "date_order": order.order,
        "date_surety": order.surety, "date_why": order.why, "amount_basis": basis_of(first.amount_field),
        "sign_source": sign, "rows_read": sum(part.rows_read for part in parts), "rows_kept": size,
        "rows_quarantined": sum(len(part.quarantine) for part in parts), "rows_repeated": 0,
        "rows_not_data": sum(part.rows_not_data for part in parts),
        "rows_duplicate_inside": sum(part.rows_duplicate for part in parts),
        "rows_masked": sum(part.rows_masked for part in parts),
        "rows_without_date": sum(1 for precision in columns["date_precision"] if precision in ("none", "period")),
        "amount_kept_gbp": round(sum(columns["amount_gbp"]), 2),
        "notes": "; ".join(dict.fromkeys(note for part in parts for note in part.notes)),
    }  # fmt: skip
    quarantine = [{"source_file": source, **entry} for part in parts for entry in part.quarantine]
    return Loaded(record, columns, quarantine)
