"""Figures against the same authority's other years: jumps, roll-forward, slips of a thousand, flipped signs, copied
years.

In: `Frames` and the arguments of a suite entry. Out: `Found`; a finding is a prompt to look at the return, not a
judgement on it.
"""

from __future__ import annotations

from typing import Any

from expectations.records.checks import Check, Found, NotRunError
from expectations.records.table_frames import Frame, Frames, councils, findings, in_years, next_year, unlike

MAD_TO_SD = 1.4826
"""Median absolute deviation of a normal distribution to its standard deviation."""
FEWEST_OTHER_YEARS = 2


def _pairs(frames: Frames, check: Check, columns: list[str], where: dict[str, Any] | None) -> tuple[Frame, list[str]]:
    """Each authority's year (`_now`) beside the year before (`_before`) for the same remaining keys."""
    frame = councils(frames.frame(check.table, columns, where=where))
    by = [name for name in frames.declared[check.table].key if name != "financial_year"]
    earlier = frame[["financial_year", *by, *columns]].copy()
    earlier["financial_year"] = earlier["financial_year"].map(next_year)
    pairs = frame.merge(earlier, on=["financial_year", *by], suffixes=("", "__before"))
    if pairs.empty:
        raise NotRunError("no two successive years were loaded")
    return pairs, by


def jump_beyond_band(
    frames: Frames,
    check: Check,
    *,
    column: str,
    widths: float,
    at_least_share: float,
    at_least: float,
    where: dict[str, Any] | None = None,
    except_years: list[str] | None = None,
) -> Found:
    """The change on the year before lies within `widths` robust standard deviations of that year's median change.

    Changes are logs of ratios, so both figures must exceed `at_least` (the column's unit); a change smaller than
    `at_least_share` beyond the median never counts. Centre and spread are the median and the median absolute deviation
    over authorities.
    """
    import numpy as np

    pairs, by = _pairs(frames, check, [column], where)
    frame = in_years(pairs, None, except_years)
    before = f"{column}__before"
    judged = frame[(frame[column] > at_least) & (frame[before] > at_least)].copy()
    judged["_change"] = np.log(judged[column] / judged[before])
    groups = ["financial_year", *(name for name in by if name != "authority_code")]
    centre = judged.groupby(groups)["_change"].transform("median")
    spread = (judged["_change"] - centre).abs().groupby([judged[name] for name in groups]).transform(
        "median"
    ) * MAD_TO_SD
    beyond = (judged["_change"] - centre).abs()
    judged["_expected"] = judged[before] * np.exp(centre)
    judged["_percent"] = (judged[column] / judged[before] - 1) * 100
    judged["_typical"] = (np.exp(centre) - 1) * 100
    broken = judged[beyond > np.maximum(widths * spread, np.log1p(at_least_share))]
    made = findings(
        broken,
        column,
        value=column,
        expected="_expected",
        reason=f"{column} changed by {{row[_percent]:+.0f}}% on the year before; "
        "the middle authority changed by {row[_typical]:+.0f}%",
    )
    return Found(len(judged), len(frame) - len(judged), made, judged=judged["record_id"])


def closing_equals_next_opening(
    frames: Frames,
    check: Check,
    *,
    closing: str,
    opening: str,
    tolerance: float,
    tolerance_share: float,
    except_years: list[str] | None = None,
) -> Found:
    """The year's `closing` balance equals the next year's `opening`, within the larger of the tolerances.

    `except_years` are closing years.
    """
    frame = in_years(councils(frames.frame(check.table, [closing, opening])), None, except_years)
    full = councils(frames.frame(check.table, [opening]))
    by = list(frames.declared[check.table].key)
    frame = frame.assign(_next=frame["financial_year"].map(next_year))
    later = full[[*by, opening]].rename(columns={"financial_year": "_next", opening: "_expected"})
    pairs = frame.merge(later, on=["_next", *(name for name in by if name != "financial_year")])
    if pairs.empty:
        raise NotRunError("no two successive years were loaded")
    judged = pairs[pairs[closing].notna() & pairs["_expected"].notna()]
    broken = unlike(judged, closing, "_expected", tolerance=tolerance, share=tolerance_share)
    made = findings(
        broken,
        closing,
        value=closing,
        expected="_expected",
        reason=f"{closing} is {{value}}, but {{row[_next]}} opens with {{expected}}",
    )
    return Found(len(judged), len(pairs) - len(judged), made, judged=judged["record_id"])


