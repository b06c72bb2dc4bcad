"""Propose checks from what a table holds, for a person to accept. Never adds any.

In: the run's `Frames` and a declared table. Out: entries of a suite with the evidence as a comment and `because` left
to be written. What the table's declaration or its suite already says is not proposed again. What holds in the data is
not thereby a rule: a proposal only says that nothing held so far speaks against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import combinations
from typing import Any

from expectations.authoring.scaffold import free_code, unwritten_entry
from expectations.records.checks import Check
from expectations.records.table_frames import Frame, Frames, councils
from expectations.suite.yaml_entry import TO_WRITE, entry_text
from pipelines.declarations.catalogue import Table

FEWEST_ROWS = 30
MOST_WORDS = 12
NEARLY_ALL = 0.98
ROOM = 3.0
"""A proposed bound lies this many times beyond the largest value seen."""
MOST_COLUMNS = 16
Proposal = tuple[str, str, dict[str, Any], str]
"""Word for the code, type, arguments, evidence in words."""


def suggest(frames: Frames, table: Table, checks: Iterable[Check]) -> list[str]:
    """Texts of proposed entries, in the order of the columns. Raises NotRunError when the table is not there."""
    given = tuple(checks)
    frame = councils(frames.frame(table.name, [name for name in table.column_names if _held(frames, table, name)]))
    if len(frame) < FEWEST_ROWS:
        return []
    said = {_signature(check.type, check.kwargs) for check in given if check.table == table.name}
    taken = list(given)
    made: list[str] = []
    for word, kind, kwargs, evidence in [*_by_column(frame, table), *_identities(frame, table)]:
        if _signature(kind, kwargs) in said:
            continue
        code = free_code(table.name, word, taken)
        taken.append(Check(table.name, code, kind, kwargs, "warning", "mark", TO_WRITE))
        made.append(entry_text(unwritten_entry(code, kind, kwargs), head=[evidence]))
    return made


def _held(frames: Frames, table: Table, name: str) -> bool:
    return name in frames.arrow(table.name).column_names and name not in ("record_id", "file_sha256", "release")


def _signature(kind: str, kwargs: dict[str, Any]) -> tuple[str, ...]:
    """What a check is about: its type, columns and which sides are bounded."""
    bounds = [name for name in ("min_value", "max_value") if kwargs.get(name) is not None]
    about = [str(kwargs[name]) for name in ("column", "column_A", "column_B", "total") if name in kwargs]
    return (kind, *about, *bounds)


def _by_column(frame: Frame, table: Table) -> list[Proposal]:
    made: list[Proposal] = []
    for column in table.columns:
        if column.name not in frame.columns or column.name in ("record_id", "file_sha256", "release"):
            continue
        values = frame[column.name].dropna()
        word = column.name.removesuffix("_gbp_thousand")
        if len(values) == len(frame) and not column.required and column.name not in table.key:
            told = f"A value is there in all {len(frame):,} rows."
            made.append((f"{word}-GIVEN", "expect_column_values_to_not_be_null", {"column": column.name}, told))
        if column.type in ("float", "int") and len(values) >= FEWEST_ROWS:
            made += _ranges(column.name, word, values)
        if column.type == "string" and not column.enum and not column.pattern and len(values) >= FEWEST_ROWS:
            words = sorted(set(values))
            if len(words) <= MOST_WORDS:
                told = f"{len(words)} different words in {len(values):,} rows."
                kwargs = {"column": column.name, "value_set": words}
                made.append((f"{word}-WORDS", "expect_column_values_to_be_in_set", kwargs, told))
    return made


def _ranges(name: str, word: str, values: Any) -> list[Proposal]:
    low, high = float(values.min()), float(values.max())
    made: list[Proposal] = []
    kind = "expect_column_values_to_be_between"
    if low >= 0:
        told = f"Never below zero in {len(values):,} values; the smallest is {low:,.6g}."
        made.append((f"{word}-SIGN", kind, {"column": name, "min_value": 0}, told))
    if high > 0:
        bound = _round_up(high * ROOM)
        told = f"The largest of {len(values):,} values is {high:,.6g}; this bound is about {ROOM:g} times that."
        made.append((f"{word}-SIZE", kind, {"column": name, "max_value": bound}, told))
    return made


def _round_up(value: float) -> int | float:
    """`value` rounded up to one figure: 4,321 to 5,000."""
    size = 10.0 ** math.floor(math.log10(value))
    made = math.ceil(value / size) * size
    return int(made) if made >= 1 else round(made, 6)


def _identities(frame: Frame, table: Table) -> list[Proposal]:
    """Columns where one is the sum of two others in nearly all rows, not counting rows of noughts."""
    import numpy as np

    names = [item.name for item in table.columns if item.type == "float" and item.name in frame.columns]
    names = [name for name in names if frame[name].notna().sum() >= FEWEST_ROWS][:MOST_COLUMNS]
    values = {name: frame[name].to_numpy(float) for name in names}
    made: list[Proposal] = []
    for total in names:
        for first, second in combinations([name for name in names if name != total], 2):
            left, right = values[total], values[first] + values[second]
            telling = ~np.isnan(left) & ~np.isnan(right) & (values[first] != 0) & (values[second] != 0)
            seen = int(telling.sum())
            if seen < FEWEST_ROWS:
                continue
            holds = int((np.abs(left - right)[telling] <= 1.0 + 1e-6).sum())
            if holds >= NEARLY_ALL * seen:
                word = total.removesuffix("_gbp_thousand") + "-ADDS-UP"
                told = f"The sum holds within 1 in {holds:,} of {seen:,} rows in which both parts are not nil."
                kwargs = {"total": total, "plus": [first, second], "tolerance": 2}
                made.append((word, "columns_add_up", kwargs, told))
    return made
