"""The one grammar of amounts in payment files, and what a text beyond it may mean.

In: the text of a cell. Out: pounds, or None and a guess in words. An amount is digits in groups of three or in none, a
point, and one sign: a minus before or behind, brackets, CR. Refused: groups of two, two signs, notes glued to a figure,
exponents, digits of other scripts; decimal commas unless the whole column is written so.
"""

from __future__ import annotations

import re

LARGEST = 1e11
LONGEST = 40  # no amount is longer
_SPACE = "[ \t\u00a0\u2000-\u200b\u202f\u2020]"
_CURRENCY = r"(?:£|GBP|œ|ú|\?|\ufffd|\u00c2£)"
_DIGITS = rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+|[0-9]+"
_COMMA_DIGITS = rf"[0-9]{{1,3}}(?:\.[0-9]{{3}})+|[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}})+|[0-9]+"


def _amount(digits: str, mark: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<open>\()?{_SPACE}*(?P<sign>[-+])?{_SPACE}*{_CURRENCY}?{_SPACE}*(?P<inner>[-+])?{_SPACE}*"
        rf"(?P<whole>{digits})?(?:{mark}(?P<part>[0-9]*))?"
        rf"{_SPACE}*(?:GBP|£)?{_SPACE}*(?P<behind>-|CR|DR)?{_SPACE}*(?P<close>\))?{_SPACE}*(?P<after>-|CR|DR)?",
        re.IGNORECASE,
    )


_POINT, _COMMA = _amount(_DIGITS, r"\."), _amount(_COMMA_DIGITS, ",")
_ONLY_COMMA = re.compile(r"[0-9](?:,[0-9]{1,2}|\.[0-9]{3},[0-9]+|,[0-9]{4,})(?![0-9,.])")
_ONLY_POINT = re.compile(r"(?:\.[0-9]{1,2}|,[0-9]{3}\.[0-9]+|,[0-9]{3},[0-9]{3})(?![0-9,.])")
_NOTED = re.compile(
    r"(-?£?[0-9][0-9,]*(?:\.[0-9]{1,2})?)\s*(?:[*†‡a-zA-Z¹²³]{1,3}|\([a-zA-Z0-9]\)|\[[a-zA-Z0-9]\]|\s[0-9])"
)
_GROUPS = re.compile(r"-?£?[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")


def pounds_of(text: str, *, comma: bool = False) -> float | None:
    """Pounds of a text, or None; with `comma` the decimals stand behind a comma, and thousands are marked by points."""
    bare = text.strip().strip("£ ").replace("\u2212", "-").replace("\u2013", "-")
    found = (_COMMA if comma else _POINT).fullmatch(bare)
    if len(text) > 2 * LONGEST or not found or not (found["whole"] or found["part"]):
        return None
    marks = [found[name] for name in ("sign", "inner", "behind", "after") if found[name]]
    bracketed = bool(found["open"])
    signs = [mark for mark in marks if mark.upper() not in ("DR", "+")]
    if bracketed != bool(found["close"]) or len(marks) + bracketed > 1:
        return None
    value = float(re.sub(f"[,.]|{_SPACE}", "", found["whole"] or "0") + "." + (found["part"] or "0"))
    if value >= LARGEST:
        return None
    return -value if signs or bracketed else value


def says_comma(text: str) -> bool:
    """Whether a text can only be an amount with a decimal comma."""
    return bool(_ONLY_COMMA.search(text)) and pounds_of(text) is None and pounds_of(text, comma=True) is not None


def says_point(text: str) -> bool:
    """Whether a text can only be an amount with a decimal point."""
    return bool(_ONLY_POINT.search(text)) and pounds_of(text) is not None


def may_be_either(text: str) -> bool:
    """Whether a text is an amount with a decimal point and another with a decimal comma: `1,250` and `1.250`."""
    point, comma = pounds_of(text), pounds_of(text, comma=True)
    return point is not None and comma is not None and point != comma


def may_mean(text: str) -> str:
    """What a text that is no amount may mean, in words; empty where nothing comes to mind."""
    text = " ".join(text.split())
    if text.startswith("#"):
        return "an error of the spreadsheet, or a column too narrow"
    if says_comma(text):
        return f"may mean {pounds_of(text, comma=True):.2f}, with a decimal comma"
    if _GROUPS.fullmatch(text):
        return f"may mean {text.replace(',', '')}: its digits stand in groups of two"
    if found := re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]{1,2}", text):
        return f"may mean {float(found[0]):.2f}: an exponent has lost digits"
    if any(mark.isdecimal() and not mark.isascii() for mark in text):
        plain = "".join(str(int(mark)) if mark.isdecimal() else mark for mark in text)
        if pounds_of(plain) is not None:
            return f"may mean {plain}: its digits are of another script"
    if (found := _NOTED.fullmatch(text)) and pounds_of(found[1]) is not None:
        return f"may mean {found[1]} with a note behind it"
    return ""
