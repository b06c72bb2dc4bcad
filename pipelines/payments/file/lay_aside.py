"""The rows of a block that are not kept: set aside with a code and a reason, or no data at all.

In: a block while it is sorted out, and what is known of its rows. Out: rows in the tally's spool of those set aside;
and what a row that is no data says of the others, a header of another table or a unit. Nothing is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.payments.file.money import Columns
from pipelines.payments.file.row_reasons import headed_otherwise, header_fields, text_of, why_not
from pipelines.payments.file.tally import Tally
from pipelines.payments.file.totals import Verdicts
from pipelines.payments.words.units import unit_in
from pipelines.payments.words.vocabulary import exact_field_of


@dataclass(frozen=True)
class Left:
    """What is known of the rows of a block, by position, when those not kept are told apart."""

    pounds: Any
    said: Any
    slid: Any
    running: Any
    verdicts: Verdicts


def lay_aside(work: Columns, left: Any, tally: Tally, known: Left) -> int:
    """Set rows aside, each with its reason. Returns how many of them are no data at all."""
    if not len(left):
        return 0
    at = work.layout.columns[work.layout.amount_field]
    width = max(at for at in (*work.layout.columns.values(), len(work.block.columns) - 1)) + 1
    columns = [work.block.column(column).take(left).to_pylist() for column in range(width)]
    not_data = 0
    for position, row in zip(left.tolist(), map(list, zip(*columns, strict=True)), strict=True):
        number = int(work.block.numbers[position])
        unread = bool(known.pounds[position] != known.pounds[position])
        code = known.verdicts.get(position)
        if position not in known.verdicts and not (unread and note_header(row, number, tally)):
            code = _why(work, row, position, known)
        if code:
            tally.set_aside(number + 1, code[0], text_of(row[at])[:200], code[1])
            continue
        not_data += 1
        if unread:
            _listen(row, tally)
    return not_data


def _why(work: Columns, row: list[str], position: int, known: Left) -> tuple[str, str] | None:
    pounds = float(known.pounds[position])
    amount = None if pounds != pounds else pounds
    said, slid = bool(known.said[position]), bool(known.slid[position])
    return why_not(row, amount, said, slid, work.layout, float(known.running[position]))


def note_header(row: list[str], number: int, tally: Tally) -> bool:
    """Whether a row is a header; noted where its columns are not those of the header above it."""
    fields = header_fields(row)
    if fields is None:
        return False
    above = tally.header_above or [exact_field_of(text) for text in tally.layout.header]
    if headed_otherwise(fields, above):
        tally.headers.append(number)
        tally.header_above = fields
    return True


def _listen(row: list[str], tally: Tally) -> None:
    """Note the unit that a note, which is no data, says of the others."""
    filled = [text for text in row if text.strip()]
    if len(filled) <= 2 and (told := next((text for text in filled if unit_in(text)[0]), "")):
        tally.units.append(told[:200])
