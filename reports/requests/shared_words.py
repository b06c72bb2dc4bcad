"""What workbook and letters say alike: blanks for what the office fills in, days in words, what becomes of an answer.

In: what the office gave. Out: sentences. Nothing is read here.
"""

from __future__ import annotations

from reports.requests.request import Asking

BLANK = "______________________________"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
KEPT = (
    "What is kept: the figures, the names of documents and the texts of an answer travel with the audit's run and are "
    "printed, unedited, on the area's page. The file itself is recorded by its hash, so that nobody can change it "
    "unseen."
)
REDACT = (
    "Send no personal data: strike out names, contact details and anything about single persons in what you enclose, "
    "and name offices, not persons, in what you write."
)
JOINED = (
    "The figures join several authorities whose boundaries changed over these years; please answer for all of them "
    "together, or say in a note which are left out."
)


def day_words(day: str) -> str:
    """2026-05-01 as "1 May 2026"; a blank to fill in where there is none."""
    if not day:
        return BLANK
    year, month, date = (int(part) for part in day.split("-"))
    return f"{date} {MONTHS[month - 1]} {year}"


def office_words(asking: Asking) -> str:
    """The office that asks, or a blank to fill in."""
    return asking.office or BLANK
