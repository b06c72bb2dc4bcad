"""The workbook of England: the lists and all areas of each window, with what replacement would come to in pounds as a
formula.

In: an `EnglandBook`. Out: the bytes of an XLSX file, the same for the same book.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum  # exact, where `sum` of Python 3.12 rounds otherwise than that of 3.11
from typing import Any

from reports.workbooks.book import Columns, column_heads, head, number, set_up, workbook_bytes
from reports.workbooks.book_records import EnglandBook, ListedArea, ListSheet, Number

COLUMNS: Columns = (
    ("Area", 34), ("Code", 11), ("Place", 7), ("Type", 14), ("Region", 22), ("Result", 24),
    ("What the figures say", 34), ("Evidence ratio", 10), ("Chance, if 10 in 100 did", 11), ("Replacement rate", 12),
    ("Lower end of 90%", 10), ("Upper end of 90%", 10), ("NHS money above base, \u00a3", 18),
    ("Rate \u00d7 NHS money, \u00a3", 18), ("Expected less actual, \u00a3", 18),
)  # fmt: skip
HEADS = 3
RATE, MONEY, REPLACED, GAP = "J", "M", 13, 14


def england_workbook(book: EnglandBook) -> bytes:
    """The workbook: About, then each of the book's sheets."""

    def write(workbook: Any, looks: Mapping[str, Any]) -> None:
        for sheet in book.sheets:
            _sheet(workbook, book, sheet, looks)

    return workbook_bytes(book.about, write)


def _replaced(area: ListedArea) -> Number:
    return None if area.rate is None or area.money is None else area.rate * area.money


def _sheet(workbook: Any, book: EnglandBook, listed: ListSheet, looks: Mapping[str, Any]) -> None:
    sheet = workbook.add_worksheet(listed.name)
    head(sheet, listed.heading, listed.note, looks, columns=COLUMNS)
    column_heads(sheet, HEADS, COLUMNS, looks)
    pounds, ratio = looks["pounds"], looks["ratio"]
    for at, area in enumerate(listed.areas, start=HEADS + 1):
        for place, text in ((0, area.name), (1, area.code), (3, area.kind), (4, area.region), (5, area.result),
                            (6, area.band)):  # fmt: skip
            sheet.write_string(at, place, text)
        if area.place is not None:
            sheet.write_number(at, 2, area.place)
        for place, value, look in (
            (7, area.ratio, ratio), (8, area.chance, looks["chance"]), (9, area.rate, ratio),
            (10, area.rate_lower, ratio), (11, area.rate_upper, ratio), (12, area.money, pounds),
            (GAP, area.gap, pounds),
        ):  # fmt: skip
            number(sheet, at, place, value, look)
        if (replaced := _replaced(area)) is not None:
            sheet.write_formula(at, REPLACED, f"={RATE}{at + 1}*{MONEY}{at + 1}", pounds, replaced)
    end = HEADS + 1 + len(listed.areas)
    if listed.areas:
        sheet.autofilter(HEADS, 0, end - 1, len(COLUMNS) - 1)
        _totals(sheet, listed, looks, end=end)
    set_up(sheet, book.about)


def _totals(sheet: Any, listed: ListSheet, looks: Mapping[str, Any], *, end: int) -> None:
    sheet.write_string(end, 0, "Sum of these areas", looks["total"])
    sums = {
        12: [area.money for area in listed.areas],
        REPLACED: [_replaced(area) for area in listed.areas],
        GAP: [area.gap for area in listed.areas],
    }
    for place, values in sums.items():
        letter = "ABCDEFGHIJKLMNO"[place]
        total = fsum(value for value in values if value is not None)
        sheet.write_formula(end, place, f"=SUM({letter}{HEADS + 2}:{letter}{end})", looks["sum"], total)
