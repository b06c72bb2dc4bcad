"""Made files for fuzzing: of the shapes that publishers use, whole and then broken at random, and the reading of them.

`read_everything` is the one thing that is fuzzed, here with Hypothesis and in tests/fuzz with atheris: it does what a
run does with a file up to its recognition, and lets nothing but a UserError through as a refusal.
"""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from functools import cache

from hostile_files import CELL, number, ods, xls, xls_stream

from pipelines.declarations.catalogue import sources
from pipelines.declarations.limits import Limits, limits
from pipelines.errors import UserError
from pipelines.read.read_tabular import book_of
from pipelines.shape.recognise import recognise

ROWS = [
    ["Revenue Outturn Summary (RS): 2014-15 data"], ["£ thousand"], [],
    ["E-code", "Local authority", "Class", "Net current expenditure"],
    ["E0101", "Anytown", "UA", "1,234"], ["E0102", "Othertown", "UA", "..."], ["", "England", "", "(5)"],
]  # fmt: skip
INTERESTING = (b"\x00", b"\xff", b"\x7f", b"<", b">", b'"', b"&", b"PK", b"\xff\xff\xff\xff", b"1048576", b"XFD", b"-1")


@cache
def seeds() -> tuple[bytes, ...]:
    """One sound file of every form that is read."""
    text = io.StringIO()
    csv.writer(text).writerows(ROWS)
    plain = text.getvalue()
    hexes = {"hexes": {"E0101": {"n": "Anytown", "q": 1, "r": 2}, "E0102": {"n": "Othertown", "q": 3, "r": 4}}}
    cells = [number(row, column, 1.5) for row in range(20) for column in range(6)]
    rows = "".join(
        "<table:table-row>" + "".join(CELL % ("", cell) for cell in row) + "</table:table-row>" for row in ROWS
    )
    return (
        plain.encode(), plain.encode("utf-16"), plain.encode("cp1252"), plain.replace(",", "\t").encode(),
        json.dumps(hexes).encode(), _xlsx(), ods(rows), xls(xls_stream(*cells, declared=(20, 6))),
        xls(xls_stream(*cells, declared=(20, 6)), small=True), _stata(),
    )  # fmt: skip


def _xlsx() -> bytes:
    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    sheet = book.create_sheet("RS LA Data")
    for row in ROWS:
        sheet.append(row)
    book.save(stream)
    return stream.getvalue()


def _stata() -> bytes:
    import pandas as pd

    stream = io.BytesIO()
    pd.DataFrame({"code": ["E0101", "E0102"], "value": [1.5, 2.5]}).to_stata(stream, write_index=False)
    return stream.getvalue()


def broken(data: bytes, random_: random.Random) -> bytes:
    """`data` with up to eight bytes or pieces changed, cut, doubled or moved; of an archive, often a part of it."""
    if data[:2] == b"PK" and random_.random() < 0.7:
        return _broken_part(data, random_)
    for _ in range(random_.randint(1, 8)):
        at = random_.randrange(len(data) + 1)
        length = random_.choice((1, 1, 2, 4, 16, 200))
        piece = random_.choice(
            (random_.randbytes(length), random_.choice(INTERESTING), data[at : at + length] * 3, b"")
        )
        data = data[:at] + piece + data[at + (length if random_.random() < 0.8 else 0) :]
    return data


def _broken_part(data: bytes, random_: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chosen = random_.choice(sorted(parts))
    parts[chosen] = broken(parts[chosen], random_)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def small_limits() -> Limits:
    """Limits that a fuzzed file reaches soon, so that no case is slow."""
    from dataclasses import replace

    return replace(limits(), archive_bytes=20_000_000, sheet_cells=300_000, cell_text_bytes=20_000_000)


def read_everything(data: bytes, allowed: Limits) -> str:
    """'read', 'recognised' or 'refused'. Any error that is no UserError is raised: it is what fuzzing looks for."""
    try:
        if not data.strip():
            return "refused"
        book = book_of(data, "made.bin", allowed=allowed)
        for sheet in book.sheet_names:
            json.dumps(book.rows(sheet), default=str, ensure_ascii=False).encode()
    except UserError as error:
        str(error).encode()
        return "refused"
    try:
        recognise(book, sources())
    except UserError:
        return "read"
    return "recognised"
