"""Read CSV, XLS, XLSX, ODS, hexjson and Stata files into plain rows, recognised by their bytes and not by their name.

In: a path. Out: a `Book` of sheets whose row and column positions are those a spreadsheet shows, so that a printed cell
can be ticked back. Refuses files that cannot be read with one clear error.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, cast

from pipelines.errors import InputError, Place

Row = list[Any]
WHOLE_FILE = "(file)"
PROBE_ROWS = 40
DAMAGED = "Get the file from the publisher again; it may have been cut short on its way."


@dataclass(frozen=True)
class Book:
    """A file read into sheets. `rows(sheet)` gives all rows; `head(sheet)` only the first forty."""

    name: str
    sha256: str
    form: str
    sheet_names: tuple[str, ...]
    _read: Callable[[str, int | None], list[Row]]
    _kept: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])

    def rows(self, sheet: str) -> list[Row]:
        """All rows of a sheet; index 0 is spreadsheet row 1."""
        if sheet not in self._kept:
            self._kept[sheet] = self._guarded(sheet, None)
        return self._kept[sheet]

    def head(self, sheet: str) -> list[Row]:
        """The first forty rows of a sheet."""
        return self._kept[sheet][:PROBE_ROWS] if sheet in self._kept else self._guarded(sheet, PROBE_ROWS)

    def _guarded(self, sheet: str, count: int | None) -> list[Row]:
        try:
            return self._read(sheet, count)
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001 - the readers raise many types; all of them mean a damaged file
            raise InputError(
                f"the sheet cannot be read ({error})", place=Place(self.name, sheet), do=DAMAGED
            ) from error


@cache
def column_letter(index: int) -> str:
    """Spreadsheet letters of a 1-based column number: 1 is A, 27 is AA."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def decode_text(data: bytes) -> str:
    """Bytes to text: UTF-8 (with or without mark), UTF-16 by its mark, otherwise Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _read_delimited(data: bytes) -> Callable[[str, int | None], list[Row]]:
    text = decode_text(data)
    first = text[:4000]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","

    def read(_sheet: str, count: int | None) -> list[Row]:
        rows: list[Row] = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(list(row))
            if count is not None and len(rows) >= count:
                break
        return rows

    return read


def _read_workbook(data: bytes, name: str) -> tuple[tuple[str, ...], Callable[[str, int | None], list[Row]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(f"the workbook cannot be opened ({error})", place=Place(name), do=DAMAGED) from error

    def read(sheet: str, count: int | None) -> list[Row]:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=count)

    return tuple(book.sheet_names), read


def _read_hexjson(data: bytes, name: str) -> Callable[[str, int | None], list[Row]]:
    try:
        hexes: dict[str, dict[str, Any]] = json.loads(data)["hexes"]
    except (ValueError, KeyError) as error:
        raise InputError("the JSON file holds no hexes", place=Place(name), expected="a hexjson file") from error
    heads = ["code", *sorted({key for entry in hexes.values() for key in entry})]

    def read(_sheet: str, count: int | None) -> list[Row]:
        rows: list[Row] = [list(heads)]
        rows += [[code, *(entry.get(head, "") for head in heads[1:])] for code, entry in sorted(hexes.items())]
        return rows[:count]

    return read


def _read_stata(data: bytes) -> Callable[[str, int | None], list[Row]]:
    import pandas as pd

    frame = cast(pd.DataFrame, pd.read_stata(io.BytesIO(data), convert_categoricals=False))

    def read(_sheet: str, count: int | None) -> list[Row]:
        rows: list[Row] = [list(map(str, frame.columns))]
        rows += [["" if value != value else value for value in row] for row in frame.itertuples(index=False, name=None)]
        return rows[:count]

    return read


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, or one clear error when it cannot be read or is empty."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"the file cannot be read ({error.strerror})",
            place=Place(path.name),
            do="Check that it exists and its permissions.",
        ) from error
    if not data.strip():
        raise InputError("the file is empty", place=Place(path.name), do=DAMAGED)
    return data


def open_book(path: Path) -> Book:
    """Open any supported file. Raises InputError when it cannot be read or its form is not known."""
    data = read_bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    sheets: tuple[str, ...] = (WHOLE_FILE,)
    if data[:4] == b"PK\x03\x04":
        form = "ods" if b"opendocument.spreadsheet" in data[:200] else "xlsx"
        sheets, read = _read_workbook(data, path.name)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        form = "xls"
        sheets, read = _read_workbook(data, path.name)
    elif data[:11] == b"<stata_dta>" or (data[0] in range(110, 120) and data[1:3] in (b"\x01\x01", b"\x02\x01")):
        form, read = "stata", _read_stata(data)
    elif data.lstrip()[:1] == b"{":
        form, read = "hexjson", _read_hexjson(data, path.name)
    elif b"\x00" in data[:4000] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(
            "the file is neither a spreadsheet nor text",
            place=Place(path.name),
            expected="CSV, XLS, XLSX or ODS",
            do=DAMAGED,
        )
    else:
        form, read = "csv", _read_delimited(data)
    return Book(name=path.name, sha256=sha256, form=form, sheet_names=sheets, _read=read)
