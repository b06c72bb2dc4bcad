"""Financial years (1 April to 31 March, written 2014-15), months (2014-04) and the ways publishers write them."""

from __future__ import annotations

import re

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SPAN = re.compile(r"^(\d{4})\s*[-/_–to]*\s*(\d{2}|\d{4})$")
_MONTH = re.compile(r"^(?P<name>[a-z]{3,9})[\s\-_]*(?P<year>\d{4}|\d{2})$")
_ISO_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])(-\d{2})?( .*)?$", re.ASCII)


def from_start(start: int) -> str:
    """Financial year that starts on 1 April of `start`."""
    return f"{start}-{(start + 1) % 100:02d}"


def start_of(year: str) -> int:
    """Calendar year in which a financial year starts."""
    return int(year[:4])


def shift(year: str, by: int) -> str:
    """The financial year `by` years later (or earlier when negative)."""
    return from_start(start_of(year) + by)


def years_between(first: str, last: str) -> list[str]:
    """All financial years from `first` to `last`, both included."""
    return [from_start(start) for start in range(start_of(first), start_of(last) + 1)]


def parse_year(text: str, *, single: str = "start") -> str | None:
    """'2011-12', '2011/12', '201112' or '2011-2012' to '2011-12'. None if not a financial year.

    A lone year is the year in which the financial year starts or ends, as `single` says: 'start' or 'end'.
    """
    text = text.strip().removesuffix(".0")
    lone = re.fullmatch(r"(?:20)?(\d{2})", text)
    if lone:
        return from_start(2000 + int(lone[1]) - (1 if single == "end" else 0))
    match = _SPAN.match(text)
    if not match:
        return None
    start, end = int(match[1]), int(match[2])
    return from_start(start) if end % 100 == (start + 1) % 100 else None


def parse_month(text: str) -> str | None:
    """'April 2011', 'Apr-11' or an ISO date to '2011-04'. None if not a month."""
    folded = text.strip().casefold()
    iso = _ISO_MONTH.match(folded)
    if iso:
        return f"{iso[1]}-{iso[2]}"
    match = _MONTH.match(folded)
    if not match:
        return None
    numbers = [index for index, name in enumerate(MONTHS, 1) if name.startswith(match["name"])]
    if len(numbers) != 1:
        return None
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    return f"{year}-{numbers[0]:02d}"


def of_month(month: str) -> str:
    """Financial year of a month written '2011-04'."""
    year, number = int(month[:4]), int(month[5:7])
    return from_start(year if number >= 4 else year - 1)
