"""Run a table's Great Expectations checks: the only module that imports the library.

In: the `Check`s of origin gx of one table and the run's `Frames`. Out: one `Outcome` per check, in the order declared.
One suite and one batch per table, only the columns named; complete results with record ids; no progress bars, no
network. What the library passes over in silence is refused here: a type it does not know, a suite without checks, a
table without rows, a column without values, a result that is not there.
"""

from __future__ import annotations

import logging
import os
import warnings
from functools import cache
from typing import Any

from expectations.gx.late_imports import late_imports
from expectations.records.checks import ERRORED, FAILED, NOT_RUN, PASSED, Check, Finding, NotRunError, Outcome, as_text
from expectations.records.table_frames import Frame, Frames
from expectations.suite.gx_types import GX_TYPES, ROWLESS, SEES_NULLS

COLUMN_ARGUMENTS = ("column", "column_A", "column_B")
RESULT = {"result_format": "COMPLETE", "unexpected_index_column_names": ["record_id"]}


def import_gx() -> Any:
    """Import Great Expectations (about two seconds), with its loggers quiet and its usage statistics off."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    for name in ("great_expectations", "great_expectations.core", "great_expectations.data_context", "posthog"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings(), late_imports():
        warnings.simplefilter("ignore")
        import great_expectations as gx
    return gx


@cache
def _batch_definition() -> Any:
    """One context for the process, without progress bars, that holds one batch definition for any frame."""
    gx = import_gx()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("run").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("whole")


def prepare_gx() -> None:
    """Import the library and make its context, so that the first suite need not."""
    _batch_definition()


def library_version() -> str:
    """The version of the library."""
    return str(import_gx().__version__)


def default_arguments(kind: str) -> dict[str, Any]:
    """The arguments of a type that the library fills in itself, with the values it gives them.

    Stored suites leave them out, so a later version of the library could read the same file as another check.
    """
    import_gx()
    from great_expectations.expectations.registry import get_expectation_impl

    made: Any = get_expectation_impl(kind)
    fields = made.__fields__
    given = {name: fields[name].default for name in GX_TYPES.get(kind, {}) if not fields[name].required}
    return {name: getattr(value, "value", value) for name, value in given.items()}


def named_columns(check: Check) -> tuple[str, ...]:
    """The table's columns that one check names."""
    single = [check.kwargs[name] for name in COLUMN_ARGUMENTS if name in check.kwargs]
    return tuple([*single, *check.kwargs.get("column_list", ())])


def run_gx(checks: tuple[Check, ...], frames: Frames) -> tuple[Outcome, ...]:
    """Run the checks of one table as one suite on one batch. Never raises; what goes wrong becomes *errored*.

    Raises ValueError only for a call without checks or over several tables, which is a mistake of the caller.
    """
    if len({check.table for check in checks}) != 1:
        raise ValueError("run_gx takes the checks of one table, and at least one")
    columns = dict.fromkeys(name for check in checks for name in named_columns(check))
    try:
        frame = frames.frame(checks[0].table, columns)
        if frame.empty:
            raise NotRunError(f"table '{checks[0].table}' has no rows")
    except NotRunError as reason:
        return tuple(Outcome(check, NOT_RUN, detail=str(reason)) for check in checks)
    runnable = [check for check in checks if _without_values(check, frame) == ""]
    try:
        found = _validate(runnable, frame) if runnable else {}
    except Exception as error:  # the library failed as a whole: every check of the table errored, none is lost
        return tuple(Outcome(check, ERRORED, detail=f"Great Expectations failed: {error}") for check in checks)
    return tuple(_outcome(check, frame, found.get(check.code)) for check in checks)


def _without_values(check: Check, frame: Frame) -> str:
    """The column that has no value at all, where the check's type would pass it in silence."""
    if check.type in SEES_NULLS:
        return ""
    return next((name for name in named_columns(check) if not frame[name].notna().any()), "")


