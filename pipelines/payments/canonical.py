"""Rows that were kept become the canonical record: texts on one line, dates, payees, and what holds for the whole file.

In: the tally of a sheet, all of whose blocks were sorted out, and the facts of its file. Out: Arrow tables of table
`payment` with the row's key, always of the same size, so that how a file was split into blocks leaves no trace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pipelines.catalogue import TABLES, load_table
from pipelines.financial_year import of_month
from pipelines.payments.amounts import basis_of
from pipelines.payments.blocks import Coded, arrow_compute
from pipelines.payments.dates import read_date
from pipelines.payments.organisations import normalise
from pipelines.payments.payees import resolve
from pipelines.payments.row_hash import payment_keys
from pipelines.payments.row_reasons import text_of
from pipelines.payments.rows import WITHHELD
from pipelines.payments.tally import AMOUNT_FIELDS, CODED, FIELDS, PLAIN, Tally

KEY = "row_key"
ROWS_AT_ONCE = 1 << 17
PAYEE = ("supplier_raw", "supplier_clean", "supplier_kind", "supplier_org_code", "supplier_org_name",
         "supplier_area_code", "supplier_match_score", "supplier_match_reason", "redacted")  # fmt: skip
WHEN = ("date", "date_precision", "period", "financial_year")
_REDACTED = re.compile(r"redact|withheld|personal data|data protection|confidential|private individual")


@dataclass(frozen=True)
class FileFacts:
    """What holds for every row of a file."""

    source_file: str
    file_sha256: str
    body_type: str
    body_name: str
    body_code: str
    sign_source: str
    financial_year: str


def recode(codes: Any, values: Sequence[Any]) -> Coded:
    """A column whose distinct values were changed: those now equal become one, in the order they first stand."""
    import pyarrow as pa

    made = pa.array(values, pa.string()).dictionary_encode()
    return Coded(made.indices.to_numpy(zero_copy_only=False)[codes] if len(values) else codes, made.dictionary)


def one_line(texts: Any) -> Any:
    """Texts (Arrow array) without line ends, doubled, leading and trailing spaces."""
    import pyarrow as pa

    pc = arrow_compute()
    odd = pc.invert(pc.ascii_is_printable(texts))
    for there in (pc.match_substring(texts, "  "), pc.starts_with(texts, " "), pc.ends_with(texts, " ")):
        odd = pc.or_(odd, there)
    if not pc.any(odd).as_py():
        return texts
    mended = pa.array([text_of(text) for text in texts.filter(odd).to_pylist()], pa.string())
    return pc.replace_with_mask(texts, odd, mended)


def _coded(column: Any) -> Coded:
    """A coded column of the spool with only the texts that stand in it, in the order they first do."""
    import pandas as pd
    import pyarrow as pa

    made = column.combine_chunks()
    codes, used = pd.factorize(made.indices.to_numpy(zero_copy_only=False))
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


@lru_cache(maxsize=200_000)
def _payee(text: str) -> tuple[Any, ...]:
    if text == WITHHELD:
        return (WITHHELD, "", "withheld", "", "", "", 0.0, "withheld by this tool", True)
    match = resolve(text)
    name = match.name if match.score else ""
    hidden = bool(_REDACTED.search(text.casefold()))
    return (text, normalise(text), match.kind, match.code, name, match.area_code, match.score, match.reason, hidden)


def _payees(printed: Coded) -> dict[str, Any]:
    import numpy as np
    import pyarrow as pa

    parts = list(zip(*map(_payee, printed.texts.to_pylist()), strict=True))
    made = {name: values for name, values in zip(PAYEE, parts, strict=True)}
    return {
        name: pa.array(np.array(values)[printed.codes])
        if name in ("supplier_match_score", "redacted")
        else recode(printed.codes, values)
        for name, values in made.items()
    }


def _when(column: Coded, tally: Tally, year: str) -> dict[str, Coded]:
    months, order = tally.own_months, tally.order.order
    spare_month = months[0] if len(months) == 1 else ""
    years = {of_month(month) for month in months}
    spare_year = (years.pop() if len(years) == 1 else "") or year or "unknown"
    made: list[tuple[str, ...]] = []
    for text in column.texts.to_pylist():
        day = read_date(text, order)
        month = day.value[:7]
        precision = day.precision if day.precision != "none" else ("period" if spare_month else "none")
        made.append((day.value, precision, month or spare_month, of_month(month) if month else spare_year))
    return {name: recode(column.codes, values) for name, values in zip(WHEN, zip(*made, strict=True), strict=True)}


@cache
def _columns() -> tuple[str, ...]:
    return tuple(load_table(TABLES / "payment.toml").column_names)


def finish(tally: Tally, facts: FileFacts, sheet: str, number: int) -> Iterator[Any]:
    """The rows of a sheet as tables of the canonical record with their keys."""
    import pyarrow as pa

    pc = arrow_compute()
    layout, order = tally.layout, tally.order.order
    start = pa.scalar(f"{facts.file_sha256[:12]}:{number}:")
    for rows in tally.kept.read(ROWS_AT_ONCE):
        size = rows.num_rows

        def field(name: str, rows: Any = rows, size: int = size) -> Coded:
            return _coded(rows[name]) if name in rows.column_names else _all("", size)

        made: dict[str, Any] = {name: _one_line(field(name)) for name in FIELDS if name in CODED}
        plain = {name: one_line(rows[name].combine_chunks()) if name in rows.column_names
                 else pa.repeat(pa.scalar(""), size) for name in PLAIN}  # fmt: skip
        if tally.exchanged:
            made["expense_area"], made["expense_type"] = made["expense_type"], made["expense_area"]
        made |= _when(field("date"), tally, facts.financial_year) | _payees(_one_line(field("supplier")))
        same = {"date_order": order, "amount_basis": basis_of(layout.amount_field), "flags": "", "sheet": sheet}
        same |= {name: getattr(facts, name) for name in ("source_file", "file_sha256", "body_type", "body_name",
                                                         "body_code", "sign_source")}  # fmt: skip
        made |= {name: _all(value, size) for name, value in same.items()}
        money = {name: rows[name] if name in rows.column_names else pa.nulls(size, pa.float64())
                 for name in AMOUNT_FIELDS if name != "amount"}  # fmt: skip
        pounds = rows[layout.amount_field]
        keys = payment_keys(made["date"], pounds.to_numpy(), plain["transaction_number"], made["supplier_clean"])
        identity = pc.binary_join_element_wise(start, rows["source_row"].cast(pa.string()), "")
        columns = {name: _array(value) if isinstance(value, Coded) else value for name, value in made.items()}
        columns |= plain | money | {"amount_gbp": pounds, "record_id": identity, "source_row": rows["source_row"]}
        yield pa.table({name: columns[name] for name in _columns()} | {KEY: pa.array(keys)})
