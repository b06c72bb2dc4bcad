"""The method on windows in which there was no NHS money: how often it would have flagged somebody.

In: an `Assessment` of the returns as they are. Out: rows of `evaluation_placebo`, and the p-values behind them. Each
placebo window is judged against the others: its own rows take no part in its calibration. Refuses nothing.
"""

from __future__ import annotations

from typing import Any

from audit.method.assessment import Assessment
from audit.settings import Settings


def placebo_p_values(found: Assessment) -> dict[str, dict[str, Any]]:
    """Window to its p-values `displacement`, `forest`, `combined` and the stricter of the first two, over areas."""
    import numpy as np

    from audit.method.error_control import cauchy_combination, conformal_p_values

    names = [data.name for data in found.windows if not data.real and data.name in found.scores]
    gaps = {name: found.displaced[name].standardised_gap for name in names}
    scores = {name: found.scores[name].score for name in names}
    made: dict[str, dict[str, Any]] = {}
    for name in names:
        others = [other for other in names if other != name]
        gap = conformal_p_values(gaps[name], np.concatenate([gaps[other] for other in others]))
        seen = conformal_p_values(scores[name], np.concatenate([scores[other] for other in others]))
        made[name] = {
            "displacement": gap,
            "forest": seen,
            "combined": cauchy_combination(gap, seen),
            "strict": np.maximum(gap, seen),
        }
    return made


def placebo_rows(p_values: dict[str, dict[str, Any]], settings: Settings) -> list[dict[str, Any]]:
    """One row per placebo window: areas with small p-values, and whether the q-values of rules A and B picked any."""
    import numpy as np

    from audit.method.error_control import benjamini_hochberg

    rows: list[dict[str, Any]] = []
    for name, found in p_values.items():
        known = found["combined"][np.isfinite(found["combined"])]
        rows.append(
            {
                "placebo_window": name,
                "rows": len(known),
                "share_at_05": float((known <= 0.05).mean()),
                "share_at_10": float((known <= 0.10).mean()),
                "picked_by_a": int((benjamini_hochberg(found["strict"]) <= settings.number("grades.a_q")).sum()),
                "picked_by_b": int((benjamini_hochberg(found["combined"]) <= settings.number("grades.b_q")).sum()),
            }
        )
    return rows


def calibration_rows(ground: str, p_values: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of `evaluation_calibration`: the share of rows at or below each tenth, with the Kolmogorov distance.

    `ground` says where the p-values are from. The same areas come again in other windows and cases, so rows are not
    independent and the distance is shown without a test.
    """
    import numpy as np

    rows: list[dict[str, Any]] = []
    for test, values in p_values.items():
        known = np.sort(values[np.isfinite(values)])
        if not len(known):
            continue
        steps = np.arange(1, len(known) + 1) / len(known)
        distance = float(np.maximum(steps - known, known - steps + 1.0 / len(known)).max())
        for level in (0.01, 0.05, *(number / 10 for number in range(1, 10))):
            share = float((known <= level).mean())
            rows.append(
                {
                    "ground": ground,
                    "test": test,
                    "level": level,
                    "share": share,
                    "distance": distance,
                    "rows": len(known),
                }
            )
    return rows
