"""What the XML of a sheet says beside its values: formulas without one, errors, merged, hidden and commented cells.

In: the unpacked parts of an XLSX workbook, already measured. Out: `SheetMarks` for a sheet by name, rows and columns
counted from 1. Refuses nothing but XML that cannot be parsed: a part that is not there says nothing.
"""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET  # noqa: S405 - parts with a document type or entities were refused on unpacking
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.errors import InputError, Place
from pipelines.read.zip_parts import Parts

BOOK = "xl/workbook.xml"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", re.ASCII)
_COMMENTS = ("/comments", "/threadedComment")
Cell = tuple[int, int]


@dataclass
class SheetMarks:
    """Cells as (row, column). `merged` is (first cell, last cell, as written)."""

    hidden: bool = False
    unvalued: set[Cell] = field(default_factory=set[Cell])
    errors: dict[Cell, str] = field(default_factory=dict[Cell, str])
    merged: list[tuple[Cell, Cell, str]] = field(default_factory=list[tuple[Cell, Cell, str]])
    hidden_rows: set[int] = field(default_factory=set[int])
    hidden_columns: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    comments: set[Cell] = field(default_factory=set[Cell])

    def is_hidden(self, cell: Cell) -> bool:
        """True for a cell nobody sees."""
        column = any(first <= cell[1] <= last for first, last in self.hidden_columns)
        return self.hidden or cell[0] in self.hidden_rows or column


def cell_of(reference: str) -> Cell:
    """(row, column) of an address such as C14; (0, 0) for none."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def sheet_parts(parts: Parts, name: str) -> dict[str, tuple[str, bool]]:
    """(part, hidden) of every sheet by its name."""
    targets = {key: target for key, _, target in _related(parts, BOOK, name)}
    made: dict[str, tuple[str, bool]] = {}
    for entry in _elements(parts, BOOK, name):
        if _local(entry.tag) != "sheet":
            continue
        key = next((value for about, value in entry.attrib.items() if about.endswith("}id")), "")
        made[entry.get("name", "")] = targets.get(key, ""), entry.get("state", "visible") != "visible"
    return made


def marks_of(parts: Parts, part: str, name: str) -> SheetMarks:
    """The marks of one sheet. Raises InputError for XML that cannot be parsed."""
    marks = SheetMarks()
    row = column = 0
    for entry in _elements(parts, part, name):
        kind = _local(entry.tag)
        if kind == "row":
            row, column = _whole(entry.get("r", "")) or row + 1, 0
            if _is_true(entry.get("hidden", "")):
                marks.hidden_rows.add(row)
        elif kind == "c":
            at = cell_of(entry.get("r", ""))
            row, column = at if at[0] else (row, column + 1)
            _look_at(entry, (row, column), marks)
        elif kind == "col" and _is_true(entry.get("hidden", "")):
            marks.hidden_columns.append((_whole(entry.get("min", "")), _whole(entry.get("max", ""))))
        elif kind == "mergeCell":
            first, _, last = entry.get("ref", "").partition(":")
            marks.merged.append((cell_of(first), cell_of(last or first), entry.get("ref", "")))
    for _, relation, target in _related(parts, part, name):
        if any(kind in relation for kind in _COMMENTS):
            noted = (cell_of(entry.get("ref", "")) for entry in _elements(parts, target, name))
            marks.comments |= {cell for cell in noted if cell[0]}
    return marks


def _look_at(entry: ET.Element, at: Cell, marks: SheetMarks) -> None:
    formula, value = False, ""
    for inner in entry:
        kind = _local(inner.tag)
        formula = formula or kind == "f"
        value = value or (inner.text or "" if kind == "v" else "x" if kind == "is" else "")
    if entry.get("t") == "e":
        marks.errors[at] = value
    elif formula and not value and entry.get("t") != "str":
        marks.unvalued.add(at)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else 0


def _is_true(text: str) -> bool:
    return text in ("1", "true")


def _elements(parts: Parts, part: str, name: str) -> Iterator[ET.Element]:
    """All elements of a part, from the outside in."""
    if part not in parts:
        return iter(())
    try:
        return ET.fromstring(parts[part]).iter()  # noqa: S314 - as above: no document type, no entities
    except (ET.ParseError, RecursionError, ValueError) as error:
        raise InputError(f"part '{part[:80]}' is damaged ({error})", place=Place(name)) from error


def _related(parts: Parts, part: str, name: str) -> list[tuple[str, str, str]]:
    """(id, kind, part) of everything a part refers to."""
    folder, file = posixpath.split(part)
    about = f"{folder}/_rels/{file}.rels"
    made: list[tuple[str, str, str]] = []
    for entry in _elements(parts, about, name):
        target = entry.get("Target", "")
        path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if target:
            made.append((entry.get("Id", ""), entry.get("Type", ""), path))
    return made
