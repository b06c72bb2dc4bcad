"""Large tables: count in Arrow, and give Great Expectations only the rows that may fail.

In: the checks of one table, the run's `Frames`, and the function that runs checks (the adapter's). Out: one `Outcome`
per check with the same outcome, counts and rows as on the whole table, in a tenth of the time and memory. Only types
that judge each row by itself are split; the others, and those with `mostly`, see the whole table. Where the library
finds other rows than Arrow counted, the check is *errored*: two ways to one answer must agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from expectations.checks import ERRORED, FAILED, NOT_RUN, PASSED, Check, NotRunError, Outcome
from expectations.table_frames import Frames, arrow_compute

MANY_ROWS = 200_000
"""From so many rows on, `check_all` runs the checks of a table this way."""
Run = Callable[[tuple[Check, ...], Frames], tuple[Outcome, ...]]


def with_candidates(checks: tuple[Check, ...], frames: Frames, run: Run) -> tuple[Outcome, ...]:
    """Outcomes in the order of `checks`. Never raises; what goes wrong becomes *errored*, as in `run`."""
    split = [check for check in checks if check.type in FAILING and "mostly" not in check.kwargs]
    whole = tuple(check for check in checks if check not in split)
    found = {item.check.code: item for item in (run(whole, frames) if whole else ())}
    if split:
        try:
            found.update(_split(split, frames, run))
        except NotRunError as reason:
            found.update({check.code: Outcome(check, NOT_RUN, detail=str(reason)) for check in split})
        except Exception as error:  # the counting itself failed: none of its checks may pass in silence
            detail = f"the check raised {type(error).__name__}: {error}"
            found.update({check.code: Outcome(check, ERRORED, detail=detail) for check in split})
    return tuple(found[check.code] for check in checks)


def _split(checks: list[Check], frames: Frames, run: Run) -> dict[str, Outcome]:
    pc = arrow_compute()
    table = checks[0].table
    arrow = frames.arrow(table)
    if arrow.num_rows == 0:
        raise NotRunError(f"table '{table}' has no rows")
    failing: dict[str, int] = {}
    counts: dict[str, tuple[int, int]] = {}
    union: Any = None
    for check in checks:
        name = check.kwargs["column"]
        if name not in arrow.column_names:
            raise NotRunError(f"table '{table}' has no column '{name}' in this run")
        values = arrow.column(name)
        mask = pc.fill_null(FAILING[check.type](values, check.kwargs), False)
        missing = 0 if check.type in ABOUT_NULLS else int(pc.sum(pc.is_null(values, nan_is_null=True)).as_py() or 0)
        counts[check.code] = (arrow.num_rows - missing, missing)
        failing[check.code] = int(pc.sum(mask).as_py() or 0)
        if failing[check.code]:
            union = mask if union is None else pc.or_(union, mask)
    theirs: dict[str, Outcome] = {}
    broken = tuple(check for check in checks if failing[check.code])
    if broken:
        few = Frames(held={table: arrow.filter(union)}, declared=frames.declared)
        theirs = {item.check.code: item for item in run(broken, few)}
    return {check.code: _joined(check, theirs.get(check.code), failing[check.code], counts[check.code])
            for check in checks}  # fmt: skip


def _joined(check: Check, theirs: Outcome | None, failing: int, counted: tuple[int, int]) -> Outcome:
    seen, missing = counted
    if seen == 0:
        return Outcome(check, NOT_RUN, 0, missing, f"column '{check.kwargs['column']}' has no values in this run")
    if theirs is None:
        return Outcome(check, PASSED, seen, missing)
    if theirs.outcome != FAILED or len(theirs.findings) != failing:
        told = theirs.detail or f"{theirs.outcome} on {len(theirs.findings)} rows"
        return Outcome(
            check, ERRORED, seen, missing, f"Arrow counts {failing} failing rows; Great Expectations: {told}"
        )
    return replace(theirs, rows_seen=seen, rows_without_value=missing)


def _outside(values: Any, kwargs: dict[str, Any]) -> Any:
    """True where a number (or a length) lies outside the bounds."""
    pc = arrow_compute()
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    below = pc.less_equal if kwargs.get("strict_min") else pc.less
    above = pc.greater_equal if kwargs.get("strict_max") else pc.greater
    mask = below(values, low) if low is not None else None
    if high is not None:
        over = above(values, high)
        mask = over if mask is None else pc.or_(mask, over)
    return mask


def _not_in(values: Any, kwargs: dict[str, Any]) -> Any:
    pc = arrow_compute()
    return pc.and_(pc.is_valid(values), pc.invert(_is_in(values, kwargs)))


def _is_in(values: Any, kwargs: dict[str, Any]) -> Any:
    import pyarrow as pa

    return arrow_compute().is_in(values, value_set=pa.array(kwargs["value_set"]).cast(values.type))


def _without_pattern(values: Any, kwargs: dict[str, Any]) -> Any:
    return arrow_compute().invert(_with_pattern(values, kwargs))


def _with_pattern(values: Any, kwargs: dict[str, Any]) -> Any:
    return arrow_compute().match_substring_regex(values, kwargs["regex"])


FAILING: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "expect_column_values_to_be_between": _outside,
    "expect_column_values_to_be_in_set": _not_in,
    "expect_column_values_to_not_be_in_set": _is_in,
    "expect_column_values_to_match_regex": _without_pattern,
    "expect_column_values_to_not_match_regex": _with_pattern,
    "expect_column_values_to_not_be_null": lambda values, _: arrow_compute().is_null(values, nan_is_null=True),
    "expect_column_values_to_be_null": lambda values, _: arrow_compute().invert(
        arrow_compute().is_null(values, nan_is_null=True)
    ),
    "expect_column_value_lengths_to_be_between": lambda values, kwargs: _outside(
        arrow_compute().utf8_length(values), kwargs
    ),
}
"""By type: which rows of a column fail; null where the row is not judged."""
ABOUT_NULLS = frozenset({"expect_column_values_to_not_be_null", "expect_column_values_to_be_null"})
