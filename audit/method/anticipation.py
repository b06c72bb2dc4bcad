"""Anticipation: was own spending cut in the year before NHS money that was known to come?

In: an `Assessment`. Out: rows of table `anticipation`: for each area the gap of the lead year (2010-11 before W1,
2014-15 before W2) against the year before it, cross-fitted like every expectation, with a conformal p-value against
2009-10; for England the slope of that year's change on the money to come. Refuses nothing: a lead year that is not
held gives no rows. Budgets (RA) are held for 2018-19 and 2021-22 only, before which no step was announced: they are
not used.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from audit.method.error_control import benjamini_hochberg, conformal_p_values
from audit.method.expected_spend import expected_spend
from audit.panel.transfers import best_basis
from audit.settings import Settings, Window
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256

if TYPE_CHECKING:
    from audit.method.assessment import Assessment

LEADS = {
    SECTION_256: Window("placebo_lead_W1", "the year before", ("2009-10",), ("2010-11",), "own_without_ld", ()),
    BETTER_CARE_FUND: Window("placebo_lead_W2", "the year before", ("2013-14",), ("2014-15",), "own", ()),
}
NOTES = {
    SECTION_256: "The only earlier year to compare with is 2009-10. "
    "Councils may have cut for other reasons in 2010-11.",
    BETTER_CARE_FUND: "Section 256 money also rose in 2014-15; the comparison year is 2009-10, on another form.",
}


def rows(found: Assessment, settings: Settings) -> list[dict[str, Any]]:
    """Areas and England, window by window."""
    import numpy as np

    from audit.method.national import across
    from audit.panel import window_data

    known = {data.name: data for data in found.windows}
    calm = found.displaced.get("placebo_2009_10")
    made: list[dict[str, Any]] = []
    for name, window in LEADS.items():
        if name not in known or not set(window.base + window.years) <= set(found.panel.years):
            continue
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # all-missing years are expected and stay missing
            data = window_data.build(found.panel, window, "", settings)
            spend = expected_spend(data, settings)
            scaled = spend.gap_share / (spend.spread * spend.size_factor)
            main = known[name]
            money = (
                best_basis(found.panel, main.years).gbp / found.panel.money["deflator"][:, found.panel.at(main.years)]
            )
            risen = money[:, main.base :].mean(axis=1) - money[:, : main.base].mean(axis=1)
            slope = across(data, np.stack([np.zeros(len(risen)), risen], axis=1), 0, settings)
        p_value = conformal_p_values(scaled, calm.standardised_gap if calm else np.array([math.nan]))
        q_value = benjamini_hochberg(p_value)
        for at, area in enumerate(found.panel.areas):
            made.append(
                {
                    "area_code": area,
                    "window": name,
                    "financial_year": window.years[0],
                    "gap_gbp": spend.gap_gbp[at],
                    "gap_lower_gbp": spend.gap_lower_gbp[at],
                    "gap_upper_gbp": spend.gap_upper_gbp[at],
                    "p_value": p_value[at],
                    "q_value": q_value[at],
                    "note": data.reasons[at],
                }
            )
        reach = max(1.645, slope.wild) * slope.error
        made.append(
            {
                "area_code": "ENG",
                "window": name,
                "financial_year": window.years[0],
                "displacement": -slope.slope,
                "displacement_lower": -slope.slope - reach,
                "displacement_upper": -slope.slope + reach,
                "note": NOTES[name],
            }
        )
    return made
