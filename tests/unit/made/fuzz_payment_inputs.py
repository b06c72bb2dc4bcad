"""Made payment files of every form for fuzzing, and the reading of one: it is read or refused, and its account closes.

`read_payment_bytes` is what is fuzzed, here broken at random and in tests/fuzz with atheris: it does what a load does
with one file, sniffing and parsing included, up to its rows as they would be written.
"""

from __future__ import annotations

import atexit
import csv
import io
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from hostile_files import CELL, ods

from pipelines.payments.file.load_file import read_payments

FORMS = ("payments, csv", "payments, csv in UTF-16", "payments, csv in cp850", "payments, tsv", "payments, xlsx",
         "payments, ods", "payments, pdf")  # fmt: skip
HEAD = ["Entity", "Date", "Expense type", "Expense area", "Supplier", "Transaction number", "Amount"]
ROWS = [
    ["Payments over £25,000", "April 2020"], [], HEAD,
    ["NHS Bolton CCG", "30/04/2020", "Services", "REABLEMENT", "Bolton Council", "1001", "£1,250.00"],
    ["NHS Bolton CCG", "13/04/2020", "Rent", "CHC AD FULL FUND PERS HLTH BUD", "A Person", "1002", "(75.50)"],
    ["NHS Bolton CCG", "43951", "Services", "CARERS", "=cmd|' /C calc'!A0", "1003", "12.00-"],
    ["", "", "", "", "", "", ""], ["Total", "", "", "", "", "", "1,186.50"],
]  # fmt: skip


@cache
def payment_seeds() -> tuple[bytes, ...]:
    """One sound file of every form."""
    text = io.StringIO()
    csv.writer(text).writerows(ROWS)
    plain = text.getvalue()
    rows = "".join(
        "<table:table-row>" + "".join(CELL % ("", cell) for cell in row) + "</table:table-row>" for row in ROWS
    )
    return (plain.encode(), plain.encode("utf-16"), plain.encode("cp850"), plain.replace(",", "\t").encode(), _xlsx(),
            ods(rows), text_pdf(ROWS))  # fmt: skip


def _xlsx() -> bytes:
    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    sheet = book.active
    for row in ROWS:
        sheet.append([None if cell == "" else cell for cell in row])
    book.save(stream)
    return stream.getvalue()


def text_pdf(rows: list[list[str]]) -> bytes:
    """A PDF of one page with the rows as a table of text."""
    shown = [
        f"BT /F1 6 Tf {20 + 115 * column} {560 - 14 * line} Td ({_escaped(cell)}) Tj ET"
        for line, row in enumerate(rows) for column, cell in enumerate(row) if cell
    ]  # fmt: skip
    content = "\n".join(shown).encode("cp1252")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]  # fmt: skip
    made, places = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table, len(made))  # fmt: skip


def _escaped(cell: str) -> str:
    return cell.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


@cache
def _place() -> Path:
    folder = Path(tempfile.mkdtemp(prefix=f"fuzz-{os.getpid()}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "nhs-bolton-ccg").mkdir()
    return folder


def read_payment_bytes(data: bytes) -> str:
    """'read' or 'refused'. Any exception, or an account that does not close, is what fuzzing looks for."""
    path = _place() / "nhs-bolton-ccg" / "2020-04.csv"
    path.write_bytes(data)
    reading = read_payments(path, _place())
    told = reading.record
    kept = sum(table.num_rows for table in reading.tables())
    aside = sum(table.num_rows for table in reading.aside())
    if (kept, aside) != (told["rows_kept"], told["rows_quarantined"]):
        raise AssertionError(f"{kept} rows and {aside} set aside, but {told}")
    if told["rows_read"] != kept + aside + told["rows_not_data"]:
        raise AssertionError(f"the account does not close: {told}")
    if told["outcome"] == "refused":
        str(told["reason"]).encode()
        if not told["reason"]:
            raise AssertionError("refused without a reason")
    return str(told["outcome"])
