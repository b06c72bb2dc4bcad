"""What is wrong with the sheets of a printed page: text beyond a sheet, letters too small to read, tables cut badly.

In: a PDF that a Chromium printed of a page in which `NUMBER_ROWS` has run: it makes every row and caption of a table a
link that tells its table and its place, because a PDF of its own knows no rows. Out: faults in words, none for a good
print. Sizes are those of the letters as they lie on the sheet, with every scaling between them and it.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import pypdfium2

RAW: Any = pypdfium2.raw
ROW = "https://row.invalid/"
NUMBER_ROWS = """document.querySelectorAll("table").forEach(function(table,at){
[["caption",table.caption?[table.caption]:[]],["head",table.tHead?[table.tHead.rows[0]]:[]],
["row",Array.from(table.querySelectorAll("tbody tr"))]].forEach(function(part){part[1].forEach(function(row,place){
var cell=row.cells?row.cells[0]:row,link=document.createElement("a");
link.href="ROW"+(table.id||"table-"+at)+"/"+part[0]+"/"+place;link.style.all="unset";
while(cell.firstChild)link.append(cell.firstChild);link.append("\\u200b");cell.append(link)})})})""".replace("ROW", ROW)
SLACK = 0.06
"""Points by which rounding may make a letter smaller."""
LONGEST = 60
Matrix = tuple[float, float, float, float, float, float]
WHOLE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _after(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _texts(objects: Iterator[Any], outer: Matrix) -> Iterator[tuple[Any, Matrix, Matrix]]:
    """Each piece of text with its own matrix, and that of what it lies in."""
    held = RAW.FS_MATRIX()
    for one in objects:
        kind = RAW.FPDFPageObj_GetType(one)
        if kind not in (RAW.FPDF_PAGEOBJ_TEXT, RAW.FPDF_PAGEOBJ_FORM):
            continue
        RAW.FPDFPageObj_GetMatrix(one, held)
        mine = (held.a, held.b, held.c, held.d, held.e, held.f)
        if kind == RAW.FPDF_PAGEOBJ_TEXT:
            yield one, mine, outer
        else:
            inside = (RAW.FPDFFormObj_GetObject(one, at) for at in range(RAW.FPDFFormObj_CountObjects(one)))
            yield from _texts(inside, _after(mine, outer))


def _said(one: Any, text: Any) -> str:
    length = RAW.FPDFTextObj_GetText(one, text, None, 0)
    held = ctypes.create_string_buffer(length)
    RAW.FPDFTextObj_GetText(one, text, ctypes.cast(held, ctypes.POINTER(ctypes.c_ushort)), length)
    return held.raw[: max(0, length - 2)].decode("utf-16-le", "replace").strip("\x00\u200b \xa0")


def _text_faults(page: Any, least: float) -> Iterator[tuple[str, str]]:
    """What is wrong with a piece of text, and its letters: often one, since letters are placed one by one."""
    width, height = page.get_size()
    text = page.get_textpage()
    size, left, low, right, high = (ctypes.c_float() for _ in range(5))
    objects = (RAW.FPDFPage_GetObject(page, at) for at in range(RAW.FPDFPage_CountObjects(page)))
    for one, mine, outer in _texts(objects, WHOLE):
        RAW.FPDFTextObj_GetFontSize(one, size)
        RAW.FPDFPageObj_GetBounds(one, left, low, right, high)
        whole = mine if outer is WHOLE else _after(mine, outer)
        letters = size.value * math.hypot(whole[2], whole[3])
        a, b, c, d, e, f = outer
        across = [a * x + c * y + e for x in (left.value, right.value) for y in (low.value, high.value)]
        up = [b * x + d * y + f for x in (left.value, right.value) for y in (low.value, high.value)]
        beyond = min(across) < 0 or max(across) > width or min(up) < 0 or max(up) > height
        if (beyond or letters < least - SLACK) and (said := _said(one, text)):
            yield "beyond the sheet" if beyond else f"{letters:.1f} pt", said


def _links(document: Any, page: Any) -> Iterator[tuple[str, str, int]]:
    place, link = ctypes.c_int(0), RAW.FPDF_LINK()
    while RAW.FPDFLink_Enumerate(page, place, link):
        action = RAW.FPDFLink_GetAction(link)
        length = RAW.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
        held = ctypes.create_string_buffer(length)
        RAW.FPDFAction_GetURIPath(document, action, held, length)
        address = held.value.decode()
        if address.startswith(ROW):
            table, part, number = address.removeprefix(ROW).split("/")
            yield table, part, int(number)


def _table_faults(tables: dict[str, dict[str, dict[int, set[int]]]]) -> Iterator[str]:
    for table, parts in tables.items():
        found = {place: min(sheets) for place, sheets in parts.get("row", {}).items()}
        sheets, named = set(found.values()), parts.get("head", {}).get(0, set())
        captions = parts.get("caption", {}).get(0, set())
        if captions and captions.isdisjoint(sheets):
            yield f"table {table}: its caption stands alone on sheet {min(captions)}"
        if sheets - named:
            yield f"table {table}: no head on sheet {min(sheets - named)}"
        if named - sheets:
            yield f"table {table}: its head stands alone on sheet {min(named - sheets)}"
        if len(found) > 1 and found[0] != found[1]:
            yield f"table {table}: cut after one row, on sheet {found[0]}"


def faults(pdf: bytes, *, least: float, first: float | None = None) -> list[str]:
    """What is wrong: letters smaller than `least` points (than `first` on the first sheet), text beyond a sheet, a
    table whose head does not repeat, whose caption or head stands alone or that is cut after its first row.
    """
    document = pypdfium2.PdfDocument(pdf)
    made: list[str] = []
    tables: dict[str, dict[str, dict[int, set[int]]]] = {}
    for number in range(len(document)):
        page = document[number]
        wanted = first if first is not None and number == 0 else least
        small: dict[str, str] = {}
        for wrong, said in _text_faults(page, wanted):
            small[wrong] = small.get(wrong, "") + said
        made += [f"sheet {number + 1}: {wrong}: {said[:LONGEST]!r}" for wrong, said in small.items()]
        for table, part, place in _links(document, page.raw):
            tables.setdefault(table, {}).setdefault(part, {}).setdefault(place, set()).add(number + 1)
        page.close()
    document.close()
    return [*made, *_table_faults(tables)]
