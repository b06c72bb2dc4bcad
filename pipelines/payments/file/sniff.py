"""What a payment file is, told by its bytes: workbook, PDF or delimited text, with its encoding and delimiter.

In: a path. Out: `Sheet`s that give their rows in blocks, numbered as a spreadsheet does, and what was decided, with how
surely. Text is never held whole. Refused with one reason: empty files, binary noise, archives that unpack to far more
than they weigh, files, cells and headers too large.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from pipelines.declarations.limits import limits
from pipelines.errors import InputError, Place
from pipelines.payments.file.header import PROBE, SAMPLE
from pipelines.payments.sheet.blocks import (
    Block,
    Row,
    blocks_of_rows,
    careful_blocks,
    mended_blocks,
    mended_rows_of,
    quick_blocks,
    read_rows,
)
from pipelines.payments.sheet.causes import PROTECTED, cause_of, is_protected
from pipelines.payments.sheet.encoding import CERTAIN, Utf8Stream, decode, find_encoding
from pipelines.payments.sheet.lines import swallows, usual_width
from pipelines.payments.sheet.put_right import put_right
from pipelines.payments.sheet.workbook_form import Form, forms_of

LARGEST_TEXT = 1 << 33
HEAD_BYTES = 1 << 16
NEVER_CLOSED_NOTE = "a quotation mark is never closed: the file is split line by line"
HEAD_ROWS = PROBE + SAMPLE + 2  # a header may have two rows
DELIMITERS = ",\t;|"
STRANGE = "\x00\ufffd\x01\x02\x03\x04\x05\x06"
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Sheet:
    """One table of cells: its first rows (`head[0]` is spreadsheet row 1), how wide it is, and all of it in blocks.

    `blocks` may raise UnevenError; `careful` gives the same rows and never does. `mended` gives the rows of a text in
    which a quotation mark is never closed; `lines` says how many lines the text has once it was read to its end.
    """

    name: str
    head: list[list[Any]]
    width: int
    blocks: Callable[[], Iterator[Block]]
    careful: Callable[[], Iterator[Block]]
    mended: Callable[[], Iterator[Block]] | None = None
    lines: Callable[[], int] | None = None
    form: Form = field(default_factory=Form)
    notes: tuple[str, ...] = ()


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
    notes: tuple[str, ...] = ()


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


def _sheet_of_rows(name: str, rows: list[list[Any]], form: Form | None = None) -> Sheet:
    form = form or Form()
    notes = put_right(rows, form)
    texts: list[Row] = [[_plain(cell) for cell in row] for row in rows]
    blocks = partial(blocks_of_rows, texts)
    width = max(map(len, rows), default=0)
    return Sheet(name, rows[:HEAD_ROWS], width, blocks, blocks, lines=partial(len, rows), form=form, notes=notes)


def _plain(cell: Any) -> str:
    """A cell of a workbook as text: whole numbers without `.0`, none with an exponent, days as ISO."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float) and not cell.is_integer() and "e" in str(cell):
        return f"{cell:.10f}"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _open_workbook(path: Path, data: bytes, stamp: Stamp) -> Opened:
    from pipelines.read.read_tabular import book_of

    if is_protected(data):
        raise refuse(path, PROTECTED[0], do=PROTECTED[1])
    book = book_of(data, path.name).with_hidden()  # what is hidden is set aside below, each with its cell
    forms = forms_of(data, path.name, book.form)
    shown = [name for name in book.sheet_names if not forms.get(name, Form()).hidden]
    away = tuple(f"sheet '{name}' is hidden and not read" for name in book.sheet_names if name not in shown)
    if not shown:
        raise refuse(path, "every sheet is hidden", do="Ask the publisher which sheet is the publication.")
    sheets = tuple(_sheet_of_rows(name, book.rows(name), forms.get(name)) for name in shown)
    return Opened(book.sha256, book.form, "", CERTAIN, "", sheets, stamp, away)


def _open_text(path: Path, head: bytes, stamp: Stamp) -> Opened:
    noise = refuse(path, "the file is neither a spreadsheet, a PDF nor text", expected="CSV, XLS, XLSX, ODS or PDF")
    if _looks_strange(decode(head)[0]):
        raise noise
    with path.open("rb") as stream:
        told = find_encoding(stream)
    if told.empty:
        raise refuse(path, "the file is empty")

    opened: list[Utf8Stream] = []

    def text() -> Utf8Stream:
        opened[:] = [Utf8Stream(path, told.name)]
        return opened[0]

    with text() as stream:
        start = stream.peek(HEAD_BYTES).decode("utf-8", "replace")
        if _looks_strange(start):
            raise noise
        delimiter = find_delimiter(start)
        rows, swallowed = _head_rows(stream, delimiter, start)
    if not rows:  # nothing but a byte order mark
        raise refuse(path, "the file is empty")
    width = usual_width(start, delimiter) if swallowed else Counter(map(len, rows[1:] or rows)).most_common(1)[0][0]
    mended = (lambda: mended_blocks(text, delimiter, usual_width(start, delimiter))) if told.quotes else None
    quick = partial(quick_blocks, text, delimiter, width=max(width, 1), quotes=told.quotes)
    careful = partial(careful_blocks, text, delimiter)
    if swallowed and mended:
        with text() as stream:
            rows = list(islice(mended_rows_of(stream, delimiter, width), HEAD_ROWS))
        quick, careful = mended, mended
    sheet = Sheet("(file)", rows, width, quick, careful, mended, lambda: opened[0].lines_read,
                  notes=(NEVER_CLOSED_NOTE,) if swallowed else ())  # fmt: skip
    return Opened(told.sha256, "csv", told.name, told.surety, delimiter, (sheet,), stamp)


def _head_rows(stream: Utf8Stream, delimiter: str, start: str) -> tuple[list[Row], bool]:
    """The first rows, and whether a quotation mark that is never closed swallows lines among them."""
    try:
        rows = list(islice(read_rows(stream, delimiter), HEAD_ROWS))
    except InputError:
        if '"' not in start:
            raise
        return [[""]], True
    broken = [cell for row in rows for cell in row if "\n" in cell]
    width = usual_width(start, delimiter) if broken else 0
    return rows, any(swallows(cell, delimiter, width) for cell in broken)


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
            told = cause_of(head)
            if told:
                raise refuse(path, told[0], do=told[1])
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
