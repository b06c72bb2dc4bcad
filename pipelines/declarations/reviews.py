"""When checks are to be looked at again: what `review_by` says, and whether that time has passed.

In: codes of checks with their `review_by` (2027-03 or 2027-03-31; empty where a declaration stands for it). Out: those
that are overdue, and sentences. No clock is read here: whoever asks gives the date. What a run hashes tells only dates,
so that the same inputs give the same bytes.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable

NAMED = 8
Review = tuple[str, str]
"""The code of a check and its `review_by`."""


def overdue(reviews: Iterable[Review], today: datetime.date) -> list[Review]:
    """Those whose month, or day, lies wholly before `today`; the longest overdue first."""
    late = [(code, by) for code, by in reviews if by and by < today.isoformat()[: len(by)]]
    return sorted(late, key=lambda pair: (pair[1], pair[0]))


def overdue_sentence(late: list[Review]) -> str:
    """Which checks are overdue, in one sentence; empty where none is."""
    if not late:
        return ""
    named = ", ".join(f"{code} (by {by})" for code, by in late[:NAMED])
    more = f" and {len(late) - NAMED:,} more" if len(late) > NAMED else ""
    told = "1 check is" if len(late) == 1 else f"{len(late):,} checks are"
    return f"{told} overdue for review: {named}{more}. Look at each again, then give it a new `review_by` in its suite."


def dates_sentence(reviews: Iterable[Review]) -> str:
    """How many checks are to be reviewed by when, in one sentence without a clock; empty where none has a date."""
    counts = Counter(by for _, by in reviews if by)
    told = ", ".join(f"{number:,} by {by_words(by)}" for by, number in sorted(counts.items()))
    return f"Checks to be looked at again: {told}. One whose date has passed is overdue." if told else ""


def by_words(by: str) -> str:
    """2027-03 as March 2027, 2027-03-31 as 31 March 2027."""
    day = datetime.date.fromisoformat(by if len(by) > len("2027-03") else f"{by}-01")
    return f"{day.day} {day:%B %Y}" if len(by) > len("2027-03") else f"{day:%B %Y}"
