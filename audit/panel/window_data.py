"""One window's figures for every area: what is judged, what NHS money arrived, and what else the council did.

In: a `Panel` and a `Window`, for adult care or for a service that got no NHS money treated as pretend care. Out: a
`WindowData` of vectors over areas. Refuses to use a year with a missing or non-positive figure of the judged series:
that area is not assessed and the reason is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.panel.panel import Panel
from audit.panel.transfers import Transfer, best_basis, entitlement, rise_above_base
from audit.settings import CONTROLS, Settings, Window

CLASSES = ("county", "london", "metropolitan")
SMALL_ADULTS = 10_000


@dataclass(frozen=True)
class WindowData:
    """Vectors over areas; `own`, `money` are (areas, base + window years), cash pounds.

    `changes` are predictors of each yearly change, (areas, years - 1) per cent; `level_changes` the same against the
    base years, which the national estimates need. `transfer` is the rise of NHS money above the base rate over the
    window, on one basis for each area. `usable` is False with a reason; `marks` name what a reader should know.
    """

    name: str
    window: Window
    service: str
    years: tuple[str, ...]
    base: int
    own: Any
    own_real: Any
    prices: Any
    money: Any
    booked_rise_gbp: Any
    national_money: Any
    transfer: Transfer
    gross: Any
    need: Any
    predictors: Mapping[str, Any]
    changes: Mapping[str, Any]
    level_changes: Mapping[str, Any]
    quantity: Mapping[str, Any]
    usable: Any
    reasons: tuple[str, ...]
    marks: tuple[tuple[str, ...], ...]

    @property
    def real(self) -> bool:
        """True for a window in which NHS money was passed to councils."""
        return not self.window.is_placebo and not self.service


def window_list(settings: Settings) -> list[tuple[Window, str]]:
    """All (window, service) pairs: adult care first (service empty), then pretend care where there was NHS money."""
    care = [(window, "") for window in settings.windows]
    return care + [(item, service) for item in settings.windows if not item.is_placebo for service in CONTROLS]


def row_name(window: Window, service: str) -> str:
    """Name of a window's rows: W1, W2, placebo_2009_10, or placebo_W1_cultural for pretend care."""
    if not service:
        return window.name
    return f"{'' if window.is_placebo else 'placebo_'}{window.name}_{service}"


def percent_change(new: Any, old: Any) -> Any:
    """100 x log change; NaN unless both are positive."""
    import numpy as np

    fine = (new > 0) & (old > 0)
    return np.where(fine, 100.0 * np.log(np.where(fine, new, 1.0) / np.where(fine, old, 1.0)), np.nan)


def _reason(panel: Panel, row: int, own: Any, years: tuple[str, ...], base: int, what: str) -> str:
    """Why an area's own spend cannot be judged; empty where it can. A missing year after the first is bridged, unless
    the return of that year must be there.
    """
    if panel.money["population_18_plus"][row].max() < SMALL_ADULTS:
        return f"Too small to assess: fewer than {SMALL_ADULTS:,} adults."
    needed = list(zip(years, own[row], strict=True))[: base + 1]
    missing = [year for year, value in needed if value != value]
    if missing:
        return f"No figure for {what} in {', '.join(missing)}, or not from every authority of the area."
    absent = [
        year for year, value in zip(years, own[row], strict=True)
        if value != value and (panel.areas[row], year) in panel.absent
    ]  # fmt: skip
    if absent:
        return f"No figure for {what} in {', '.join(absent)}, which must be there: no gap is declared."
    negative = [year for year, value in zip(years, own[row], strict=True) if value <= 0]
    return f"Net spending on {what} was not above zero in {', '.join(negative)}." if negative else ""


def _money_reason(transfer: Transfer, entitled: Any, row: int, settings: Settings) -> str:
    """Why an area's NHS money cannot be judged; empty where it can. Booked receipts are no substitute."""
    rise, due = float(transfer.gbp[row]), float(entitled[row])
    if rise != rise:
        return "The NHS money of this area is not known on one basis for all years (booked receipts do not count)."
    if rise <= 0:
        return "NHS money did not rise above that of the base years, so there is nothing to compare."
    most = settings.number("evidence.largest_misfit")
    if due > 0 and not 1.0 / most <= rise / due <= most:
        return (
            f"The NHS money supplied ({rise:,.0f} pounds) and that worked out ({due:,.0f}) are more than {most:g} "
            "times apart: one of them is likely to be in another unit."
        )
    return ""


def _marks(panel: Panel, row: int, own: Any, years: tuple[str, ...]) -> tuple[str, ...]:
    """What a reader should know of an area that is judged."""
    missing = [year for year, value in zip(years, own[row], strict=True) if value != value]
    made = [f"No figure for {', '.join(missing)}: the change over it is judged as one."] if missing else []
    if sum(kind == panel.classes[row] for kind in panel.classes) == 1:
        made.append("No other area is of this class: the yearly changes are expected from areas of other classes.")
    return tuple(made)


def _need(panel: Panel, at: list[int]) -> Any:
    """Adults weighted by the cost of their care, roughly: one per adult, six more at 65 and twenty more at 85."""
    return (
        panel.money["population_18_plus"]
        + 6.0 * panel.money["population_65_plus"]
        + 20.0 * panel.money["population_85_plus"]
    )[:, at]


