"""Dates of a file: whether day or month comes first is decided once for the file, with the period as tie-break.

In: the cells of a date column and the months the file says it is for. Out: per cell an ISO date or None and a precision
(day, month, period, none), and for the file the order, how surely it is known, and why. A single date whose day and
month are exchanged, as all the others show, is turned. No missing day is ever made up.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from pipelines.payments.words.period import MONTHS

_NUMERIC = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:\s.*|T.*)?$")
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?$")
_NAMED = re.compile(
    r"^(?:[A-Za-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([A-Za-z]{3,9})[-/., ]+(\d{4}|\d{2})(?:\s.*)?$"
)
_MONTH = re.compile(r"^([A-Za-z]{3,9})[-/. ']+(\d{4}|\d{2})$")
_COMPACT = re.compile(r"^(20[0-3]\d)(0[1-9]|1[0-2])([0-2]\d|3[01])$")
_YEAR_MONTH = re.compile(r"^(20[0-3]\d)[-/]?(0[1-9]|1[0-2])$")
_SERIAL = re.compile(r"^(3[5-9]|4\d|5[0-5])\d{3}(?:\.\d+)?$")
LEAST_TYPED, LEAST_SURE, MOST_MONTHS = 3, 10, 3
OTHER = {"dmy": "mdy", "mdy": "dmy"}
EARLIEST, LATEST = dt.date(2005, 1, 1), dt.date(2040, 12, 31)
EPOCH = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Order:
    """`dmy` or `mdy`, how surely, and why."""

    order: str
    surety: str
    why: str


class Day(NamedTuple):
    """A date as far as it is known. `value` is ISO: `2020-04-30` for a day, `2020-04` for a month."""

    value: str
    precision: str


NONE = Day("", "none")


def _year(text: str) -> int:
    return int(text) + (2000 if len(text) == 2 else 0)


@lru_cache(maxsize=50_000)
def _numbers(text: str) -> tuple[int, int, int] | None:
    """The numbers of a date whose day and month are numbers and come first."""
    match = _NUMERIC.match(text)
    return (int(match[1]), int(match[2]), _year(match[3])) if match else None


def _day(year: int, month: int, day: int) -> Day:
    if month > 12:  # half of all days where day and month are tried in the other order
        return NONE
    try:
        made = dt.date(year, month, day)
    except ValueError:
        return NONE
    return Day(made.isoformat(), "day") if EARLIEST <= made <= LATEST else NONE


def exchanged(day: Day) -> Day:
    """The same date with day and month exchanged; no date where that gives none."""
    year, month, number = int(day.value[:4]), int(day.value[5:7]), int(day.value[8:])
    return _day(year, number, month) if month != number else day


def is_typed(text: str) -> bool:
    """Whether a cell held a date and not a text: such cells come year first."""
    return bool(_ISO.match(text))


class Turns:
    """Whether single dates of a table have day and month exchanged, told from all of its dates.

    They have where typed dates never have a day above 12 and texts always do: a spreadsheet typed those it could read
    month first. And where nearly all dates are in the months of the file once those outside it are turned.
    """

    def __init__(self, months: Sequence[str]) -> None:
        self.months = set(months)
        self.typed, self.texts = Counter[bool](), Counter[bool]()
        self.other = Counter[tuple[str, str]]()  # month as read, and turned; empty where it cannot be
        self.other_typed = Counter[tuple[str, str]]()
        self.strays = Counter[str]()  # months of texts that are dates only in the other order

    def add(self, day: Day, count: int, *, other: Day, typed: bool) -> None:
        """Count a date as it was read; `other` is the same text read in the other order."""
        if day.precision != "day":
            self.strays[other.value[:7]] += count if other.precision == "day" else 0
            return
        month, high = day.value[:7], day.value[8:] > "12"
        (self.typed if typed else self.texts)[high] += count
        turned = "" if high else day.value[:5] + day.value[8:]
        self.other[month, turned] += count
        if typed:
            self.other_typed[month, turned] += count

    @cached_property
    def by_type(self) -> bool:
        """Whether every typed date was exchanged."""
        whole = not self.typed[True] and not self.texts[False]
        if not whole or self.typed[False] < LEAST_TYPED or self.texts[True] < LEAST_TYPED:
            return False
        own = self.file_months
        right = sum(count for (month, _), count in self.other_typed.items() if month in own)
        turned = sum(count for (_, other), count in self.other_typed.items() if other in own)
        return turned > right if own else True

    @cached_property
    def file_months(self) -> set[str]:
        """The months the file says it is for; else the few that nearly all dates are in whose day is above 12."""
        if self.months:
            return self.months
        sure = Counter[str]()
        for (month, other), count in self.other.items():
            sure[month] += count if not other else 0
        most = sure.most_common(MOST_MONTHS)
        share = sum(count for _, count in most) / max(1, sure.total())
        return {month for month, _ in most} if sure.total() >= LEAST_SURE and share >= 0.95 else set()

    @cached_property
    def by_month(self) -> int:
        """How many dates outside the months of the file are in them once turned, where hardly any others are left."""
        own = self.file_months
        inside = sum(count for (month, _), count in self.other.items() if month in own)
        turned = sum(count for (month, other), count in self.other.items() if month not in own and other in own)
        return turned if inside and (inside + turned) * 10 >= 9 * self.other.total() else 0

    @property
    def found_strays(self) -> int:
        """How many texts are dates in the months of the file only in the other order."""
        return sum(count for month, count in self.strays.items() if month in self.file_months)

    @property
    def count(self) -> int:
        """How many dates are turned."""
        return self.found_strays + (self.typed[False] if self.by_type else self.by_month)

    def turn(self, text: str, day: Day, order: str) -> Day:
        """A date, read in the order of its file, as it is to be kept."""
        if day.precision == "none" and self.strays:
            other = read_date(text, OTHER[order])
            return other if other.precision == "day" and other.value[:7] in self.file_months else day
        if day.precision != "day" or int(day.value[8:]) > 12:
            return day
        if self.by_type:
            return exchanged(day) if is_typed(text) else day
        if self.by_month and day.value[:7] not in self.file_months:
            other = exchanged(day)
            return other if other.value[:7] in self.file_months else day
        return day


class OrderVotes:
    """What the dates of a table say about the order of day and month. `months` are those it is for, as `2020-04`."""

    def __init__(self, months: Sequence[str]) -> None:
        self.months, self.first, self.second, self.seen = months, 0, 0, 0
        self.fits = Counter[str]()

    def add(self, cell: Any, count: int) -> bool:
        """Count a cell that stands so many times. Returns whether the order makes a difference to it."""
        numbers = _numbers(str(cell).strip())
        if not numbers:
            return False
        self.seen += count
        one, two, year = numbers
        self.first, self.second = self.first + count * (one > 12), self.second + count * (two > 12)
        if self.months:
            self.fits["dmy"] += count * (f"{year}-{two:02d}" in self.months)
            self.fits["mdy"] += count * (f"{year}-{one:02d}" in self.months)
        return one != two

    def decide(self) -> Order:
        """The one order of the table, how surely, and why."""
        first, second, fits = self.first, self.second, self.fits
        if first and second:
            order = "dmy" if first >= second else "mdy"
            return Order(order, "likely", f"mixed: {first} rows can only be day first, {second} only month first")
        if first or second:
            order, count = ("dmy", first) if first else ("mdy", second)
            return Order(order, "certain", f"{count} rows allow no other order")
        if not self.seen:
            return Order("dmy", "certain", "no date needs it: months are named, or the year comes first")
        if fits["dmy"] != fits["mdy"]:
            order = max(sorted(fits), key=lambda name: fits[name])
            return Order(order, "likely", f"{fits[order]} rows fall in the period of the file only in this order")
        return Order("dmy", "assumed", "no date tells; British order")


def decide_order(cells: Iterable[Any], months: Sequence[str]) -> Order:
    """The order of day and month in a list of cells."""
    votes = OrderVotes(months)
    for cell in cells:
        votes.add(cell, 1)
    return votes.decide()


@lru_cache(maxsize=50_000)
def read_date(cell: Any, order: str) -> Day:
    """One date under the order decided for its file."""
    if isinstance(cell, dt.datetime | dt.date):
        return _day(cell.year, cell.month, cell.day)
    text = str(cell).strip() if cell is not None else ""
    if isinstance(cell, float) and cell.is_integer():
        text = str(int(cell))
    if numbers := _numbers(text):
        one, two, year = numbers
        return _day(year, two, one) if order == "dmy" else _day(year, one, two)
    if match := _ISO.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if (match := _NAMED.match(text)) and match[2][:3].lower() in MONTHS:
        return _day(_year(match[3]), MONTHS[match[2][:3].lower()], int(match[1]))
    if (match := _MONTH.match(text)) and match[1][:3].lower() in MONTHS:
        return Day(f"{_year(match[2])}-{MONTHS[match[1][:3].lower()]:02d}", "month")
    if match := _COMPACT.match(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_MONTH.match(text):
        return Day(f"{match[1]}-{match[2]}", "month")
    if _SERIAL.match(text):
        made = EPOCH + dt.timedelta(days=int(float(text)))
        return _day(made.year, made.month, made.day)
    return NONE
