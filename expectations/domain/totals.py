"""Lines that must add to their total, and councils that must add to the England row.

In: `Frames` and the arguments of a suite entry. Out: `Found`; a finding stands on the row that holds the total.
"""

from __future__ import annotations

from typing import Any

from expectations.records.checks import Check, Finding, Found, NotRunError
from expectations.records.table_frames import ENGLAND, Frame, Frames, councils, findings, in_years


def rows_add_to_total(
    frames: Frames,
    check: Check,
    *,
    dimension: str,
    total_row: str,
    part_rows: list[str],
    columns: list[str],
    tolerance: float,
    tolerance_share: float = 0.0,
    only_years: list[str] | None = None,
    except_years: list[str] | None = None,
) -> Found:
    """For each of `columns`, the row whose `dimension` is `total_row` equals the sum of the rows in `part_rows`, within
    tolerance.

    A part without a value counts as nothing; a total with no parts at all is not judged.
    """
    frame = in_years(councils(frames.frame(check.table, columns)), only_years, except_years)
    by = [name for name in frames.declared[check.table].key if name != dimension]
    totals = frame[frame[dimension] == total_row]
    parts = frame[frame[dimension].isin(part_rows)].groupby(by, as_index=False)[columns].sum(min_count=1)
    both = totals.merge(parts, on=by, suffixes=("", "__sum"))
    reason = f"{{column}} of '{total_row}' is {{value}}, but its parts add up to {{expected}}"
    return _beside_sums(both, columns, len(totals), (tolerance, tolerance_share), reason)


def england_row_equals_sum(
    frames: Frames,
    check: Check,
    *,
    columns: list[str],
    tolerance_share: float,
    tolerance: float = 0.0,
    where: dict[str, Any] | None = None,
    only_years: list[str] | None = None,
    except_years: list[str] | None = None,
) -> Found:
    """For each of `columns`, the published England row equals the sum of the councils' rows, within tolerance.

    Leave out with `except_years` the years whose England row is grossed up for missing councils.
    """
    frame = in_years(frames.frame(check.table, columns, where=where), only_years, except_years)
    by = [name for name in frames.declared[check.table].key if name != "authority_code"]
    england = frame[frame["authority_code"] == ENGLAND]
    if england.empty:
        raise NotRunError("the England row was not loaded")
    sums = councils(frame).groupby(by, as_index=False)[columns].sum(min_count=1)
    both: Frame = england.merge(sums, on=by, suffixes=("", "__sum"))
    reason = "the England row gives {column} as {value}, but the councils add up to {expected}"
    return _beside_sums(both, columns, len(england), (tolerance, tolerance_share), reason)


def _beside_sums(both: Frame, columns: list[str], rows: int, tolerances: tuple[float, float], reason: str) -> Found:
    """Each of `columns` beside its `__sum`, within the larger of an amount and a share of the figure; `rows` there
    are, of which those with neither figure are not judged.
    """
    tolerance, share = tolerances
    made: list[Finding] = []
    seen = both[[]].any(axis=1)
    for column in columns:
        given = both[column].notna() & both[f"{column}__sum"].notna()
        seen |= given
        judged = both[given]
        allowed = (judged[column].abs() * share).clip(lower=tolerance)
        broken = judged[(judged[column] - judged[f"{column}__sum"]).abs() > allowed + 1e-6]
        words = reason.replace("{column}", column)
        made += findings(broken, column, value=column, expected=f"{column}__sum", reason=words)
    return Found(int(seen.sum()), rows - int(seen.sum()), tuple(made), judged=both.loc[seen, "record_id"])
