"""The tables of a sheet: one, or several below or beside each other, each under its own header; and how they are read.

In: a sheet and its first rows. Out: a layout per table, and the tally of each. What is known only when all rows were
seen (another header far down, decimal commas, a unit said in a note, a quotation mark never closed) has the sheet read
once more in that way.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from pipelines.errors import InputError
from pipelines.payments.file.amounts import Decimals
from pipelines.payments.file.header import PROBE, SAMPLE, Layout, find_layout, header_row
from pipelines.payments.file.rows import sort_block
from pipelines.payments.file.sniff import NEVER_CLOSED_NOTE, Opened, Sheet
from pipelines.payments.file.stated_units import with_units
from pipelines.payments.file.tally import Manner, Tally
from pipelines.payments.sheet.blocks import Block, UnevenError, broken_cells
from pipelines.payments.sheet.lines import swallows
from pipelines.payments.words.vocabulary import AMOUNTS, exact_field_of

MOST_SECONDS = 3_600
MOST_TABLES = 60
MOST_READINGS = 8
SUMMARY = "a summary without dates and transactions, beside a table that has them"
DECIMALS = {"comma": "amounts have a decimal comma throughout",
            "mixed": "amounts have decimal points and commas; those that may be either are set aside"}  # fmt: skip
NOT_UNDERSTOOD = "beneath a header in row {} that is not understood"


def find_tables(rows: Sequence[Sequence[Any]], about: str, first: int = 0) -> list[Layout]:
    """The layouts of the tables that begin with the first header of some rows, side by side where there are several.

    `first` is the number of the first of the rows in their sheet.
    """
    start = header_row(rows[:PROBE])
    windows = _windows(rows[start]) if start is not None else []
    if len(windows) < 2:
        layouts = [with_units(find_layout(rows, start), rows, about)]
    else:
        layouts = [_beside(rows, window, about) for window in windows]
    return [replace(item, start=first, first_data_row=item.first_data_row + first) for item in layouts]


def tables_of(opened: Opened, about: str) -> list[list[Layout]]:
    """The layouts of the tables of each sheet; a later sheet without a header takes those of the sheet before it."""
    found: list[list[Layout]] = []
    for number, sheet in enumerate(opened.sheets):
        layouts = find_tables(sheet.head, f"{about} {sheet.name}")
        layout, before = layouts[0], next((item[0] for item in found if not item[0].refused), None)
        if number and before and (layout.refused or layout.surety == "assumed"):
            if sheet.head and abs(sheet.width - len(before.header)) <= 1 and layout.surety == "assumed":
                layouts = [replace(before, first_data_row=0, start=0, surety="likely",
                                   notes=("columns as on the sheet before",))]  # fmt: skip
            else:
                layouts = [Layout(0, {}, (), "", refused=layout.refused or "not a sheet of payments")]
        found.append(layouts)
    if any(_tells(item) for layouts in found for item in layouts):
        found = [[item if _tells(item) or item.refused else replace(item, refused=SUMMARY) for item in layouts]
                 for layouts in found]  # fmt: skip
    return found


def _tells(layout: Layout) -> bool:
    """Whether a table has dates or transactions: where another of its file has, one without is a summary."""
    return not layout.refused and bool({"date", "transaction_number", "invoice_number"} & {*layout.columns})


def not_read(opened: Opened, tables: list[list[Layout]]) -> list[str]:
    """Notes on sheets of a file that hold something and are not read."""
    return [f"sheet '{sheet.name}' is not read: {layouts[0].refused}"
            for sheet, layouts in zip(opened.sheets, tables, strict=True)
            if layouts[0].refused and any(any(map(str.strip, map(str, row))) for row in sheet.head)]  # fmt: skip


def _beside(rows: Sequence[Sequence[Any]], window: tuple[int, int], about: str) -> Layout:
    own = [row[window[0] : window[1]] for row in rows]
    layout = with_units(find_layout(own), own, about)
    return replace(layout, window=window, notes=(*layout.notes, "tables stand side by side, each read as its own"))


def _windows(header: Sequence[Any]) -> list[tuple[int, int]]:
    """The columns of each table of a header row: parted by an empty column, or begun again with the same names."""
    fields = [exact_field_of(cell) for cell in header]

    def whole(first: int, last: int) -> bool:
        return "supplier" in fields[first:last] and bool({*AMOUNTS} & {*fields[first:last]})

    starts = [at for at, cell in enumerate(header)
              if str(cell or "").strip() and (not at or not str(header[at - 1] or "").strip())]  # fmt: skip
    cuts = [at for at in starts if whole(at, _end(header, at))]
    if len(cuts) < 2:
        known = [at for at, name in enumerate(fields) if name]
        again = [at for at in known[1:] if fields[at] == fields[known[0]]]
        cuts = [known[0], *again] if known else []
        cuts = cuts if len(cuts) > 1 and all(whole(a, b) for a, b in pairwise([*cuts, len(header)])) else []
    return list(pairwise([0, *cuts[1:], 1 << 14])) if len(cuts) > 1 else []


def _end(header: Sequence[Any], at: int) -> int:
    return next((end for end in range(at, len(header)) if not str(header[end] or "").strip()), len(header))


def _blocks(sheet: Sheet, how: Manner) -> Iterator[Block]:
    if how.mended and sheet.mended:
        return sheet.mended()
    return sheet.careful() if how.careful else sheet.blocks()


def _sort(sheet: Sheet, layouts: list[Layout], months: tuple[str, ...], how: Manner, delimiter: str) -> list[Tally]:
    """Sort out all blocks of a sheet. Raises UnevenError unless careful, InputError when it takes too long."""
    tallies = [Tally(layout, months, how, hidden=frozenset(sheet.form.hidden_rows)) for layout in layouts]
    for tally in tallies[1:]:
        tally.votes = tallies[0].votes
    until = time.monotonic() + MOST_SECONDS
    for block in _blocks(sheet, how):
        tallies[0].lines += len(block.numbers)
        for text in broken_cells(block) if sheet.mended else ():
            tallies[0].lines_inside += text.count("\n")
            tallies[0].swallowed |= swallows(text, delimiter, sheet.width)
        for layout, tally in zip(layouts, tallies, strict=True):
            sort_block(block.part(layout.start, layout.end, layout.window), layout, tally)
        if time.monotonic() > until:
            raise InputError(f"reading it took more than {MOST_SECONDS:,} seconds")
    for tally in tallies:
        tally.flush()
    return tallies


def read_tables(sheet: Sheet, layouts: list[Layout], months: tuple[str, ...], *, about: str, watch: bool,
                delimiter: str) -> list[Tally]:  # fmt: skip
    """The tallies of the tables of a sheet: read once, and again where the first reading says how it must be done."""
    how = Manner(watches_slide=watch)
    for _ in range(MOST_READINGS):
        try:
            tallies = _sort(sheet, layouts, months, how, delimiter)
        except UnevenError:
            how = replace(how, careful=True)
            continue
        except InputError:
            if sheet.mended is None or how.mended:
                raise
            how = replace(how, mended=True)
            continue
        other = _another_way(sheet, layouts, tallies, how)
        below = _with_headers(sheet, layouts, tallies, about, how) if other == how else layouts
        if other == how and below == layouts:
            _count_lines(sheet, tallies, how)
            return tallies
        how, layouts = other, below
    raise InputError("how its rows are to be read cannot be told", expected="one header above each table")


def _another_way(sheet: Sheet, layouts: list[Layout], tallies: list[Tally], how: Manner) -> Manner:
    """How the sheet is to be read after what was seen in it."""
    if sheet.mended and not how.mended and tallies[0].swallowed:
        return replace(how, mended=True)
    if not how.slid and any(tally.slide.happened() for tally in tallies):
        return replace(how, slid=True)
    if not how.decimals and any(tally.commas for tally in tallies):
        told = Decimals()
        for block in _blocks(sheet, how):
            for layout in layouts:
                part = block.part(layout.first_data_row, layout.end, layout.window)
                if layout.amount_field:
                    told.add_cells(part.column(layout.columns[layout.amount_field]))
        return replace(how, decimals="comma" if told.marked_by_comma else "mixed" if told.mixed else "point")
    return how


def _with_headers(sheet: Sheet, layouts: list[Layout], tallies: list[Tally], about: str, how: Manner) -> list[Layout]:
    """The layouts with those of headers met on the way, and with a unit that a note beneath a table states."""
    said = [" ".join(tally.units) for tally in tallies]
    found = sorted({number for tally in tallies for number in tally.headers} - {layout.start for layout in layouts})
    if not found and not any(said):
        return layouts
    rows = _rows_at(sheet, [0, *found], how)
    if any(said) and not found:
        return [item if item.factors or not note else with_units(item, _own(rows[0], item), about, note)
                for item, note in zip(layouts, said, strict=True)]  # fmt: skip
    if len(found) > MOST_TABLES:
        raise InputError(f"its header changes more than {MOST_TABLES} times, first in row {found[0] + 1}")
    made = list(layouts)
    for number in found:
        made = [item if item.end is not None and item.end <= number else
                item if item.start >= number else replace(item, end=number) for item in made]  # fmt: skip
        after = next((other for other in found if other > number), None)
        below = find_tables(rows[number][: after - number if after else None], about, number)
        changed = f"another header in row {number + 1}: it rules the rows beneath it"
        for item in below:
            refused = NOT_UNDERSTOOD.format(number + 1) if item.refused or item.surety == "assumed" else ""
            first = max(item.first_data_row, number + 1)
            if refused:
                item = replace(item, header=tuple(rows[number][0]), refused=refused)
            made.append(replace(item, first_data_row=first, notes=(*item.notes, changed)))
    return _ended(sorted(made, key=lambda item: (item.start, item.window or (0, 0))))


def _ended(layouts: list[Layout]) -> list[Layout]:
    starts = sorted({layout.start for layout in layouts})
    after = dict(pairwise(starts))
    return [replace(layout, end=after.get(layout.start)) for layout in layouts]


def _own(rows: list[list[str]], layout: Layout) -> list[list[str]]:
    return [row[layout.window[0] : layout.window[1]] for row in rows] if layout.window else rows


def _rows_at(sheet: Sheet, numbers: list[int], how: Manner) -> dict[int, list[list[str]]]:
    """The first rows from each of some numbers on."""
    found: dict[int, list[list[str]]] = {number: [] for number in numbers}
    for block in _blocks(sheet, how):
        for number, rows in found.items():
            part = block.below(number)
            size = min(len(part.numbers), PROBE + SAMPLE - len(rows))
            rows += [part.row(at) for at in range(size)]
    return found


def _count_lines(sheet: Sheet, tallies: list[Tally], how: Manner) -> None:
    """Set how many lines the sheet has, and how many of them stand inside cells."""
    tally, rows = tallies[0], tallies[0].lines
    physical = sheet.lines() if sheet.lines else rows
    tally.lines = (
        physical + sum(item.passed for item in tallies) - rows
    )  # a row of two tables side by side counts twice
    if how.decimals in DECIMALS:
        tally.said.append(DECIMALS[how.decimals])
    if how.mended and NEVER_CLOSED_NOTE not in sheet.notes:
        tally.said.append(NEVER_CLOSED_NOTE)
