"""The cells of a CSV of a folder of answers, and which declared table its header names.

In: bytes that may be text. Out: lines of cells, parted by commas, semicolons or tabs; none for a text that is no table.
Refused: a table of ours that cannot be read, so that no answer is passed over for a slip in its first line.
"""

from __future__ import annotations

import csv
import io
import re

from pipelines.declarations.limits import Limits, too_large
from pipelines.errors import InputError, Place
from pipelines.read.read_tabular import decode_text
from pipelines.supplied.answer_form import FILES, form
from pipelines.supplied.answers.answer_records import KINDS, TABLE

TABLES = (*FILES, *KINDS, "where_to_look")
"""Declared tables that lie in a folder of answers."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
LOOKED_AT = 5
HEAD_BYTES = 20_000
Lines = list[list[str]]


def lines_of(data: bytes, name: str, allowed: Limits) -> Lines:
    """The cells of a text, without columns at its right edge that are wholly empty; none for a text that is no table.

    Raises InputError for a table of ours that cannot be read.
    """
    head = first_line(data)
    try:
        lines = _cells(decode_text(data), head, name, allowed)
    except (UnicodeDecodeError, csv.Error, InputError) as error:
        if not _ours(head):
            return []
        if isinstance(error, InputError):
            raise
        raise InputError(f"the text cannot be read ({error})", place=Place(name), expected="a CSV") from error
    if _ours(head) and not table_of(lines):
        expected = "names of columns parted by commas, without quotation marks"
        raise InputError("the header cannot be read", place=Place(name, row=1), expected=expected)
    return lines


def first_line(data: bytes) -> str:
    """The first line that is not empty, as far as it can be read."""
    begin = data[:HEAD_BYTES]
    text = begin.decode("utf-16", "replace") if begin[:2] in UTF_16 else decode_text(begin)
    return next((line for line in text.splitlines() if line.strip()), "")


def _ours(head: str) -> str:
    return table_of([re.split("[,;\t]", head.replace("\x00", ""))])


def names_columns(data: bytes) -> bool:
    """True for bytes whose first line holds the name of a column of ours: a form whose header was spoiled."""
    names = {column.name for table in TABLES for column in form(table).columns if "_" in column.name}
    return len(names & set(re.findall(r"\w+", first_line(data)))) > 0


def kind_of(data: bytes) -> str:
    """What bytes are taken for whose first line names the columns of a table of ours, whatever follows; else empty."""
    table = _ours(first_line(data))
    return KINDS.get(table, TABLE if table in FILES else "")


def _cells(text: str, head: str, name: str, allowed: Limits) -> Lines:
    if "\x00" in text:
        raise InputError("the text holds NUL characters", place=Place(name), expected="a CSV")
    delimiter = max(",;\t", key=lambda mark: (head.count(mark), mark == ","))
    cells = text.count(delimiter) + text.count("\n")
    if cells > allowed.sheet_cells:
        what = f"the text has {cells:,} cells"
        raise too_large(what, name=name, limit="sheet.cells", allowed=allowed.sheet_cells)
    csv.field_size_limit(allowed.cell_characters)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    width = max((at for line in lines for at, cell in enumerate(line, 1) if cell.strip()), default=0)
    return [line[:width] for line in lines]


def table_of(lines: Lines) -> str:
    """The declared table whose columns a header mostly names; empty for none."""
    heads = {cell.strip() for cell in lines[0]} if lines else set[str]()
    shares = {name: len(heads & set(form(name).column_names)) / len(form(name).columns) for name in TABLES}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] > 1 / 2 else ""


def looks_like_a_table(lines: Lines) -> bool:
    """True where the first rows have the same number of cells, and more than one."""
    widths = [len(line) for line in lines[:LOOKED_AT]]
    return len(widths) > 1 and min(widths) > 1 and len(set(widths)) == 1
