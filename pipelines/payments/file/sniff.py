"""What a payment file is, told by its bytes: workbook, PDF or delimited text, with its encoding and delimiter.

In: a path. Out: `Sheet`s that give their rows in blocks, numbered as a spreadsheet does, and what was decided, with how
surely. Text is never held whole. Refused with one reason: empty files, binary noise, archives that unpack to far more
than they weigh, files, cells and headers too large.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.declarations.limits import limits
from pipelines.errors import InputError, Place
from pipelines.payments.file.blocks import Block, Row, blocks_of_rows, careful_blocks, quick_blocks, read_rows
from pipelines.payments.file.encoding import CERTAIN, Utf8Stream, decode, find_encoding
from pipelines.payments.file.header import PROBE, SAMPLE

LARGEST_TEXT = 1 << 33
HEAD_BYTES = 1 << 16
HEAD_ROWS = PROBE + SAMPLE + 2  # a header may have two rows
DELIMITERS = ",\t;|"
STRANGE = "\x00\ufffd\x01\x02\x03\x04\x05\x06"
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Sheet:
    """One table of cells: its first rows (`head[0]` is spreadsheet row 1), how wide it is, and all of it in blocks.

    `blocks` may raise UnevenError; `careful` gives the same rows and never does.
    """

    name: str
    head: list[list[Any]]
    width: int
    blocks: Callable[[], Iterator[Block]]
    careful: Callable[[], Iterator[Block]]


@dataclass(frozen=True)
class Opened:
    """A file as sheets, and what was decided to read it."""

    sha256: str
    form: str
    encoding: str
    encoding_surety: str
    delimiter: str
    sheets: tuple[Sheet, ...]
    stamp: Stamp


def refuse(path: Path, what: str, *, expected: str = "", do: str = "") -> InputError:
    """The one way a whole file is refused."""
    return InputError(what, place=Place(path.name), expected=expected, do=do or "Ask the publisher for the file again.")


def stamp_of(path: Path) -> Stamp:
    """What changes when a file does. Raises InputError when it cannot be looked at."""
    try:
        told = path.stat()
    except OSError as error:
        raise refuse(path, f"the file cannot be read ({error.strerror})", do="Check its permissions.") from error
    return told.st_size, told.st_mtime_ns, told.st_ino


def check_unchanged(path: Path, stamp: Stamp) -> None:
    """Refuse a file that is no longer the one whose stamp was taken."""
    if stamp_of(path) != stamp:
        raise refuse(path, "the file changed while it was read", do="Load it again when it is complete.")


def find_delimiter(text: str) -> str:
    """The delimiter that splits the first lines into the most even and most numerous columns; else a comma."""
    best, most = ",", 0.0
    lines = [line for line in text[:20_000].splitlines()[:60] if line.strip()]
    for mark in DELIMITERS:
        counts = [line.count(mark) for line in lines]
        if counts:
            usual = max(set(counts), key=lambda count: (counts.count(count), count))
            worth = usual * counts.count(usual) / len(counts)
            best, most = (mark, worth) if worth > most else (best, most)
    return best


def _looks_strange(text: str) -> bool:
    return sum(text[:4000].count(mark) for mark in STRANGE) * 50 > min(len(text), 4000)


def _sheet_of_rows(name: str, rows: list[list[Any]]) -> Sheet:
    texts: list[Row] = [[_plain(cell) for cell in row] for row in rows]
    blocks = partial(blocks_of_rows, texts)
    return Sheet(name, rows[:HEAD_ROWS], max(map(len, rows), default=0), blocks, blocks)


def _plain(cell: Any) -> str:
    """A cell of a workbook as text: whole numbers without `.0`, days as ISO."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _open_workbook(path: Path, data: bytes, stamp: Stamp) -> Opened:
    from pipelines.read.read_tabular import book_of

    book = book_of(data, path.name)
    sheets = tuple(_sheet_of_rows(name, book.rows(name)) for name in book.sheet_names)
    return Opened(book.sha256, book.form, "", CERTAIN, "", sheets, stamp)


def _open_text(path: Path, head: bytes, stamp: Stamp) -> Opened:
    noise = refuse(path, "the file is neither a spreadsheet, a PDF nor text", expected="CSV, XLS, XLSX, ODS or PDF")
    if _looks_strange(decode(head)[0]):
        raise noise
    with path.open("rb") as stream:
        told = find_encoding(stream)
    if told.empty:
        raise refuse(path, "the file is empty")

    def text() -> Utf8Stream:
        return Utf8Stream(path, told.name)

    with text() as stream:
        start = stream.peek(HEAD_BYTES).decode("utf-8", "replace")
        if _looks_strange(start):
            raise noise
        delimiter = find_delimiter(start)
        rows = list(islice(read_rows(stream, delimiter), HEAD_ROWS))
    if not rows:  # nothing but a byte order mark
        raise refuse(path, "the file is empty")
    width = Counter(map(len, rows[1:] or rows)).most_common(1)[0][0]
    quick = partial(quick_blocks, text, delimiter, width=max(width, 1), quotes=told.quotes)
    sheet = Sheet("(file)", rows, width, quick, partial(careful_blocks, text, delimiter))
    return Opened(told.sha256, "csv", told.name, told.surety, delimiter, (sheet,), stamp)


def open_file(path: Path) -> Opened:
    """Open any payment file. Raises InputError with the one reason when it cannot be read."""
    stamp = stamp_of(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            whole = (
                head.lstrip()[:4] == b"%PDF"
                or head[:4] == b"PK\x03\x04"
                or head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            )
            most = limits().file_bytes if whole else LARGEST_TEXT
            if stamp[0] > most:
                raise refuse(
                    path, f"the file is larger than {most / 1e6:,.0f} MB", do="Split it by month and load the parts."
                )
            data = head + stream.read(most) if whole else head
    except OSError as error:
        raise refuse(path, f"the file cannot be read ({error.strerror})", do="Check its permissions.") from error
    if not whole:
        return _open_text(path, head, stamp)
    if data.lstrip()[:4] == b"%PDF":
        from pipelines.payments.file.read_pdf import read_pdf

        rows = _sheet_of_rows("(pages)", read_pdf(path, data))
        return Opened(hashlib.sha256(data).hexdigest(), "pdf", "", CERTAIN, "", (rows,), stamp)
    return _open_workbook(path, data, stamp)
