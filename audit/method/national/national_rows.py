"""Rows of table `national_displacement`: each design by window and year, placebo slope taken off, beside the truths.

In: an `Assessment`. Out: rows. Refuses nothing: an estimate that cannot be made keeps its row, with the reason in the
note. The published shares are self-reported uses of the money, not causal estimates.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from audit.method.national import national
from audit.method.national.regression import NOTHING, Slope
from audit.panel.transfers import ALLOCATED, RECEIVED, best_basis, worked_out_basis
from audit.panel.window_data import WindowData
from audit.settings import Settings

if TYPE_CHECKING:
    from audit.method.assessment import Assessment

TRUTHS = {"2011-12": 0.177, "2013-14": 0.32, "2014-15": 0.49}
ALL = "all"
RANGE = "sensitivity range"
UNTREATED = "Nobody was untreated: the level assumes that the effect is proportional to the money."
NO_PLACEBO = "No year before this money is free of NHS money, so no placebo slope is taken off."


def _row(
    data: WindowData, year: str, design: str, basis: str, *, found: Slope, before: Slope, settings: Settings, note: str
) -> dict[str, Any]:
    taken = before.slope if before.rows else 0.0
    extra = before.error if before.rows else 0.0
    rate = -(found.slope - taken)
    error = math.hypot(found.error, extra)
    from statistics import NormalDist

    normal = NormalDist().inv_cdf(0.5 + settings.number("model.level") / 2.0)
    # The wild bootstrap widens the clustered interval where few councils decide the slope; it never narrows it.
    reach = max(normal, found.wild, before.wild if before.rows else 0.0) * error if found.rows else math.nan
    return {
        "window": data.name,
        "financial_year": year,
        "design": design,
        "basis": basis,
        "slope": found.slope,
        "placebo_slope": before.slope,
        "displacement": rate,
        "clustered_error": error,
        "clustered_lower": rate - normal * error,
        "clustered_upper": rate + normal * error,
        "lower": rate - reach,
        "upper": rate + reach,
        "rho": found.rho,
        "rows": found.rows,
        "councils": found.clusters,
        "note": note,
    }


def _doses(found: Assessment, data: WindowData) -> dict[str, Any]:
    """NHS money in constant prices by basis, (areas, base + window years); as allocated where that is supplied."""
    import numpy as np

    panel = found.panel
    at = panel.at(data.years)
    prices = panel.money["deflator"][:, at]
    entitled = panel.money["entitlement"][:, at] / prices
    best = best_basis(panel, data.years)
    whole = np.array([basis == ALLOCATED for basis in best.basis])
    doses = {ALLOCATED: np.where(whole[:, None], best.gbp / prices, np.nan)} if whole.any() else {}
    doses[worked_out_basis(data.years[-1])] = entitled
    return doses | ({RECEIVED: data.money / prices} if data.window.own == "own_without_ld" else {})


def _placebo(found: Assessment, data: WindowData, basis: str, dose: Any, settings: Settings) -> Slope:
    """The slope where no NHS money of the window had come: receipts of the year itself, or money still to come."""
    import numpy as np

    if data.window.own != "own_without_ld":
        return NOTHING
    later = [item for item in found.windows.values() if item.window.is_placebo]
    last = next((item for item in later if item.years[-1] == "2010-11"), None)
    if last is None:
        return NOTHING
    if basis == "received":
        return national.across(
            last, last.money / found.panel.money["deflator"][:, found.panel.at(last.years)], 0, settings
        )
    risen = dose[:, data.base :].mean(axis=1) - dose[:, : data.base].mean(axis=1)
    return national.across(last, np.stack([np.zeros(len(risen)), risen], axis=1), 0, settings)


def arithmetic(found: Assessment, data: WindowData) -> dict[str, Any]:
    """Maintenance of effort of all assessed areas together: change of yearly averages, cash pounds; no inference."""
    import numpy as np

    best = best_basis(found.panel, data.years)
    booked = data.window.own == "own_without_ld"
    money, basis = (data.money, RECEIVED) if booked else (best.gbp, " and ".join(sorted(set(best.basis))))
    rows = data.usable & np.isfinite(money).all(axis=1)
    changes: list[float] = []
    for values in (data.own[rows], money[rows]):
        changes.append(float((values[:, data.base :].mean(axis=1) - values[:, : data.base].mean(axis=1)).sum()))
    return {
        "window": data.name,
        "financial_year": ALL,
        "design": "plain arithmetic",
        "basis": basis,
        "own_change_gbp": changes[0],
        "nhs_change_gbp": changes[1],
        "rows": int(rows.sum()),
        "councils": int(rows.sum()),
        "note": "Yearly averages of the window against the base years, in cash. Cuts to all services are in it.",
    }


def _covers(row: dict[str, Any]) -> str:
    lower, upper = row.get("lower", math.nan), row.get("upper", math.nan)
    if lower != lower:
        return ""
    return ";".join(f"{value:.3g}" for value in TRUTHS.values() if lower <= value <= upper)


def rows(found: Assessment, settings: Settings) -> list[dict[str, Any]]:
    """All rows, the pooled estimate of each design first."""
    made: list[dict[str, Any]] = []
    for data in (item for item in found.windows.values() if item.real):
        made.append(arithmetic(found, data))
        for basis, dose in _doses(found, data).items():
            before = _placebo(found, data, basis, dose, settings)
            note = UNTREATED if before.rows else f"{UNTREATED} {NO_PLACEBO}"
            for place, year in enumerate((ALL, *data.window.years)):
                slope = national.across(data, dose, place - 1, settings)
                made.append(
                    _row(data, year, "across areas", basis, found=slope, before=before, settings=settings, note=note)
                )
                if not place:
                    made[-1]["permutation_share"] = national.permutation_share(data, dose, slope, settings)
            rate, error, areas = national.least_treated(data, dose, settings)
            second = Slope(-rate, error, 0.0, math.nan, areas, areas)
            note = "Everybody against the fifth due least; bootstrap error; no controls, no placebo taken off."
            made.append(
                _row(
                    data,
                    ALL,
                    "against the least treated",
                    basis,
                    found=second,
                    before=NOTHING,
                    settings=settings,
                    note=note,
                )
            )
        made += _within_rows(found, data, settings)
        made.append(_range(data.name, [row for row in made if row["window"] == data.name]))
    for row in made:
        row["published_share"] = TRUTHS.get(row["financial_year"], math.nan)
        row["covers"] = _covers(row)
    return made


def _range(window: str, made: list[dict[str, Any]]) -> dict[str, Any]:
    """The sensitivity range: from the lowest to the highest end of the intervals of all designs and bases."""
    whole = [row for row in made if row["financial_year"] == ALL and row.get("lower", math.nan) == row.get("lower")]
    points = [row["displacement"] for row in whole]
    row: dict[str, Any] = {"window": window, "financial_year": ALL, "design": RANGE, "basis": ALL, "rows": len(points)}
    if not points:
        return row | {"note": "No design has an estimate."}
    ends = min(item["lower"] for item in whole), max(item["upper"] for item in whole)
    between = f"{min(points):.2f} to {max(points):.2f}"
    note = (
        f"{len(points)} estimates by design and basis, from {between} per pound; the ends are those of their intervals."
    )
    return row | {"lower": ends[0], "upper": ends[1], "note": note}


def _within_rows(found: Assessment, data: WindowData, settings: Settings) -> list[dict[str, Any]]:
    """The within-council design: only where the return tells client groups apart."""
    if data.window.own != "own_without_ld":
        return []
    last = found.windows.get("placebo_2010_11")
    before = national.within(found.panel, last, 0, settings) if last else NOTHING
    note = "Receipts stand on both sides of net spending: the placebo slope shows how much of it is booking."
    return [
        _row(
            data, year, "within councils, across client groups", "received",
            found=national.within(found.panel, data, place - 1, settings), before=before, settings=settings, note=note,
        )
        for place, year in enumerate((ALL, *data.window.years))
    ]  # fmt: skip
