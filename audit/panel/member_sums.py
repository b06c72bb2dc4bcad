"""Sums over the authorities of an area, year by year.

In: core tables by authority and year. Out: (areas x years) arrays. Refuses to add a part: if any authority that had
the area's social-care duty in a year has no figure, the area has none in that year.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.declarations.parquet import read_table

if TYPE_CHECKING:
    from audit.panel.panel import Panel


def read_or_empty(folder: Path, table: str) -> Any:
    """A core table, or an empty frame when the run has none."""
    import pandas as pd

    if not (folder / f"{table}.parquet").exists():
        return pd.DataFrame()
    frame = read_table(folder, table)
    keys = [name for name in ("authority_code", "financial_year") if name in frame.columns]
    return frame.astype(dict.fromkeys(keys, object))


def active_members(area_authority: Any, years: tuple[str, ...]) -> dict[tuple[str, str], tuple[str, ...]]:
    """(area, year) to the authorities that had its social-care duty in that year."""
    spans: dict[str, tuple[str, str, str]] = {}
    frame = area_authority[area_authority["social_care"].eq(True) & area_authority["area_code"].notna()]
    columns = ("authority_code", "area_code", "first_year", "last_year")
    for code, area, first, last in zip(*(frame[name].fillna("") for name in columns), strict=True):
        if not area:
            continue
        first, last = first or "0000-00", last or "9999-99"
        old = spans.get(code)
        spans[code] = (area, min(first, old[1]), max(last, old[2])) if old else (area, first, last)
    made: dict[tuple[str, str], list[str]] = {}
    for code, (area, first, last) in sorted(spans.items()):
        for year in years:
            if first <= year <= last:
                made.setdefault((area, year), []).append(code)
    return {key: tuple(codes) for key, codes in made.items()}


def sum_over_members(values: Mapping[tuple[str, str], float], panel_keys: Panel) -> Any:
    """(areas, years) sums of `values[(authority, year)]`; NaN when any authority active in the year has none."""
    import numpy as np

    areas, years = len(panel_keys.areas), len(panel_keys.years)
    keys, place = panel_keys.places
    if not len(place):
        return np.full((areas, years), np.nan)
    missing = float("nan")
    parts = [values.get(key, missing) for key in keys]
    counted = np.bincount(place, minlength=areas * years)
    sums = np.bincount(place, weights=parts, minlength=areas * years)
    return np.where(counted > 0, sums, np.nan).reshape(areas, years)


def places(
    areas: tuple[str, ...], years: tuple[str, ...], members: Mapping[tuple[str, str], tuple[str, ...]]
) -> tuple[list[tuple[str, str]], Any]:
    """(authority, year) of every member and the position of its area and year in a flattened (areas, years) array."""
    import numpy as np

    row = {area: index for index, area in enumerate(areas)}
    column = {year: index for index, year in enumerate(years)}
    keys: list[tuple[str, str]] = []
    place: list[int] = []
    for (area, year), codes in members.items():
        if area in row:
            keys += [(code, year) for code in codes]
            place += [row[area] * len(years) + column[year]] * len(codes)
    return keys, np.array(place, dtype=int)


def cells(frame: Any, column: str, factor: float = 1000.0) -> dict[tuple[str, str], float]:
    """One column of a core table by (authority, year), times `factor`; missing values are left out."""
    if frame.empty or column not in frame.columns:
        return {}
    amounts = frame[column].to_numpy(dtype=float) * factor
    known = amounts == amounts
    codes, years = (frame[name].to_numpy(dtype=object)[known].tolist() for name in ("authority_code", "financial_year"))
    return dict(zip(zip(codes, years, strict=True), amounts[known].tolist(), strict=True))
