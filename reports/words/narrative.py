"""Numbers and sentences as they are printed, in prose and in tables.

In: plain numbers in whole pounds, shares and codes. Out: text ready to print: "£3.1 million" in prose, £ thousand
with commas in tables, a true minus sign (U+2212), a status letter such as [x] where a value is missing. Nothing here
reads a file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from pipelines.declarations.table_words import (
    BAND_WORDS,
    BOTH_LISTS,
    NO_LIST,
    NOT_ASSESSED,
    REVIEW_LIST,
    SETTLED,
    UNUSUAL_LIST,
)

MINUS = "−"
MISSING = "[x]"
STATUS_MEANINGS = {
    "c": "confidential",
    "x": "not available",
    "z": "not applicable",
    "e": "estimated",
    "p": "provisional",
    "r": "revised",
    "b": "break in series",
    "n": "not received",
}
OUTCOMES = {
    BOTH_LISTS: "Flagged: on both lists",
    REVIEW_LIST: "Flagged: on the review list",
    UNUSUAL_LIST: "Flagged: on the unusual-pattern list",
    SETTLED: "Settled",
    NO_LIST: "On no list",
    NOT_ASSESSED: "Not assessed",
}
BAND_MARKS = {
    **dict(zip(BAND_WORDS, ("+3", "+2", "+1", "0", f"{MINUS}1", f"{MINUS}2"), strict=True)),
    NOT_ASSESSED: "x",
}
"""What stands in an area's hexagon: steps towards replacement or against it; x where nothing was assessed."""
UNIT_WORDS = {
    "gbp": "£",
    "gbp_thousand": "£ thousand",
    "gbp_million": "£ million",
    "gbp_real": "£, 2014-15 prices",
    "gbp_per_adult": "£ per adult",
    "gbp_per_week": "£ per week",
    "percent": "per cent",
    "share": "share",
    "": "",
}


MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
MONTH_NAME = re.compile(rf"(?<=\d )(?:{MONTHS})\b|(?<=\d(?:st|nd|rd|th) )(?:{MONTHS})\b|\b(?:{MONTHS})(?= \d{{4}})")


def is_missing(value: float | int | None) -> bool:
    """True for None and not-a-number: both are shown as a status letter, never as nought."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def signed(text: str, value: float) -> str:
    """Put a true minus sign before `text` where `value` is below nought, unless it rounded to nought."""
    if value >= 0 or not any(digit in text for digit in "123456789"):
        return text
    return f"{MINUS}{text}"


def prose_gbp(value: float | None) -> str:
    """Whole pounds as prose: "£3.1 million", "£640,000", "£1.2 billion"; words where missing."""
    if value is None or is_missing(value):
        return "an amount that is not available"
    size = abs(value)
    if size >= 999_500_000:
        text = f"£{size / 1e9:.1f} billion"
    elif size >= 995_000:
        text = f"£{size / 1e6:.1f} million"
    elif size >= 100:
        text = f"£{round(size, -4 if size >= 100_000 else -3 if size >= 10_000 else -2):,.0f}"
    else:
        text = f"£{size:.0f}"
    return signed(text, value)


def thousand(value: float | None) -> str:
    """Whole pounds as £ thousand with commas, for tables; "[x]" if missing."""
    if value is None or is_missing(value):
        return MISSING
    return signed(f"{abs(value) / 1000:,.0f}", value)


def thousand_interval(lower: float | None, upper: float | None) -> str:
    """An interval in £ thousand, "−500 to 3,000"; "[x]" when either end is missing."""
    if is_missing(lower) or is_missing(upper):
        return MISSING
    return f"{thousand(lower)} to {thousand(upper)}"


def decimal(value: float | None, *, places: int = 2) -> str:
    """A number with commas and a fixed number of decimals; "[x]" if missing."""
    if value is None or is_missing(value):
        return MISSING
    return signed(f"{abs(value):,.{places}f}", value)


def interval(lower: float | None, upper: float | None, *, places: int = 2) -> str:
    """An interval with fixed decimals, "−0.10 to 0.85"; "[x]" when either end is missing."""
    if is_missing(lower) or is_missing(upper):
        return MISSING
    return f"{decimal(lower, places=places)} to {decimal(upper, places=places)}"


def less_or_more(lower: float | None, upper: float | None, said: Callable[[float], str]) -> str:
    """An interval of amounts less than expected, each end with its direction: "£5 more to £2 less".

    One word for both where they agree; "[x]" when either end is missing. `said` prints an amount above nought.
    """
    if lower is None or upper is None or is_missing(lower) or is_missing(upper):
        return MISSING
    near, far = sorted((lower, upper), key=abs)
    if (lower >= 0) == (upper >= 0):
        return f"{said(abs(near))} to {said(abs(far))} {'less' if upper >= 0 else 'more'}"
    return f"{said(abs(lower))} more to {said(abs(upper))} less"


def whole(value: float | None) -> str:
    """A count with commas; "[x]" if missing."""
    return decimal(value, places=0)


def percent(share: float | None) -> str:
    """A share between 0 and 1 as a whole percentage, "97%"; "[x]" if missing."""
    if share is None or is_missing(share):
        return MISSING
    return signed(f"{abs(share) * 100:.0f}%", share)


def chance(share: float | None) -> str:
    """A posterior as a whole percentage, never nought nor all: "under 1%", "over 99%"; "[x]" if missing."""
    if share is None or is_missing(share):
        return MISSING
    return "under 1%" if share < 0.005 else "over 99%" if share > 0.995 else percent(share)


def evidence(ratio: float | None) -> str:
    """An evidence ratio with three figures, as reasons print it; "[x]" if missing."""
    if ratio is None or is_missing(ratio):
        return MISSING
    return "under 0.001" if ratio < 0.001 else f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def about(count: float) -> str:
    """An expected number in prose: "about 3", "about one", "fewer than one"."""
    return "fewer than one" if count < 0.5 else "about one" if count < 1.5 else f"about {count:.0f}"


def unit_words(unit: str | None) -> str:
    """A unit's code in words; a unit already in words stays as it is."""
    return UNIT_WORDS.get(unit or "", unit or "")


