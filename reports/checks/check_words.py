"""What checks found, in words of people: names of columns, amounts and rules as sentences.

In: a column's name, a value or a reason as a check wrote it. Out: text ready to print. A column in whole pounds gives
its amounts as prose ("£33.8 million"); other figures keep their digits, with commas. Refuses nothing.
"""

from __future__ import annotations

import re

from reports.words.narrative import MINUS, decimal, prose_gbp, sentence

CODE_WORD = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
HYPHEN_MINUS = re.compile(r"(?<![\w.)])-(?=\d)")
IN_POUNDS = re.compile(r"[a-z0-9_]+_gbp\b")
NUMBER = re.compile(r"(?<![\w.,£])-?\d+(?:\.\d+)?(?![\w,%/-]|\.\d)")
PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")
RANGE = re.compile(r"column_values_to_be_between \((?:min_value ([^,()]+))?(?:, )?(?:max_value ([^,()]+))?\)")
ABOVE, BELOW = re.compile(r"outside \.\.\. to (\S+)"), re.compile(r"outside (\S+) to \.\.\.")
UNITS = ("_gbp_thousand", "_gbp_million", "_gbp")
NAMES = {"bcf": "Better Care Fund", "nhs": "NHS", "nce": "net current expenditure"}


def column_words(name: str) -> str:
    """A column's name in words, without its unit: "bcf_income_gbp_thousand" reads "Better Care Fund income"."""
    unit = next((unit for unit in UNITS if name.endswith(unit)), "")
    words = name.removesuffix(unit).replace("_gbp_per_", "_per_").split("_")
    return " ".join(NAMES.get(word, word) for word in words).strip()


def number_words(value: object) -> str:
    """A value as a check wrote it, with commas and a true minus; any other text stays as it is."""
    text = "" if value is None else str(value)
    if not PLAIN_NUMBER.fullmatch(text):
        return text
    number = float(text)
    return decimal(number, places=0 if abs(number) >= 100 or number.is_integer() else 2)


def plain_detail(text: str | None) -> str:
    """What a check found, as a sentence: columns and the rule in words, a true minus before a number."""
    told = text or ""
    money = bool(IN_POUNDS.match(told))
    told = RANGE.sub(lambda found: _range(*(_amount(limit, money=money) for limit in found.groups())), told)
    told = BELOW.sub(r"below \1", ABOVE.sub(r"above \1", told))
    if money:
        told = NUMBER.sub(lambda found: _amount(found.group(), money=True), told)
    named = CODE_WORD.sub(lambda found: column_words(found.group()), told)
    return sentence(HYPHEN_MINUS.sub(MINUS, named))


def _amount(text: str | None, *, money: bool) -> str:
    if money and NUMBER.fullmatch(text or ""):
        return prose_gbp(float(text or ""))
    return number_words(text)


def _range(lower: str, upper: str) -> str:
    if lower and upper:
        return f"{lower} to {upper}"
    return f"at least {lower}" if lower else f"at most {upper}"
