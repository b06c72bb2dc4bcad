"""What the checks on payment files count in the ledger: each count in one function, all of them in one reading.

In: pieces of the ledger. Out: counters by source file and, for some, by a second word. A count is named, so that two
checks that need the same one share it; `Frames.counted` holds what was counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from expectations.domain.payment_ledger import over_pieces
from expectations.records.table_frames import Frames, arrow_compute, on_distinct

Key = tuple[str, str | int]
COST_CENTRE = ("expense_area", "expense_type", "purpose", "department")
LARGE = 1_000_000
"""An amount below this is not taken for a transaction number, whatever number it is."""


@dataclass(frozen=True)
class Count:
    """A named count: the columns it needs and what it makes of a piece."""

    name: str
    columns: tuple[str, ...]
    of: Callable[[Any], Counter[Key]]


def count_all(frames: Frames, counts: Iterable[Count]) -> dict[str, Counter[Key]]:
    """The counts asked for, by name; those not yet made are made together, in one reading of the ledger.

    Raises NotRunError where there is no ledger.
    """
    wanted = {count.name: count for count in counts}
    missing = [count for name, count in wanted.items() if name not in frames.counted]
    if missing:
        made = {count.name: Counter[Key]() for count in missing}
        columns = [name for count in missing for name in count.columns]
        for part in over_pieces(frames, columns, lambda piece: {count.name: count.of(piece) for count in missing}):
            for name, found in part.items():
                made[name].update(found)
        frames.counted.update(made)
    return {name: frames.counted[name] for name in wanted}


def _grouped(piece: Any, columns: list[str]) -> Counter[Key]:
    pairs = piece.group_by(columns, use_threads=False).aggregate([([], "count_all")]).to_pylist()
    found: Counter[Key] = Counter()
    for pair in pairs:
        found[str(pair[columns[0]]), str(pair[columns[1]] or "") if len(columns) > 1 else ""] += int(pair["count_all"])
    return found


def _months(piece: Any) -> Counter[Key]:
    pc = arrow_compute()
    to_the_day = pc.fill_null(
        on_distinct(piece.column("date_precision"), lambda values: pc.equal(values, "day")), False
    )
    months = on_distinct(piece.column("date"), lambda values: pc.utf8_slice_codeunits(values, 0, 7))
    named = pc.if_else(to_the_day, pc.fill_null(months, ""), "")
    return _grouped(piece.select(["source_file"]).append_column("month", named), ["source_file", "month"])


def _own_numbers(piece: Any) -> Counter[Key]:
    import pyarrow as pa

    pc = arrow_compute()
    amounts = piece.column("amount_gbp")
    large = piece.filter(pc.and_(pc.greater_equal(amounts, float(LARGE)), pc.equal(pc.round(amounts), amounts)))
    plain = pc.cast(pc.cast(large.column("amount_gbp"), pa.int64(), safe=False), pa.string())
    same = pc.equal(plain, pc.utf8_ltrim(pc.cast(large.column("transaction_number"), pa.string()), characters="0"))
    return _grouped(large.filter(pc.fill_null(same, False)), ["source_file"])


def _bare_names(piece: Any, pattern: str) -> Counter[Key]:
    from pipelines.payments.file.payees import looks_like_person

    held = piece.filter(in_any(piece, COST_CENTRE, pattern)).to_pylist()
    bare = [row for row in held if row["supplier_kind"] == "other" and looks_like_person(row["supplier_raw"] or "")]
    return Counter((str(row["source_file"]), int(row["source_row"])) for row in bare)


def in_any(piece: Any, columns: Iterable[str], pattern: str) -> Any:
    """Whether any of the text columns of each row matches `pattern`, whatever its case."""
    pc = arrow_compute()
    found: Any = None
    for name in columns:
        match = on_distinct(
            piece.column(name), lambda values: pc.match_substring_regex(values, pattern, ignore_case=True)
        )
        here = pc.fill_null(match, False)
        found = here if found is None else pc.or_(found, here)
    return found


ROWS = Count("rows", ("source_file",), lambda piece: _grouped(piece, ["source_file"]))
"""Rows by file."""
MONTHS = Count("months", ("source_file", "date", "date_precision"), _months)
"""Rows by file and month of the day; no month where the date is not known to the day."""
OWN_NUMBERS = Count("own numbers", ("source_file", "amount_gbp", "transaction_number"), _own_numbers)
"""Rows by file whose amount is a million or more and equals their transaction number."""


def bare_names(pattern: str) -> Count:
    """Rows by file and number that are of a cost centre matching `pattern` and name what may be a private person."""
    columns = ("source_file", "source_row", "supplier_raw", "supplier_kind", *COST_CENTRE)
    return Count(f"bare names {pattern}", columns, lambda piece: _bare_names(piece, pattern))