def in_unit(value: float | None, unit: str | None) -> str:
    """A feature's value with its unit: shares as percentages, percentages and percentage points to one decimal."""
    if value is None or is_missing(value):
        return MISSING
    if unit == "share":
        return signed(f"{abs(value) * 100:.1f}%", value)
    if (unit or "").startswith("percent"):
        return f"{decimal(value, places=1)}{' pts' if (unit or '').startswith('percentage points') else '%'}"
    return decimal(value, places=0 if (unit or "").startswith("gbp") else 2)


def as_published(value: float | None, status: str | None) -> str:
    """A figure as the publisher gave it: no decimals for whole numbers; "[letter]" where it is missing."""
    if value is None or is_missing(value):
        return f"[{status}]" if status else MISSING
    places = 0 if float(value).is_integer() else 2 if abs(value) < 100 else 1
    return decimal(value, places=places)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 12th, 21st."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def count_of(number: int, one: str, many: str) -> str:
    """A count with its noun: "1 area", "0 areas", "1,234 rows"."""
    return f"{number:,} {one if number == 1 else many}"


def join_words(words: Sequence[str]) -> str:
    """Words as a list in prose: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def outcome(result: str | None) -> str:
    """A result in words: on which list, on none, or not assessed, are always different statements."""
    return OUTCOMES.get(result or NOT_ASSESSED, OUTCOMES[NOT_ASSESSED])


def band_words(band: str | None) -> str:
    """What an evidence ratio says, as a heading: "Points towards replacement"; "[x]" where there is none."""
    return f"{band[0].upper()}{band[1:]}" if band else MISSING


def missing_headline(name: str, years: str) -> str:
    """The headline where a run has none: that no comparison was made is not the same as nothing found."""
    when = f" for {years}" if years else ""
    return f"Expected and actual own-funded spend on adult social care could not be compared for {name}{when}."


def plain_code(code: str) -> str:
    """A code as words where no label is held: "learning_disability-transfer" reads "learning disability transfer"."""
    return code.replace("_", " ").replace("-", " ").strip()


def release_words(text: str | None) -> str:
    """A release as its publisher would write it: "last updated: 6 june 2024" reads "Last updated: 6 June 2024"."""
    named = MONTH_NAME.sub(lambda found: found[0].capitalize(), (text or "").strip())
    return f"{named[:1].upper()}{named[1:]}"


def sentence(text: str | None) -> str:
    """Text as a sentence: first letter large, a full stop at the end; empty stays empty."""
    trimmed = (text or "").strip()
    if not trimmed:
        return ""
    closed = trimmed if trimmed[-1] in ".?!" else f"{trimmed}."
    return closed[0].upper() + closed[1:]


def first_small(text: str) -> str:
    """A sentence that goes on after a colon: its first letter small."""
    return text[:1].lower() + text[1:]
