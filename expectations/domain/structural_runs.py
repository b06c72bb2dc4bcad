"""Run the structural checks in Arrow: each kind of rule that `structural.py` derives has one small function here.

In: an Arrow table, its declaration and a derived `Check`. Out: `Found`, through `run_structural` an `Outcome`. Missing
values are counted, never judged, except where the rule is that a value is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from expectations.domain.structural import PAYMENTS
from expectations.records.checks import ERRORED, NOT_RUN, Check, Finding, Found, NotRunError, Outcome, as_text, judge
from expectations.records.table_frames import Frames, arrow_compute, joined_key, on_distinct
from pipelines.declarations.catalogue import Table, arrow_schema

MANY_KEYS = 3
"""From so many key columns on, codes are made small again after each, so that their product cannot pass 64 bits."""


def run_structural(check: Check, frames: Frames) -> Outcome:
    """Run one structural check.

    Never raises: what goes wrong becomes *errored*, a table that is absent *not run*. A table that is there without a
    row fails the check of its columns, which stops the run: a file was read and nothing came of it. Of payments,
    tables may be empty.
    """
    try:
        arrow = frames.arrow(check.table)
        if arrow.num_rows == 0 and frames.declared[check.table].layer == PAYMENTS:
            raise NotRunError(f"table '{check.table}' has no rows")  # where nothing was set aside or traced
        if check.type == "declared_columns":
            return judge(
                check, _declared_columns(frames.schema(check.table), frames.declared[check.table], arrow.num_rows)
            )
        if arrow.num_rows == 0:
            raise NotRunError(f"table '{check.table}' has no rows")
        return judge(check, RUNNERS[check.type](arrow, frames.declared[check.table], check))
    except NotRunError as reason:
        return Outcome(check, NOT_RUN, detail=str(reason))
    except Exception as error:  # a check at fault is reported as errored, which stops the run
        return Outcome(check, ERRORED, detail=f"the check raised {type(error).__name__}: {error}")


def _failing(arrow: Any, table: Table, mask: Any, column: str, reason: str) -> tuple[Finding, ...]:
    """One finding for each row where `mask` is true; `reason` may hold {value}."""
    if not (mask.any() if hasattr(mask, "dtype") else arrow_compute().any(mask).as_py()):
        return ()
    names = dict.fromkeys(("record_id", "area_code", "financial_year", *table.key, column))
    frame = arrow.select([name for name in names if name in arrow.column_names]).filter(mask).to_pandas()
    if "record_id" not in frame.columns:
        frame["record_id"] = joined_key(frame, table.key)
    return tuple(
        Finding(
            record_id=as_text(row["record_id"]),
            column=column,
            value=as_text(row.get(column)),
            reason=reason.format(value=as_text(row.get(column))),
            area_code=as_text(row.get("area_code")),
            financial_year=as_text(row.get("financial_year")),
        )
        for row in frame.to_dict("records")
    )


def _plain_type(kind: Any) -> str:
    import pyarrow as pa

    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return str(plain).replace("large_string", "string")


def _declared_columns(schema: Any, table: Table, rows: int) -> Found:
    declared = {item.name: str(item.type) for item in arrow_schema(table)}
    found = {item.name: _plain_type(item.type) for item in schema}
    wrong = [] if rows else ["the table is there, but has no rows"]
    wrong += [f"'{name}' is missing" for name in declared if name not in found]
    wrong += [f"'{name}' is not declared" for name in found if name not in declared]
    wrong += [
        f"'{name}' is {found[name]}, not {kind}" for name, kind in declared.items() if found.get(name, kind) != kind
    ]
    return Found(rows, 0, (), "; ".join(wrong) or f"{len(declared)} columns", failed_without_rows=bool(wrong))


def _codes(arrow: Any, names: list[str]) -> Any:
    """One whole number per row that is equal exactly where the values of `names` are."""
    import pyarrow as pa

    pc = arrow_compute()
    codes = pa.repeat(pa.scalar(0, pa.int64()), arrow.num_rows)
    for name in names:
        column = arrow.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks)
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        places = pc.add(pc.fill_null(pc.cast(coded.indices, pa.int64()), -1), 1)
        codes = pc.add(pc.multiply(codes, len(coded.dictionary) + 1), places)
        codes = codes.dictionary_encode().indices.cast(pa.int64()) if len(names) > MANY_KEYS else codes
    return codes


def _repeated(arrow: Any, table: Table, names: list[str], what: str) -> Found:
    """Rows that share the values of `names` with another row."""
    import numpy as np
    import pandas as pd

    names = [name for name in names if name in arrow.column_names]
    codes = _codes(arrow, names).to_numpy()
    ordered = np.sort(codes)  # in numbers, sorting finds a repeat in half the time that hashing takes
    if not (ordered[1:] == ordered[:-1]).any():
        return Found(arrow.num_rows)
    mask = pd.Series(codes).duplicated(keep=False).to_numpy()
    return Found(arrow.num_rows, 0, _failing(arrow, table, mask, names[0], what))


def _key_unique(arrow: Any, table: Table, check: Check) -> Found:
    names = [*table.key, *(name for name in ("release",) if name in arrow.column_names)]
    return _repeated(arrow, table, names, "the same " + ", ".join(table.key) + " occurs more than once in one release")


def _record_id_unique(arrow: Any, table: Table, check: Check) -> Found:
    return _repeated(arrow, table, ["record_id"], "the record id occurs more than once")


def _years_present(arrow: Any, table: Table, check: Check) -> Found:
    found = {value for value in arrow.column("financial_year").unique().to_pylist() if value}
    missing = [year for year in check.kwargs["years"] if year not in found]
    detail = (
        f"{len(missing)} of {len(check.kwargs['years'])} declared years are absent: " + ", ".join(missing)
        if missing
        else ""
    )
    return Found(arrow.num_rows, 0, (), detail, failed_without_rows=bool(missing))


def _value_present(arrow: Any, table: Table, check: Check) -> Found:
    pc = arrow_compute()
    name = check.kwargs["column"]
    values = arrow.column(name)
    mask = pc.is_null(values, nan_is_null=True)
    coded = str(values.type).startswith("dictionary")
    if coded and "" in values.combine_chunks().dictionary.to_pylist():
        values = values.cast(values.type.value_type)
        coded = False
    if not coded and _plain_type(values.type) == "string":
        mask = pc.or_kleene(mask, pc.fill_null(pc.equal(values, ""), True))
    return Found(arrow.num_rows, 0, _failing(arrow, table, mask, name, f"{name} is missing"))


def _judged(arrow: Any, table: Table, check: Check, fits: Callable[[Any], Any], reason: str) -> Found:
    """Values that are there and do not fit; missing ones (and empty text) are counted, not judged."""
    pc = arrow_compute()

    values = arrow.column(check.kwargs["column"])
    there = pc.invert(pc.is_null(values, nan_is_null=True))
    if _plain_type(values.type) == "string":
        there = pc.and_(there, pc.fill_null(on_distinct(values, lambda given: pc.not_equal(given, "")), False))
    broken = pc.and_(there, pc.invert(pc.fill_null(on_distinct(values, fits), False)))
    seen = pc.sum(there).as_py() or 0
    return Found(seen, arrow.num_rows - seen, _failing(arrow, table, broken, check.kwargs["column"], reason))


def _value_in(arrow: Any, table: Table, check: Check) -> Found:
    import pyarrow as pa

    pc = arrow_compute()

    known = pa.array(check.kwargs["values"])
    return _judged(
        arrow, table, check, lambda values: pc.is_in(values, value_set=known), "'{value}' is not a declared word"
    )


def _value_matches(arrow: Any, table: Table, check: Check) -> Found:
    pc = arrow_compute()

    pattern = check.kwargs["pattern"]
    return _judged(
        arrow,
        table,
        check,
        lambda values: pc.match_substring_regex(values, pattern),
        "'{value}' does not have the declared form",
    )


def _value_between(arrow: Any, table: Table, check: Check) -> Found:
    pc = arrow_compute()

    low, high = check.kwargs["min"], check.kwargs["max"]

    def fits(values: Any) -> Any:
        above = pc.greater_equal(values, low) if low is not None else pc.is_valid(values)
        return pc.and_(above, pc.less_equal(values, high)) if high is not None else above

    limits = f"{'...' if low is None else f'{low:g}'} to {'...' if high is None else f'{high:g}'}"
    return _judged(arrow, table, check, fits, "{value} is outside " + limits)


RUNNERS: dict[str, Callable[[Any, Table, Check], Found]] = {
    "key_unique": _key_unique,
    "record_id_unique": _record_id_unique,
    "years_present": _years_present,
    "value_present": _value_present,
    "value_in": _value_in,
    "value_matches": _value_matches,
    "value_between": _value_between,
}
