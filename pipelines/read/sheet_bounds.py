"""How large a sheet would become, told from its XML before a spreadsheet library allocates it.

In: the unpacked parts of an XLSX or ODS workbook. Out: nothing, or a refusal: a library fills the whole rectangle up to
the last cell, so one cell at XFD1048576 in a file of a kilobyte asks for half a terabyte; repeated rows, columns,
spaces and shared texts do the same. Most sheets are passed by counting alone; the others are walked tag by tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.declarations.limits import Limits, too_large
from pipelines.read.zip_parts import Parts, refuse

# Cells written the usual way, and how far they reach: to ZZ9999, or to Z99999.
_USUAL = (
    (re.compile(rb'<c r="[A-Z]{1,2}[0-9]{1,4}"'), 9_999, 702),
    (re.compile(rb'<c r="[A-Z][0-9]{1,5}"'), 99_999, 26),
)
_PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_CELL_STARTS = tuple(begin + b"c" + end for begin in (b"<", b":") for end in (b" ", b">", b"/", b"\t", b"\n", b"\r"))
_NAME = rb"<(?:[^\s<>/:=\"'!?]{1,60}:)?"
_ATTRIBUTES = rb"((?:[^<>\"']|\"[^\"]{0,1000}\"|'[^']{0,1000}'){0,1000})>"
_TAG_START = re.compile(_NAME + rb"(?:row|c)(?=[\s/>])")
_TAG = re.compile(_NAME + rb"(row|c)(?=[\s/>])" + _ATTRIBUTES)
_REFERENCE = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Za-z]{0,9})([0-9]{0,18})[\"']")
_VALUE = re.compile(rb"[<:]v[^>]{0,200}>\s{0,20}([0-9]{1,9})")
_SHARED_END = re.compile(rb"</(?:[^\s<>:]{1,60}:)?si\s*>|<(?:[^\s<>:]{1,60}:)?si\s*/>")
_SHEET_ENTRY = re.compile(rb"[<:]sheet[\s/>]")
_ODS_START = re.compile(rb"<table:(?:table-row|table-cell|covered-table-cell|table)(?=[\s/>])|</table:table-row")
_ODS_TAG = re.compile(
    rb"<table:(table-row|table-cell|covered-table-cell|table)(?=[\s/>])" + _ATTRIBUTES + rb"|</table:(table-row)"
)
_ODS_TABLE = re.compile(rb"</?table:table(?=[\s/>])")
_ODS_COLUMNS = re.compile(rb"number-columns-repeated\s*=\s*[\"']([0-9]{1,18})[\"']")
_ODS_ROWS = re.compile(rb"number-rows-repeated\s*=\s*[\"']([0-9]{1,18})[\"']")
_SPACES = re.compile(rb"[\s:]c\s*=\s*[\"']\+?([0-9]{1,18})[\"']")


def check_bounds(parts: Parts, name: str, limits: Limits) -> None:
    """Refuse, with InputError, a workbook whose sheets or texts would become larger than the limits."""
    if "content.xml" in parts and "mimetype" in parts:
        _check_longest(parts["content.xml"], name, limits)
        _check_ods(parts["content.xml"], name, limits)
        return
    cells = 0
    for part, data in parts.items():
        if part.endswith(".rels"):
            continue
        _check_longest(data, name, limits)
        found = sum(map(data.count, _CELL_STARTS))
        cells += found
        if found and not _is_small(data, found, limits):
            rows, columns = _walk(data, part, name, limits)
            check_area(rows, columns, name=name, sheet=part, limits=limits)
        if part.lower().endswith("workbook.xml"):
            _check_sheets(len(_SHEET_ENTRY.findall(data)), name, limits)
    _check_texts(parts, cells, name, limits)


def _check_sheets(sheets: int, name: str, limits: Limits) -> None:
    if sheets > limits.book_sheets:
        what = f"the workbook lists {sheets:,} sheets"
        raise too_large(what, name=name, limit="book.sheets", allowed=limits.book_sheets)


def check_area(rows: int, columns: int, *, name: str, sheet: str, limits: Limits) -> None:
    """Refuse a sheet by its last row and column."""
    if rows > limits.sheet_rows:
        what = f"a cell stands in row {rows:,}"
        raise too_large(what, name=name, limit="sheet.rows", allowed=limits.sheet_rows, sheet=sheet)
    if columns > limits.sheet_columns:
        what = f"a cell stands in column {columns:,}"
        raise too_large(what, name=name, limit="sheet.columns", allowed=limits.sheet_columns, sheet=sheet)
    if rows * columns > limits.sheet_cells:
        what = f"the sheet reaches to row {rows:,} and column {columns:,}, which is {rows * columns:,} cells"
        raise too_large(what, name=name, limit="sheet.cells", allowed=limits.sheet_cells, sheet=sheet)


def _within(rows: int, columns: int, limits: Limits) -> bool:
    return rows <= limits.sheet_rows and columns <= limits.sheet_columns and rows * columns <= limits.sheet_cells


def _is_small(data: bytes, cells: int, limits: Limits) -> bool:
    """True when every cell is written the usual way and the last of them, empty or not, is within the limits."""
    if cells > limits.sheet_cells:
        return False
    for pattern, rows, columns in _USUAL:
        if _within(rows, columns, limits) and cells == len(pattern.findall(data)):
            return True
    references = _PLAIN_CELL.findall(data)
    if cells != len(references):
        return False
    columns = max(map(_column_number, {letters for letters, _ in references}))
    rows = max(map(int, {digits for _, digits in references}))
    return _within(rows, columns, limits)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _said(attributes: bytes) -> tuple[int, int]:
    """Row and column that a tag's reference names; noughts where it names none, the largest where it names several."""
    found = list(_REFERENCE.finditer(attributes))
    rows = [int(one[2]) for one in found if one[2]]
    return max(rows, default=0), max((_column_number(one[1]) for one in found), default=0)


