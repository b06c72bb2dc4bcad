"""What a workbook says about its cells that no value tells: hidden sheets, rows and columns, merged cells, formulas
without a value, errors.

In: the bytes of an XLSX, ODS or XLS workbook. Out: a `Form` per sheet. Nothing is refused here: whoever reads the rows
decides, and an odd part is as if it said nothing.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from pipelines.declarations.limits import limits
from pipelines.read.xls_bounds import workbooks_in
from pipelines.read.zip_parts import Parts, unpack

NO_VALUE = "#formula without a value"
Span = tuple[int, int, int, int]
_NAME = rb"<(?:\w+:)?"
_COLUMN = re.compile(_NAME + rb"col\b([^>]*)>")
_ROW = re.compile(_NAME + rb"row\b([^>]*)>")
_MERGED = re.compile(_NAME + rb'mergeCell\b[^>]*?ref\s*=\s*"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_CELL = re.compile(_NAME + rb"c\b((?:[^>/]|/(?!>))*)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_PLACE = re.compile(rb'\sr\s*=\s*"([A-Z]+)([0-9]+)"')
_VALUE = re.compile(_NAME + rb"v\b[^>]*>([^<]*)<")
_HIDDEN = re.compile(rb'\shidden\s*=\s*"(?:1|true)"')
_NUMBER = {name: re.compile(rb"\s" + name.encode() + rb'\s*=\s*"([0-9]+)"') for name in ("min", "max", "r")}
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
MOST_COLUMNS = 16_384


@dataclass
class Form:
    """Rows and columns from 0. `cells` holds what a cell shows that has no value: an error, or nothing of a formula."""

    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: set[int] = field(default_factory=set[int])
    merged: list[Span] = field(default_factory=list[Span])
    cells: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])


def forms_of(data: bytes, name: str, form: str) -> dict[str, Form]:
    """The form of every sheet by its name; of a workbook whose parts cannot be followed, what could be told."""
    try:
        if form == "xls":
            return {key: value for stream in workbooks_in(data)[:1] for key, value in _xls(stream)}
        parts = unpack(data, name, limits())
        return _ods(parts) if "content.xml" in parts else dict(_xlsx(parts))
    except (ElementTree.ParseError, struct.error, ValueError, IndexError, KeyError):
        return {}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _xlsx(parts: Parts) -> Iterator[tuple[str, Form]]:
    names = {name.lower(): name for name in parts}
    book = ElementTree.fromstring(parts[names["xl/workbook.xml"]])  # noqa: S314 - parts hold no document type
    targets = {entry.get("Id"): entry.get("Target", "")
               for entry in ElementTree.fromstring(parts[names["xl/_rels/workbook.xml.rels"]])}  # noqa: S314 # fmt: skip
    for sheet in (entry for entry in book.iter() if entry.tag.rpartition("}")[2] == "sheet"):
        target = targets.get(sheet.get(_RELATION), "").lower()
        part = names.get(target.lstrip("/") if target.startswith("/") else f"xl/{target}", "")
        form = _xlsx_sheet(parts.get(part, b""))
        form.hidden = sheet.get("state", "visible") != "visible"
        yield sheet.get("name", ""), form


def _said(name: str, attributes: bytes) -> int:
    found = _NUMBER[name].search(attributes)
    return int(found[1]) if found else 0


def _xlsx_sheet(data: bytes) -> Form:
    form = Form()
    if b"hidden=" in data:
        for tag in (found[1] for found in _COLUMN.finditer(data) if _HIDDEN.search(found[1])):
            form.hidden_columns |= set(range(max(_said("min", tag), 1) - 1, min(_said("max", tag), MOST_COLUMNS)))
        form.hidden_rows = {_said("r", tag[1]) - 1 for tag in _ROW.finditer(data) if _HIDDEN.search(tag[1])} - {-1}
    if b"mergeCell" in data:
        form.merged = [(int(top) - 1, _column(left), int(bottom) - 1, _column(right))
                       for left, top, right, bottom in _MERGED.findall(data)]  # fmt: skip
    if b"<f" in data or b":f" in data or b't="e"' in data:
        for attributes, inside in _CELL.findall(data):
            error, formula = b't="e"' in attributes, re.search(_NAME + rb"f[\s>/]", inside)
            value, place = _VALUE.search(inside), _PLACE.search(attributes)
            shown = value[1].decode("utf-8", "replace").strip() if value else ""
            if place and (error or (formula and not shown and b't="str"' not in attributes)):
                form.cells[int(place[2]) - 1, _column(place[1])] = (shown or "#error") if error else NO_VALUE
    return form


def _ods(parts: Parts) -> dict[str, Form]:
    content = ElementTree.fromstring(parts["content.xml"])  # noqa: S314 - parts hold no document type
    away = {style.get(f"{_STYLE}name") for style in content.iter(f"{_STYLE}style")
            for told in style if told.get(f"{_TABLE}display") == "false"}  # fmt: skip
    found: dict[str, Form] = {}
    for table in content.iter(f"{_TABLE}table"):
        form = found[table.get(f"{_TABLE}name", "")] = Form(table.get(f"{_TABLE}style-name") in away)
        column = row = 0
        for entry in table.iter():
            times = min(int(entry.get(f"{_TABLE}number-columns-repeated", "1")), MOST_COLUMNS)
            if entry.tag == f"{_TABLE}table-column":
                if entry.get(f"{_TABLE}visibility", "visible") != "visible":
                    form.hidden_columns |= set(range(column, min(column + times, MOST_COLUMNS)))
                column += times
            elif entry.tag == f"{_TABLE}table-row":
                row += _ods_row(entry, row, form)
    return found


def _ods_row(entry: ElementTree.Element, row: int, form: Form) -> int:
    """Take what one row says. Returns how often it stands."""
    times, column = int(entry.get(f"{_TABLE}number-rows-repeated", "1")), 0
    if entry.get(f"{_TABLE}visibility", "visible") != "visible":
        form.hidden_rows |= set(range(row, row + min(times, limits().sheet_rows)))
    for cell in entry:
        rows, columns = (int(cell.get(f"{_TABLE}number-{side}-spanned", "1")) for side in ("rows", "columns"))
        if rows > 1 or columns > 1:
            form.merged.append((row, column, row + rows - 1, column + columns - 1))
        if cell.get(f"{_TABLE}formula") and not cell.get(f"{_OFFICE}value-type") and times == 1:
            form.cells[row, column] = "".join(cell.itertext()).strip() or NO_VALUE
        column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
    return times


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records of a stream of the old form from a place on, to the end of their part ([MS-XLS], section 2.1.4)."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == 0x000A:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _xls(stream: bytes) -> Iterator[tuple[str, Form]]:
    for kind, record in _records(stream, 0):
        if kind == 0x0085 and len(record) > 8:
            wide = record[7] & 1
            text = record[8 : 8 + record[6] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
            form = _xls_sheet(stream, struct.unpack_from("<I", record)[0])
            form.hidden = record[4] & 3 > 0
            yield text, form


def _xls_sheet(stream: bytes, at: int) -> Form:
    form = Form()
    for kind, record in _records(stream, at):
        if kind == 0x0208 and len(record) >= 16 and record[12] & 0x20:
            form.hidden_rows.add(struct.unpack_from("<H", record)[0])
        elif kind == 0x007D and len(record) >= 10 and record[8] & 1:
            first, last = struct.unpack_from("<HH", record)
            form.hidden_columns |= set(range(first, min(last, 255) + 1))
        elif kind == 0x00E5:
            spans = struct.iter_unpack("<HHHH", record[2 : 2 + (len(record) - 2) // 8 * 8])
            form.merged += [(top, left, bottom, right) for top, bottom, left, right in spans]
        elif kind == 0x0205 and len(record) >= 8 and record[7]:
            row, column = struct.unpack_from("<HH", record)
            form.cells[row, column] = _ERRORS.get(record[6], "#error")
    return form
