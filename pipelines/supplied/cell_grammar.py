"""What a cell that people fill in may say: numbers, days, whole numbers and texts, read strictly.

In: a cell, as text or as a spreadsheet gives it. Out: its value, or a `Fault` that says what was found, what is
expected and what to do. Nothing is guessed: text in a number, a decimal comma and a day that could be another are
faults.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any

from pipelines.cell_values import hidden_in
from pipelines.financial_year import MONTHS

LONGEST = 4000
SHOWN = 60
"""Characters of a cell that a message repeats."""
LARGEST_WHOLE = 10**9
_PLAIN = re.compile(r"(?:£ ?)?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.\d{1,12})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"(?:£ ?)?\d{1,15}(?:\.\d{3})*,(?:\d{1,2}|\d{4,})", re.ASCII)
_GROUPED = re.compile(r"(?:£ ?)?\d[\d,. ']*", re.ASCII)
_NEGATIVE = re.compile(r"(?:[-\u2212\u2013] ?£?|£ ?[-\u2212\u2013]) ?\d.*|\(.*\d.*\)|.*\d-", re.ASCII | re.DOTALL)
_SCIENTIFIC = re.compile(r"-?\d{1,17}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T]00:00:00)?", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.? (\d{4})", re.ASCII)
_TWO_DIGITS = re.compile(r"\d{1,2}[ /.\-][\w]{1,9}[ /.\-]\d{2}", re.ASCII)
DAY = "a day written 2011-02-28 or 28 February 2011"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell, what is expected, and what to do."""

    what: str
    expected: str
    do: str = "Mend the cell."


def bare(cell: Any) -> Any:
    """A cell without white space around its text; None and empty text are the same."""
    if isinstance(cell, str):
        return cell.replace("\xa0", " ").replace("\r\n", "\n").strip(" \t\r\n")
    return "" if cell is None else cell


def found(cell: Any) -> str:
    """A cell as a message repeats it."""
    plain = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    return f"found '{str(plain)[:SHOWN]}'"


def amount(cell: Any, *, unit: str = "£ thousand") -> float | Fault:
    """An amount from nought up: digits, or groups of three with commas, with decimals and a leading £ or without."""
    expected = f"a number in {unit}, for example 12345 or 12,345.6"
    leave = "Write the number alone; leave the cell empty where there is none, and use the note for words."
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        return Fault(f"{found(cell)}, which is no number", expected, leave)
    if isinstance(cell, int | float):
        if not math.isfinite(cell):
            return Fault(found(cell), expected, leave)
        return float(cell) if cell >= 0 else Fault(f"{found(cell)}, which is below 0", "a number from 0 up", leave)
    text = str(cell)
    if _PLAIN.fullmatch(text):
        return float(text.lstrip("£ ").replace(",", ""))
    if _NEGATIVE.fullmatch(text):
        return Fault(f"{found(text)}, which is below 0 or could be", "a number from 0 up", leave)
    if _DECIMAL_COMMA.fullmatch(text):
        return Fault(f"{found(text)}, with a comma for decimals", expected, "Write a point before decimals.")
    if _GROUPED.fullmatch(text):
        return Fault(f"{found(text)}, whose digits are wrongly grouped", expected, "Write the digits without groups.")
    return Fault(f"{found(text)}, which is text", expected, leave)


def number(text: str) -> float | Fault:
    """A number of a table that a program wrote: digits with a point, a sign and an exponent, or an `amount`."""
    if _SCIENTIFIC.fullmatch(text):
        value = float(text)
        return value if math.isfinite(value) else Fault(found(text), "a number")
    return amount(text, unit="digits")


def whole(cell: Any) -> int | Fault:
    """A whole number from 1 up."""
    expected = "a whole number from 1 up"
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        right = math.isfinite(cell) and cell == int(cell) and 1 <= cell <= LARGEST_WHOLE
        return int(cell) if right else Fault(found(cell), expected)
    text = str(cell)
    if re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        return int(text)
    return Fault(found(text), expected)


def day(cell: Any) -> str | Fault:
    """A day as ISO text, from a date cell or a text that can mean one day only."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    text = " ".join(str(cell).split())
    do = "Write the day so that it can be one day only."
    if iso := _ISO.fullmatch(text):
        year, month, number = int(iso[1]), int(iso[2]), int(iso[3])
    elif slashed := _SLASHED.fullmatch(text):
        number, month, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
        if number != month and number <= 12 and month <= 12:
            return Fault(f"{found(text)}, which could be two days", DAY, do)
    elif named := _NAMED.fullmatch(text):
        number, month, year = int(named[1]), _month(named[2]), int(named[3])
    elif _TWO_DIGITS.fullmatch(text):
        return Fault(f"{found(text)}, whose year has two digits", DAY, "Write the year with four digits.")
    else:
        return Fault(f"{found(cell)}, which is no day", DAY, do)
    try:
        return dt.date(year, month, number).isoformat()
    except ValueError:
        return Fault(f"there is no day '{text[:SHOWN]}'", DAY, do)


def _month(name: str) -> int:
    """The number of a month's name or its first three letters; 0 for none."""
    low = name.lower()
    return next((at for at, month in enumerate(MONTHS, 1) if low in (month, month[:3], "sept"[: 4 * (at == 9)])), 0)


def words(cell: Any) -> str | Fault:
    """Text as it was written; a number or a day as its text."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    text = str(cell)
    if hidden := hidden_in(text):
        return Fault(f"it holds the character {hidden}", "text that can be printed", "Type the text anew.")
    if len(text) > LONGEST:
        what = f"the text has {len(text):,} characters"
        return Fault(what, f"at most {LONGEST:,}", "Shorten it, or enclose it as a document and name that.")
    return text
