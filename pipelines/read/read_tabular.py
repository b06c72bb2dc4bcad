"""Read CSV, XLS, XLSX, ODS, hexjson and Stata files into plain rows, recognised by their bytes and not by their name.

In: a path. Out: a `Book` of sheets whose row and column positions are those a spreadsheet shows, so that a printed cell
can be ticked back. Refuses files that cannot be read, or that would become larger than `limits.toml` allows, with one
clear error; workbooks are measured before a library opens them.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pipelines.declarations.limits import Limits, limits, too_large
from pipelines.errors import InputError, Place
from pipelines.read.not_shown import NotShown
from pipelines.read.read_forms import (
    DAMAGED,
    Reader,
    Row,
    damaged,
    decode_text,
    read_delimited,
    read_hexjson,
    read_stata,
    read_workbook,
)  # fmt: skip

__all__ = [
    "PROBE_ROWS",
    "WHOLE_FILE",
    "Book",
    "Row",
    "book_of",
    "column_letter",
    "decode_text",
    "open_book",
    "read_bytes",
]

WHOLE_FILE = "(file)"
PROBE_ROWS = 40
STATA = tuple(bytes([release]) for release in range(110, 120))


@dataclass(frozen=True)
class Book:
    """A file read into the sheets it shows. `rows(sheet)` gives all rows; `head(sheet)` only the first forty; what
    stands in a hidden row or column is left empty, and `hidden_rows` tells it.
    """

    name: str
    sha256: str
    form: str
    sheet_names: tuple[str, ...]
    _read: Reader
    hidden_sheets: tuple[str, ...] = ()
    not_shown: dict[str, NotShown] = field(default_factory=dict[str, NotShown])
    _kept: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])

    def with_hidden(self) -> Book:
        """The same file with its hidden sheets, rows and columns: for a source that names them."""
        names = (*self.sheet_names, *self.hidden_sheets)
        shown = {sheet: NotShown(unvalued=found.unvalued) for sheet, found in self.not_shown.items()}
        return replace(self, sheet_names=names, hidden_sheets=(), not_shown=shown, _kept={})

    def hidden_rows(self, sheet: str) -> dict[int, Row]:
        """The hidden rows of a sheet by number, counted from 1."""
        hidden = self.not_shown.get(sheet, NotShown()).rows
        rows = self._given(sheet, None) if hidden else []
        return {number: row for number, row in enumerate(rows, 1) if number in hidden}

    def hidden_columns(self, sheet: str) -> str:
        """The hidden columns of a sheet in words, as C:F, G:G; empty where there are none."""
        found = self.not_shown.get(sheet, NotShown()).columns
        return ", ".join(f"{column_letter(first)}:{column_letter(last)}" for first, last in found)

    def rows(self, sheet: str) -> list[Row]:
        """All rows of a sheet; index 0 is spreadsheet row 1."""
        if sheet not in self._kept:
            self._kept[sheet] = self._guarded(sheet, None)
        return self._kept[sheet]

    def head(self, sheet: str) -> list[Row]:
        """The first forty rows of a sheet."""
        return self._kept[sheet][:PROBE_ROWS] if sheet in self._kept else self._guarded(sheet, PROBE_ROWS)

    def _guarded(self, sheet: str, count: int | None) -> list[Row]:
        rows, hidden = self._given(sheet, count), self.not_shown.get(sheet)
        if hidden and (hidden.rows or hidden.columns):
            width = max(map(len, rows), default=0)
            unseen = {at for first, last in hidden.columns for at in range(first - 1, min(last, width))}
            rows = [
                [] if number in hidden.rows else [None if at in unseen else cell for at, cell in enumerate(row)]
                for number, row in enumerate(rows, 1)
            ]
        return rows

    def _given(self, sheet: str, count: int | None) -> list[Row]:
        try:
            return self._read(sheet, count)
        except InputError:
            raise
        except BaseException as error:
            raise damaged(error, "the sheet cannot be read", Place(self.name, sheet)) from error


@cache
def column_letter(index: int) -> str:
    """Spreadsheet letters of a 1-based column number: 1 is A, 27 is AA."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_bytes(path: Path, *, allowed: Limits | None = None) -> bytes:
    """The bytes of a file, or one clear error when it cannot be read, is no plain file, is empty or is too large.

    A link is not followed, and a pipe or device is not waited for, even if it took the file's place a moment ago.
    """
    most = (allowed or limits()).file_bytes
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(number, "rb") as stream:  # noqa: PTH123 - opened by number, so that what is read is what was checked
            about = os.fstat(number)
            plain, size = stat.S_ISREG(about.st_mode), about.st_size
            data = stream.read(most + 1) if plain and size <= most else b""
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            "it is a link, and links are not followed" if path.is_symlink() else f"the file cannot be read ({why})",
            place=Place(path.name),
            do="Check that it exists and its permissions.",
        ) from error
    if not plain:
        raise InputError("it is not a plain file", place=Place(path.name), do="Remove it from the folder.")
    if max(size, len(data)) > most:
        what = f"the file is larger than {most:,} bytes"
        raise too_large(what, name=path.name, limit="file.bytes", allowed=most)
    if not data.strip():
        raise InputError("the file is empty", place=Place(path.name), do=DAMAGED)
    return data


