"""One row of table `flag`: what an area is told for a window, its figures and its sentences.

In: a `WindowFound` and an area's position. Out: the row as a dictionary. Refuses nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from audit.flags import sentences
from audit.method.evidence_ratio import PRIORS, best_onset, posterior
from audit.method.lists import kept_share
from audit.method.look_alikes.all_tests import settle_with
from audit.method.look_alikes.look_alike import POSITIVE
from audit.panel.transfers import best_basis
from audit.panel.window_data import WindowData
from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.declarations.table_words import (
    BOTH_LISTS,
    NO_LIST,
    NOT_ASSESSED,
    REVIEW_LIST,
    SETTLED,
    UNUSUAL_LIST,
    band,
)  # fmt: skip
from reports.words.frame import spoken_name

if TYPE_CHECKING:
    from audit.method.assessment import Assessment, WindowFound


def listed(review: int, unusual: int, *, assessed: bool, settled: bool = False) -> str:
    """The list an area is on, from its places; none where an auditor has concluded."""
    if settled:
        return SETTLED
    if not assessed:
        return NOT_ASSESSED
    if review and unusual:
        return BOTH_LISTS
    return REVIEW_LIST if review else UNUSUAL_LIST if unusual else NO_LIST


def care_words(data: WindowData) -> str:
    """What the window calls adult social care."""
    without = data.window.own == "own_without_ld"
    return (
        "adult social care other than learning disability"
        if without
        else "adult social care (social-care grants left out)"
    )


def nhs_change(data: WindowData, area: int) -> tuple[float, str]:
    """Yearly change in NHS money booked as received, window against base, and the returns it comes from."""
    booked = float(data.booked_rise_gbp[area]) / len(data.window.years)
    if data.window.own == "own_without_ld":
        return booked, "RO3, other income"
    return booked, "Better Care Fund income against NHS income of 2014-15"


def base_rate_gbp(found: Assessment, data: WindowData, area: int) -> float:
    """NHS money a year in the base years, on the basis of the area and window."""
    return float(best_basis(found.panel, data.years).gbp[area, : data.base].mean())


def gross_gbp(found: Assessment, data: WindowData, area: int) -> float:
    """Gross spending on care over the window, or own spend and NHS money where the return does not tell it."""
    money, at = found.panel.money, found.panel.at(data.window.years)
    if data.window.own == "own_without_ld":
        return float(money["gross_without_ld"][area, at].sum())
    return float((data.own[area, data.base :] + data.money[area, data.base :]).sum())


def quality_of(found: Assessment, data: WindowData, area: int) -> str:
    """Fair where a comparison series is missing, a change was bridged or areas are joined; else good."""
    needed = ("others_change_percent", "reserves_rise_per_pound", "council_tax_change_percent")
    missing = any(data.quantity[name][area] != data.quantity[name][area] for name in needed)
    return "fair" if missing or data.marks[area] or found.panel.joined[area] else "good"


def _pounds(one: WindowFound, area: int) -> dict[str, float]:
    """The rate in pounds over the window, by how much less of its own the area spent, at most all that was expected."""
    import numpy as np

    rate, money = one.path.rate, float(one.data.transfer.gbp[area])
    most = float(np.nansum(one.expected.expected[area]))
    return {
        f"replaced{end}_gbp": min(float(values[area]) * money, most) if values[area] == values[area] else math.nan
        for end, values in (("", rate.rate), ("_lower", rate.lower), ("_upper", rate.upper))
    }


def _mean_known(values: Any) -> float:
    """Mean of the known years; NaN where none is."""
    known = values[values == values]
    return float(known.mean()) if len(known) else math.nan


def flag_row(found: Assessment, one: WindowFound, area: int, *, prior: float) -> dict[str, Any]:
    """The row of one area and window; `prior` is that of the run, updated by sampled conclusions."""
    data, path = one.data, one.path
    log_ratio = float(path.log_ratio[area])
    assessed = log_ratio == log_ratio
    ratio, words = math.exp(log_ratio) if assessed else math.nan, band(math.exp(log_ratio)) if assessed else None
    review, unusual = int(one.review[area]), int(one.unusual_list[area])
    positive = tuple(row.test for row in one.look_alikes if row.area == area and row.result == POSITIVE)
    pounds, booked = _pounds(one, area), float(data.booked_rise_gbp[area])
    transfer, basis = float(data.transfer.gbp[area]), data.transfer.basis[area]
    onset = list(path.by_onset)[int(best_onset(path.by_onset)[area])] if assessed else None
    change, source = nhs_change(data, area)
    own_change = _mean_known(data.own[area, data.base :]) - _mean_known(data.own[area, : data.base])
    gap = float(one.expected.gap_gbp[area])
    kept = float(kept_share(one.review, {name: item.places for name, item in one.variants.items()})[area])
    outcome = listed(review, unusual, assessed=assessed, settled=bool(one.settled[area]))
    reason = data.reasons[area] or path.noise.problem or "The figures needed are not all held."
    if assessed:
        reason = sentences.reason(
            outcome=outcome, ratio=ratio, band=words or "", review=review, unusual=unusual, kept=kept,
            variants=len(one.variants), onset=onset or "",
        )  # fmt: skip
    return {
        "area_name": found.panel.names[area],
        "area_code": found.panel.areas[area],
        "class": found.panel.classes[area],
        "region": found.panel.regions[area],
        "window": data.name,
        "list": outcome,
        "review_place": review or None,
        "unusual_place": unusual or None,
        "kept_share": kept,
        "band": words,
        "evidence_ratio": ratio,
        **{f"posterior_{share:02d}": float(posterior(log_ratio, share / 100.0)) for share in PRIORS},
        "posterior_own": float(posterior(log_ratio, prior)),
        "onset": onset,
        "reason": reason,
        "headline": sentences.headline(
            area=spoken_name(found.panel.names[area]),
            years=data.window.years,
            base=data.window.base,
            gap=gap,
            transfer=transfer,
            rate_gbp=base_rate_gbp(found, data, area),
            booked=booked,
            basis=basis,
            care=care_words(data),
        ),  # fmt: skip
        "years": sentences.years_in_words(data.window.years),
        "changes": int(path.changes.count[area]) if assessed else None,
        "replacement_rate": float(path.rate.rate[area]),
        "replacement_lower": float(path.rate.lower[area]),
        "replacement_upper": float(path.rate.upper[area]),
        **pounds,
        "transfer_gbp": transfer,
        "transfer_basis": basis,
        "transfer_error_share": float(data.transfer.error_share[area]),
        "booked_gbp": booked,
        "gap_gbp": gap,
        "gap_lower_gbp": float(one.expected.gap_lower_gbp[area]),
        "gap_upper_gbp": float(one.expected.gap_upper_gbp[area]),
        "gross_gbp": gross_gbp(found, data, area),
        "maintenance_of_effort": sentences.maintenance_of_effort(
            own_change=own_change, nhs_change=change, nhs_source=source
        ),
        "maintenance_own_change_gbp": own_change,
        "maintenance_nhs_change_gbp": change,
        "data_quality": quality_of(found, data, area),
        "marks": " ".join(data.marks[area]) or None,
        "look_alikes": ";".join(positive),
        "settle_with": settle_with(data.name, positive),
        "method_version": METHOD_VERSION,
    }
