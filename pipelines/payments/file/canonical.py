"""Rows that were kept become the canonical record: texts on one line, dates, payees, and what holds for the whole file.

In: the tally of a sheet, all of whose blocks were sorted out, and the facts of its file. Out: Arrow tables of table
`payment` with the row's key, always of the same size, so that how a file was split into blocks leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from pipelines.declarations.catalogue import TABLES, load_table
from pipelines.financial_year import of_month
from pipelines.payments.file.amounts import basis_of
from pipelines.payments.file.dates import read_date
from pipelines.payments.file.payee_columns import PAYER, Body, payee_columns, payer_columns
from pipelines.payments.file.row_reasons import text_of
from pipelines.payments.file.tally import AMOUNT_FIELDS, CODED, FIELDS, PLAIN, Tally
from pipelines.payments.words.row_hash import payment_keys
from pipelines.payments.words.texts import Coded, arrow_compute, bytes_of, recode

KEY = "row_key"
ROWS_AT_ONCE = 1 << 17
MONEY = tuple(name for name in AMOUNT_FIELDS if name != "amount")
EXCHANGED = ("expense_area", "expense_type")
SHEET = "sheet_number"
WHEN = ("date", "date_precision", "period", "financial_year")


@dataclass(frozen=True)
class FileFacts:
    """What holds for every row of a file."""

    source_file: str
    file_sha256: str
    body_type: str
    body_name: str
    body_code: str
    sign_source: str


def _in_one_line(texts: Any) -> bool:
    """Whether all texts are printable ASCII without doubled, leading and trailing spaces: told by their bytes."""
    ends, held = bytes_of(texts)
    if not len(held) or (held.min() > ord(" ") and held.max() < 0x7F):
        return True
    if held.min() < ord(" ") or held.max() >= 0x7F:
        return False
    space = held == ord(" ")
    first, last = ends[:-1], ends[1:] - 1
    some = last >= first
    return not ((space[1:] & space[:-1]).any() or space[first[some]].any() or space[last[some]].any())


def one_line(texts: Any) -> Any:
    """Texts (Arrow array) without line ends, doubled, leading and trailing spaces."""
    import pyarrow as pa

    if _in_one_line(texts):
        return texts
    pc = arrow_compute()
    odd = pc.invert(pc.ascii_is_printable(texts))
    for there in (pc.match_substring(texts, "  "), pc.starts_with(texts, " "), pc.ends_with(texts, " ")):
        odd = pc.or_(odd, there)
    if not pc.any(odd).as_py():
        return texts
    mended = pa.array([text_of(text) for text in texts.filter(odd).to_pylist()], pa.string())
    return pc.replace_with_mask(texts, odd, mended)


def _coded(column: Any, *, whole: bool) -> Coded:
    """A coded column of the spool with only the texts that stand in it, in the order they first do.

    It has no others where it is `whole`: where no row of the sheet was left out of it.
    """
    import pandas as pd
    import pyarrow as pa

    made = column.combine_chunks()
    codes = made.indices.to_numpy(zero_copy_only=False)
    if whole:
        return Coded(codes, made.dictionary)
    codes, used = pd.factorize(codes)
    return Coded(codes, made.dictionary.take(pa.array(used)))


def _one_line(column: Coded) -> Coded:
    texts = one_line(column.texts)
    return column if texts is column.texts else recode(column.codes, texts.to_pylist())


def _array(column: Coded) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(column.codes, pa.int32()), column.texts)


def _all(value: str, size: int) -> Coded:
    import numpy as np
    import pyarrow as pa

    return Coded(np.zeros(size, np.int32), pa.array([value]))


def _when(column: Coded, tally: Tally, year: str) -> dict[str, Coded]:
    months, order = tally.own_months, tally.order.order
    spare_month = months[0] if len(months) == 1 else ""
    years = {of_month(month) for month in months or tally.months}
    spare_year = (years.pop() if len(years) == 1 else "") or year or "unknown"
    known = {"": spare_year}
    made: list[tuple[str, ...]] = []
    turns = tally.turns.get(order)
    for text in column.texts.to_pylist():
        day = read_date(text, order)
        day = turns.turn(text.strip(), day, order) if turns else day
        month = day.value[:7]
        precision = day.precision if month else ("period" if spare_month else "none")
        if month not in known:
            known[month] = of_month(month)
        made.append((day.value, precision, month or spare_month, known[month]))
    return {name: recode(column.codes, values) for name, values in zip(WHEN, zip(*made, strict=True), strict=True)}


def same_in_sheet(tally: Tally, sheet: str, number: int) -> dict[str, str | None]:
    """What every row of a sheet has in common, by column: its name and number, and fields it has no column for."""
    used, order = tally.layout.columns, tally.order.order
    basis = basis_of(tally.layout.amount_field)
    same: dict[str, str | None] = {SHEET: str(number), "sheet": sheet, "date_order": order, "amount_basis": basis}
    same |= {name: "" for name in FIELDS if name not in used and not (tally.exchanged and name in EXCHANGED)}
    return same | {name: None for name in MONEY if name not in used}


def same_in_file(facts: FileFacts, sheets: Sequence[dict[str, str | None]], *, payers: bool) -> dict[str, str | None]:
    """What every row of a file has in common, by column. It is staged once, not with every row.

    Where it has several `payers` the body is told with every row.
    """
    told = {name: value for name, value in {**asdict(facts), "flags": ""}.items() if not payers or name not in PAYER}
    first, *rest = sheets
    return told | {name: value for name, value in first.items() if all(other.get(name, ...) == value for other in rest)}


@dataclass(frozen=True)
class Payers:
    """The bodies that a file's column of payers names, by the name; none where all rows are of `own`."""

    own: Body
    known: Mapping[str, Body]


