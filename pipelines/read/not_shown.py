"""What a workbook holds but does not show or say: hidden rows and columns, and formulas without a stored value.

In: the unpacked parts of an XLSX or ODS workbook, already measured (those of an XLS are found by `xls_bounds`). Out:
a `NotShown` for each sheet by name that has any. Nothing is refused here: who reads a sheet decides what it means.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from pipelines.read.zip_parts import Parts

BOOK = "xl/workbook.xml"
_SHEET = re.compile(rb"<(?:\w{1,30}:)?sheet\s([^>]{0,2000})>")
_RELATION = re.compile(rb"<(?:\w{1,30}:)?Relationship\s([^>]{0,4000})>")
_PAIR = re.compile(rb"([\w:]{1,60})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")
_ROW = re.compile(rb"<(?:\w{1,30}:)?row(?=[\s/>])([^>]{0,2000})>")
_COLUMN = re.compile(rb"<(?:\w{1,30}:)?col\s([^>]{0,2000})>")
_FORMULA = re.compile(rb"<(?:\w{1,30}:)?f(?:\s[^>]{0,2000})?(?:/>|>[^<]{0,40000}</(?:\w{1,30}:)?f>)")
_CELL_END = re.compile(rb"</(?:\w{1,30}:)?c>")
_VALUE = re.compile(rb"<(?:\w{1,30}:)?v(?:\s[^>]{0,200})?>[^<]+<|<(?:\w{1,30}:)?is[\s>]")
_ODS_TAG = re.compile(rb"<table:(table|table-row|table-column|table-cell|covered-table-cell)(?=[\s/>])([^>]{0,4000})>")
_ODS_VALUE = re.compile(rb"office:(?:value|date-value|time-value|boolean-value|string-value)=")
TRUE = (b"1", b"true")
FARTHEST = 2_000
"""Bytes between the start of a cell and its formula in which the cell's own tag is looked for."""


@dataclass
class NotShown:
    """Of one sheet: hidden rows and ranges of columns, counted from 1, and the cells of formulas without a value."""

    rows: set[int] = field(default_factory=set[int])
    columns: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    unvalued: list[str] = field(default_factory=list[str])

    def __bool__(self) -> bool:
        return bool(self.rows or self.columns or self.unvalued)


def not_shown(parts: Parts) -> dict[str, NotShown]:
    """By name of sheet, whatever it hides or leaves unsaid; sheets that hide nothing are left out."""
    if "content.xml" in parts and "mimetype" in parts:
        found = _of_ods(parts["content.xml"])
    else:
        found = {name: _of_sheet(parts[part]) for name, part in _sheet_parts(parts) if part in parts}
    return {name: hidden for name, hidden in found.items() if hidden}


def _attributes(text: bytes) -> dict[str, bytes]:
    return {pair[1].decode(): pair[2] or pair[3] or b"" for pair in _PAIR.finditer(text)}


def _text(value: bytes) -> str:
    return unescape(value.decode("utf-8", errors="replace"))


def _sheet_parts(parts: Parts) -> Iterator[tuple[str, str]]:
    """(name, part) of every sheet the workbook lists."""
    folder, file = posixpath.split(BOOK)
    targets: dict[str, str] = {}
    for found in _RELATION.finditer(parts.get(f"{folder}/_rels/{file}.rels", b"")):
        about = _attributes(found[1])
        target = _text(about.get("Target", b""))
        path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        targets[_text(about.get("Id", b""))] = path
    for found in _SHEET.finditer(parts.get(BOOK, b"")):
        about = _attributes(found[1])
        key = next((value for name, value in about.items() if name.endswith(":id")), b"")
        yield _text(about.get("name", b"")), targets.get(_text(key), "")


def _whole(value: bytes) -> int:
    return int(value) if value.isdigit() and len(value) < 9 else 0


def _of_sheet(data: bytes) -> NotShown:
    made = NotShown()
    if b"hidden" in data:
        number = 0
        for row in _ROW.finditer(data):
            about = _attributes(row[1])
            number = _whole(about.get("r", b"")) or number + 1
            if about.get("hidden") in TRUE:
                made.rows.add(number)
        for column in _COLUMN.finditer(data):
            about = _attributes(column[1])
            if about.get("hidden") in TRUE:
                made.columns.append((_whole(about.get("min", b"")), _whole(about.get("max", b""))))
    for formula in _FORMULA.finditer(data):
        end = _CELL_END.search(data, formula.end())
        before = data[max(0, formula.start() - FARTHEST) : formula.start()]
        at = max(before.rfind(b"<c "), before.rfind(b":c "))
        about = _attributes(before[at:].partition(b">")[0]) if at >= 0 else {}
        said = _VALUE.search(data, formula.end(), end.start() if end else formula.end())
        if not said and about.get("t") != b"str":
            made.unvalued.append(_text(about.get("r", b"?")))
    return made


def _of_ods(data: bytes) -> dict[str, NotShown]:
    made: dict[str, NotShown] = {}
    if b"table:visibility" not in data and b"table:formula" not in data:
        return made
    here, row, column = NotShown(), 0, 0
    for tag in _ODS_TAG.finditer(data):
        about = _attributes(tag[2])
        unseen = about.get("table:visibility") in (b"collapse", b"filter")
        rows = _whole(about.get("table:number-rows-repeated", b"1")) or 1
        columns = _whole(about.get("table:number-columns-repeated", b"1")) or 1
        if tag[1] == b"table":
            here, row, column = made.setdefault(_text(about.get("table:name", b"")), NotShown()), 0, 0
        elif tag[1] == b"table-column":
            if unseen:
                here.columns.append((column + 1, column + columns))
            column += columns
        elif tag[1] == b"table-row":
            if unseen:  # rows that are repeated to the end of the sheet hold nothing
                here.rows.update(range(row + 1, row + min(rows, 100_000) + 1))
            row, column = row + rows, 0
        else:
            column += columns
            if "table:formula" in about and not _ODS_VALUE.search(tag[2]):
                here.unvalued.append(f"row {row}, column {column}")
    return made
