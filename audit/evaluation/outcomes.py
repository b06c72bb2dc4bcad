"""Held-out outcomes: were delayed days and published outcomes worse where the method points than in areas like them?

In: an `Assessment` of the returns as they are and a folder of loaded tables. Out: rows of `evaluation_outcome`. No
outcome takes any part in a score. Each area is compared with the mean of its nearest peers outside the group; the
interval is a bootstrap over the group's areas. Refuses nothing: an empty group gives a row without figures.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from audit.method.assessment import Assessment
from audit.settings import Settings
from pipelines.declarations.table_words import REVIEW_LIST, SECTION_256, UNUSUAL_LIST

MATCHED = 5
RESAMPLES = 2000
ASCOF = {
    "2A1": ("Permanent admissions of people aged 18 to 64 per 100,000, 2020-21", 1.0),
    "2A2": ("Permanent admissions of people aged 65 and over per 100,000, 2020-21", 1.0),
    "2B1": ("Not at home 91 days after reablement, per cent, 2020-21", -1.0),
    "2D": ("Lower or no support after a short-term service, turned round, per cent, 2020-21", -1.0),
}


def delays(tables: Path, panel: Any) -> Any:
    """(areas, years) delayed days attributable to social care, a month per 100,000 adults; NaN where none are held."""
    import numpy as np

    from audit.panel.member_sums import read_or_empty

    made = np.full((len(panel.areas), len(panel.years)), np.nan)
    frame = read_or_empty(tables, "dtoc_by_organisation")
    if frame.empty:
        return made
    frame = frame[frame["area_code"].isin(panel.areas) & frame["financial_year"].isin(panel.years)]
    frame = frame.assign(area_code=frame["area_code"].astype(object), month=frame["month"].astype(object))
    days = frame.groupby(["area_code", "financial_year", "month"])["social_care_days"].sum().reset_index()
    for (area, year), mean in days.groupby(["area_code", "financial_year"])["social_care_days"].mean().items():
        row, column = panel.areas.index(area), panel.years.index(year)
        made[row, column] = mean / panel.money["population_18_plus"][row, column] * 1e5
    return made


def _mean_of(values: Any, panel: Any, years: tuple[str, ...]) -> Any:
    return values[:, panel.at(years)].mean(axis=1)


def _by_area(frame: Any, code: str) -> dict[str, float]:
    """A published rate by area. Rates cannot be added up, so an area of several authorities has none."""
    if frame.empty:
        return {}
    rows = frame[(frame["measure"] == code) & (frame["disaggregation"] == "Total") & frame["area_code"].notna()]
    single = rows[~rows["area_code"].duplicated(keep=False) & rows["outcome"].notna()]
    return dict(zip(single["area_code"], single["outcome"].astype(float), strict=True))


def outcome_values(tables: Path, panel: Any, window: str) -> list[tuple[str, Any]]:
    """(outcome in words, values over areas, larger is worse) that may be set beside a window."""
    import numpy as np

    from audit.panel.member_sums import read_or_empty

    days = delays(tables, panel)
    if window == SECTION_256:
        change = _mean_of(days, panel, ("2013-14",)) - _mean_of(days, panel, ("2011-12",))
        return [
            ("Delayed days due to social care, change 2011-12 to 2013-14", change),
            ("Delayed days due to social care, 2013-14", _mean_of(days, panel, ("2013-14",))),
        ]
    later = ("2015-16", "2016-17", "2017-18", "2018-19")
    change = _mean_of(days, panel, later) - _mean_of(days, panel, ("2013-14", "2014-15"))
    made = [("Delayed days due to social care, change 2013-15 to 2015-19", change)]
    frame = read_or_empty(tables, "outcome_ascof")
    for code, (words, sign) in ASCOF.items():
        known = _by_area(frame, code)
        if known:
            base = 100.0 if code == "2B1" else 0.0
            worse = np.array([base + sign * known.get(area, math.nan) for area in panel.areas])
            made.append((words, worse))
    return made


def outcome_rows(found: Assessment, tables: Path, settings: Settings) -> list[dict[str, Any]]:
    """The outcomes of the areas on each list, less those of matched areas."""
    from audit.method.comparable.peers import nearest

    rows: list[dict[str, Any]] = []
    for name, one in found.found.items():
        peers = nearest(one.data)
        for words, values in outcome_values(tables, found.panel, name):
            for group, places in ((REVIEW_LIST, one.review), (UNUSUAL_LIST, one.unusual_list)):
                made = difference(values, places > 0, peers, seed=settings.count("model.seed"))
                rows.append({"window": name, "outcome": words, "group": group, **made})
    return rows


def difference(values: Any, mine: Any, peers: Any, *, seed: int) -> dict[str, Any]:
    """Mean of the group, of its matched areas, and their difference with a 90% bootstrap interval. Plus is worse."""
    import numpy as np

    own: list[float] = []
    like: list[float] = []
    for area in np.flatnonzero(mine & np.isfinite(values)).tolist():
        theirs = [values[other] for other in peers[area].tolist() if not mine[other] and values[other] == values[other]]
        if theirs:
            own.append(float(values[area]))
            like.append(float(np.mean(theirs[:MATCHED])))
    if len(own) < 3:
        blank = math.nan
        return {"areas": len(own), "group_mean": blank, "matched_mean": blank, "difference": blank, "lower": blank,
                "upper": blank, "worse": "too few areas"}  # fmt: skip
    gap = np.array(own) - np.array(like)
    draws: Any = np.random.default_rng(seed).integers(len(gap), size=(RESAMPLES, len(gap)))
    lower, upper = np.quantile(gap[draws].mean(axis=1), [0.05, 0.95])
    said = "yes" if lower > 0 else "better" if upper < 0 else "no difference shown"
    return {"areas": len(own), "group_mean": float(np.mean(own)), "matched_mean": float(np.mean(like)),
            "difference": float(gap.mean()), "lower": float(lower), "upper": float(upper), "worse": said}  # fmt: skip
