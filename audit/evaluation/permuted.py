"""Permuted transfers: NHS money given to other councils than it went to. What is found then is chance.

In: a folder of loaded tables and a seed (none: the money as it was). Out: per window, what the method finds. Refuses
nothing.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

STATISTICS = ("slope", "share_at_05", "smallest_q", "picked_by_b")


def shuffled(classes: Any, usable: Any, random: Any) -> Any:
    """Whose money each area is given: another's of its class, at random."""
    import numpy as np

    made = np.arange(len(classes))
    for name in sorted(set(classes.tolist())):
        mine = np.flatnonzero((classes == name) & usable)
        made[mine] = mine[random.permutation(len(mine))]
    return made


def with_money_of(panel: Any, giver: Any) -> Any:
    """The panel with every area's NHS money, by adult, that of its giver."""
    adults = panel.money["population_18_plus"]
    ratio = adults / adults[giver]
    money = {
        **panel.money,
        "entitlement": panel.money["entitlement"][giver] * ratio,
        "other_income_without_ld": panel.money["other_income_without_ld"][giver] * ratio,
    }
    income = panel.blocks["other_income"][giver] * ratio[:, :, None]
    return replace(panel, money=money, blocks={**panel.blocks, "other_income": income})


def run_permuted(tables: Path, seed: int | None) -> dict[str, dict[str, float]]:
    """Window to the statistics of `STATISTICS`."""
    import numpy as np

    from audit.evaluation.ground import ground
    from audit.method.work_out import work_out_windows
    from audit.panel.window_data import build, window_list

    made = ground(tables)
    panel = made.panel
    warnings.simplefilter("ignore", RuntimeWarning)
    with np.errstate(all="ignore"):
        if seed is not None:
            usable = np.isfinite(panel.money["entitlement"]).any(axis=1)
            panel = with_money_of(panel, shuffled(np.array(panel.classes), usable, np.random.default_rng(seed)))
        windows = [build(panel, window, service, made.settings) for window, service in window_list(made.settings)]
        found = work_out_windows(panel, windows, tables, made.settings)
        return {data.name: _found(found, data, made.settings) for data in windows if data.real}


def _found(found: Any, data: Any, settings: Any) -> dict[str, float]:
    import numpy as np

    spend, moved, p = found.spends[data.name], found.displaced[data.name], found.p_values[data.name]
    total = spend.expected.sum(axis=1)  # not actual spend, which is low wherever the gap is large
    gap, dose = spend.gap_gbp / total, moved.transfer.gbp / total
    known = np.isfinite(gap) & np.isfinite(dose)
    reach = [np.quantile(values[known], [0.02, 0.98]) for values in (gap, dose)]
    gap, dose = (np.clip(values[known], *ends) for values, ends in zip((gap, dose), reach, strict=True))
    combined, q_value = p["combined"], p["combined_q"]
    return {
        "slope": float(np.polyfit(dose, gap, 1)[0]),
        "share_at_05": float(np.nanmean(np.where(np.isfinite(combined), combined <= 0.05, np.nan))),
        "smallest_q": float(np.nanmin(q_value)),
        "picked_by_b": float((q_value <= settings.number("grades.b_q")).sum()),
    }


def permutation_rows(real: dict[str, Any], permuted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of `evaluation_permutation`: as it was, and the middle and ends of what permuted money gives.

    The p-value counts permutations at least as extreme in the direction of backfill, itself included.
    """
    import numpy as np

    rows: list[dict[str, Any]] = []
    for window, found in real.items():
        for name in STATISTICS:
            values = np.array([item[window][name] for item in permuted])
            beyond = values <= found[name] if name == "smallest_q" else values >= found[name]
            rows.append(
                {
                    "window": window,
                    "statistic": name,
                    "as_returned": found[name],
                    "permuted_middle": float(np.median(values)),
                    "permuted_low": float(values.min()),
                    "permuted_high": float(values.max()),
                    "p_value": float((1 + beyond.sum()) / (1 + len(values))),
                    "permutations": len(values),
                }
            )
    return rows
