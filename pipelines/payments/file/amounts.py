"""Amounts as publishers write them, and what their basis and sign are worth.

In: the cells of a column. Out: pounds or None per cell, each distinct text read once; how its decimals are marked. A
cell that is not an amount is handed back as None, never guessed. Nothing here drops a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.payments.words.grammar import LARGEST, may_be_either, pounds_of, says_comma, says_point
from pipelines.payments.words.texts import arrow_compute, bytes_of, coded, lengths_of

_USUAL = r"^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$"
_BARE = r"^[0-9]{7,9}$"
_PENCE = r"\.[0-9][0-9]\)?-?$"


def parse_amount(cell: Any) -> float | None:
    """Pounds of one cell by the one grammar of amounts, or None."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell) if cell == cell and abs(cell) < LARGEST else None
    if isinstance(cell, str) and cell.isascii() and cell.removeprefix("-").replace(".", "", 1).isdigit():
        value = float(cell)
        return value if abs(value) < LARGEST else None
    return pounds_of(str(cell)) if cell is not None else None


def parse_texts(texts: Any, *, comma: bool = False) -> Any:
    """Pounds of an Arrow array of texts, as float64 with NaN where a text is no amount; the same as `parse_amount`.

    With `comma` the column is written with decimal commas throughout.
    """
    import numpy as np
    import pyarrow as pa

    if comma:
        told = (pounds_of(text, comma=True) for text in texts.to_pylist())
        return np.array([np.nan if value is None else value for value in told], float)
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
class Decimals:
    """How the decimals of a column are marked, counted over its cells: those that can only be the one or the other."""

    comma: int = 0
    point: int = 0

    def add_cells(self, column: Any) -> None:
        """Count the cells of a column (Arrow array of texts)."""
        cells = coded(column)
        for text, count in zip(cells.texts.to_pylist(), cells.counts().tolist(), strict=True):
            self.comma += count * says_comma(text)
            self.point += count * says_point(text)

    @property
    def marked_by_comma(self) -> bool:
        """Whether every cell that tells has a decimal comma."""
        return self.comma > 0 and not self.point

    @property
    def mixed(self) -> bool:
        """Whether both are so common that a cell which may be either cannot be told."""
        return self.comma > 0 and 0 < self.point < 4 * self.comma


def unsure(texts: Any) -> Any:
    """Which texts (Arrow array) may be one amount with a decimal point and another with a comma, as booleans."""
    import numpy as np

    return np.array([may_be_either(text) for text in texts.to_pylist()], bool)


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
