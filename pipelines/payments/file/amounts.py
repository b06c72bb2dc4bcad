"""Amounts as publishers write them, and what their basis and sign are worth.

In: the cells of a column. Out: pounds or None per cell, each distinct text read once. A cell that is not an amount is
handed back as None, never guessed. Nothing here drops a row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pipelines.payments.words.texts import arrow_compute, bytes_of, lengths_of

_SPACE = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u2020]+")
_PLAIN = re.compile(r"^[-+]?(?=\.?\d)(\d+|\d{1,3}(,\d{2,3})+)?(\.\d*)?([eE][-+]?\d+)?$")
_USUAL = r"^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$"
_BARE = r"^[0-9]{7,9}$"
_PENCE = r"\.[0-9][0-9]\)?-?$"
LARGEST = 1e11


def parse_amount(cell: Any) -> float | None:
    """Pounds of one cell: pound signs, commas, no-break spaces, brackets, CR and a trailing minus are understood."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) if cell == cell and abs(cell) < LARGEST else None
    if isinstance(cell, str) and cell.isascii() and cell.removeprefix("-").replace(".", "", 1).isdigit():
        value = float(cell)
        return value if abs(value) < LARGEST else None
    text = _SPACE.sub("", str(cell)) if cell is not None else ""
    text = text.replace("£", "").replace("GBP", "").replace("\u2212", "-").replace("\u2013", "-").replace("�", "")
    text = text.replace("œ", "").replace("ú", "").replace("?", "")
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1], True
    if text.endswith("CR"):
        text, negative = text[:-2], not negative
    elif text.endswith("DR"):
        text = text[:-2]
    if text.endswith("-") and len(text) > 1:
        text, negative = text[:-1], not negative
    if not _PLAIN.match(text) or not any(map(str.isdigit, text)):
        return None
    value = float(text.replace(",", ""))
    if abs(value) >= LARGEST:
        return None
    return -value if negative else value


def parse_texts(texts: Any) -> Any:
    """Pounds of an Arrow array of texts, as float64 with NaN where a text is no amount; the same as `parse_amount`."""
    import numpy as np
    import pyarrow as pa

    pc, bare = arrow_compute(), texts
    _, held = bytes_of(texts)
    if len(held) and (held.min() < ord(",") or held.max() > ord("9")):
        bare = pc.utf8_trim(texts, "£ ")
    pounds, plain = np.full(len(texts), np.nan), _plain(bare)
    try:
        pounds[plain] = pc.cast(bare if plain.all() else bare.filter(pa.array(plain)), pa.float64()).to_numpy()
    except pa.ArrowInvalid:  # a minus or a point where none belongs
        plain[:] = False
    rest = np.flatnonzero(~plain & (lengths_of(bare) > 0))
    if len(rest):
        pounds[rest] = _marked_pounds(bare.take(pa.array(rest)))
    pounds[np.abs(pounds) >= LARGEST] = np.nan
    return pounds


def _plain(texts: Any) -> Any:
    """Which texts are digits, points and minus signs, and not empty: told by their bytes."""
    import numpy as np

    ends, held = bytes_of(texts)
    plain = lengths_of(texts) > 0
    odd = np.flatnonzero((held - np.uint8(ord("-")) > ord("9") - ord("-")) | (held == ord("/")))
    plain[np.searchsorted(ends, odd, side="right") - 1] = False
    return plain


def _marked_pounds(texts: Any) -> Any:
    """Pounds of texts with commas, brackets or a minus behind, which mean a minus; NaN where one is no amount."""
    import numpy as np
    import pyarrow as pa

    pc = arrow_compute()
    pounds, rest = _usual_pounds(texts)
    if len(rest):
        odd = texts.take(pa.array(rest))
        inside = pc.utf8_trim(pc.replace_substring_regex(odd, r"^\(([^-()]+)\)$|^([^-()]+)-$", r"\1\2"), "£ ")
        turned, left = _usual_pounds(inside)
        pounds[rest] = np.where(pc.equal(odd, inside).to_numpy(zero_copy_only=False), turned, -turned)
        for at in rest[left]:
            amount = parse_amount(texts[int(at)].as_py())
            pounds[at] = np.nan if amount is None else amount
    return pounds