def _validate(checks: list[Check], frame: Frame) -> dict[str, Any]:
    """Results of the library by check code; a check the library could not even build has its exception."""
    gx = import_gx()
    from great_expectations.expectations.registry import get_expectation_impl

    batches = _batch_definition()  # first: nothing of the library works before there is a context
    suite = gx.ExpectationSuite(checks[0].table)
    found: dict[str, Any] = {}
    same: dict[str, str] = {}
    for check in checks:
        first = same.setdefault(f"{check.type} {sorted(check.kwargs.items())}", check.code)
        if first != check.code:
            continue  # the library keeps one of two equal expectations: the second code takes the first one's result
        try:
            if check.type not in GX_TYPES:
                raise KeyError(f"Great Expectations has no type '{check.type}'")
            suite.add_expectation(get_expectation_impl(check.type)(**check.kwargs, meta={"code": check.code}))
        except Exception as error:  # the library refuses the arguments: this check errored, the others still run
            found[check.code] = error
    if len(suite.expectations) + len(found) != len(same):
        raise RuntimeError(f"Great Expectations kept {len(suite.expectations)} of {len(same) - len(found)} checks")
    if suite.expectations:
        wanted = list(dict.fromkeys(["record_id", *(name for check in checks for name in named_columns(check))]))
        batch = batches.get_batch({"dataframe": frame[wanted]})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = batch.validate(suite, result_format=RESULT)
        found.update({item.expectation_config.meta["code"]: item for item in results.results})
    for check in checks:
        first = same[f"{check.type} {sorted(check.kwargs.items())}"]
        if first in found:
            found[check.code] = found[first]
    return found


def _raised(item: Any) -> str:
    """The message of an exception recorded in a result, or an empty string. The library nests them in two ways."""
    info = item.exception_info or {}
    entries = [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, dict)]
    for entry in entries:
        if entry.get("raised_exception"):
            return str(entry.get("exception_message") or "an exception without a message")
    return ""


def _outcome(check: Check, frame: Frame, item: Any) -> Outcome:
    empty = _without_values(check, frame)
    if empty:
        return Outcome(check, NOT_RUN, 0, len(frame), f"column '{empty}' has no values in this run")
    if item is None:
        return Outcome(check, ERRORED, detail="Great Expectations returned no result for this check")
    if isinstance(item, Exception):
        return Outcome(check, ERRORED, detail=f"Great Expectations refused the check: {' '.join(str(item).split())}")
    message = _raised(item)
    if message:
        return Outcome(check, ERRORED, detail=f"the check raised: {message.splitlines()[0]}")
    result = item.result or {}
    missing = 0 if check.type in SEES_NULLS else int(result.get("missing_count") or 0)
    seen = int(result.get("element_count") or len(frame)) - missing
    detail = (
        f"observed {as_text(result['observed_value'])}" if check.type in ROWLESS and "observed_value" in result else ""
    )
    found = () if item.success else _findings(check, frame, result)
    if not item.success and check.type not in ROWLESS and not found:
        return Outcome(check, ERRORED, seen, missing, "Great Expectations reported a failure without saying which rows")
    return Outcome(check, PASSED if item.success else FAILED, seen, missing, detail, found)


def _findings(check: Check, frame: Frame, result: dict[str, Any]) -> tuple[Finding, ...]:
    rows = frame.drop_duplicates("record_id").set_index("record_id")
    rule = ", ".join(
        f"{key} {value}" for key, value in check.kwargs.items() if key not in COLUMN_ARGUMENTS and key != "column_list"
    )
    found: list[Finding] = []
    names = named_columns(check)
    for entry in result.get("unexpected_index_list") or []:
        row = rows.loc[entry["record_id"]]
        values = "; ".join(as_text(row[name]) for name in names)
        found.append(
            Finding(
                record_id=str(entry["record_id"]),
                column=names[0],
                value=values,
                reason=f"{', '.join(names)} is {values or 'missing'}; the rule is {check.type.removeprefix('expect_')}"
                + (f" ({rule})" if rule else ""),
                area_code=as_text(row.get("area_code")),
                financial_year=as_text(row.get("financial_year")),
            )
        )
    return tuple(sorted(found, key=lambda item: item.record_id))
