"""Large tables: count in Arrow, and give Great Expectations only the rows that may fail and a few figures for the rest.

In: the checks of one table and the function that runs checks (the adapter's), and either the run's `Frames` or what was
counted in pieces of the table. Out: one `Outcome` per check with the same outcome, counts and rows as on the whole
table, in a tenth of the time and memory. Types that judge each row by itself are split (`FAILING`); of an aggregate the
library sees one value per piece that answers the same (`SUMMARY`); other types see the whole table. Where the library
finds other rows than Arrow counted, the check is *errored*: two ways to one answer must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from expectations.gx.in_arrow import ABOUT_NULLS, FAILING, SUMMARY
from expectations.records.checks import ERRORED, FAILED, NOT_RUN, PASSED, Check, NotRunError, Outcome
from expectations.records.table_frames import CONTEXT, Frames, arrow_compute, on_distinct
from pipelines.declarations.catalogue import Table

MANY_ROWS = 200_000
"""From so many rows on, `check_all` runs the checks of a table this way."""
LISTED = 20_000
"""Where more rows than this fail a check, about so many are listed; the count is of all."""
FLAG = "fails "
"""Before a check's code, the name of the column that says which of the listed rows fail it."""
Run = Callable[[tuple[Check, ...], Frames], tuple[Outcome, ...]]


@dataclass
class Counted:
    """What the checks of a table came to in one piece of it, or in several together; by check code."""

    rows: int = 0
    missing: dict[str, int] = field(default_factory=dict[str, int])
    failing: dict[str, int] = field(default_factory=dict[str, int])
    listed: dict[str, int] = field(default_factory=dict[str, int])
    few: list[Any] = field(default_factory=list[Any])
    summary: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    raised: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, other: Counted) -> None:
        """Add what the next piece came to."""
        self.rows += other.rows
        for mine, theirs in ((self.missing, other.missing), (self.failing, other.failing)):
            for code, number in theirs.items():
                mine[code] = mine.get(code, 0) + number
        for code, values in other.summary.items():
            self.summary.setdefault(code, []).extend(values)
        self.raised = {**other.raised, **self.raised}
        wanted = [code for code in other.listed if self.listed.get(code, 0) < LISTED]
        for few in other.few if wanted else ():
            rows = few.filter(_any([few.column(FLAG + code) for code in wanted]))
            self.few.append(rows)
            for code in other.listed:
                self.listed[code] = self.listed.get(code, 0) + _true(rows.column(FLAG + code))


def with_candidates(checks: tuple[Check, ...], frames: Frames, run: Run) -> tuple[Outcome, ...]:
    """Outcomes in the order of `checks`. Never raises; what goes wrong becomes *errored*, as in `run`."""
    split = [check for check in checks if check.type in FAILING]
    whole = tuple(check for check in checks if check not in split)
    found = {item.check.code: item for item in (run(whole, frames) if whole else ())}
    if split:
        try:
            found.update(_split(split, frames, run))
        except NotRunError as reason:
            found.update({check.code: Outcome(check, NOT_RUN, detail=str(reason)) for check in split})
    return tuple(found[check.code] for check in checks)


def _split(checks: list[Check], frames: Frames, run: Run) -> dict[str, Outcome]:
    table = checks[0].table
    arrow = frames.arrow(table)
    if arrow.num_rows == 0:
        raise NotRunError(f"table '{table}' has no rows")
    absent = [check.kwargs["column"] for check in checks if check.kwargs["column"] not in arrow.column_names]
    if absent:
        raise NotRunError(f"table '{table}' has no column '{absent[0]}' in this run")
    declared = frames.declared[table]
    return judged(checks, count_piece(checks, arrow, declared), declared, run)


def needed(checks: Iterable[Check], table: Table) -> list[str]:
    """The columns of a table that its checks and their findings need."""
    carried = [name for name in (*CONTEXT, *table.key) if name in table.column_names]
    return list(dict.fromkeys([*carried, *(str(check.kwargs["column"]) for check in checks)]))


