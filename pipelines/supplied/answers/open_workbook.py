"""A workbook of a folder of answers opened by its bytes: its sheets' values, and what their XML says beside them.

In: bytes. Out: an `Opened`, or the one reason why it cannot be an answer. Refused: what holds macros or a password, the
forms of XLS, XLSB and OpenDocument where they hold a request, and what is damaged or beyond the limits.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from pipelines.declarations.limits import Limits
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import book_of
from pipelines.read.sheet_bounds import check_bounds
from pipelines.read.zip_parts import plain_archive, unpack
from pipelines.supplied.answer_form import MARK
from pipelines.supplied.answers.sheet_marks import SheetMarks, marks_of, sheet_parts

ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS_XLSX = "Save it as .xlsx (Excel workbook) and put that in its place."
TOP = 12
"""Rows of a sheet in which its heading, its area and its mark are looked for."""
Rows = list[list[Any]]


@dataclass
class Opened:
    """Sheets in their order, with rows from row 1 and column A on, and their marks where they were asked for."""

    name: str
    sheets: dict[str, Rows]
    _parts: dict[str, bytes] = field(default_factory=dict[str, bytes])
    _kept: dict[str, SheetMarks] = field(default_factory=dict[str, SheetMarks])

    def marks(self, sheet: str) -> SheetMarks:
        """What the XML of a sheet says beside its values."""
        if sheet not in self._kept:
            part, hidden = sheet_parts(self._parts, self.name).get(sheet, ("", False))
            self._kept[sheet] = marks_of(self._parts, part, self.name)
            self._kept[sheet].hidden = hidden
        return self._kept[sheet]


def is_workbook(data: bytes) -> bool:
    """True for bytes that are a workbook, or were one before they were cut short or locked."""
    if data[:2] == ZIP:
        return b"xl/workbook." in data or b"xl/worksheets/" in data or _is_ods(data)
    stream = (name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book"))
    return data[:8] == OLE and any(name in data for name in stream)


def _is_ods(data: bytes) -> bool:
    return b"opendocument.spreadsheet" in data[:200]


def has_mark(rows: Rows) -> bool:
    """True for a sheet that a request wrote."""
    return any(isinstance(cell, str) and cell.strip().startswith(MARK) for row in rows[:TOP] for cell in row)


def open_workbook(data: bytes, name: str, allowed: Limits) -> Opened | None:
    """The workbook, or None for one that is no request of any form. Raises InputError when it may not be used."""
    place, plain = Place(name), "a workbook saved as .xlsx"
    if data[:8] == OLE and "EncryptedPackage".encode("utf-16-le") in data:
        do = "Take the password away, save it and put that in its place."
        raise InputError("it is locked with a password", place=place, expected="a file without one", do=do)
    if data[:2] == ZIP and b"xl/workbook.bin" in data:
        raise InputError("it is in Excel's binary form", place=place, expected=plain, do=SAVE_AS_XLSX)
    if data[:8] == OLE or _is_ods(data):
        book = book_of(data, name, allowed=allowed)
        if not any(has_mark(book.head(sheet)) for sheet in book.sheet_names):
            return None
        form = "an OpenDocument spreadsheet" if _is_ods(data) else "in the form of Excel 97 to 2003"
        raise InputError(f"it is {form}", place=place, expected=plain, do=SAVE_AS_XLSX)
    opened = _open(data, name, allowed)
    if b"xl/vbaProject.bin" in data and any(map(has_mark, opened.sheets.values())):
        do = f"Fill in the workbook that was sent. {SAVE_AS_XLSX}"
        raise InputError("it holds macros", place=place, expected="a workbook without macros", do=do)
    return opened


def _open(data: bytes, name: str, allowed: Limits) -> Opened:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    parts = unpack(data, name, allowed)
    check_bounds(parts, name, allowed)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(plain_archive(parts)))
        names = [about.name for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
        sheets = {one: book.get_sheet_by_name(one).to_python(skip_empty_area=False) for one in names}
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of the library is no Exception
        what = f"the workbook cannot be opened ({str(error)[:200] or type(error).__name__})"
        raise InputError(what, place=Place(name), do="Ask for it to be saved and sent again.") from error
    return Opened(name, sheets, parts)
