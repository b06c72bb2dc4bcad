"""The same figure in two returns.

In: `Frames` and the arguments of a suite entry. Out: `Found`; a finding stands on the row of the suite's own table. A
mismatch between returns is a matter of data quality, never a feature of the model.
"""

from __future__ import annotations

from typing import Any

from expectations.records.checks import Check, Found, NotRunError
from expectations.records.table_frames import Frame, Frames, councils, findings, in_years, unlike


def same_figure_in_two_tables(
    frames: Frames,
    check: Check,
    *,
    column: str,
    other_table: str,
    other_column: str,
    tolerance: float,
    tolerance_share: float,
    other_scale: float = 1.0,
    or_less: bool = False,
    match: list[str] | None = None,
    where: dict[str, Any] | None = None,
    other_where: dict[str, Any] | None = None,
    only_years: list[str] | None = None,
    except_years: list[str] | None = None,
) -> Found:
    """`column` here equals `other_column` of `other_table` times `other_scale` for the same authority and year.

    `match` names further columns that must agree, such as the month. With `or_less` a smaller figure here is as good.

    Both are first summed over the rows that `where` and `other_where` leave (client groups, services). The tolerance is
    the larger of `tolerance` (this table's unit) and `tolerance_share` of the larger figure. Raises NotRunError when
    the two share no authority and year.
    """
    by = ["financial_year", "authority_code", *(match or [])]
    mine = in_years(councils(frames.frame(check.table, [column], where=where)), only_years, except_years)
    theirs = in_years(councils(frames.frame(other_table, [other_column], where=other_where)), only_years, except_years)
    mine_sum = _one_row_each(mine, column, by)
    their_sum = _one_row_each(theirs, other_column, by).rename(columns={other_column: "_expected"})
    both = mine_sum.merge(their_sum[[*by, "_expected"]], on=by)
    if both.empty:
        raise NotRunError(f"tables '{check.table}' and '{other_table}' share no authority and year in this run")
    both["_expected"] = both["_expected"] * other_scale
    judged = both[both[column].notna() & both["_expected"].notna()]
    broken = unlike(judged, column, "_expected", tolerance=tolerance, share=tolerance_share)
    if or_less:
        broken = broken[broken[column] > broken["_expected"]]
    made = findings(
        broken,
        column,
        value=column,
        expected="_expected",
        reason=f"{column} is {{value}} here, but {other_table} gives {{expected}}",
    )
    return Found(len(judged), len(mine_sum) - len(judged), made, judged=judged["record_id"])


def _one_row_each(frame: Frame, column: str, by: list[str]) -> Frame:
    """One row per authority and year with the sum of `column`, keeping the record id of the row with the largest
    figure.
    """
    frame = frame.dropna(subset=by)
    if not frame.duplicated(by).any():  # one row each already, as in most returns: nothing to sum
        return frame.sort_values("record_id", kind="stable")
    order = frame[column].abs().sort_values(ascending=False, kind="stable", na_position="last").index
    leading = frame.loc[order].drop_duplicates(by).drop(columns=[column])
    sums = frame.groupby(by, as_index=False)[column].sum(min_count=1)
    return leading.merge(sums, on=by).sort_values("record_id", kind="stable")
