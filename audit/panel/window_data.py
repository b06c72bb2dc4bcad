"""One window's figures for every area: what is judged, what NHS money arrived, and what else the council did.

In: a `Panel` and a `Window`, for adult care or for a service that got no NHS money treated as pretend care. Out: a
`WindowData` of vectors over areas. Refuses to use a year with a missing or non-positive figure of the judged series:
that area is not assessed and the reason is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.panel.panel import GROUPS, Panel
from audit.panel.transfers import best_basis
from audit.settings import CONTROLS, Settings, Window

CLASSES = ("county", "london", "metropolitan")
SMALL_ADULTS = 10_000


@dataclass(frozen=True)
class WindowData:
    """Vectors over areas; `own`, `money` are (areas, base + window years), cash pounds.

    `usable` is False with a reason.
    """

    name: str
    window: Window
    service: str
    years: tuple[str, ...]
    base: int
    own: Any
    own_real: Any
    money: Any
    gross: Any
    predictors: Mapping[str, Any]
    yearly: Mapping[str, Any]
    quantity: Mapping[str, Any]
    usable: Any
    reasons: tuple[str, ...]

    @property
    def real(self) -> bool:
        """True for a window in which NHS money was passed to councils."""
        return not self.window.is_placebo and not self.service


def window_list(settings: Settings) -> list[tuple[Window, str]]:
    """All (window, service) pairs: adult care first (service empty), then the pretend care of each window."""
    care = [(window, "") for window in settings.windows]
    return care + [(window, service) for window in settings.windows for service in CONTROLS]


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


def _reason(panel: Panel, row: int, own: Any, years: tuple[str, ...], what: str) -> str:
    if panel.money["population_18_plus"][row].max() < SMALL_ADULTS:
        return f"Too small to assess: fewer than {SMALL_ADULTS:,} adults."
    missing = [year for year, value in zip(years, own[row], strict=True) if value != value]
    if missing:
        return f"No figure for {what} in {', '.join(missing)}, or not from every authority of the area."
    negative = [year for year, value in zip(years, own[row], strict=True) if value <= 0]
    return f"Net spending on {what} was not above zero in {', '.join(negative)}." if negative else ""


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


def _money_path(panel: Panel, window: Window) -> Any:
    """NHS money of the window's years: receipts of the same blocks where the return books them, else the best basis."""
    years = (*window.base, *window.years)
    if window.own == "own_without_ld":
        return panel.money["other_income_without_ld"][:, panel.at(years)]
    return best_basis(panel, years).gbp


def _swap_by_group(panel: Panel, at: list[int], base: int, gross: Any) -> Any:
    """Own spend lost by client groups beyond the council's average, at most their rise in receipts.

    Per cent of base gross spending.
    """
    import numpy as np

    keep = [GROUPS.index(name) for name in ("older_people", "physical_disability", "mental_health")]
    prices = panel.money["deflator"][0, at][None, :, None]
    own = panel.blocks["own"][:, at][:, :, keep] / prices
    income = panel.blocks["other_income"][:, at][:, :, keep] / prices
    before, after = own[:, :base].mean(axis=1), own[:, base:].mean(axis=1)
    kept = after.sum(axis=1) / before.sum(axis=1)
    rise = income[:, base:].mean(axis=1) - income[:, :base].mean(axis=1)
    # A group that lost nothing has swapped nothing: it must not cancel what another group lost.
    return 100.0 * np.clip(np.minimum(before * kept[:, None] - after, rise), 0.0, None).sum(axis=1) / gross


def _swap_by_service(own_change: Any, others_change: Any, money_rise: Any) -> Any:
    """The same where there are no client groups: spend lost against the council's other services, at most the rise."""
    import numpy as np

    lost = 100.0 * (np.exp(others_change / 100.0) - np.exp(own_change / 100.0))
    return np.minimum(lost, money_rise)


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
    reasons = tuple(_reason(panel, row, own, years, what) for row in range(len(panel.areas)))
    usable = np.array([not reason for reason in reasons])
    money = _money_path(panel, window)
    money_real = money / panel.money["deflator"][:, at]
    base_own = np.where(usable, _mean(own_real, before), np.nan)
    gross_real = own_real + money_real
    others = panel.money["comparable"] - (panel.money[service] if service else 0.0)
    others_real, funding = _real(panel, others, at), _real(panel, panel.money["funding"], at)
    need, adults = _need(panel, at), panel.money["population_18_plus"][:, at]
    rise = _mean(money_real, after) - _mean(money_real, before)
    reserves = panel.money["reserves"][:, at]
    lead = panel.money[service or window.own]
    led = panel.at(window.before)
    quantity = {
        "own_change_percent": percent_change(_mean(own_real, after), base_own),
        "gross_change_percent": percent_change(_mean(gross_real, after), _mean(gross_real, before)),
        "need_change_percent": percent_change(_mean(need, after), _mean(need, before)),
        "others_change_percent": percent_change(_mean(others_real, after), _mean(others_real, before)),
        "money_rise_percent": 100.0 * rise / base_own,
        "money_rise_gbp": (_mean(money, after) - _mean(money, before)) * len(window.years),
        "reserves_rise_percent": 100.0 * (reserves[:, -1] - reserves[:, base - 1]) / (base_own * len(window.years)),
        "council_tax_change_percent": percent_change(
            _mean(_real(panel, panel.money["council_tax"], at), after),
            _mean(_real(panel, panel.money["council_tax"], at), before),
        ),
        "lead_change_percent": percent_change(*(_real(panel, lead, [index])[:, 0] for index in reversed(led)))
        if led
        else np.full(len(panel.areas), np.nan),
    }
    quantity["swap_percent"] = (
        _swap_by_group(panel, at, base, _mean(gross_real, before))
        if not service and window.own == "own_without_ld"
        else _swap_by_service(
            *(quantity[name] for name in ("own_change_percent", "others_change_percent", "money_rise_percent"))
        )
    )
    predictors = {
        "level": np.log(np.where(usable, base_own, np.nan) / _mean(adults, before)),
        "size": np.log(_mean(adults, before)),
        "deprivation": panel.money["deprivation"][:, at].mean(axis=1),
        **{name: np.array([float(value == name) for value in panel.classes]) for name in CLASSES},
    }
    yearly = {
        "funding": percent_change(funding, _mean(funding, before)[:, None]),
        "others": percent_change(others_real, _mean(others_real, before)[:, None]),
        "need": percent_change(need, _mean(need, before)[:, None]),
    }
    return WindowData(
        name=row_name(window, service),
        window=window,
        service=service,
        years=years,
        base=base,
        own=own,
        own_real=own_real,
        money=money,
        gross=gross_real,
        predictors=predictors,
        yearly=yearly,
        quantity=quantity,
        usable=usable,
        reasons=reasons,
    )
