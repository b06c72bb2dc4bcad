"""Amounts as publishers write them, and what their basis and sign are worth.

In: the cells of a column. Out: pounds or None per cell, each distinct text read once. A cell that is not an amount is
handed back as None, never guessed. Nothing here drops a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_SPACE = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u2020]+")
_PLAIN = re.compile(r"^[-+]?(\d+|\d{1,3}(,\d{2,3})+)?(\.\d*)?([eE][-+]?\d+)?$")
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


def parse_column(cells: Iterable[Any]) -> list[float | None]:
    """Pounds of every cell of a column; each distinct text is read once."""
    known: dict[Any, float | None] = {}
    out: list[float | None] = []
    for cell in cells:
        if cell not in known:
            known[cell] = parse_amount(cell)
        out.append(known[cell])
    return out


def look_like_transaction_numbers(cells: Iterable[Any]) -> set[int]:
    """Positions of amounts that are bare whole numbers of seven digits or more beside others with pence.

    Found only where at least one in twenty cells is such a number while most others carry two decimals: the sign of a
    table whose transaction column slid into its amounts.
    """
    bare, pence, total = set[int](), 0, 0
    for index, cell in enumerate(cells):
        text = str(cell).strip()
        total += 1
        if re.fullmatch(r"\d{7,9}", text):
            bare.add(index)
        elif re.search(r"\.\d\d\)?-?$", text):
            pence += 1
    return bare if len(bare) >= 20 and len(bare) * 20 >= total and pence * 2 > total - len(bare) else set()


def basis_of(field: str) -> str:
    """`net`, `gross` or `unknown`, from the field the amount was taken from."""
    return {"amount_net": "net", "amount_gross": "gross"}.get(field, "unknown")


def sign_source(amounts: Iterable[float | None]) -> str:
    """`as printed`, or `no negatives in the file` where 500 rows or more hold none: a sign may have been lost."""
    known = [amount for amount in amounts if amount is not None]
    return "as printed" if len(known) < 500 or min(known) < 0 else "no negatives in the file"