def open_book(path: Path, *, allowed: Limits | None = None) -> Book:
    """Open any supported file. Raises InputError when it cannot be read, is too large or its form is not known."""
    return book_of(read_bytes(path, allowed=allowed), path.name, allowed=allowed)


def book_of(data: bytes, name: str, *, allowed: Limits | None = None) -> Book:
    """The book that bytes hold; `name` is only for messages. Raises InputError as `open_book` does."""
    allowed = allowed or limits()
    refuse_others(data, name)
    if data[:4] == b"PK\x03\x04":
        form = "ods" if b"opendocument.spreadsheet" in data[:200] else "xlsx"
        return _workbook(data, name, form, allowed)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _workbook(data, name, "xls", allowed)
    elif data[:11] == b"<stata_dta>" or (data[:1] in STATA and data[1:3] in (b"\x01\x01", b"\x02\x01")):
        form, read = "stata", read_stata(data, name)
    elif data.lstrip()[:1] == b"{":
        form, read = "hexjson", read_hexjson(data, name, allowed)
    elif b"\x00" in data[:4000] and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(
            "the file is neither a spreadsheet nor text",
            place=Place(name),
            expected="CSV, XLS, XLSX or ODS",
            do=DAMAGED,
        )
    else:
        form, read = "csv", read_delimited(data, name, allowed)
    return Book(name, hashlib.sha256(data).hexdigest(), form, (WHOLE_FILE,), read)


def _workbook(data: bytes, name: str, form: str, allowed: Limits) -> Book:
    book = read_workbook(data, name, allowed)
    sha256 = hashlib.sha256(data).hexdigest()
    return Book(name, sha256, form, book.sheets, book.read, book.hidden_sheets, book.not_shown)


# What people save or send in the place of a spreadsheet, by how it begins.
_OTHERS = (
    (re.compile(rb"\s*(?:<!--.{0,500}-->\s*)?<(?:!doctype|html|head|body|table|meta)\b", re.IGNORECASE | re.DOTALL),
     "it is a web page (HTML), whatever its name says", "Open it in a spreadsheet program and save it as XLSX or CSV."),
    (re.compile(rb"\s*<\?xml\b.{0,2000}?<(?:\w+:)?Workbook\b", re.DOTALL), "it is a spreadsheet in the XML of 2003",
     "Open it in a spreadsheet program and save it as XLSX or CSV."),
    (re.compile(rb"%PDF-"), "it is a PDF", "Get the spreadsheet the PDF was made from."),
    (re.compile(rb"\{\\rtf"), "it is a text document (RTF)", "Get the spreadsheet itself."),
    (re.compile(rb"version https://git-lfs"), "it only points to a file kept elsewhere", "Get the file itself."),
)  # fmt: skip


def refuse_others(data: bytes, name: str) -> None:
    """Refuse, with InputError and its cause, what only passes for a spreadsheet or a text of columns."""
    start = data.removeprefix(b"\xef\xbb\xbf")[:4000]
    for pattern, what, do in _OTHERS:
        if pattern.match(start):
            raise InputError(what, place=Place(name), expected="CSV, XLS, XLSX or ODS", do=do)
