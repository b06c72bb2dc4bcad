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
        inside: set[str] = set()
        for window in windows:
            years = _years(panel, window, due)
            inside.update(window.base, window.years)
            row = _row(panel, at, window.name, years, most)
            made += [row] if row else []
        others = [
            year
            for place, year in enumerate(panel.years)
            if given[at, place] == given[at, place] and year not in inside
        ]
        if others:
            what = f"The years {', '.join(others)} lie in no window, so their amounts decide nothing."
            made.append(_told(panel.areas[at], "", others, (), why=what))
    return sorted(made, key=lambda row: (row["area_code"], row["window"]))


def _years(panel: Panel, window: Window, due: Any) -> list[int]:
    """The years of a window, by their place in the panel, in which there was NHS money."""
    import numpy as np

    places = panel.at((*window.base, *window.years))
    return [place for place in places if (np.nan_to_num(due[:, place]) > 0).any()]


def _row(panel: Panel, at: int, window: str, years: list[int], most: float) -> Row | None:
    given, due = panel.money["allocated"][at], panel.money["entitlement"][at]
    have = [panel.years[place] for place in years if given[place] == given[place]]
    missing = [panel.years[place] for place in years if given[place] != given[place]]
    if not have:
        return None
    supplied = sum(float(given[place]) for place in years if given[place] == given[place])
    worked_out = sum(float(due[place]) for place in years if given[place] == given[place] and due[place] == due[place])
    why = ""
    if missing:
        why = (
            f"The amounts supplied for {', '.join(have)} decide nothing: none is supplied for {', '.join(missing)}, and an "
            "area is judged on allocations only where they cover every year with NHS money."
        )
    times = supplied / worked_out if worked_out > 0 and supplied > 0 else 1.0
    if not 1.0 / most <= times <= most:
        larger = times if times > 1 else 1.0 / times
        side = "more" if times > 1 else "less"
        odd = (
            f"The amounts supplied ({supplied:,.0f} pounds) are {larger:,.0f} times {side} than what is worked out "
            f"({worked_out:,.0f}): they may be in another unit."
        )
        why = f"{odd} {why}".strip()
    made = _told(panel.areas[at], window, have, missing, why=why)
    return made | {"supplied_gbp": supplied, "worked_out_gbp": worked_out, "used": not missing}


def _told(area: str, window: str, given: list[str], missing: list[str] | tuple[()], *, why: str) -> Row:
    return {
        "area_code": area, "window": window, "years_given": ", ".join(given), "years_missing": ", ".join(missing),
        "supplied_gbp": None, "worked_out_gbp": None, "used": False, "why_not": why,
    }  # fmt: skip


def columns(rows: list[Row]) -> dict[str, list[Any]]:
    """The rows as columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}
