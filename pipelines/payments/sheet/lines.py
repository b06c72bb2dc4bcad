"""Delimited text split line by line, where a quotation mark that is never closed would swallow the lines behind it.

In: lines of text and the usual number of cells. Out: rows. A line whose quotes do not pair goes on in the next ones
only where they are no rows of their own; else the one quote too many is taken for a letter. A line that cannot be split
is a row that says so in every cell, and no payment.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

Row = list[str]
NEVER_CLOSED = "#a quotation mark of its line is never closed, and its cells cannot be told"
MOST_JOINED = 50
MOST_QUOTES = 40
LONGEST = 100_000
QUOTE = '"'


def _split(text: str, delimiter: str) -> Row:
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])


def usual_width(text: str, delimiter: str) -> int:
    """How many cells most lines of a text have, told from those whose quotes pair."""
    lines = [line for line in text.splitlines()[:300] if line.strip() and line.count(QUOTE) % 2 == 0]
    counts = Counter(line.count(delimiter) + 1 if QUOTE not in line else len(_split(line, delimiter))
                     for line in (lines[:-1] or lines) if len(line) < LONGEST)  # fmt: skip
    return max(counts, key=lambda width: (counts[width], width), default=1)


def swallows(cell: str, delimiter: str, width: int) -> bool:
    """Whether a cell with line breaks holds what look like rows of the table."""
    return width > 1 and any(line.count(delimiter) * 2 >= width - 1 for line in cell.split("\n"))


def mended_rows(lines: Iterable[str], delimiter: str, width: int) -> Iterator[Row]:
    """Rows of a text, line by line."""
    source = iter(lines)
    waiting: list[str] = []
    while True:
        waiting += islice(source, max(0, MOST_JOINED - len(waiting)))
        if not waiting:
            return
        taken, row = _next(waiting, delimiter, width)
        yield row
        del waiting[:taken]


def _next(waiting: list[str], delimiter: str, width: int) -> tuple[int, Row]:
    """How many lines the next row takes, and its cells."""
    first = waiting[0].rstrip("\n")
    if first.count(QUOTE) % 2 == 0:
        return 1, _split(first, delimiter)
    open_quotes = first.count(QUOTE)
    for at, line in enumerate(waiting[1:], 1):
        if line.count(delimiter) >= width - 1 and len(_split(line.rstrip("\n"), delimiter)) >= width:
            break
        open_quotes += line.count(QUOTE)
        if open_quotes % 2 == 0:
            row = _split("".join(waiting[: at + 1]).rstrip("\n"), delimiter)
            if len(row) == width:
                return at + 1, row
            break
    return 1, _without_a_quote(first, delimiter, width)


def _without_a_quote(line: str, delimiter: str, width: int) -> Row:
    """The cells of a line without the one quote that leaves it with the usual number of cells."""
    places = [at for at, mark in enumerate(line) if mark == QUOTE]
    if len(places) <= MOST_QUOTES and len(line) <= LONGEST:
        for at in places:
            row = _split(line[:at] + line[at + 1 :], delimiter)
            if len(row) == width:
                return row
    return [NEVER_CLOSED] * width