def count_piece(checks: Iterable[Check], arrow: Any, table: Table) -> Counted:
    """Count one piece of a table. A check that raises is recorded, and the others go on."""
    pc = arrow_compute()
    checks = list(checks)
    found = Counted(arrow.num_rows)
    masks: dict[str, Any] = {}
    for check in checks:
        code, values = check.code, arrow.column(check.kwargs["column"])
        try:
            if check.type in SUMMARY:
                found.summary[code] = SUMMARY[check.type](values)
                mask = None
            else:
                mask = pc.fill_null(_mask(check, values), False)
        except Exception as error:  # a check at fault is errored, which stops the run
            found.raised[code] = f"the check raised {type(error).__name__}: {error}"
            continue
        if mask is None:
            continue
        found.missing[code] = 0 if check.type in ABOUT_NULLS else _true(pc.is_null(values, nan_is_null=True))
        found.failing[code] = _true(mask)
        if found.failing[code]:
            masks[code] = mask
    if masks:
        chosen = _any([_first(mask, LISTED) for mask in masks.values()])
        names = [name for name in needed(checks, table) if name in arrow.column_names]
        few = _plain(arrow.select(names).filter(chosen))
        for code, mask in masks.items():
            few = few.append_column(FLAG + code, mask.filter(chosen))
            found.listed[code] = _true(few.column(FLAG + code))
        found.few = [few]
    return found


def _mask(check: Check, values: Any) -> Any:
    judge = FAILING[check.type]
    if check.type in ABOUT_NULLS:
        return judge(values, check.kwargs)
    return on_distinct(values, lambda given: judge(given, check.kwargs))


def _true(mask: Any) -> int:
    return int(arrow_compute().sum(mask).as_py() or 0)


def _any(masks: list[Any]) -> Any:
    pc = arrow_compute()
    found = masks[0]
    for mask in masks[1:]:
        found = pc.or_(found, mask)
    return found


def _first(mask: Any, number: int) -> Any:
    """The first `number` that are true."""
    import pyarrow as pa

    pc = arrow_compute()
    if _true(mask) <= number:
        return mask
    return pc.and_(mask, pc.less_equal(pc.cumulative_sum(pc.cast(mask, pa.int64())), number))


def _plain(table: Any) -> Any:
    """The table with codes written out: Great Expectations judges values."""
    import pyarrow as pa

    return table.cast(pa.schema([(item.name, getattr(item.type, "value_type", item.type)) for item in table.schema]))


def judged(checks: Iterable[Check], counted: Counted, table: Table, run: Run) -> dict[str, Outcome]:
    """Outcomes by code of what was counted: `run` sees the rows listed, and the values of aggregates. Never raises."""
    import pyarrow as pa

    theirs: dict[str, Outcome] = {}
    broken: list[Check] = []
    for check in checks:
        seen = counted.rows - counted.missing.get(check.code, 0)
        failing = counted.failing.get(check.code, 0)
        if failing and not (seen and (seen - failing) / seen >= check.kwargs.get("mostly", 1)):
            broken.append(replace(check, kwargs={name: it for name, it in check.kwargs.items() if name != "mostly"}))
        elif counted.summary.get(check.code):
            values = pa.table({"record_id": [str(n) for n in range(len(counted.summary[check.code]))],
                               check.kwargs["column"]: counted.summary[check.code]})  # fmt: skip
            (theirs[check.code],) = run((check,), Frames(held={table.name: values}, declared={table.name: table}))
    if broken:
        few = pa.concat_tables(counted.few, promote_options="default")
        few = few.select([name for name in few.column_names if not name.startswith(FLAG)])
        found = run(tuple(broken), Frames(held={table.name: few}, declared={table.name: table}))
        theirs.update({item.check.code: item for item in found})
    return {check.code: _joined(check, theirs.get(check.code), counted) for check in checks}


def _joined(check: Check, theirs: Outcome | None, counted: Counted) -> Outcome:
    code = check.code
    if code in counted.raised:
        return Outcome(check, ERRORED, detail=counted.raised[code])
    missing, failing, listed = (part.get(code, 0) for part in (counted.missing, counted.failing, counted.listed))
    seen = counted.rows - missing
    if seen == 0 or counted.summary.get(code) == []:
        missing = counted.rows
        return Outcome(check, NOT_RUN, 0, missing, f"column '{check.kwargs['column']}' has no values in this run")
    if theirs is None:
        return Outcome(check, PASSED, seen, missing)
    if code in counted.summary:
        return replace(theirs, check=check, rows_seen=seen, rows_without_value=missing)
    if theirs.outcome != FAILED or len(theirs.findings) != listed:
        told = theirs.detail or f"{theirs.outcome} on {len(theirs.findings)} rows"
        return Outcome(check, ERRORED, seen, missing, f"Arrow counts {listed} failing rows; Great Expectations: {told}")
    made = replace(theirs, check=check, rows_seen=seen, rows_without_value=missing)
    return made if failing == listed else replace(made, rows_failed_in_all=failing, detail=only_listed(listed, failing))


def only_listed(listed: int, failing: int) -> str:
    """What the reader is told where not all rows that fail are listed."""
    return f"{listed:,} of {failing:,} rows that fail are listed"
