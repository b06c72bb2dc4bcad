"""How well expected spend predicts a council it never saw, beside two naive benchmarks.

In: an `Assessment`. Out: rows of table `expected_spend_error`: the robust spread of log(expected / actual) by window,
year and class, for the model, for the base years' value carried forward, and for the middle change of the class (the
council itself left out). Refuses nothing: fewer than ten areas give no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audit.method.expected_spend import robust_spread
from audit.settings import Settings

if TYPE_CHECKING:
    from audit.method.assessment import Assessment

LEAST = 10


def class_median(change: Any, kinds: Any) -> Any:
    """Middle change of the others of a council's class; NaN where there are fewer than five."""
    import numpy as np

    made = np.full(len(change), np.nan)
    for at in np.flatnonzero(np.isfinite(change)).tolist():
        others = change[(kinds == kinds[at]) & np.isfinite(change) & (np.arange(len(change)) != at)]
        if len(others) >= 5:
            made[at] = np.median(others)
    return made


def rows(found: Assessment, settings: Settings) -> list[dict[str, Any]]:
    """All windows of adult care, real and placebo."""
    import numpy as np

    kinds, margin = np.array(found.panel.classes), settings.number("model.margin")
    made: list[dict[str, Any]] = []
    for data in (item for item in found.windows if not item.service):
        base = np.where(data.usable, data.own_real[:, : data.base].mean(axis=1), np.nan)
        prices = data.own / data.own_real
        for step, year in enumerate(data.window.years):
            actual = np.where(data.usable, data.own_real[:, data.base + step], np.nan)
            change = np.log(actual / base)
            model = np.log(found.spends[data.name].expected[:, step] / prices[:, data.base + step] / actual)
            by_class = class_median(change, kinds) - change
            for name in ("all", *sorted(set(found.panel.classes))):
                mine = np.isfinite(model) & np.isfinite(by_class) & ((kinds == name) | (name == "all"))
                if mine.sum() < LEAST:
                    continue
                errors = [robust_spread(values[mine]) for values in (model, change, by_class)]
                made.append(
                    {
                        "window": data.name,
                        "financial_year": year,
                        "class": name,
                        "areas": int(mine.sum()),
                        "error_share": errors[0],
                        "error_base_share": errors[1],
                        "error_class_share": errors[2],
                        "gain_over_base": 1.0 - errors[0] / errors[1],
                        "gain_over_class": 1.0 - errors[0] / errors[2],
                        "margin": margin,
                        "beats_both": bool(errors[0] <= (1.0 - margin) * min(errors[1:])),
                    }
                )
    return made
