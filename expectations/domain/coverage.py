"""Is everybody there: areas covered each year, codes that are known, weights that sum to one, releases that replace
each other.

In: `Frames` and the arguments of a suite entry. Out: `Found`.
"""

from __future__ import annotations

from typing import Any

from expectations.records.checks import Check, Found, NotRunError
from expectations.records.table_frames import Frame, Frames, councils, findings, in_years


def areas_covered(
    frames: Frames,
    check: Check,
    *,
    min_share: float,
    column: str = "",
    where: dict[str, Any] | None = None,
    only_years: list[str] | None = None,
    except_years: list[str] | None = None,
) -> Found:
    """In each year at least `min_share` of the areas have a row (with a value in `column`, when given).

    The detail names the areas missing.
    """
    areas = set(frames.frame("area", ["area_code"])["area_code"])
    frame = in_years(
        councils(frames.frame(check.table, [column] if column else [], where=where)), only_years, except_years
    )
    if column:
        frame = frame[frame[column].notna()]
    short: list[str] = []
    years = sorted(frame["financial_year"].dropna().unique())
    for year in years:
        here = set(frame.loc[frame["financial_year"] == year, "area_code"].unique()) & areas
        missing = sorted(areas - here)
        if len(here) < min_share * len(areas):
            short.append(
                f"{year}: {len(here)} of {len(areas)} areas, without "
                + ", ".join(missing[:5])
                + (" ..." if len(missing) > 5 else "")
            )
    detail = "; ".join(short) or f"{len(areas)} areas in {len(years)} year{'s' * (len(years) != 1)}"
    return Found(len(frame), 0, (), detail, failed_without_rows=bool(short))


def weights_sum_to_one(frames: Frames, check: Check, *, weight: str, by: list[str], tolerance: float) -> Found:
    """`weight` summed over the rows that share `by` is 1 within `tolerance`.

    Findings stand on the first row of each group.
    """
    frame = frames.frame(check.table, [weight, *by])
    sums = frame.groupby(by, as_index=False)[weight].sum().rename(columns={weight: "_sum"})
    first = frame.sort_values("record_id", kind="stable").drop_duplicates(by).merge(sums, on=by).assign(_one=1.0)
    broken = first[(first["_sum"] - 1).abs() > tolerance]
    made = findings(
        broken,
        weight,
        value="_sum",
        expected="_one",
        reason=f"{weight} adds up to {{row[_sum]:.6f}} over {', '.join(by)}, not 1",
    )
    return Found(len(first), 0, made, judged=first["record_id"])


def values_known(
    frames: Frames,
    check: Check,
    *,
    column: str,
    other_table: str,
    other_column: str,
    ignore: list[str] | None = None,
    where: dict[str, Any] | None = None,
) -> Found:
    """Every value of `column` occurs in `other_column` of `other_table`; missing values and those in `ignore` are not
    judged.
    """
    known = set(frames.frame(other_table, [other_column])[other_column].dropna().unique())
    frame = frames.frame(check.table, [column], where=where)
    judged = frame[frame[column].notna() & ~frame[column].isin([*(ignore or []), ""])]
    made = findings(
        judged[~judged[column].isin(known)],
        column,
        value=column,
        reason=f"'{{value}}' is not a known {other_column} of {other_table}",
    )
    return Found(len(judged), len(frame) - len(judged), made, judged=judged["record_id"])


def one_release_per_record(frames: Frames, check: Check) -> Found:
    """No key occurs in more than one release; where it does, the reader must know which release a figure came from."""
    key = list(frames.declared[check.table].key)
    frame = frames.frame(check.table, ["release"])
    if frame["release"].nunique(dropna=False) < 1:
        raise NotRunError("no release is recorded")
    several = in_several_releases(frame, key)
    made = findings(
        frame[several], "release", value="release", reason="the same record was published in more than one release"
    )
    return Found(len(frame), 0, made, judged=frame["record_id"])


def in_several_releases(frame: Frame, key: list[str]) -> Any:
    """True for the rows whose key occurs in more than one release. Most tables have one row a key: then it is quick."""
    if not frame.duplicated(key).any():
        return frame["release"] != frame["release"]
    return frame.groupby(key, dropna=False)["release"].transform("nunique") > 1