def finish(tally: Tally, year: str, different: dict[str, str | None], who: Payers) -> Iterator[Any]:
    """The rows of a sheet with their keys, in tables without what every row of the file has in common.

    `year` is what the file's name says; `different` what holds for this sheet and not for the others.
    """
    import pyarrow as pa

    for rows in tally.kept.read(ROWS_AT_ONCE):
        whole = tally.whole and rows.num_rows == tally.kept.rows
        made: dict[str, Any] = {}
        for name in (name for name in FIELDS if name in rows.column_names):
            texts = rows[name]
            made[name] = _one_line(_coded(texts, whole=whole)) if name in CODED else one_line(texts.combine_chunks())
        if tally.exchanged:
            area, kind = (made.get(name, _all("", rows.num_rows)) for name in EXCHANGED)
            made["expense_area"], made["expense_type"] = kind, area
        date, supplier = (_coded(rows[name], whole=whole) if name in rows.column_names else _all("", rows.num_rows)
                          for name in ("date", "supplier"))  # fmt: skip
        made |= _when(date, tally, year) | payee_columns(_one_line(supplier))
        if who.known:
            made |= payer_columns(made.get("entity", _all("", rows.num_rows)), who.known, who.own)
        made |= {name: rows[name] for name in MONEY if name in rows.column_names}
        pounds = rows[tally.layout.amount_field]
        made |= {"amount_gbp": pounds, "source_row": rows["source_row"]}
        numbers = made.get("transaction_number", pa.repeat(pa.scalar(""), rows.num_rows))
        keys = payment_keys(made["date"], pounds.to_numpy(), numbers, made["supplier_clean"])
        arrays = {name: _array(value) if isinstance(value, Coded) else value for name, value in made.items()}
        arrays |= {name: constant(name, value, rows.num_rows) for name, value in different.items()}
        arrays |= {KEY: pa.array(keys)}
        names = [name for name in (*_columns(), SHEET, KEY) if name in arrays]
        schema = pa.schema([pa.field(name, arrays[name].type, name in MONEY) for name in names])
        yield pa.table([arrays[name] for name in names], schema=schema)


def constant(name: str, value: str | None, size: int) -> Any:
    """A column with one value throughout, as an Arrow array: a text, or no amounts at all."""
    import pyarrow as pa

    if value is None:
        return pa.nulls(size, pa.float64())
    return pa.repeat(pa.scalar(value), size) if name in PLAIN else _array(_all(value, size))


@cache
def _columns() -> tuple[str, ...]:
    return tuple(load_table(TABLES / "payment.toml").column_names)


def put_back(table: Any, same: dict[str, str | None]) -> Any:
    """A staged table as table `payment` with the row's key: what the file has in common, and the name of each row."""
    import pyarrow as pa

    pc = arrow_compute()
    number = same[SHEET] if SHEET in same else table[SHEET].cast(pa.string())
    rows = table["source_row"].cast(pa.string())
    columns = dict(zip(table.column_names, table.columns, strict=True))
    columns |= {name: constant(name, value, table.num_rows) for name, value in same.items()}
    columns["record_id"] = pc.binary_join_element_wise(str(same["file_sha256"])[:12], number, rows, ":")
    return pa.table({name: columns[name] for name in (*_columns(), KEY)})
