"""Small payment files of our own making, as text and as workbooks, and what the loader makes of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from pipelines.payments.file.load_file import Loaded, load_file

HEAD = ("Department", "Date", "Supplier", "Transaction number", "Amount")
Cells = Sequence[Any]


def payment(number: int, amount: Any, *, day: Any = None, payee: str = "", department: str = "Adult Care") -> list[Any]:
    """A row of the columns of `HEAD`."""
    return [
        department,
        day or f"{number % 28 + 1:02d}/06/2019",
        payee or f"Madeham {number} Ltd",
        f"70{number:04d}",
        amount,
    ]


def text(rows: Iterable[Cells], *, mark: str = ",") -> str:
    """Rows as delimited text; cells with the mark in them are quoted."""

    def cell(value: Any) -> str:
        shown = "" if value is None else str(value)
        return f'"{shown}"' if mark in shown else shown

    return "".join(mark.join(map(cell, row)) + "\r\n" for row in rows)


def workbook(sheets: dict[str, list[Cells]], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook with the rows of each sheet, changed by `change` before it is written."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change:
        change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def loaded(folder: Path, data: bytes | str, name: str = "Spend June 2019.csv") -> Loaded:
    """What the loader makes of one file of a council."""
    path = folder / "wiltshire-council" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return load_file(path, folder)


def amounts(found: Loaded) -> list[float]:
    """The amounts kept, in order."""
    return found.columns.get("amount_gbp", [])


def codes(found: Loaded) -> list[str]:
    """The codes of the rows set aside, in order."""
    return [entry["code"] for entry in found.quarantine]


def closes(found: Loaded) -> bool:
    """Whether the account of rows and the account of lines both close."""
    told = found.record
    rows = told["rows_kept"] + told["rows_quarantined"] + told["rows_not_data"]
    return told["rows_read"] == rows and told["lines_read"] == (
        told["rows_read"] + told["lines_blank"] + told["lines_inside_cells"]
    )
