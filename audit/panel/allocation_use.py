"""What the allocations that a user supplied decide: on which the areas are judged, and which decide nothing.

In: the panel with its supplied and worked-out money, and the windows. Out: columns of table `allocation_use`. An area
is judged on allocations only where they cover every year with NHS money; amounts far from what is worked out are told.
"""

from __future__ import annotations

from typing import Any

from audit.panel.panel import Panel
from audit.settings import Settings, Window

TABLE = "allocation_use"
Row = dict[str, Any]


def allocation_use(panel: Panel, settings: Settings) -> list[Row]:
    """One row per area and window with an amount supplied, sorted; one more where years lie in no window."""
    import numpy as np

    given, due = panel.money["allocated"], panel.money["entitlement"]
    windows = [
        window
        for window in settings.windows
        if not window.is_placebo and {*window.base, *window.years} <= set(panel.years)
    ]
    most = settings.number("evidence.largest_misfit")
    made: list[Row] = []
    for at in np.flatnonzero(np.isfinite(given).any(axis=1)).tolist():
        due_years = {window.name: _years(panel, window, due) for window in windows}
        deciding = {place for places in due_years.values() if _whole(given[at], places) for place in places}
        for name, places in due_years.items():
            row = _row(panel, at, name, places, deciding, most)
            made += [row] if row else []
        inside = {year for window in windows for year in (*window.base, *window.years)}
        others = [panel.years[place] for place in np.flatnonzero(np.isfinite(given[at])).tolist()]
        others = [year for year in others if year not in inside]
        if others:
            what = f"The years {', '.join(others)} lie in no window, so their amounts decide nothing."
            made.append(_told(panel.areas[at], "", others, (), why=what))
    return sorted(made, key=lambda row: (row["area_code"], row["window"]))


def _whole(given: Any, places: list[int]) -> bool:
    return bool(places) and all(given[place] == given[place] for place in places)


def _years(panel: Panel, window: Window, due: Any) -> list[int]:
    """The years of a window, by their place in the panel, in which there was NHS money."""
    import numpy as np

    places = panel.at((*window.base, *window.years))
    return [place for place in places if (np.nan_to_num(due[:, place]) > 0).any()]


def _row(panel: Panel, at: int, window: str, places: list[int], deciding: set[int], most: float) -> Row | None:
    """What the amounts of one area decide in a window; `deciding` are the places of years that decide in any window."""
    given, due = panel.money["allocated"][at], panel.money["entitlement"][at]
    have = [place for place in places if given[place] == given[place]]
    missing = [panel.years[place] for place in places if place not in have]
    if not have:
        return None
    years = [panel.years[place] for place in have]
    supplied = sum(float(given[place]) for place in have)
    worked_out = sum(float(due[place]) for place in have if due[place] == due[place])
    idle = bool(missing) and not set(have) <= deciding
    said = [_odd(supplied, worked_out, most)] if idle or not missing else []
    if idle:
        said.append(
            f"The amounts supplied for {', '.join(years)} decide nothing: none is supplied for {', '.join(missing)}, "
            "and an area is judged on allocations only where they cover every year with NHS money."
        )
    made = _told(panel.areas[at], window, years, missing, why=" ".join(filter(None, said)))
    return made | {"supplied_gbp": supplied, "worked_out_gbp": worked_out, "used": not missing}


def _odd(supplied: float, worked_out: float, most: float) -> str:
    """That amounts are far from what is worked out, in words; empty where they are not."""
    times = supplied / worked_out if worked_out > 0 and supplied > 0 else 1.0
    if 1.0 / most <= times <= most:
        return ""
    larger, side = (times, "more") if times > 1 else (1.0 / times, "less")
    return (
        f"The amounts supplied ({supplied:,.0f} pounds) are {larger:,.0f} times {side} than what is worked out "
        f"({worked_out:,.0f}): they may be in another unit."
    )


def _told(area: str, window: str, given: list[str], missing: list[str] | tuple[()], *, why: str) -> Row:
    return {
        "area_code": area, "window": window, "years_given": ", ".join(given), "years_missing": ", ".join(missing),
        "supplied_gbp": None, "worked_out_gbp": None, "used": False, "why_not": why,
    }  # fmt: skip


def columns(rows: list[Row]) -> dict[str, list[Any]]:
    """The rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}
