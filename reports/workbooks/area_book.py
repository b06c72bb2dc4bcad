"""The workbook of an area: its gap with formulas that a spreadsheet works out again, its figures with their cells, and
its questions with room for answers.

In: an `AreaBook`. Out: the bytes of an XLSX file, the same for the same book. Every sum and ratio of the sheets of the
gap is a formula over the cells above it; beside it stands what the run says, and the difference between the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum  # exact, where `sum` of Python 3.12 rounds otherwise than that of 3.11
from typing import Any

from reports.workbooks.book import Columns, column_heads, head, number, set_up, told, workbook_bytes
from reports.workbooks.book_records import AreaBook, GapWindow, GapYear, Number

FIGURES, QUESTIONS, GAP = "Figures", "Questions", "Gap {}"
FIGURE_COLUMNS: Columns = (
    ("Window", 8), ("Number", 9), ("Figure", 50), ("Year", 9), ("Value", 14), ("Status", 7), ("Unit", 14),
    ("Publication", 48), ("File", 28), ("Sheet", 22), ("Cell", 8), ("SHA-256, first 12", 15), ("Row of the CSV", 8),
)  # fmt: skip
GAP_COLUMNS: Columns = (
    ("Financial year", 34), ("Expected, \u00a3", 16), ("Actual, \u00a3", 16), ("Expected less actual, \u00a3", 16),
    ("NHS money, \u00a3", 16), ("NHS money above base, \u00a3", 16), ("NHS income booked, \u00a3", 16),
    ("Booked above base, \u00a3", 16),
)  # fmt: skip
QUESTION_COLUMNS: Columns = (
    ("No.", 5), ("Question", 60), ("Document that would answer it", 40), ("Answer", 50), ("By whom", 20), ("Date", 12),
    ("Reference", 20),
)  # fmt: skip
HEADS = 3
"""The row, from 0, in which a table's columns are named."""


def area_workbook(book: AreaBook) -> bytes:
    """The workbook: About, a sheet of the gap for each window, Figures, Questions."""

    def write(workbook: Any, looks: Mapping[str, Any]) -> None:
        for window in book.gaps:
            _gap(workbook, book, window, looks)
        _figures(workbook, book, looks)
        _questions(workbook, book, looks)

    return workbook_bytes(book.about, write)


def _figures(workbook: Any, book: AreaBook, looks: Mapping[str, Any]) -> None:
    sheet = workbook.add_worksheet(FIGURES)
    head(sheet, "Figures used, as published", book.about.whom, looks, columns=FIGURE_COLUMNS)
    column_heads(sheet, HEADS, FIGURE_COLUMNS, looks)
    text, value = sheet.write_string, sheet.write_number
    for at, row in enumerate(book.figures, start=HEADS + 1):
        text(at, 0, row.window)
        text(at, 1, row.number)
        text(at, 2, row.figure)
        text(at, 3, row.year)
        if row.value is not None:
            value(at, 4, row.value)
        for place, said in ((5, row.status), (6, row.unit), (7, row.publication), (8, row.file), (9, row.sheet),
                            (10, row.cell), (11, row.sha256)):  # fmt: skip
            if said:
                text(at, place, said)
        value(at, 12, row.row)
    if book.figures:
        sheet.autofilter(HEADS, 0, HEADS + len(book.figures), len(FIGURE_COLUMNS) - 1)
    set_up(sheet, book.about)


def _above(years: tuple[GapYear, ...], name: str) -> tuple[Number, list[Number]]:
    """The base of a kind of money, and what each judged year lies above it."""
    base = [getattr(year, name) for year in years if year.is_base and getattr(year, name) is not None]
    rate = fsum(base) / len(base) if base else None
    judged = [getattr(year, name) for year in years if not year.is_base]
    return rate, [None if rate is None or amount is None else amount - rate for amount in judged]


def _sum(values: list[Number]) -> Number:
    known = [value for value in values if value is not None]
    return fsum(known) if known else None


