"""Permuted transfers: NHS money given to other councils than it went to. What is found then is chance.

In: a folder of loaded tables and a seed (none: the money as it was). Out: per window, what the method finds. Refuses
nothing.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

from audit.evaluation.placebo import ONE_IN_TEN
from audit.evaluation.rankings import REVIEW, first_rows
from audit.method.evidence_ratio import posterior

STATISTICS = ("mean_rate", "mean_log_ratio", "above_3", "expected_on_list")


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
    from audit.method.path_evidence import path_evidence
    from audit.panel.window_data import build

    made = ground(tables)
    panel = made.panel
    warnings.simplefilter("ignore", RuntimeWarning)
    with np.errstate(all="ignore"):
        if seed is not None:
            usable = np.isfinite(panel.money["entitlement"]).any(axis=1)
            panel = with_money_of(panel, shuffled(np.array(panel.classes), usable, np.random.default_rng(seed)))
        real = [window for window in made.settings.windows if not window.is_placebo]
        return {
            window.name: _found(path_evidence(build(panel, window, "", made.settings), made.settings))
            for window in real
        }


def _found(path: Any) -> dict[str, float]:
    import numpy as np

    ratio = path.log_ratio[np.isfinite(path.log_ratio)]
    listed = first_rows(np.where(path.log_ratio > 0, path.log_ratio, np.nan), REVIEW)
    weight = 1.0 / path.rate.error**2
    known = np.isfinite(path.rate.rate)
    return {
        "mean_rate": float(np.average(path.rate.rate[known], weights=weight[known])),
        "mean_log_ratio": float(ratio.mean()),
        "above_3": float((np.exp(ratio) > 3.0).sum()),
        "expected_on_list": float(posterior(path.log_ratio[listed], ONE_IN_TEN).sum()),
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
            beyond = values >= found[name]
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
