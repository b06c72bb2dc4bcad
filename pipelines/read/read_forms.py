"""The readers behind `read_tabular`: each takes the bytes of one form and gives a function that reads rows of a sheet.

In: bytes, a name for messages, limits. Out: a reader `(sheet, count or None) -> rows`. Refused, with one InputError:
bytes that are not what they seem, or that would become larger than the limits.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from pipelines.cell_values import is_hidden
from pipelines.declarations.limits import Limits, too_large
from pipelines.errors import InputError, Place
from pipelines.read.not_shown import NotShown, not_shown
from pipelines.read.sheet_bounds import check_bounds, refuse_sheets
from pipelines.read.xls_bounds import check_xls, locked
from pipelines.read.zip_parts import plain_archive, unpack

Row = list[Any]
Reader = Callable[[str, int | None], list[Row]]
NO_MEMORY = "PyObject pointer is null"  # what the spreadsheet library says when Python has none left
DAMAGED = "Get the file from the publisher again; it may have been cut short on its way."


def damaged(error: BaseException, what: str, place: Place) -> BaseException:
    """What to raise for an error of a reader: nearly all mean a damaged file; a stop, and too little memory, do not.

    A panic of the spreadsheet library is no `Exception`, hence the roundabout way.
    """
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError):
        return error
    if NO_MEMORY in str(error):
        return MemoryError()
    return InputError(f"{what} ({str(error)[:300] or type(error).__name__})", place=place, do=DAMAGED)


def decode_text(data: bytes) -> str:
    """Bytes to text: UTF-8 (with or without mark), UTF-16 by its mark, otherwise Windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_delimited(data: bytes, name: str, allowed: Limits) -> Reader:
    """A reader of comma- or tab-separated text."""
    try:
        text = decode_text(data)
    except UnicodeDecodeError as error:
        raise damaged(error, "the text cannot be decoded", Place(name)) from error
    if "\x00" in text:
        raise InputError("the text holds NUL characters", place=Place(name), expected="CSV text", do=DAMAGED)
    first = text[:4000]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    cells = text.count(delimiter) + text.count("\n")
    if cells > allowed.sheet_cells:
        what = f"the text has {cells:,} cells"
        raise too_large(what, name=name, limit="sheet.cells", allowed=allowed.sheet_cells)

    def read(_sheet: str, count: int | None) -> list[Row]:
        csv.field_size_limit(allowed.cell_characters)
        rows: list[Row] = []
        widest = 0
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            widest = max(widest, len(row))
            if count is not None and len(rows) >= count:
                break
        if widest > allowed.sheet_columns:
            what = f"a row has {widest:,} columns"
            raise too_large(what, name=name, limit="sheet.columns", allowed=allowed.sheet_columns)
        if len(rows) > allowed.sheet_rows:
            what = f"the text has {len(rows):,} rows"
            raise too_large(what, name=name, limit="sheet.rows", allowed=allowed.sheet_rows)
        return rows

    return read


@dataclass(frozen=True)
class Workbook:
    """The sheets that are shown, those that are hidden, what each hides, and a reader of them all."""

    sheets: tuple[str, ...]
    hidden_sheets: tuple[str, ...]
    not_shown: dict[str, NotShown]
    read: Reader


def read_workbook(data: bytes, name: str, allowed: Limits) -> Workbook:
    """The sheets of an XLS, XLSX or ODS workbook; measured before it is opened."""
    in_order: list[NotShown] = []
    found: dict[str, NotShown] = {}
    if data[:2] == b"PK":
        parts = unpack(data, name, allowed)
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise locked(name)
        check_bounds(parts, name, allowed)
        found = not_shown(parts)
        data = plain_archive(parts)
    else:
        in_order = check_xls(data, name, allowed)
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except BaseException as error:
        raise damaged(error, "the workbook cannot be opened", Place(name)) from error
    refuse_sheets(len(book.sheet_names), name, allowed)
    if any(map(is_hidden, "".join(book.sheet_names))):
        raise InputError("the name of a sheet holds control characters", place=Place(name), do=DAMAGED)

    def read(sheet: str, count: int | None) -> list[Row]:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=count)

    shown = tuple(one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible)
    if len(in_order) == len(book.sheet_names):
        found = dict(zip(book.sheet_names, in_order, strict=True))
    return Workbook(shown, tuple(one for one in book.sheet_names if one not in shown), found, read)


def read_hexjson(data: bytes, name: str, allowed: Limits) -> Reader:
    """A reader of a hexjson map as one sheet: a code and the entries of its hex in each row."""
    place, expected = Place(name), "a hexjson file"
    if len(data) > allowed.json_bytes:
        what = f"the JSON has {len(data):,} bytes"
        raise too_large(what, name=name, limit="json.bytes", allowed=allowed.json_bytes)
    try:
        hexes: Any = json.loads(data)["hexes"]
        json.dumps(hexes, ensure_ascii=False).encode()
        found = cast("dict[str, dict[str, Any]]", hexes)
        keys = {key for entry in found.values() for key in entry}
        flat = all(not isinstance(value, dict | list) for entry in found.values() for value in entry.values())
    except RecursionError as error:
        raise InputError("the JSON is nested too deeply", place=place, expected=expected) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("the JSON file holds no hexes", place=place, expected=expected) from error
    if not flat:
        raise InputError("a hex holds something other than a number or text", place=place, expected=expected)
    cells = (len(keys) + 1) * (len(found) + 1)
    if cells > allowed.sheet_cells:
        what = f"its hexes come to {cells:,} cells"
        raise too_large(what, name=name, limit="sheet.cells", allowed=allowed.sheet_cells)
    heads = ["code", *sorted(keys)]

    def read(_sheet: str, count: int | None) -> list[Row]:
        rows: list[Row] = [list(heads)]
        rows += [[code, *(entry.get(head, "") for head in heads[1:])] for code, entry in sorted(found.items())]
        return rows[:count]

    return read


def read_stata(data: bytes, name: str) -> Reader:
    """A reader of a Stata file as one sheet."""
    import warnings

    import pandas as pd

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = cast(pd.DataFrame, pd.read_stata(io.BytesIO(data), convert_categoricals=False))
    except BaseException as error:
        raise damaged(error, "the Stata file cannot be read", Place(name)) from error

    def read(_sheet: str, count: int | None) -> list[Row]:
        rows: list[Row] = [list(map(str, frame.columns))]
        rows += [["" if value != value else value for value in row] for row in frame.itertuples(index=False, name=None)]
        return rows[:count]

    return read