def _gap(workbook: Any, book: AreaBook, window: GapWindow, looks: Mapping[str, Any]) -> None:
    sheet = workbook.add_worksheet(GAP.format(window.window))
    head(sheet, f"Expected less actual: {window.heading}", book.about.whom, looks, columns=GAP_COLUMNS)
    set_up(sheet, book.about)
    if window.missing:
        sheet.write_string(HEADS, 0, window.missing)
        return
    column_heads(sheet, HEADS, GAP_COLUMNS, looks)
    pounds, first = looks["pounds"], HEADS + 1
    base = [year for year in window.years if year.is_base]
    judged = [year for year in window.years if not year.is_base]
    for at, year in enumerate(base, start=first):
        sheet.write_string(at, 0, f"{year.year} (base)")
        number(sheet, at, 2, year.actual, pounds)
        number(sheet, at, 4, year.allocated, pounds)
        number(sheet, at, 6, year.booked, pounds)
    rate = first + len(base)
    sheet.write_string(rate, 0, "Base: mean of the base years", looks["total"])
    above: dict[str, list[Number]] = {}
    for place, name in ((4, "allocated"), (6, "booked")):
        mean, above[name] = _above(window.years, name)
        if mean is not None:
            cells = f"{_letter(place)}{first + 1}:{_letter(place)}{rate}"
            sheet.write_formula(rate, place, f"=AVERAGE({cells})", looks["sum"], mean)
    start = rate + 1
    gaps: list[Number] = []
    for at, year in enumerate(judged, start=start):
        row, place = at + 1, at - start
        sheet.write_string(at, 0, year.year)
        for column, value in ((1, year.expected), (2, year.actual), (4, year.allocated), (6, year.booked)):
            number(sheet, at, column, value, pounds)
        known = year.expected is not None and year.actual is not None
        gaps.append(year.expected - year.actual if known else None)  # type: ignore[operator]
        if known:
            sheet.write_formula(at, 3, f"=B{row}-C{row}", pounds, gaps[-1])
        for column, name in ((4, "allocated"), (6, "booked")):
            if above[name][place] is not None:
                letter = _letter(column)
                sheet.write_formula(at, column + 1, f"={letter}{row}-{letter}${rate + 1}", pounds, above[name][place])
    sums = {3: _sum(gaps), 5: _sum(above["allocated"]), 7: _sum(above["booked"])}
    _totals(sheet, window, looks, sums=sums, rows=(start + 1, start + len(judged)))


def _totals(
    sheet: Any, window: GapWindow, looks: Mapping[str, Any], *, sums: Mapping[int, Number], rows: tuple[int, int]
) -> None:
    """Sums of the judged years, what the run says of them, the difference, and pounds less per pound of NHS money."""
    at, pounds = rows[1], looks["sum"]
    stated = {3: window.gap, 5: window.allocated, 7: window.booked}
    sheet.write_string(at, 0, "Sum of the years judged", looks["total"])
    sheet.write_string(at + 1, 0, "The run says")
    sheet.write_string(at + 2, 0, "Difference")
    sheet.write_string(at + 3, 0, "The run's 90% interval of the gap")
    number(sheet, at + 3, 2, window.gap_lower, looks["pounds"])
    number(sheet, at + 3, 3, window.gap_upper, looks["pounds"])
    for place, total in sums.items():
        letter = _letter(place)
        if total is None:
            continue
        sheet.write_formula(at, place, f"=SUM({letter}{rows[0]}:{letter}{rows[1]})", pounds, total)
        if (said := stated[place]) is not None:
            number(sheet, at + 1, place, said, looks["pounds"])
            formula = f"=ROUND({letter}{at + 1}-{letter}{at + 2},0)"
            sheet.write_formula(at + 2, place, formula, looks["pounds"], round(total - said) + 0.0)
    gap = sums[3]
    for row, place, words in ((at + 5, 5, "allocated"), (at + 6, 7, "booked")):
        money = sums[place]
        if gap is None or money is None:
            continue
        sheet.write_string(row, 0, f"Own pounds less per pound {words} above base")
        ratio = gap / money if money > 0 else None
        cell = f"{_letter(place)}{at + 1}"
        sheet.write_formula(row, 3, f'=IF({cell}>0,D{at + 1}/{cell},"")', looks["ratio"], told(ratio))
    note = "Minus: more spent than expected. This ratio is arithmetic, not evidence: the page's evidence ratio judges "
    sheet.write_string(at + 8, 0, f"{note}the path of yearly changes.")


def _letter(place: int) -> str:
    return "ABCDEFGHIJKLM"[place]


def _questions(workbook: Any, book: AreaBook, looks: Mapping[str, Any]) -> None:
    sheet = workbook.add_worksheet(QUESTIONS)
    head(sheet, "What to ask, and what was answered", book.about.whom, looks, columns=QUESTION_COLUMNS)
    column_heads(sheet, HEADS, QUESTION_COLUMNS, looks)
    for place, question in enumerate(book.questions, start=1):
        at = HEADS + place
        sheet.write_number(at, 0, place, looks["text"])
        sheet.write_string(at, 1, question.text, looks["text"])
        sheet.write_string(at, 2, question.document, looks["text"])
        for column in range(3, len(QUESTION_COLUMNS)):
            sheet.write_blank(at, column, None, looks["answer"])
    set_up(sheet, book.about)
