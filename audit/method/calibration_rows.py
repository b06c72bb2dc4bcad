"""How far the p-values of a run can be trusted: how small they can get, and whether placebo rows' are uniform.

In: an `Assessment`. Out: rows of table `p_value_calibration`, for every window and both statistics: the placebo rows,
the smallest p-value they allow, how many areas Benjamini-Hochberg would have to reject together to reject any (the
resolution rule), and for placebo windows the share of p-values at or below each level when councils are split in halves
and each half is judged by the other's placebo rows. Refuses nothing: a window without p-values gives no row.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from audit.method.error_control import conformal_p_values, least_rejections, placebo_rows_needed
from audit.settings import Settings

if TYPE_CHECKING:
    from audit.method.assessment import Assessment

LEVELS = (0.05, 0.10, 0.20, 0.50)


def _statistics(found: Assessment) -> dict[str, dict[str, Any]]:
    """Statistic by its name and window; larger is more like backfill."""
    return {
        "displacement": {name: moved.standardised_gap for name, moved in found.displaced.items()},
        "forest": {name: scores.score for name, scores in found.scores.items()},
    }


def split_p_values(own: Any, placebo: list[Any], half: Any) -> Any:
    """p-values of one window's rows against the placebo rows of the councils in the other half."""
    import numpy as np

    made = np.full(len(own), np.nan)
    for mine in (half, ~half):
        made[mine] = conformal_p_values(own[mine], np.concatenate([values[~mine] for values in placebo]))
    return made


def rows(found: Assessment, settings: Settings) -> list[dict[str, Any]]:
    """All windows and both statistics."""
    import numpy as np

    areas, level = len(found.panel.areas), settings.number("grades.a_q")
    half = np.random.default_rng(settings.count("model.seed")).permutation(areas) < areas // 2
    made: list[dict[str, Any]] = []
    for test, values in _statistics(found).items():
        placebo = [values[data.name] for data in found.windows if not data.real and data.name in values]
        known = int(sum(np.isfinite(one).sum() for one in placebo))
        for data in (item for item in found.windows if item.name in values and known):
            own = values[data.name]
            count = int(np.isfinite(own).sum())
            row: dict[str, Any] = {
                "window": data.name,
                "test": test,
                "areas": count,
                "placebo_rows": known,
                "smallest_p_value": 1.0 / (1.0 + known),
                "least_rejections": least_rejections(count, known, level),
                "rows_needed_for_one": placebo_rows_needed(count, 1, level),
            }
            if not data.real and count:
                p_values = split_p_values(own, placebo, half)
                seen = p_values[np.isfinite(p_values)]
                row |= {f"share_at_{round(100 * at):02d}": float((seen <= at).mean()) for at in LEVELS}
                row["largest_excess"] = _excess(np.sort(seen))
            made.append(row)
    return made


def _excess(ordered: Any) -> float:
    """How far the share at or below a level exceeds the level, at most (the one-sided Kolmogorov distance)."""
    import numpy as np

    if not len(ordered):
        return math.nan
    return float(max(0.0, (np.arange(1, len(ordered) + 1) / len(ordered) - ordered).max()))
