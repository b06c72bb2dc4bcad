"""Where a table begins and which of its columns is which.

In: rows of a sheet. Out: a `Layout`: the header rows, the column of each field, whether the amount is net or gross, and
notes on everything decided. Handles banners, headers of two rows, no header, ghost columns, one field twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from pipelines.payments.file.amounts import parse_amount
from pipelines.payments.words.units import unit_in
from pipelines.payments.words.vocabulary import AMOUNTS, exact_field_of, field_of, has_letter
from pipelines.read.read_tabular import column_letter

PROBE = 60
SAMPLE = 200
BEYOND = "stands beyond the header and is not used"
_DATE = re.compile(r"^\d{1,4}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}( .*)?$")
_MONEY = re.compile(r"^[-(]?\s*£?\s*-?[\d,]*\d\.\d{1,2}\)?-?$|^[-(]?\s*£?\s*[\d,]+\)?-?$")
_FIRM = re.compile(r"\b(ltd|limited|plc|llp|council|trust|services?|group|association|society|university)\b", re.I)
_NAME = re.compile("[A-Za-z]{2}")


@dataclass(frozen=True)
class Layout:
    """Where the data begin (0-based row) and the column of each field; `header` as printed. A table takes the rows from
    `start` to before `end`, and the columns of `window`, from which columns are counted.

    `factors` is what one of a money column is worth in pounds; `least` the amount the file says it lists from;
    `unused` are columns of money that are not the amount, by what they are called.
    """

    first_data_row: int
    columns: dict[str, int]
    header: tuple[str, ...]
    surety: str
    notes: tuple[str, ...] = ()
    refused: str = ""
    start: int = 0
    end: int | None = None
    window: tuple[int, int] | None = None
    factors: dict[str, float] = field(default_factory=dict[str, float])
    least: float = 0.0
    unused: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def amount_field(self) -> str:
        """The amount used: net where there is one, else the one whose basis is not stated, else gross."""
        return next((name for name in AMOUNTS if name in self.columns), "")


@lru_cache(maxsize=10_000, typed=True)
def text_of_cell(cell: Any) -> str:
    """A header cell as one line of text."""
    return " ".join(str(cell).split()) if cell is not None else ""


def _has_text(cell: Any) -> bool:
    return cell is not None and bool(str(cell).strip())


def header_row(rows: Sequence[Sequence[Any]]) -> int | None:
    """The first of the rows that hold the most known headers; none where no row is one."""
    start, best = None, 0
    earlier: list[int] = []
    for index, row in enumerate(rows):
        cells = list(filter(_has_text, row))
        if sum(map(has_letter, cells)) < best:  # it cannot hold more
            continue
        told = [exact_field_of(cell) for cell in cells]
        if sum(map(bool, told)) >= 2:  # only then is it worth looking for near misses
            told = [field_of(cell)[0] for cell in cells]
        known = [name for name in told if name and name != "ignore"]
        money = bool(set(known) & {*AMOUNTS, "not_payments"})
        score = len(set(known)) + (1 if money else 0)
        if score > best and len(known) >= 2 and (money or len(known) >= 4) and len(known) * 3 >= len(cells):
            start, best = index, score
            earlier += [index] if money else []
    return next((at for at in earlier if at == start or _heads_data(rows, at, start or 0)), start)


def _heads_data(rows: Sequence[Sequence[Any]], at: int, end: int) -> bool:
    """Whether payments stand between a header and the next one: it is the header of a table of its own."""
    fields = {exact_field_of(cell): column for column, cell in enumerate(rows[at]) if exact_field_of(cell)}
    money = [column for name, column in fields.items() if name in AMOUNTS]
    told = [column for name, column in fields.items() if name in ("supplier", "date", "transaction_number")]

    def pays(row: Sequence[Any]) -> bool:
        amounts = (column < len(row) and _has_text(row[column]) and parse_amount(row[column]) is not None
                   for column in money)  # fmt: skip
        return any(amounts) and any(column < len(row) and _has_text(row[column]) for column in told)

    return bool(told) and any(map(pays, rows[at + 1 : end]))


def _merge(upper: Sequence[Any], lower: Sequence[Any]) -> list[str]:
    width = max(len(upper), len(lower))
    above = [text_of_cell(cell) for cell in [*upper, *[""] * (width - len(upper))]]
    below = [text_of_cell(cell) for cell in [*lower, *[""] * (width - len(lower))]]
    return [low if low and field_of(low)[0] else high for high, low in zip(above, below, strict=True)]


def _says_units(row: Sequence[Any]) -> bool:
    """Whether a row beneath a header only says in what its amounts are."""
    cells = [text_of_cell(cell) for cell in row if text_of_cell(cell)]
    return any(unit_in(cell)[0] for cell in cells) and all(unit_in(cell)[0] or cell in ("£", "(£)") for cell in cells)


def _is_second_header(row: Sequence[Any]) -> bool:
    cells = [text_of_cell(cell) for cell in row if text_of_cell(cell)]
    return len(cells) >= 2 and all(field_of(cell)[0] for cell in cells)


def _share(rows: Sequence[Sequence[Any]], column: int, pattern: re.Pattern[str] | None = None) -> float:
    cells = filter(None, (text_of_cell(row[column]) for row in rows if len(row) > column))
    return sum(1 for cell in cells if pattern is None or pattern.search(cell)) / max(1, len(rows))


def _often(rows: Sequence[Sequence[Any]], column: int) -> bool:
    """Whether more than one cell of fifty in a column has text; full columns are told by their first rows."""
    told = (True for row in rows if len(row) > column and _has_text(row[column]))
    return sum(islice(told, len(rows) // 50 + 1)) * 50 > len(rows)


def _filled(row: Sequence[Any], least: int) -> bool:
    told = filter(_has_text, row)
    return all(next(told, None) is not None for _ in range(least))


def _letters(rows: Sequence[Sequence[Any]], column: int) -> float:
    text = "".join(text_of_cell(row[column]) for row in rows if len(row) > column)
    return sum(map(str.isalpha, text)) / max(1, len(text))


def _choose(found: dict[str, list[int]], data: Sequence[Sequence[Any]], notes: list[str]) -> dict[str, int]:
    chosen: dict[str, int] = {}
    for name, columns in found.items():
        pick = columns[0]
        if len(columns) > 1:
            numeric = name in (*AMOUNTS, "date", "vat", "credit", "transaction_number")
            worth = [(_often(data, at), 0.0 if numeric else _letters(data, at), -at) for at in columns]
            pick = columns[worth.index(max(worth))]
            notes.append(f"{name} stands in {len(columns)} columns; column {pick + 1} is used")
        chosen[name] = pick
    return chosen


def _mend_ghosts(
    chosen: dict[str, int], header: Sequence[str], data: Sequence[Sequence[Any]], notes: list[str]
) -> dict[str, int]:
    mended = dict(chosen)
    for name, at in chosen.items():
        if _often(data, at):
            continue
        near = [side for side in (at - 1, at + 1, at - 2, at + 2) if 0 <= side < len(header) and not header[side]]
        full = [side for side in near if _share(data, side) > 0.1 and side not in mended.values()]
        if full:
            mended[name] = full[0]
            notes.append(f"{name}: the values stand beside their header, in column {full[0] + 1}")
    return mended


def _roles(chosen: dict[str, int]) -> dict[str, int]:
    """Fields that stand in for another: account text for the type, invoice date for the payment date."""
    out = dict(chosen)
    for spare, wanted in (("account", "expense_type"), ("category", "expense_type"), ("effective_date", "date"),
                          ("invoice_date", "date")):  # fmt: skip
        if wanted not in out and spare in out:
            out[wanted] = out[spare]
    if "account" in chosen and "purpose" in chosen and out.get("expense_type") == chosen["account"]:
        out["expense_code"], out["expense_type"] = chosen["account"], chosen["purpose"]
    return out


def _without_header(rows: Sequence[Sequence[Any]]) -> Layout:
    sample = [row for row in rows[:SAMPLE] if _filled(row, 3)]
    width = max(map(len, sample), default=0)
    if len(sample) >= 3 and width >= 3:
        dates = [at for at in range(width) if _share(sample, at, _DATE) > 0.8]
        money = [at for at in range(width) if at not in dates and _share(sample, at, _MONEY) > 0.8]
        pence = [at for at in money if _share(sample, at, re.compile(r"\.\d\d?\)?-?$")) > 0.3]
        firms = [(round(_share(sample, at, _FIRM), 4), -at) for at in range(width) if at not in (*dates, *money)]
        if pence and firms and max(firms)[0] > 0.15:
            columns = {"amount": pence[-1], "supplier": -max(firms)[1]} | ({"date": dates[-1]} if dates else {})
            texts = [at for at in range(width) if at not in columns.values() and _letters(sample, at) > 0.5]
            columns |= {"department": texts[0]} if texts else {}
            note = "no header: columns told by what they hold"
            return Layout(0, columns, tuple([""] * width), "assumed", (note,))
    return Layout(0, {}, (), "", refused="no header and no columns that can be told to be payee and amount")


def find_layout(rows: Sequence[Sequence[Any]], start: int | None = -1) -> Layout:
    """The layout of a sheet whose header is known to be row `start`; `refused` says why when it holds no payments."""
    start = header_row(rows[:PROBE]) if start == -1 else start
    if start is None:
        return _without_header(rows)
    header, after, notes = [text_of_cell(cell) for cell in rows[start]], start + 1, list[str]()
    if after < len(rows) and _is_second_header(rows[after]):
        header, after = _merge(rows[start], rows[after]), after + 1
        notes.append("the header has two rows")
    if after < len(rows) and _says_units(rows[after]):
        beneath = [text_of_cell(cell) for cell in rows[after]]
        header = [f"{text} {beneath[at] if at < len(beneath) else ''}".strip() for at, text in enumerate(header)]
        after += 1
    told = [field_of(cell) if cell else ("", "") for cell in header]
    if sum(1 for name, _ in told if name == "not_payments") >= 2:
        return Layout(after, {}, tuple(header), "certain", refused="a register of contracts, not payments")
    found: dict[str, list[int]] = {}
    for at in (at for at, (name, _) in enumerate(told) if name and name not in ("ignore", "not_payments")):
        found.setdefault(told[at][0], []).append(at)
    data = [row for row in rows[after : after + SAMPLE] if _filled(row, 2)]
    chosen = _roles(_mend_ghosts(_choose(found, data, notes), header, data, notes))
    unsure = [header[at] for at, (_, surety) in enumerate(told) if surety == "likely"]
    notes += [f"header '{text}' read as {field_of(text)[0]}" for text in unsure]
    chosen, refused = _shifted(chosen, header, data, notes)
    if not any(name in chosen for name in AMOUNTS):
        refused = "no column of amounts"
    return Layout(after, chosen, tuple(header), "likely" if unsure else "certain", tuple(notes), refused)


def _fit(columns: dict[str, int], data: Sequence[Sequence[Any]], shift: int) -> float:
    asked = {"date": _DATE, "supplier": _NAME, **dict.fromkeys(AMOUNTS, _MONEY)}
    told = [_share(data, columns[name] + shift, asked[name]) for name in asked if name in columns]
    return sum(told) / max(1, len(told))


def _shifted(
    chosen: dict[str, int], header: Sequence[str], data: Sequence[Sequence[Any]], notes: list[str]
) -> tuple[dict[str, int], str]:
    """The columns where cells stand beyond the header: as printed, or all one to the right if only that fits."""
    last = max((at for at, text in enumerate(header) if text), default=-1) + 1
    beyond = [at for at in range(last, min(last + 3, max(map(len, data), default=0))) if _share(data, at) > 0.5]
    if not beyond or not chosen or not data:
        return chosen, ""
    here, there = _fit(chosen, data, 0), _fit(chosen, data, 1)
    letter = column_letter(beyond[0] + 1)
    if there > here + 0.25 and there > 0.6:
        notes.append(f"rows have one cell more than the header (column {letter}): its names stand one to the left")
        return {name: at + 1 for name, at in chosen.items()}, ""
    if here < 0.4 and not any(at in beyond for at in chosen.values()):
        return chosen, f"cells stand beyond the header (column {letter}), and do not fit it"
    if not any(at in beyond for at in chosen.values()):
        notes.append(f"column {letter} {BEYOND}")
    return chosen, ""
