"""Look-alike tests: innocent explanations of a fall in own-funded spend, each tested for every area, flagged or not.

In: the panel and a window's data and expected spend. Out: one `LookAlike` per area and test with its result and the
figures behind it. Refuses to guess: where the figures are not held the result is "not tested" with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.method import look_alike_measures as measures
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData, percent_change
from audit.settings import Settings
from pipelines.declarations.table_words import SECTION_256

LABELS = {
    "demand_fell": "Fewer people needed care",
    "learning_disability_transfer": "The 2011 learning-disability transfer moved money between client groups",
    "reorganisation": "The council was reorganised",
    "pooled_budget_booking": "A pooled budget was booked gross in one year and net in another",
    "continuing_care_recharge": "Recharges to the NHS for continuing care changed",
    "price_volume": "Prices fell, not the amount of care",
    "one_off_base_year": "A one-off raised spending in the base years",
    "housing_recode": "Spending was moved between adult care and housing (Supporting People)",
    "return_error": "The return contradicts itself or another return",
}
DOCUMENTS = {
    "demand_fell": "the activity return (people supported and new requests) for the same years",
    "learning_disability_transfer": "the 2010-11 and 2011-12 working papers of the social care return by client group",
    "reorganisation": "the disaggregation statement agreed at reorganisation",
    "pooled_budget_booking": "the section 75 pooled budget memorandum account for each year",
    "continuing_care_recharge": "invoices to the NHS for continuing healthcare and joint packages",
    "price_volume": "the unit cost return and provider fee schedules",
    "one_off_base_year": "the base years' outturn report to cabinet",
    "housing_recode": "the service expenditure analysis that shows where Supporting People was booked in each year",
    "return_error": "the signed return with its corrections and the statement of accounts",
}


@dataclass(frozen=True)
class LookAlike:
    """Result of one test for one area: positive means the explanation fits."""

    area: int
    test: str
    result: str
    detail: str


def _made(test: str, values: Any, limit: float, words: str, above: bool) -> list[LookAlike]:
    """Positive where the value is above (or below) the limit; `words` holds one place for the value."""
    found: list[LookAlike] = []
    for area, value in enumerate(values.tolist()):
        if value != value:
            found.append(LookAlike(area, test, "not tested", "The figures for this test are not held for these years."))
            continue
        hit = value >= limit if above else value <= limit
        text = words.format(f"{value:+.1f}".replace("-", "−"), f"{limit:.1f}".replace("-", "−"))
        found.append(LookAlike(area, test, "positive" if hit else "negative", text))
    return found


def _return_error(panel: Panel, data: WindowData, settings: Settings) -> list[LookAlike]:
    import numpy as np

    at = panel.at(data.years)
    own, ro3 = panel.money["rs_adult"][:, at], panel.money["ro3_own"][:, at]
    differ = np.nan_to_num(np.abs(own - ro3) / np.abs(own), nan=0.0).max(axis=1) * 100.0
    jump = np.abs(percent_change(data.own_real[:, 1:], data.own_real[:, :-1]))
    jump = np.abs(jump - np.where(np.isfinite(jump).any(axis=0), np.nan_to_num(np.nanmedian(jump, axis=0)), 0.0))
    largest = np.where(data.usable, np.nan_to_num(jump).max(axis=1), np.nan)
    found: list[LookAlike] = []
    limits = settings.number("look_alike.return_mismatch_percent"), settings.number("look_alike.return_jump_percent")
    for area in range(len(panel.areas)):
        if largest[area] != largest[area]:
            found.append(LookAlike(area, "return_error", "not tested", data.reasons[area]))
            continue
        hit = differ[area] > limits[0] or largest[area] > limits[1]
        text = f"Largest yearly change {largest[area]:.1f}% (limit {limits[1]:.0f}%)"
        text += f"; returns differ by {differ[area]:.1f}% (limit {limits[0]:.0f}%)."
        found.append(LookAlike(area, "return_error", "positive" if hit else "negative", text))
    return found


def _reorganisation(panel: Panel, data: WindowData) -> list[LookAlike]:
    found: list[LookAlike] = []
    for area, code in enumerate(panel.areas):
        sets = {panel.members.get((code, year), ()) for year in data.years}
        changed = len(sets) > 1
        text = (
            "The authorities making up the area changed within these years."
            if changed
            else "The same authorities throughout."
        )
        found.append(LookAlike(area, "reorganisation", "positive" if changed else "negative", text))
    return found


def look_alikes(panel: Panel, data: WindowData, folder: Path, settings: Settings) -> list[LookAlike]:
    """All tests for all areas of one window, in the order of LABELS."""
    import numpy as np

    limit = settings.number
    quantity = data.quantity
    need = np.where(np.isfinite(quantity["need_change_percent"]), quantity["need_change_percent"], np.nan)
    return [
        *_made(
            "demand_fell",
            need,
            limit("look_alike.demand_fall"),
            "Adults weighted by need changed by {0}% (positive at {1}% or below).",
            False,
        ),
        *_made(
            "learning_disability_transfer",
            np.abs(measures.learning_disability(panel, data)),
            limit("look_alike.learning_disability_percent"),
            "Learning-disability spending moved by {0}% of other care beyond the transfer itself (limit {1}%).",
            True,
        ),
        *_reorganisation(panel, data),
        *_made(
            "pooled_budget_booking",
            measures.pooled_booking(panel, data),
            limit("look_alike.booking_percent"),
            "Gross spending and receipts moved together by up to {0}% of gross in one year (limit {1}%).",
            True,
        ),
        *_made(
            "continuing_care_recharge",
            measures.recharge(panel, data),
            limit("look_alike.recharge_percent"),
            "Income for mental health and physical disability rose by {0}% of own spend (limit {1}%).",
            True,
        ),
        *_made(
            "price_volume",
            measures.price(panel, data, folder),
            -limit("look_alike.price_fall_percent"),
            "The weekly cost of older people's residential care moved {0}% against the middle area (positive at {1}%).",
            False,
        ),
        *_made(
            "one_off_base_year",
            measures.base_spike(panel, data),
            limit("look_alike.base_spike_percent"),
            "Base years stood {0}% above the year before them, compared with the middle area (limit {1}%).",
            True,
        ),
        *_made(
            "housing_recode",
            measures.housing_recode(panel, data),
            limit("look_alike.housing_percent"),
            "Own spend and housing's moved opposite ways by up to {0}% of own spend in one year, compared with the "
            "middle area (limit {1}%).",
            True,
        ),
        *_return_error(panel, data, settings),
    ]


def settle_with(window: str, positive: tuple[str, ...]) -> str:
    """The documents that would settle the question, most telling first."""
    main = (
        "the section 256 agreement and the service plan without the transfer (asked for by the conditions of 2014-15 "
        "and borrowed here: those held for 2011-12 and 2013-14 ask for joint agreement and a report of use)"
        if window == SECTION_256
        else "the Better Care Fund plan and its section 75 agreement, with the sum for protecting social care"
    )
    return "; ".join([main, *(DOCUMENTS[test] for test in positive)])
