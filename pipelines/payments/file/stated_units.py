"""What a file says of its money: the unit of each column, the amount it lists from, and columns that are not used.

In: the layout of a table and its first rows. Out: the layout with them. Refused: a stated unit that the amounts
contradict, because which of the two holds cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pipelines.payments.file.amounts import parse_amount
from pipelines.payments.file.header import Layout, text_of_cell
from pipelines.payments.words.units import least_in, unit_in, unit_name
from pipelines.payments.words.vocabulary import MONEY
from pipelines.read.read_tabular import column_letter

FEW = 50  # rows by which a column of money is told
_PENCE = re.compile(r"\.[0-9]{1,2}\)?-?$")


def with_units(layout: Layout, rows: Sequence[Sequence[Any]], about: str, more: str = "") -> Layout:
    """A layout with the unit its header, title or notes state for each money column; refused where they contradict it.

    `about` is the name of the file, `more` what notes beneath the table say.
    """
    title = " ".join(text_of_cell(cell) for row in rows[: layout.first_data_row] for cell in row
                     if text_of_cell(cell) and text_of_cell(cell) not in layout.header)  # fmt: skip
    least = least_in(about) or least_in(title)
    factors: dict[str, float] = {}
    notes, refused = list(layout.notes), layout.refused
    for name in (name for name in MONEY if name in layout.columns):
        at = layout.columns[name]
        printed = layout.header[at] if at < len(layout.header) else ""
        worth, words = unit_in(printed)
        worth, words = (worth, words) if worth else unit_in(f"{title} {more}")
        if not worth:
            continue
        told = [parse_amount(row[at]) for row in rows[layout.first_data_row :] if at < len(row)]
        amounts = sorted(abs(amount) for amount in told if amount)
        factors[name] = worth
        if name == layout.amount_field:
            notes.append(f"amounts are in {unit_name(worth)} ('{words}')")
            refused = refused or _against(worth, words, amounts, least)
    if "credit" in layout.columns:
        notes.append(f"column {column_letter(layout.columns['credit'] + 1)} holds credits, which are taken off")
    unused = _unused(layout, rows)
    return replace(layout, factors=factors, least=least, unused=unused, notes=tuple(notes), refused=refused)


def _unused(layout: Layout, rows: Sequence[Sequence[Any]]) -> dict[str, int]:
    """Columns of money other than the amount and its credits: known as such, or with pence in half of their cells."""
    taken = {at for name, at in layout.columns.items() if name not in MONEY or name in (layout.amount_field, "credit")}
    known = {at for name, at in layout.columns.items() if name in MONEY} - taken
    data = rows[layout.first_data_row : layout.first_data_row + FEW]
    found: dict[str, int] = {}
    for at, printed in enumerate(layout.header):
        if at in taken or not printed:
            continue
        told = [text_of_cell(row[at]) for row in data if at < len(row) and text_of_cell(row[at])]
        pence = sum(bool(_PENCE.search(text)) and parse_amount(text) is not None for text in told)
        if at in known or (told and pence * 2 >= len(told)):
            found[f"column {column_letter(at + 1)} '{printed}'"] = at
    return found


def _against(worth: float, words: str, amounts: list[float], least: float) -> str:
    """Why a stated unit cannot be right; empty where it can."""
    if not amounts:
        return ""
    middle = amounts[len(amounts) // 2]
    if worth > 1 and middle >= (least or 20_000_000 / worth):
        return f"'{words}' says {unit_name(worth)}, but half of the amounts are {middle:,.0f} or more as they stand"
    if worth < 1 and any(amount != round(amount) for amount in amounts):
        return f"'{words}' says {unit_name(worth)}, but amounts have a part behind the point"
    return ""
