"""The months a file is for, from its name, its folder and the lines above its table.

In: texts. Out: months as `2020-04`, in order; a month without a year is completed only by a year seen beside it.
"""

from __future__ import annotations

import re

MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}  # fmt: skip


_NAMES = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|septeber|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_RANGE = re.compile(rf"\b({_NAMES})\b\s*(?:to|-|–)\s*\b({_NAMES})\b[\s\-]*((?:19|20)\d\d)\b", re.I)
_NAMED = re.compile(rf"(?<![a-z])({_NAMES})(?![a-z])[\s\-_.',]*((?:19|20)\d\d|\d\d(?!\d))?", re.I)
_ISO = re.compile(r"(?<!\d)(20[0-3]\d)[-_ ]?(0[1-9]|1[0-2])(?!\d)")
_REVISED = re.compile(
    r"\b(?:revis(?:ed|ion)|correct(?:ed|ion)|amend(?:ed|ment)|updated|re-?issued|replacement|v(?:ersion)? ?[2-9])\b",
    re.IGNORECASE,
)
_FINANCIAL = re.compile(r"(?<!\d)(20[0-3]\d)\s*[-/_]\s*(?:20)?(\d\d)(?!\d)")


def month_number(name: str) -> int:
    """1 to 12 of an English month, whole or cut to three letters."""
    return MONTHS[name[:3].lower()]


def months_in(text: str) -> tuple[str, ...]:
    """Months named in a text with their year: `Apr-Jun 2014`, `Sept-25`, `2012-04`, `201101`, `Mar 21`."""
    found: list[str] = []
    for match in _RANGE.finditer(text.replace("_", " ")):
        first, last, year = month_number(match[1]), month_number(match[2]), int(match[3])
        found += [f"{year}-{number:02d}" for number in range(first, last + 1)]
    if found:
        return tuple(sorted(set(found)))
    for match in _NAMED.finditer(text.replace("_", " ")):
        if match[2]:
            year = int(match[2]) + (2000 if len(match[2]) == 2 else 0)
            if 2005 <= year <= 2040:
                found.append(f"{year}-{month_number(match[1]):02d}")
    found += [f"{match[1]}-{match[2]}" for match in _ISO.finditer(text)] if not found else []
    return tuple(sorted(set(found)))


def bare_month(text: str) -> int | None:
    """The one month named without a year; None when there is none or more than one."""
    numbers = {month_number(match[1]) for match in _NAMED.finditer(text.replace("_", " ")) if not match[2]}
    return numbers.pop() if len(numbers) == 1 else None


def financial_year_in(text: str) -> str:
    """A financial year written as such (`2017-18`, `2016_17`); empty when there is none."""
    for match in _FINANCIAL.finditer(text):
        if int(match[2]) == (int(match[1]) + 1) % 100:
            return f"{match[1]}-{match[2]}"
    return ""


def file_months(stem: str, title: str) -> tuple[str, ...]:
    """The months of a file: those in its name, else those in its title. Empty when neither says."""
    return months_in(stem) or months_in(title)


def revised_in(text: str) -> str:
    """The word by which a file's name or title says that it replaces an earlier one; empty where none does."""
    found = _REVISED.search(text.replace("_", " "))
    return found[0] if found else ""


def may_be_a_year(months: tuple[str, ...]) -> bool:
    """Whether the one month found may have been a financial year: `2010-11` is November 2010 or April 2010 and on."""
    return len(months) == 1 and int(months[0][2:4]) + 1 == int(months[0][5:])
