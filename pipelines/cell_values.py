"""What a cell says: numbers as publishers write them, and the markers they use for a missing value.

In: one cell. Out: a number or text and a status letter (`x` not available, `z` not applicable, `c` confidential). A
cell that is neither a number nor a known marker is handed back as not understood, never guessed; `may_mean` says in
words what it could be.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
import unicodedata
from typing import Any

MISSING = {
    "": "x", "...": "x", "…": "x", "..": "x", ".": "x", ":": "x", "-": "z", "–": "z", "n/a": "z", "na": "z",
    "[x]": "x", "[n]": "x", "[y]": "x", "#num!": "x", "#div/0!": "x", "#value!": "x", "#n/a": "x",
    "*": "c", "[c]": "c", "[z]": "z", "[low]": "x",
}  # fmt: skip
_NOTE = re.compile(r"\[notes? [^\]]{0,500}\]", re.IGNORECASE)
CONTROLS = ("Cc", "Cs", "Zl", "Zp")
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
FORMULA = re.compile(r"[ ']*[=+\-@\t\r].", re.DOTALL)
LARGEST = sys.float_info.max
LONGEST_NUMBER = 400  # the largest number there is has 309 digits; longer texts would be searched for minutes
_SPACE = re.compile(r"\s+")
_DIGITS = r"(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)(?:\.\d+)?|\.\d+"
_REMAINDER = re.compile(r"-?\d(?:\.\d{1,16})?[eE]-\d{2,3}", re.ASCII)  # what a spreadsheet writes for nearly nothing
_SIGNED = re.compile(
    rf"(?:[-+] ?£?|£ ?[-+]?) ?(?:{_DIGITS}) ?%?|(?:{_DIGITS}) ?[-%]?|\( ?£? ?(?:{_DIGITS}) ?%?\)", re.ASCII
)
_GUESSES = (
    (re.compile(r"-?(?:\d+|\d{1,3}(?:[. ]\d{3})+),\d+", re.ASCII), "a comma for decimals"),
    (re.compile(r"-?\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?", re.ASCII), "digits in groups of two"),
    (re.compile(r"-?\d{1,3}(?:['_.]\d{3})+", re.ASCII), "another mark between thousands"),
    (re.compile(r"-?\d+(?:\.\d+)?[eE][-+]?\d{1,3}", re.ASCII), "written with an exponent"),
)
_NOTED = re.compile(
    r"(-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?) ?(?:\d{1,2}|[*†‡¹²³]{1,3}|[\[(]?[a-z]{1,2}[\])]?|[\[(]\d{1,2}[\])])",
    re.ASCII | re.IGNORECASE,
)


def is_hidden(mark: str) -> bool:
    """True for a character that must not be printed: controls, half characters, marks that turn the way of writing."""
    return mark in TURNING or unicodedata.category(mark) in CONTROLS


def hidden_in(text: str) -> str:
    """The first character of a text of several lines that must not be printed, as an escape; empty without one."""
    found = HIDDEN.search(text)
    return f"\\u{ord(found[0]):04x}" if found else ""


def harmless(text: str) -> str:
    """Text for a CSV that no spreadsheet takes for a formula: an apostrophe before it. `printed_as` takes it away."""
    return f"'{text}" if FORMULA.match(text) else text


def printed_as(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if text.startswith("'") and FORMULA.match(text[1:]) else text


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without '.0', dates as ISO, white space collapsed, hidden characters left out."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else cell.isoformat()
    text = _SPACE.sub(" ", str(cell).replace("\xa0", " ")).strip()
    return text if text.isprintable() else "".join(mark for mark in text if not is_hidden(mark))


def fold(cell: Any) -> str:
    """Text for comparing headers and names: case folded, quotes straightened, '[note 5]' marks removed."""
    text = _NOTE.sub("", text_of(cell)).replace("\u2019", "'").replace("\u2018", "'").replace("\ufeff", "")
    return _SPACE.sub(" ", text).strip().casefold()


def slug(cell: Any) -> str:
    """Text as a lower-case identifier with underscores."""
    return re.sub(r"[^a-z0-9]+", "_", fold(cell)).strip("_")


def parse_number(cell: Any, *, missing: dict[str, str] | None = None) -> tuple[float | None, str, bool]:
    """(value, status letter, understood) of a cell, in the unit it is printed in; a percent sign is dropped.

    Accepts plain digits, or groups of three with commas or spaces; a point; one sign, or brackets, or a trailing minus
    for negatives; a pound sign; the remainder of a sum, as 7.45E-06. `missing` maps a source's own markers, case
    folded, to status letters. Never raises: a cell that is not understood, or beyond all numbers, gives (None, "x",
    False).
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell != cell:
            return None, "x", True
        return (float(cell), "", True) if abs(cell) <= LARGEST else (None, "x", False)
    text = text_of(cell)
    marker = text.casefold()
    if missing and marker in missing:
        return None, missing[marker], True
    if marker in MISSING:
        return None, MISSING[marker], True
    plain = text.replace("\u2212", "-")
    if _REMAINDER.fullmatch(plain):
        return float(plain), "", True
    if len(plain) <= LONGEST_NUMBER and _SIGNED.fullmatch(plain):
        value = float(re.sub(r"[^\d.]", "", plain))
        value = -value if plain.startswith("(") or "-" in plain else value
        return (value, "", True) if abs(value) <= LARGEST else (None, "x", False)
    return None, "x", False


def may_mean(cell: Any) -> str:
    """What a cell that is no number could be, in words for a message; empty where nothing comes to mind."""
    text = unicodedata.normalize("NFKC", text_of(cell)).replace("£", "").strip()
    if len(text) > LONGEST_NUMBER:
        return ""
    if text != text_of(cell).replace("£", "").strip() and parse_number(text)[0] is not None:
        return f"it may mean {text} (digits of another alphabet)"
    for pattern, what in _GUESSES:
        if pattern.fullmatch(text):
            return f"it may mean {_without_marks(text, what)} ({what})"
    noted = _NOTED.fullmatch(text)
    return f"it may mean {noted[1]} (a note stands behind it)" if noted else ""


def _without_marks(text: str, what: str) -> str:
    """Digits without what stands between them; a decimal comma becomes a point, an exponent is written out."""
    if "exponent" in what:
        return f"{float(text):.15g}"
    if "decimals" in what:
        whole, _, part = text.rpartition(",")
        return re.sub(r"[. ]", "", whole) + "." + part
    return re.sub(r"[,'_]" if "two" in what else r"[.'_]", "", text)