def _beside_own_years(
    frames: Frames, check: Check, column: str, where: dict[str, Any] | None, *, others: Frame | None = None
) -> tuple[Frame, int]:
    """Rows with a value that is not nil, beside the median (`_usual`) of the same authority's other years.

    At least two other years are needed; other rows are not judged and are counted in the second part of the result.
    Rows of `others` (of another return, with the same column) count as years of the authority and are not judged.
    """
    import numpy as np
    import pandas as pd

    frame = councils(frames.frame(check.table, [column], where=where)).assign(_own=True)
    by = [name for name in frames.declared[check.table].key if name != "financial_year"]
    every: Any = frame if others is None else pd.concat([frame, others.assign(_own=False)], ignore_index=True)
    held = every[every[column].notna() & (every[column] != 0)].dropna(subset=by)  # a row nobody owns has no own years
    held["_group"] = held.groupby(by, sort=True).ngroup()
    held["_place"] = held.groupby("_group").cumcount()
    if held.empty:
        raise NotRunError(f"column '{column}' has no values in this run")
    grid = np.full((int(held["_group"].max()) + 1, int(held["_place"].max()) + 1), np.nan)
    grid[held["_group"], held["_place"]] = held[column]
    usual = np.full(grid.shape, np.nan)
    enough = (~np.isnan(grid)).sum(axis=1) > FEWEST_OTHER_YEARS
    for place in range(grid.shape[1] if enough.any() else 0):
        usual[enough, place] = np.nanmedian(np.delete(grid[enough], place, axis=1), axis=1)
    held["_usual"] = usual[held["_group"], held["_place"]]
    judged = held[held["_own"] & held["_usual"].notna() & (held["_usual"] != 0)]
    return judged, len(frame) - len(judged)


def thousand_slip(
    frames: Frames,
    check: Check,
    *,
    column: str,
    at_least: float,
    where: dict[str, Any] | None = None,
    other_table: str = "",
    other_column: str = "",
) -> Found:
    """The figure is not about a thousand times larger or smaller (300 to 3,000) than the authority's usual one.

    Pounds were then given where thousands belong, or the other way round. Judged where the larger of the two exceeds
    `at_least`. `other_column` of `other_table`, a like figure in the same unit and with the same key, counts as further
    years of the authority: a table of two years is too short to know what is usual.
    """
    others = None
    if other_table:
        theirs = councils(frames.frame(other_table, [other_column]))
        others = theirs.rename(columns={other_column: column})
    judged, missing = _beside_own_years(frames, check, column, where, others=others)
    ratio = (judged[column] / judged["_usual"]).abs()
    large = judged[[column, "_usual"]].abs().max(axis=1) > at_least
    slipped = (ratio.between(300, 3000) | (1 / ratio).between(300, 3000)) & large
    made = findings(
        judged[slipped],
        column,
        value=column,
        expected="_usual",
        reason=f"{column} is {{value}} against a usual {{expected}}: about a thousand times off",
    )
    return Found(len(judged), missing, made, judged=judged["record_id"])


def sign_flip(
    frames: Frames, check: Check, *, column: str, at_least: float, where: dict[str, Any] | None = None
) -> Found:
    """The figure does not have the opposite sign to the authority's usual one at a similar size (a third to three
    times).
    """
    judged, missing = _beside_own_years(frames, check, column, where)
    ratio = judged[column] / judged["_usual"]
    flipped = judged[ratio.between(-3, -1 / 3) & (judged[column].abs() > at_least)]
    made = findings(
        flipped,
        column,
        value=column,
        expected="_usual",
        reason=f"{column} is {{value}} against a usual {{expected}}: the sign is turned",
    )
    return Found(len(judged), missing, made, judged=judged["record_id"])


def year_is_not_a_copy(
    frames: Frames, check: Check, *, column: str, max_share: float, where: dict[str, Any] | None = None
) -> Found:
    """Fewer than `max_share` of authorities report exactly the figure of the year before: more means one year's file
    was loaded twice.
    """
    pairs, _ = _pairs(frames, check, [column], where)
    judged = pairs[pairs[column].notna() & pairs[f"{column}__before"].notna() & (pairs[column] != 0)].copy()
    judged["_same"] = judged[column] == judged[f"{column}__before"]
    shares = judged.groupby("financial_year")["_same"].mean()
    copied = sorted(shares[shares > max_share].index)
    made = findings(
        judged[judged["_same"] & judged["financial_year"].isin(copied)],
        column,
        value=column,
        reason=f"{column} is exactly the figure of the year before for most authorities: one file may be read twice",
    )
    return Found(len(judged), len(pairs) - len(judged), made, judged=judged["record_id"])


def year_in_its_unit(
    frames: Frames, check: Check, *, column: str, max_share: float, where: dict[str, Any] | None = None
) -> Found:
    """At most `max_share` of a year's authorities are about a thousand times (300 to 3,000) off their usual
    figure: more means that the whole file is in pounds where thousands belong, or the other way round.
    """
    judged, missing = _beside_own_years(frames, check, column, where)
    ratio = (judged[column] / judged["_usual"]).abs()
    slipped = ratio.between(300, 3000) | (1 / ratio).between(300, 3000)
    shares = slipped.groupby(judged["financial_year"]).mean()
    wrong = judged["financial_year"].isin(sorted(shares[shares > max_share].index))
    made = findings(
        judged[wrong & slipped],
        column,
        value=column,
        expected="_usual",
        reason=f"{column} of {{row[financial_year]}} is {{value}} against a usual {{expected}}, as in most "
        "of its file: the file is in another unit than £ thousand",
    )
    return Found(len(judged), missing, made, judged=judged["record_id"])
