"""What a payment file is, told by its bytes: workbook, PDF or delimited text, with its encoding and delimiter.

In: a path. Out: `Sheet`s of rows as a spreadsheet numbers them, and what was decided, with how surely. Refused with one
reason: empty files, binary noise, archives that unpack to far more than they weigh, files, cells and headers too large.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import InputError, Place

Row = list[Any]
LARGEST_FILE = 1 << 30
LARGEST_UNPACKED = 1 << 30
LARGEST_RATIO = 200
LARGEST_CELL = 131_072
MOST_COLUMNS = 1_000
CHUNK = 1 << 20
DELIMITERS = ",\t;|"
CERTAIN, LIKELY, ASSUMED = "certain", "likely", "assumed"
_HIGH = re.compile(rb"[\x80-\xff]")
_CP850_POUND = re.compile(rb"\x9c(?=[\d)\s,\"-])")
_VALID_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


@dataclass(frozen=True)
class Sheet:
    """One table of cells; `rows[0]` is spreadsheet row 1."""

    name: str
    rows: list[Row]


@dataclass(frozen=True)
class Opened:
    """A file as rows, and what was decided to read it."""

    sha256: str
    form: str
    encoding: str
    encoding_surety: str
    delimiter: str
    sheets: tuple[Sheet, ...]


def refuse(path: Path, what: str, *, expected: str = "", do: str = "") -> InputError:
    """The one way a whole file is refused."""
    return InputError(what, place=Place(path.name), expected=expected, do=do or "Ask the publisher for the file again.")


def read_whole(path: Path) -> tuple[bytes, str]:
    """Bytes and SHA-256 of a file. Refuses what cannot be read, is empty, too large, or changes while it is read."""
    try:
        before = path.stat()
        if before.st_size > LARGEST_FILE:
            raise refuse(path, "the file is larger than 1 GB", do="Split it by month and load the parts.")
        with path.open("rb") as stream:
            data = stream.read(before.st_size + 1)
        after = path.stat()
    except OSError as error:
        raise refuse(path, f"the file cannot be read ({error.strerror})", do="Check its permissions.") from error
    if len(data) != before.st_size or (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise refuse(path, "the file changed while it was read", do="Load it again when it is complete.")
    if not data.strip():
        raise refuse(path, "the file is empty")
    return data, hashlib.sha256(data).hexdigest()


def decode(data: bytes) -> tuple[str, str, str]:
    """(text, encoding, surety) of bytes: marks first, then strict UTF-8, then the code page of the pound signs."""
    if data[:3] == b"\xef\xbb\xbf":
        return data.decode("utf-8-sig", errors="replace"), "utf-8-sig", CERTAIN
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace"), "utf-16", CERTAIN
    head = data[:4000]
    if head.count(0) * 3 > len(head):
        name = "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
        return data.decode(name, errors="replace"), name, LIKELY
    try:
        text = data.decode("utf-8")
        return text, "ascii" if text.isascii() else "utf-8", CERTAIN
    except UnicodeDecodeError:
        pass
    page = "cp850" if len(_CP850_POUND.findall(data)) > data.count(b"\xa3") else "cp1252"
    high, paired = len(_HIGH.findall(data)), sum(map(len, _VALID_UTF8.findall(data)))
    if paired * 2 > high:
        return _decode_by_line(data, page), f"utf-8 with {page} lines", LIKELY
    return data.decode(page, errors="replace"), page, LIKELY


def _decode_by_line(data: bytes, page: str) -> str:
    lines: list[str] = []
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode(page, errors="replace"))
    return "\n".join(lines)


def find_delimiter(text: str) -> str:
    """The delimiter that splits the first lines into the most even and most numerous columns; else a comma."""
    best, most = ",", 0.0
    for mark in DELIMITERS:
        counts = [line.count(mark) for line in text[:20_000].splitlines()[:60] if line.strip()]
        if counts:
            usual = max(set(counts), key=lambda count: (counts.count(count), count))
            worth = usual * counts.count(usual) / len(counts)
            best, most = (mark, worth) if worth > most else (best, most)
    return best


def _clean(text: str) -> str:
    return text.replace("\u2020", " ").replace("\u00c2\u00a3", "£").replace("\r\n", "\n").replace("\r", "\n")


def read_text(path: Path, text: str, delimiter: str) -> list[Row]:
    """Rows of delimited text. Refuses cells and headers beyond all measure."""
    rows: list[Row] = []
    csv.field_size_limit(LARGEST_CELL)
    try:
        rows = list(csv.reader(io.StringIO(_clean(text), newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise refuse(path, f"the text cannot be split into cells near line {len(rows) + 1} ({error})") from error
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise refuse(path, f"a row has more than {MOST_COLUMNS} columns", expected="a table of payments")
    return rows


def _check_archive(path: Path, data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise refuse(path, f"the workbook is damaged ({error})") from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or (unpacked > 50_000_000 and unpacked > LARGEST_RATIO * len(data)):
        raise refuse(path, f"the workbook unpacks to {unpacked / 1e6:,.0f} MB, far more than it weighs")


def read_workbook(path: Path, data: bytes) -> tuple[Sheet, ...]:
    """Sheets of an XLS, XLSX or ODS workbook, with the rows a spreadsheet shows."""
    from python_calamine import CalamineWorkbook

    if data[:2] == b"PK":
        _check_archive(path, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = tuple(
            Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names
        )
    except Exception as error:  # the reader raises many types, and panics; all of them mean a damaged file
        raise refuse(path, f"the workbook cannot be opened ({error})") from error
    if any(sheet.rows and len(sheet.rows[0]) > MOST_COLUMNS for sheet in sheets):
        raise refuse(path, f"a sheet has more than {MOST_COLUMNS} columns", expected="a table of payments")
    return sheets


def open_file(path: Path) -> Opened:
    """Open any payment file. Raises InputError with the one reason when it cannot be read."""
    data, sha256 = read_whole(path)
    if data.lstrip()[:4] == b"%PDF":
        from pipelines.payments.read_pdf import read_pdf

        return Opened(sha256, "pdf", "", CERTAIN, "", (Sheet("(pages)", read_pdf(path, data)),))
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        kind = "xls" if data[:2] != b"PK" else "ods" if b"opendocument.spreadsheet" in data[:200] else "xlsx"
        return Opened(sha256, kind, "", CERTAIN, "", read_workbook(path, data))
    text, encoding, surety = decode(data)
    strange = sum(text[:4000].count(mark) for mark in "\x00\ufffd\x01\x02\x03\x04\x05\x06")
    if strange * 50 > min(len(text), 4000):
        raise refuse(path, "the file is neither a spreadsheet, a PDF nor text", expected="CSV, XLS, XLSX, ODS or PDF")
    delimiter = find_delimiter(text)
    rows = read_text(path, text.replace("\x00", ""), delimiter)
    return Opened(sha256, "csv", encoding, surety, delimiter, (Sheet("(file)", rows),))