def _real(panel: Panel, values: Any, at: list[int]) -> Any:
    return values[:, at] / panel.money["deflator"][:, at]


def _mean(values: Any, part: slice) -> Any:
    return values[:, part].mean(axis=1)


def _booked_money(panel: Panel, window: Window) -> Any:
    """NHS money as booked in the window's years where the return of the same blocks tells it, else the best basis."""
    years = (*window.base, *window.years)
    if window.own == "own_without_ld":
        return panel.money["other_income_without_ld"][:, panel.at(years)]
    return best_basis(panel, years).gbp


def booked_rise(panel: Panel, window: Window, money: Any) -> Any:
    """(areas) pounds by which booked NHS income stood above the base over the window; NaN where no return tells."""
    import numpy as np

    base, count = len(window.base), len(window.years)
    if window.own == "own_without_ld":
        return count * (_mean(money, slice(base, None)) - _mean(money, slice(0, base)))
    if not {"2014-15", "2015-16", "2016-17"} <= set(panel.years):
        return np.full(len(panel.areas), np.nan)
    before = panel.money["nhs_income"][:, panel.at(("2014-15",))[0]]
    after = panel.money["bcf_income"][:, panel.at(("2015-16", "2016-17"))]
    known = np.isfinite(after) & (after > 0)
    mean = np.where(known, after, 0.0).sum(axis=1) / np.where(known.any(axis=1), known.sum(axis=1), np.nan)
    return count * (mean - before)


def _share(own: Any, others: Any, part: slice) -> Any:
    """Own spend as a share of it and of comparable services, over some years."""
    return _mean(own, part) / (_mean(own, part) + _mean(others, part))


def build(panel: Panel, window: Window, service: str, settings: Settings) -> WindowData:
    """Figures of one window. `service` empty for adult care, else a service of CONTROLS treated as pretend care."""
    import numpy as np

    years = (*window.base, *window.years)
    at, base = panel.at(years), len(window.base)
    before, after = slice(0, base), slice(base, None)
    series = panel.money[service or window.own]
    own, own_real = series[:, at], _real(panel, series, at)
    care = "adult social care less social-care grants" if window.own == "own_less_grants" else "adult social care"
    what = service.replace("_", " and ") if service else care
    entitled = rise_above_base(entitlement(panel, years), base)
    transfer = rise_above_base(best_basis(panel, years), base)
    found: list[str] = []
    for row in range(len(panel.areas)):
        reason = _reason(panel, row, own, years, base, what)
        if not reason and not window.is_placebo:
            reason = _money_reason(transfer, entitled.gbp, row, settings)
        found.append(reason)
    reasons = tuple(found)
    usable = np.array([not reason for reason in reasons])
    money = _booked_money(panel, window)
    money_real = money / panel.money["deflator"][:, at]
    base_own = np.where(usable, _mean(own_real, before), np.nan)
    gross_real = own_real + money_real
    others = panel.money["comparable"] - (panel.money[service] if service else 0.0)
    others_real, funding = _real(panel, others, at), _real(panel, panel.money["funding"], at)
    need, adults = _need(panel, at), panel.money["population_18_plus"][:, at]
    reserves, tax = panel.money["reserves"][:, at], _real(panel, panel.money["council_tax"], at)
    quantity = {
        "own_change_percent": percent_change(_mean(own_real, after), base_own),
        "gross_change_percent": percent_change(_mean(gross_real, after), _mean(gross_real, before)),
        "need_change_percent": percent_change(_mean(need, after), _mean(need, before)),
        "others_change_percent": percent_change(_mean(others_real, after), _mean(others_real, before)),
        "reserves_rise_per_pound": (reserves[:, -1] - reserves[:, base - 1])
        / np.where(transfer.gbp > 0, transfer.gbp, np.nan),
        "council_tax_change_percent": percent_change(_mean(tax, after), _mean(tax, before)),
        "share_fall_percent": 100.0 * (_share(own_real, others_real, before) - _share(own_real, others_real, after)),
    }
    predictors = {
        "level": np.log(np.where(usable, base_own, np.nan) / _mean(adults, before)),
        "size": np.log(_mean(adults, before)),
        "deprivation": panel.money["deprivation"][:, at].mean(axis=1),
        **{name: np.array([float(value == name) for value in panel.classes]) for name in CLASSES},
    }
    paths = {"funding": funding, "others": others_real, "need": need}
    return WindowData(
        name=row_name(window, service),
        window=window,
        service=service,
        years=years,
        base=base,
        own=own,
        own_real=own_real,
        prices=panel.money["deflator"][0, at],
        money=money,
        booked_rise_gbp=booked_rise(panel, window, money),
        national_money=panel.money["entitlement_national"][0, at].copy(),
        transfer=transfer,
        gross=gross_real,
        need=_mean(need, before),
        predictors=predictors,
        changes={name: percent_change(values[:, 1:], values[:, :-1]) for name, values in paths.items()},
        level_changes={
            name: percent_change(paths[name], _mean(paths[name], before)[:, None]) for name in ("funding", "need")
        },
        quantity=quantity,
        usable=usable,
        reasons=reasons,
        marks=tuple(() if said else _marks(panel, row, own, years) for row, said in enumerate(reasons)),
    )