def _usual_pounds(texts: Any) -> tuple[Any, Any]:
    """Pounds of texts that are digits, with commas by thousands or none; and which texts are not."""
    import numpy as np
    import pyarrow as pa

    pc = arrow_compute()
    usual = pc.match_substring_regex(texts, _USUAL)
    pounds = pc.cast(pc.replace_substring(pc.if_else(usual, texts, "0"), ",", ""), pa.float64())
    return pounds.to_numpy().copy(), np.flatnonzero(~usual.to_numpy(zero_copy_only=False))


@dataclass
class Slide:
    """Whether the transaction numbers of a table slid into its amounts, counted over all of its cells.

    They did where at least twenty cells and one in twenty are bare whole numbers of seven to nine digits, and most of
    the others carry pence.
    """

    cells: int = 0
    bare: int = 0
    pence: int = 0

    def add(self, texts: Any, counts: Any) -> None:
        """Count distinct texts (Arrow array) that stand so many times each."""
        import numpy as np
        import pyarrow as pa

        pc = arrow_compute()
        pence = _ends_in_pence(texts)
        others = np.flatnonzero(~pence & (lengths_of(texts) > 0))
        odd = texts.take(pa.array(others))
        self.cells += int(counts.sum())
        self.bare += int(counts[others][bare_numbers(odd)].sum())
        pence[others] = pc.match_substring_regex(pc.utf8_trim_whitespace(odd), _PENCE).to_numpy(zero_copy_only=False)
        self.pence += int(counts[pence].sum())

    def happened(self) -> bool:
        """The verdict."""
        return self.bare >= 20 and self.bare * 20 >= self.cells and self.pence * 2 > self.cells - self.bare


def _ends_in_pence(texts: Any) -> Any:
    """Which texts end with a point and two digits, told by their bytes; others may carry pence with a mark behind."""
    import numpy as np

    ends, held = bytes_of(texts)
    long = lengths_of(texts) >= 3
    point, tens, units = (held[ends[1:][long] - back] for back in (3, 2, 1))
    long[long] = (point == ord(".")) & (tens - np.uint8(ord("0")) <= 9) & (units - np.uint8(ord("0")) <= 9)
    return long


def bare_numbers(texts: Any) -> Any:
    """Which texts (Arrow array) are whole numbers of seven to nine digits, as booleans."""
    pc = arrow_compute()
    return pc.match_substring_regex(pc.utf8_trim_whitespace(texts), _BARE).to_numpy(zero_copy_only=False)


def basis_of(field: str) -> str:
    """`net`, `gross` or `unknown`, from the field the amount was taken from."""
    return {"amount_net": "net", "amount_gross": "gross"}.get(field, "unknown")


@dataclass
class Total:
    """Amounts added without loss, in any order: whole pounds and millionths apart, as whole numbers."""

    rows: int = 0
    millionths: int = 0
    negative: bool = False

    def add(self, pounds: Any) -> None:
        """Add an array of pounds (float64, none missing)."""
        import numpy as np

        whole = np.rint(pounds)
        self.rows += len(pounds)
        self.millionths += int(whole.astype(np.int64).sum()) * 1_000_000
        self.millionths += int(np.rint((pounds - whole) * 1e6).astype(np.int64).sum())
        self.negative = self.negative or bool((pounds < 0).any())

    def join(self, other: Total) -> None:
        """Add another sum."""
        self.rows, self.millionths = self.rows + other.rows, self.millionths + other.millionths
        self.negative = self.negative or other.negative

    @property
    def pounds(self) -> float:
        """The sum in pounds and pence."""
        return round(self.millionths / 1_000_000, 2)

    @property
    def sign_source(self) -> str:
        """`as printed`, or `no negatives in the file` where 500 rows or more hold none: a sign may have been lost."""
        return "as printed" if self.rows < 500 or self.negative else "no negatives in the file"
