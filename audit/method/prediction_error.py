"""How well a yearly change of own spend is predicted for an area that took no part: nothing, class alone, covariates.

In: an `Assessment`. Out: rows of table `expected_spend_error`: the robust spread of actual less expected changes by
window, year and class. It decides what each window's changes are expected from (docs/decisions/0013). Refuses nothing:
fewer than ten areas give no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.method.comparable.huber_ridge import robust_spread
from audit.method.yearly_changes import yearly_changes
from audit.settings import Settings

if TYPE_CHECKING:
    from audit.method.assessment import Assessment

LEAST = 10
ALL = "all"


def rows(found: Assessment, settings: Settings) -> list[dict[str, Any]]:
    """All windows of adult care, real and placebo."""
    import numpy as np

    kinds = np.array(found.panel.classes)
    made: list[dict[str, Any]] = []
    for data in found.windows.values():
        wide, narrow = (yearly_changes(data, settings, covariates=kind) for kind in (True, False))
        single = (wide.spans == 1) & np.isfinite(wide.y) & np.isfinite(narrow.y)
        for place, year in enumerate(wide.years):
            for name in (ALL, *sorted(set(found.panel.classes))):
                mine = single[:, place] & ((kinds == name) | (name == ALL))
                if mine.sum() < LEAST:
                    continue
                nothing, by_class, by_all = (
                    robust_spread(values[mine, place]) for values in (wide.actual, narrow.y, wide.y)
                )
                made.append(
                    {
                        "window": data.name,
                        "financial_year": year,
                        "class": name,
                        "areas": int(mine.sum()),
                        "error_nothing_share": nothing,
                        "error_class_share": by_class,
                        "error_covariates_share": by_all,
                        "gain_of_class": 1.0 - by_class / nothing,
                        "gain_of_covariates": 1.0 - by_all / by_class,
                        "expect": data.window.expect,
                    }
                )
    return made
