"""One row of table `flag`: the numbers of an area in a window, put to the rules and into sentences.

In: an `Assessment`, a real window and an area's position. Out: the row as a dictionary. Refuses nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from audit.flags import flags as rules
from audit.flags import sentences
from audit.method import look_alikes as tests
from audit.panel.window_data import WindowData
from audit.settings import Settings

if TYPE_CHECKING:
    from audit.method.assessment import Assessment


def quality_of(found: Assessment, data: WindowData, positive: set[str], area: int) -> str:
    """Poor where the returns contradict each other.

    Fair where a comparison series is missing or areas are joined; else good.
    """
    if "return_error" in positive:
        return "poor"
    needed = ("others_change_percent", "money_rise_percent", "reserves_rise_percent", "gross_change_percent")
    missing = any(data.quantity[name][area] != data.quantity[name][area] for name in needed)
    return "fair" if missing or found.panel.joined[area] else "good"


def care_words(data: WindowData) -> str:
    """What the window calls adult social care."""
    without = data.window.own == "own_without_ld"
    return (
        "adult social care other than learning disability"
        if without
        else "adult social care (social-care grants left out)"
    )


def detectable_factor(settings: Settings) -> float:
    """Standard errors an amount must measure to be seen with the set probability at the set one-sided level."""
    from statistics import NormalDist

    normal = NormalDist()
    return normal.inv_cdf(1.0 - settings.number("grades.power_level")) + normal.inv_cdf(settings.number("grades.power"))


def nhs_change(found: Assessment, data: WindowData, area: int) -> tuple[float, str]:
    """Yearly change in NHS money booked as received, window against base, and the returns it comes from."""
    import numpy as np

    money, panel = found.panel.money, found.panel
    if data.window.own == "own_without_ld":
        series = data.money[area]
        return float(
            series[data.base :].mean() - series[: data.base].mean()
        ), "other income in RO3, where receipts are booked"
    before = money["nhs_income"][area, panel.at(("2014-15",))[0]]
    years = money["bcf_income"][area, panel.at(("2015-16", "2016-17"))]
    known = years[np.isfinite(years) & (years > 0)]
    after = float(known.mean()) if len(known) else math.nan
    return float(after - before), "Better Care Fund income 2015-16 or 2016-17 against NHS income 2014-15"


def _gross(found: Assessment, data: WindowData, area: int) -> float:
    money, at = found.panel.money, found.panel.at(data.window.years)
    if data.window.own == "own_without_ld":
        return float(money["gross_without_ld"][area, at].sum())
    return float((data.own[area, data.base :] + data.money[area, data.base :]).sum())


def per_pound(gap: float, transfer: float) -> float:
    """A gap per pound by which NHS money rose, neither shrunk nor adjusted; NaN where it did not rise."""
    return gap / transfer if transfer > 0 else math.nan


def judged(numbers: rules.Numbers, settings: Settings) -> dict[str, Any]:
    """Grade, reason, q-value and quality of one row: the part that data quality found later may change."""
    grade = rules.grade(numbers, settings)
    labels = tuple(tests.LABELS[test] for test in numbers.look_alikes)
    return {
        "grade": grade,
        "reason": rules.reason(grade, numbers, labels, settings),
        "q_value": numbers.q_strict if grade == rules.GRADE_A else numbers.q_combined,
        "data_quality": numbers.quality,
    }


def flag_row(found: Assessment, data: WindowData, area: int, settings: Settings) -> dict[str, Any]:
    """The row of one area and window."""
    spend, moved, p = found.spends[data.name], found.displaced[data.name], found.p_values[data.name]
    scores, scaled = found.scores.get(data.name), found.scaled[data.name]
    positive = tuple(row.test for row in found.look_alikes[data.name] if row.area == area and row.result == "positive")
    measured = scaled.values[area] == scaled.values[area]
    beyond = int((measured & (scaled.scaled[area] > found.centile)).sum())
    error = float(moved.error_gbp[area])
    transfer = float(moved.transfer.gbp[area])
    change, source = nhs_change(found, data, area)
    own_change = float(data.own[area, data.base :].mean() - data.own[area, : data.base].mean())
    numbers = rules.Numbers(
        unusable=data.reasons[area],
        gap=float(spend.gap_gbp[area]),
        gap_lower=float(spend.gap_lower_gbp[area]),
        gap_upper=float(spend.gap_upper_gbp[area]),
        transfer=transfer,
        gross=_gross(found, data, area),
        rate_lower=float(moved.lower[area]),
        p_displacement=float(p["displacement"][area]),
        p_forest=float(p["forest"][area]),
        q_strict=float(p["strict_q"][area]),
        q_combined=float(p["combined_q"][area]),
        stability=float(scores.stability[area]) if scores else math.nan,
        features_beyond=beyond,
        features=int(measured.sum()),
        detectable=detectable_factor(settings) * error,
        quality=quality_of(found, data, set(positive), area),
        look_alikes=positive,
    )
    return {
        "area_code": found.panel.areas[area],
        "window": data.name,
        **judged(numbers, settings),
        "headline": sentences.headline(
            area=found.panel.names[area],
            years=data.window.years,
            gap=numbers.gap,
            transfer=transfer,
            basis=moved.transfer.basis[area],
            care=care_words(data),
        ),
        "years": sentences.years_in_words(data.window.years),
        "transfer_gbp": transfer,
        "transfer_basis": moved.transfer.basis[area],
        "transfer_error_share": float(moved.transfer.error_share[area]),
        "gap_gbp": numbers.gap,
        "gap_lower_gbp": numbers.gap_lower,
        "gap_upper_gbp": numbers.gap_upper,
        "displacement_rate": float(moved.rate[area]),
        "displacement_lower": numbers.rate_lower,
        "displacement_upper": float(moved.upper[area]),
        "gap_per_pound": per_pound(numbers.gap, transfer),
        "gap_per_pound_lower": per_pound(numbers.gap_lower, transfer),
        "gap_per_pound_upper": per_pound(numbers.gap_upper, transfer),
        "p_over_half": float(moved.over_half[area]),
        "displacement_p_value": numbers.p_displacement,
        "combined_p_value": float(p["combined"][area]),
        "forest_p_value": numbers.p_forest,
        "strict_q_value": numbers.q_strict,
        "combined_q_value": numbers.q_combined,
        "gross_gbp": numbers.gross,
        "features_measured": numbers.features,
        "features_beyond": beyond,
        "stability": numbers.stability,
        "material": rules.is_material(numbers.gap, numbers.gross, settings) if numbers.gap == numbers.gap else None,
        "minimum_detectable_gbp": numbers.detectable,
        "maintenance_of_effort": sentences.maintenance_of_effort(
            own_change=own_change, nhs_change=change, nhs_source=source
        ),
        "maintenance_own_change_gbp": own_change,
        "maintenance_nhs_change_gbp": change,
        "look_alikes": ";".join(positive),
        "settle_with": tests.settle_with(data.name, positive),
    }
