"""People, prices and deprivation on the panel's years.

In: core tables `population_by_age`, `deprivation` and `deflator`. Out: (areas x years) people, scores and the
deflator relative to 2014-15 = 1. Populations of the two years held are joined by a straight line and carried on
beyond them, so they are estimates. Refuses nothing: a table that is missing leaves its series NaN.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.declarations.parquet import read_table

if TYPE_CHECKING:
    from audit.panel.panel import Panel

BANDS = ("population_18_plus", "population_65_plus", "population_85_plus")
BASE_YEAR = "2014-15"


def _read(folder: Path, table: str) -> Any:
    import pandas as pd

    return read_table(folder, table) if (folder / f"{table}.parquet").exists() else pd.DataFrame()


def _year_column(frame: Any) -> Any:
    """Calendar year as a number, from a `year` column or the start of the financial year."""
    source = frame["year"] if "year" in frame.columns else frame["financial_year"]
    return source.astype(str).str[:4].astype(float)


def _level(frame: Any, column: str, areas: tuple[str, ...]) -> dict[float, Any]:
    """Year to a vector over areas: summed over the authorities of the area, the area's own ONS row preferred."""
    import numpy as np

    made: dict[float, Any] = {}
    usable = frame[frame["area_code"].isin(areas) & frame[column].notna()].assign(when=_year_column(frame))
    for when, rows in usable.groupby("when"):
        sums = rows.groupby("area_code")[column].sum()
        made[float(str(when))] = sums.reindex(list(areas)).to_numpy(dtype=float)
    return {when: np.where(vector > 0, vector, np.nan) for when, vector in sorted(made.items())}


def _line(levels: dict[float, Any], years: tuple[str, ...]) -> Any:
    import numpy as np

    (first, low), (last, high) = (
        min(levels.items(), key=lambda item: item[0]),
        max(levels.items(), key=lambda item: item[0]),
    )
    low, high = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    share = np.array([(int(year[:4]) - first) / max(last - first, 1.0) for year in years])
    return low[:, None] + (high - low)[:, None] * share[None, :]


def people(folder: Path, panel: Panel) -> dict[str, Any]:
    """`population_*` and `deprivation` as (areas, years), `deflator` as (1, years). NaN where nothing is held."""
    import numpy as np

    shape = (len(panel.areas), len(panel.years))
    made = {band: np.full(shape, np.nan) for band in (*BANDS, "deprivation")}
    ages = _read(folder, "population_by_age")
    for band in BANDS:
        if not ages.empty and band in ages.columns:
            levels = _level(ages, band, panel.areas)
            made[band] = _line(levels, panel.years) if levels else made[band]
    scores = _read(folder, "deprivation")
    column = next((name for name in scores.columns if "average_score" in name), "")
    if column:
        usable = scores[scores["area_code"].isin(panel.areas)].assign(when=_year_column(scores))
        vintages = {
            float(str(when)): rows.groupby("area_code")[column].mean().reindex(list(panel.areas)).to_numpy(dtype=float)
            for when, rows in usable.groupby("when")
        }
        for position, year in enumerate(panel.years):
            nearest = min(vintages, key=lambda when: (abs(when - int(year[:4])), when))
            made["deprivation"][:, position] = vintages[nearest]
    made["deflator"] = _deflator(_read(folder, "deflator"), panel.years)
    return made


def _deflator(frame: Any, years: tuple[str, ...]) -> Any:
    import numpy as np

    column = next((name for name in frame.columns if "deflator" in name), "")
    if not column:
        return np.full((1, len(years)), np.nan)
    index = dict(zip(frame["financial_year"], frame[column], strict=True))
    base = float(index.get(BASE_YEAR, np.nan))
    return np.array([[float(index.get(year, np.nan)) / base for year in years]])
