"""Payments of the ledger with the NHS on one side and a council on the other.

In: the ledger. Out: those rows as one Arrow table sorted by record, with their direction. Texts are codes into what
stands in them, so a payment takes some 130 bytes; of all other rows no more is held than one row group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipelines.payments.file.withhold import BUDGET
from pipelines.payments.ledger.partitions import PARTITION
from pipelines.payments.ledger.stage import text_columns
from pipelines.payments.words.organisations import COMMISSIONER, COUNCIL, TRUST
from pipelines.payments.words.texts import arrow_compute

SURE_ENOUGH = 0.75
AT_ONCE = 4096
"""So many different rows at most are Python's objects at once."""
NOT_CODED = ("record_id", "transaction_number")
COLUMNS = [
    "record_id", "body_type", "body_code", "body_name", "supplier_kind", "supplier_org_code", "supplier_org_name",
    "supplier_raw", "supplier_area_code", "supplier_match_score", "financial_year", "period", "date", "expense_area",
    "expense_type", "department", "purpose", "transaction_number", "amount_gbp", "sign_source", "source_file", "sheet",
    "source_row",
]  # fmt: skip


def direction_of(payer: str, payee: str) -> str:
    """`nhs_to_council`, `council_to_nhs`, or empty: who paid and who was paid are kinds of bodies of the two sides."""
    if payer in (COMMISSIONER, TRUST) and payee == COUNCIL:
        return "nhs_to_council"
    return "council_to_nhs" if payer == COUNCIL and payee in (COMMISSIONER, TRUST) else ""


def coded(rows: Any) -> Any:
    """A table whose texts are codes into a dictionary of its own, but for the columns whose texts do not repeat."""
    import pyarrow as pa

    for at, field in enumerate(rows.schema):
        text = pa.types.is_string(field.type) or pa.types.is_dictionary(field.type)
        if text and field.name not in NOT_CODED:
            rows = rows.set_column(at, field.name, rows[at].cast(pa.string()).dictionary_encode())
    return rows


def plain(rows: Any, columns: Sequence[str]) -> Any:
    """Some columns of a table, their codes made texts."""
    import pyarrow as pa

    fields = [rows.schema.field(name) for name in columns]
    texts = [field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in fields]
    return rows.select(columns).cast(pa.schema(texts))


def numbered(rows: Any, columns: Sequence[str]) -> tuple[Any, Any]:
    """The number of each row's combination of columns, and the first row of each combination."""
    import numpy as np

    numbers, first = np.zeros(rows.num_rows, np.int64), np.zeros(0, np.int64)
    for name in columns:
        codes = rows[name].combine_chunks().dictionary_encode()
        both = numbers * len(codes.dictionary) + codes.indices.to_numpy()
        _, first, numbers = np.unique(both, return_index=True, return_inverse=True)
    return numbers, first


def each_told(rows: Any, columns: Sequence[str], tell: Callable[..., dict[str, Any]], schema: Any) -> Any:
    """What `tell` says of every row, as a coded table of `schema`; it is asked once per combination of the columns."""
    import pyarrow as pa

    numbers, first = numbered(rows, columns)
    told: list[Any] = [schema.empty_table()]
    for at in range(0, len(first), AT_ONCE):
        asked = plain(rows.take(pa.array(first[at : at + AT_ONCE])), columns).to_pylist()
        told.append(pa.Table.from_pylist([tell(**row) for row in asked], schema=schema))
    return coded(pa.concat_tables(told)).combine_chunks().take(pa.array(numbers))


def row_schema() -> Any:
    """The types of the rows: `COLUMNS` as the ledger has them, and the direction."""
    import pyarrow as pa

    from pipelines.declarations.catalogue import arrow_schema, tables

    ledger = arrow_schema(tables()["payment"]).remove_metadata()
    return pa.schema([*((name, ledger.field(name).type) for name in COLUMNS), ("direction", pa.string())])


def sorted_rows(tables: Iterable[Any]) -> Any:
    """Tables of `row_schema` as one, coded and sorted by record; free words of personal health budgets left out."""
    import pyarrow as pa

    pc = arrow_compute()
    found = [coded(row_schema().empty_table())]
    found.extend(coded(rows) for rows in tables)
    rows = pa.concat_tables(found).unify_dictionaries().combine_chunks().sort_by("record_id").combine_chunks()
    budget = each_told(rows, ["expense_area", "expense_type"], _is_budget, pa.schema([("budget", pa.bool_())]))
    words = pc.if_else(budget["budget"], "", rows["purpose"].cast(pa.string()))
    return coded(rows.set_column(COLUMNS.index("purpose"), "purpose", words))


def _is_budget(expense_area: str, expense_type: str) -> dict[str, bool]:
    return {"budget": bool(BUDGET.search(f"{expense_area} {expense_type}"))}


def between(out: Path) -> Any:
    """Rows of the ledger from an NHS body to a council or the other way (columns `COLUMNS` and `direction`)."""
    return sorted_rows(_found(out))


def _found(out: Path) -> Iterator[Any]:
    """Those rows of each row group that has any; where none is, two columns have been read."""
    import pyarrow as pa
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    pc = arrow_compute()
    folders = pa.schema([(name, pa.string()) for name in PARTITION])
    stored = [name for name in COLUMNS if name not in PARTITION]
    texts = [name for name in text_columns() if name in stored]
    for part in ds.dataset(out / "payment", partitioning=ds.partitioning(folders, flavor="hive")).get_fragments():
        body = ds.get_partition_keys(part.partition_expression)
        kinds = [kind for kind in (COUNCIL, COMMISSIONER, TRUST) if direction_of(body["body_type"], kind)]
        if not kinds:
            continue
        file = pq.ParquetFile(part.path, read_dictionary=texts)
        for number in range(file.num_row_groups):
            told = file.read_row_group(number, columns=["supplier_kind", "supplier_match_score"], use_threads=False)
            other_side = pc.is_in(told["supplier_kind"].cast(pa.string()), value_set=pa.array(kinds))
            wanted = pc.and_(other_side, pc.greater_equal(told["supplier_match_score"], SURE_ENOUGH))
            if pc.any(wanted).as_py():
                rows = file.read_row_group(number, columns=stored, use_threads=False).filter(wanted)
                for name, value in {**body, "direction": direction_of(body["body_type"], kinds[0])}.items():
                    rows = rows.append_column(name, pa.array([value] * rows.num_rows, pa.string()))
                yield rows.select([*COLUMNS, "direction"])
