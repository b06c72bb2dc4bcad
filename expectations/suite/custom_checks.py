"""The domain checks that a suite may name, with their arguments, and how one is run.

In: a `Check` of origin domain and the run's `Frames`. Out: its `Outcome`. A check that raises ends as *errored*, which
is critical; a check that lacks a table, a year or any value ends as *not run*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from expectations.domain import (
    changes,
    completeness,
    coverage,
    cross_return,
    editions,
    identities,
    payment_files,
    revisions,
    totals,
)
from expectations.records.checks import ERRORED, NOT_RUN, Check, Found, NotRunError, Outcome, judge
from expectations.records.table_frames import Frames
from expectations.suite.arguments import Argument


@dataclass(frozen=True)
class CustomType:
    """A domain check: its function and the arguments a suite may give it."""

    run: Callable[..., Found]
    arguments: dict[str, Argument]


_COLUMN = {"column": Argument("column", required=True)}
_COLUMNS = {"columns": Argument("columns", required=True)}
_WHERE = {"where": Argument("filter")}
_EXCEPT = {"except_years": Argument("years")}
_YEARS = {"only_years": Argument("years")} | _EXCEPT
_TOLERANCE = {"tolerance": Argument("number", required=True)}
_EITHER = {"tolerance": Argument("number", required=True), "tolerance_share": Argument("share", required=True)}
_LARGE = {"at_least": Argument("number", required=True)}
_RANGE = {"min_value": Argument("number"), "max_value": Argument("number")}
_SHARE = {"max_share": Argument("share", required=True)}
_OTHER = {
    "other_table": Argument("table", required=True),
    "other_column": Argument("column", required=True, of="other_table"),
}

CUSTOM_TYPES: dict[str, CustomType] = {
    "columns_add_up": CustomType(
        identities.columns_add_up,
        {
            "total": Argument("column", required=True),
            "plus": Argument("columns", required=True),
            "minus": Argument("columns"),
            "tolerance_share": Argument("share"),
            "missing_as_zero": Argument("flag"),
        }
        | _TOLERANCE
        | _WHERE
        | _YEARS,
    ),
    "share_between": CustomType(
        identities.share_between,
        {
            "part": Argument("column", required=True),
            "whole": Argument("column", required=True),
            "whole_at_least": Argument("number"),
        }
        | _RANGE
        | _WHERE
        | _YEARS,
    ),
    "sum_between": CustomType(identities.sum_between, _COLUMN | _RANGE | _WHERE | _YEARS),
    "rows_add_to_total": CustomType(
        totals.rows_add_to_total,
        {
            "dimension": Argument("column", required=True),
            "total_row": Argument("text", required=True),
            "part_rows": Argument("texts", required=True),
            "tolerance_share": Argument("share"),
        }
        | _COLUMNS
        | _TOLERANCE
        | _YEARS,
    ),
    "england_row_equals_sum": CustomType(
        totals.england_row_equals_sum,
        {"tolerance_share": Argument("share", required=True), "tolerance": Argument("number")}
        | _COLUMNS
        | _WHERE
        | _YEARS,
    ),
    "jump_beyond_band": CustomType(
        changes.jump_beyond_band,
        {"widths": Argument("number", required=True), "at_least_share": Argument("share", required=True)}
        | _COLUMN
        | _LARGE
        | _WHERE
        | _EXCEPT,
    ),
    "closing_equals_next_opening": CustomType(
        changes.closing_equals_next_opening,
        {"closing": Argument("column", required=True), "opening": Argument("column", required=True)}
        | _EITHER
        | _EXCEPT,
    ),
    "thousand_slip": CustomType(
        changes.thousand_slip,
        {"other_table": Argument("table"), "other_column": Argument("column", of="other_table")}
        | _COLUMN
        | _LARGE
        | _WHERE,
    ),
    "year_in_its_unit": CustomType(
        changes.year_in_its_unit, _COLUMN | _WHERE | {"max_share": Argument("share", required=True)}
    ),
    "sign_flip": CustomType(changes.sign_flip, _COLUMN | _LARGE | _WHERE),
    "year_is_not_a_copy": CustomType(
        changes.year_is_not_a_copy, _COLUMN | _WHERE | {"max_share": Argument("share", required=True)}
    ),
    "same_figure_in_two_tables": CustomType(
        cross_return.same_figure_in_two_tables,
        {
            "other_scale": Argument("number"),
            "or_less": Argument("flag"),
            "match": Argument("columns"),
            "other_where": Argument("filter", of="other_table"),
        }
        | _COLUMN
        | _OTHER
        | _EITHER
        | _WHERE
        | _YEARS,
    ),
    "areas_covered": CustomType(
        coverage.areas_covered,
        {"min_share": Argument("share", required=True), "column": Argument("column")} | _WHERE | _YEARS,
    ),
    "everyone_filed": CustomType(
        completeness.everyone_filed, {"at_most": Argument("count"), "column": Argument("column")} | _WHERE | _YEARS
    ),
    "revisions_accepted": CustomType(revisions.revisions_accepted, {}),
    "figures_as_before": CustomType(revisions.figures_as_before, {}),
    "values_understood": CustomType(completeness.values_understood, {"at_most": Argument("count")}),
    "sum_as_published": CustomType(
        completeness.sum_as_published, {"tolerance_share": Argument("share", required=True)} | _COLUMN | _WHERE
    ),
    "weights_sum_to_one": CustomType(
        coverage.weights_sum_to_one,
        {"weight": Argument("column", required=True), "by": Argument("columns", required=True)} | _TOLERANCE,
    ),
    "values_known": CustomType(coverage.values_known, _COLUMN | _OTHER | _WHERE | {"ignore": Argument("texts")}),
    "one_release_per_record": CustomType(coverage.one_release_per_record, {}),
    "release_not_superseded": CustomType(editions.release_not_superseded, {}),
    "national_break_declared": CustomType(
        editions.national_break_declared,
        {"line": Argument("text", required=True), "band": Argument("share", required=True)} | _COLUMN | _WHERE,
    ),
    "payment_account_closes": CustomType(payment_files.payment_account_closes, {}),
    "payment_refusal_has_reason": CustomType(payment_files.payment_refusal_has_reason, {}),
    "payment_file_read": CustomType(payment_files.payment_file_read, {}),
    "payment_dates_inside_period": CustomType(
        payment_files.payment_dates_inside_period, {"months_around": Argument("number", required=True)} | _SHARE
    ),
    "payment_dates_known": CustomType(payment_files.payment_dates_known, _SHARE),
    "payment_block_in_one_file": CustomType(payment_files.payment_block_in_one_file, _LARGE),
    "payment_file_not_doubled": CustomType(payment_files.payment_file_not_doubled, _SHARE),
    "payment_amount_is_money": CustomType(payment_files.payment_amount_is_money, _LARGE),
    "payment_copy_keeps_signs": CustomType(payment_files.payment_copy_keeps_signs, {}),
    "payment_file_as_expected": CustomType(
        payment_files.payment_file_as_expected,
        {"column": Argument("text", required=True), "values": Argument("values"), "without": Argument("text")},
    ),
    "payment_form_as_named": CustomType(payment_files.payment_form_as_named, {}),
    "payment_private_payee_withheld": CustomType(
        payment_files.payment_private_payee_withheld, {"cost_centre": Argument("text", required=True)}
    ),
}


def run_custom(check: Check, frames: Frames) -> Outcome:
    """Run one domain check. Never raises: whatever goes wrong becomes the outcome *errored* with what was raised."""
    try:
        if frames.arrow(check.table).num_rows == 0:
            raise NotRunError(f"table '{check.table}' has no rows")
        return judge(check, CUSTOM_TYPES[check.type].run(frames, check, **check.kwargs))
    except NotRunError as reason:
        return Outcome(check, NOT_RUN, detail=str(reason))
    except Exception as error:  # the check itself is at fault: reported as errored, which stops the run
        return Outcome(check, ERRORED, detail=f"the check raised {type(error).__name__}: {error}")
