"""Accounting identities: columns of one row that must add up, and shares that must stay in a range.

In: `Frames` and the arguments of a suite entry. Out: `Found` with one finding per row that breaks the identity. Rows
without all the values are not judged and are counted as such.
"""

from __future__ import annotations

from typing import Any

from expectations.records.checks import Check, Found
from expectations.records.table_frames import Frame, Frames, councils, findings, in_years


def columns_add_up(
    frames: Frames,
    check: Check,
    *,
    total: str,
    plus: list[str],
    tolerance: float,
    minus: list[str] | None = None,
    tolerance_share: float = 0.0,
    missing_as_zero: bool = False,
    where: dict[str, Any] | None = None,
    only_years: list[str] | None = None,
    except_years: list[str] | None = None,
) -> Found:
    """`total` = sum of `plus` - sum of `minus`, within the larger of `tolerance` (the column's unit) and a share of the
    total.

    With `missing_as_zero` a part without a value counts as nothing, provided at least one part has one (returns leave
    nil lines blank).
    """
    taken = minus or []
    frame = in_years(councils(frames.frame(check.table, [total, *plus, *taken], where=where)), only_years, except_years)
    parts = frame[[*plus, *taken]]
    complete = frame[total].notna() & (parts.notna().any(axis=1) if missing_as_zero else parts.notna().all(axis=1))
    judged = frame[complete].copy()
    judged["_value"] = judged[total]
    judged["_expected"] = judged[plus].fillna(0.0).sum(axis=1) - judged[taken].fillna(0.0).sum(axis=1)
    allowed = (judged["_value"].abs() * tolerance_share).clip(lower=tolerance)
    broken = judged[(judged["_value"] - judged["_expected"]).abs() > allowed + 1e-6]
    formula = " + ".join(plus) + "".join(f" - {name}" for name in taken)
    made = findings(
        broken,
        total,
        value="_value",
        expected="_expected",
        reason=f"{total} is {{value}}, but {_short(formula)} gives {{expected}}",
    )
    return Found(len(judged), len(frame) - len(judged), made, judged=judged["record_id"])


def _short(formula: str) -> str:
    return formula if len(formula) < 160 else formula[:150] + " ..."


def share_between(
    frames: Frames,
    check: Check,
    *,
    part: str,
    whole: str,
    min_value: float | None = None,
    max_value: float | None = None,
    whole_at_least: float = 0.0,
    where: dict[str, Any] | None = None,
    only_years: list[str] | None = None,
    except_years: list[str] | None = None,
) -> Found:
    """`part` / `whole`, both summed over the rows of one authority and year, lies between the bounds.

    Authorities whose `whole` is not above `whole_at_least` are not judged. The finding stands on the row with the
    largest `part`.
    """
    frame = in_years(councils(frames.frame(check.table, [part, whole], where=where)), only_years, except_years)
    judged = summed(frame, [part, whole])
    judged = judged[judged[whole] > whole_at_least].copy()
    judged["_share"] = judged[part] / judged[whole]
    low = judged["_share"] < (min_value if min_value is not None else float("-inf"))
    high = judged["_share"] > (max_value if max_value is not None else float("inf"))
    made = findings(
        judged[low | high],
        part,
        value="_share",
        reason=f"{part} is {{row[_share]:.0%}} of {whole}, outside {_bounds(min_value, max_value)}",
    )
    return Found(len(judged), len(frame.groupby(_by(frame))) - len(judged), made, judged=judged["record_id"])


def sum_between(
    frames: Frames,
    check: Check,
    *,
    column: str,
    min_value: float | None = None,
    max_value: float | None = None,
    where: dict[str, Any] | None = None,
    only_years: list[str] | None = None,
    except_years: list[str] | None = None,
) -> Found:
    """`column` summed over the rows of one authority and year lies between the bounds.

    The finding stands on the largest row.
    """
    frame = in_years(councils(frames.frame(check.table, [column], where=where)), only_years, except_years)
    judged = summed(frame, [column])
    low = judged[column] < (min_value if min_value is not None else float("-inf"))
    high = judged[column] > (max_value if max_value is not None else float("inf"))
    made = findings(
        judged[low | high],
        column,
        value=column,
        reason=f"{column} adds up to {{value}}, outside {_bounds(min_value, max_value)}",
    )
    return Found(len(judged), len(frame.groupby(_by(frame))) - len(judged), made, judged=judged["record_id"])


def _bounds(low: float | None, high: float | None) -> str:
    return f"{'...' if low is None else f'{low:g}'} to {'...' if high is None else f'{high:g}'}"


def _by(frame: Frame) -> list[str]:
    return [name for name in ("financial_year", "authority_code", "release") if name in frame.columns]


def summed(frame: Frame, columns: list[str]) -> Frame:
    """Sums of `columns` per authority and year, on the row whose first column is largest in size; rows without a value
    left out.
    """
    by = _by(frame)
    held = frame.dropna(subset=columns)
    order = held[columns[0]].abs().sort_values(ascending=False, kind="stable").index
    leading = held.loc[order].drop_duplicates(by).drop(columns=columns)
    totals = held.groupby(by, as_index=False)[columns].sum()
    return leading.merge(totals, on=by).sort_values("record_id", kind="stable")