def _walk(data: bytes, part: str, name: str, limits: Limits) -> tuple[int, int]:
    """Last row and column of the cells that are not empty tags, counted on where they do not say where they are."""
    starts = 0
    for starts, _ in enumerate(_TAG_START.finditer(data), 1):
        if starts > 2 * limits.sheet_cells:
            what = f"the sheet has more than {limits.sheet_cells:,} cells"
            raise too_large(what, name=name, limit="sheet.cells", allowed=limits.sheet_cells, sheet=part)
    last_row = last_column = row = column = seen = 0
    for tag in _TAG.finditer(data):
        seen += 1
        said_row, said_column = _said(tag[2])
        if tag[1] == b"row":
            row, column = max(said_row, row + 1), 0
            continue
        column = max(said_column, column + 1)
        if not tag[2].endswith(b"/"):
            last_row, last_column = max(last_row, said_row, row, 1), max(last_column, column)
    if seen != starts:
        raise refuse(name, f"the cells of part '{part[:80]}' cannot be counted", "plain sheet XML")
    return last_row, last_column


def _check_texts(parts: Parts, cells: int, name: str, limits: Limits) -> None:
    """Shared texts are written out once for every cell that refers to them."""
    for shared in (data for data in parts.values() if b"<sst" in data or b":sst" in data):
        if len(shared) * cells <= limits.cell_text_bytes:
            continue
        if shared.count(b"si>") > limits.sheet_cells:
            what = f"the workbook shares {shared.count(b'si>'):,} texts"
            raise too_large(what, name=name, limit="sheet.cells", allowed=limits.sheet_cells)
        lengths = [len(item) for item in _SHARED_END.split(shared)]
        if max(lengths) * cells <= limits.cell_text_bytes:
            continue
        used = (int(found[1]) for data in parts.values() if data is not shared for found in _VALUE.finditer(data))
        total = sum(lengths[number] for number in used if number < len(lengths))
        _check_text_total(total, name, limits)


def _check_text_total(total: int, name: str, limits: Limits) -> None:
    if total > limits.cell_text_bytes:
        what = f"the texts of its cells come to {total:,} bytes"
        raise too_large(what, name=name, limit="cell.text_bytes", allowed=limits.cell_text_bytes)


def _check_longest(data: bytes, name: str, limits: Limits) -> None:
    """Refuse XML with more text between two tags than a cell may hold, at four bytes a character."""
    most = 4 * limits.cell_characters
    if len(data) > most and re.search(rb">[^<]{%d}" % most, data):
        what = f"a cell holds more than {most:,} bytes of text"
        raise too_large(what, name=name, limit="cell.characters", allowed=limits.cell_characters)


def _check_ods(data: bytes, name: str, limits: Limits) -> None:
    """Walk the rows of every table, written out as often as they say they are repeated."""
    tables = [tag[0].startswith(b"</") for tag in _ODS_TABLE.finditer(data)]
    _check_sheets(len(tables) // 2, name, limits)
    if b"<!" in data or tables != [False, True] * (len(tables) // 2):
        raise refuse(name, "the tables of its content cannot be counted", "plain OpenDocument XML")
    text = cells = 0
    sizes: dict[int, tuple[int, int]] = {}
    for table, row, column, area, letters in _ods_rows(data, name):
        last_row, last_column = sizes.get(table, (0, 0))
        sizes[table] = max(last_row, row), max(last_column, column)
        check_area(*sizes[table], name=name, sheet="", limits=limits)
        cells, text = cells + area, text + letters
        if cells > limits.sheet_cells:
            what = f"its rows write out to {cells:,} cells"
            raise too_large(what, name=name, limit="sheet.cells", allowed=limits.sheet_cells)
        _check_text_total(text, name, limits)


def _largest(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    if b"repeated" not in attributes:
        return 1
    return max((int(found[1]) for found in pattern.finditer(attributes)), default=1) or 1


def _ods_rows(data: bytes, name: str) -> Iterator[tuple[int, int, int, int, int]]:
    """(table, last row so far, last column of this row, cells, bytes of text) of every row that says something."""
    table = row = repeated = column = last = letters = 0
    spaced = _SPACES.search(data) is not None
    times, begun = 0, -1  # the cell still open: how often it is repeated, and where its text begins
    seen = 0
    for tag in _ODS_TAG.finditer(data):
        seen += 1
        if begun >= 0:
            length = tag.start() - begun
            if spaced:
                length += sum(int(found[1]) for found in _SPACES.finditer(data, begun, tag.start()))
            last, letters, begun = column, letters + times * length, -1
        kind, attributes = tag[1], tag[2] or b""
        if kind == b"table":
            table, row = table + 1, 0
        elif kind == b"table-row":
            repeated, column, last, letters = _largest(_ODS_ROWS, attributes), 0, 0, 0
            row += repeated
        elif kind is not None:
            times = _largest(_ODS_COLUMNS, attributes)
            column += times
            begun = -1 if attributes.endswith(b"/") else tag.end()
        elif last:
            yield table, row, last, repeated * last, repeated * letters
            last = 0
    if seen != sum(1 for _ in _ODS_START.finditer(data)):
        raise refuse(name, "the cells of its content cannot be counted", "plain OpenDocument XML")


def refuse_sheets(sheets: int, name: str, limits: Limits) -> None:
    """Refuse a workbook, of any kind, with more sheets than the limit."""
    _check_sheets(sheets, name, limits)
