"""The unit that a header, a title or a note states for amounts, and the least amount a file says it lists.

In: texts. Out: what one of a figure is worth in pounds, where a text states it, and the words that state it; the
threshold of `over £25k`. A threshold is never taken for a unit.
"""

from __future__ import annotations

import re
from functools import lru_cache

_THOUSANDS = r"['\u2018\u2019]?000['\u2018\u2019]?s?(?![0-9,.])"
_THOUSAND = "|".join((
    rf"£\s?{_THOUSANDS}", r"£\s?\(?k\b\)?", r"£\s?thousands?\b", r"\bthousands? of (?:pounds|£)",
    r"\bin (?:pounds )?thousands?\b", r"\bpounds thousands?\b", rf"\bin (?:£\s?)?{_THOUSANDS}", r"\bGBP ?k\b",
    r"(?<![0-9,.£\w])['\u2018\u2019]000['\u2018\u2019]?s?(?![0-9,.])", r"\(000['\u2018\u2019]?s?\)",
    r"(?<![0-9,.])\b000s\b",
))  # fmt: skip
_MILLION = "|".join((r"£\s?m(?:illions?|n)?\b", r"\bmillions of (?:pounds|£)", r"\bin (?:pounds )?millions?\b",
                     r"£\s?000,?000(?![0-9])", r"\bGBP ?m\b"))  # fmt: skip
_PENCE = r"\bin pence\b|\(pence\)|\(p\)|\bpence\b"
UNITS = ((1_000_000.0, "million pounds", re.compile(_MILLION, re.IGNORECASE)),
         (1_000.0, "thousand pounds", re.compile(_THOUSAND, re.IGNORECASE)),
         (0.01, "pence", re.compile(_PENCE, re.IGNORECASE)))  # fmt: skip
_LEAST = re.compile(
    r"(?:\b(?:over|above|exceeding|greater than|more than|at least)|>|≥)(?: or equal to)?[\s_\-=]*(?:the value of )?"
    r"(£?)\s?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\s?(k\b|thousand\b)?"
    r"|(£)\s?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\s?(k\b|thousand\b)? (?:and|or) (?:over|above|more)\b",
    re.IGNORECASE,
)
USUAL_LEAST = frozenset({100, 250, 500, 1_000, 5_000, 10_000, 20_000, 25_000, 30_000, 50_000, 100_000})


@lru_cache(maxsize=10_000)
def unit_in(text: str) -> tuple[float, str]:
    """(pounds per figure, the words that say so); (0, "") where no unit but the pound is stated."""
    for worth, _, pattern in UNITS:
        if found := pattern.search(text):
            return worth, found[0].strip()
    return 0.0, ""


@lru_cache(maxsize=10_000)
def without_unit(text: str) -> str:
    """A header without the unit it states."""
    for _, _, pattern in UNITS[:2]:
        text = pattern.sub(" ", text)
    return re.sub(r"\((?:in )?p(?:ence)?\)|\bin pence\b", " ", text, flags=re.IGNORECASE)


def unit_name(worth: float) -> str:
    """A unit in words."""
    return next((name for value, name, _ in UNITS if value == worth), "pounds")


def least_in(text: str) -> float:
    """The amount that `over £25k` names; 0 where none is named."""
    for found in _LEAST.finditer(text.replace("_", " ")):
        pound, digits, thousand = found.groups()[:3] if found[2] else found.groups()[3:]
        value = float(digits.replace(",", "")) * (1_000 if thousand else 1)
        if value >= 100 and (pound or thousand or value in USUAL_LEAST):
            return value
    return 0.0
