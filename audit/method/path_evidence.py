"""One window judged: the path of yearly changes against the steps of NHS money, put together from its parts.

In: a `WindowData`. Out: a `PathEvidence` of vectors over areas. Refuses a window whose noise cannot be measured: its
`problem` says why, and every figure is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.method.evidence_ratio import log_evidence_ratio
from audit.method.money_steps import AT_ONCE, ONSETS, money_level, money_steps, with_onset
from audit.method.noise import Noise, noise
from audit.method.replacement_rate import Rate, replacement_rate
from audit.method.yearly_changes import Changes, yearly_changes
from audit.panel.window_data import WindowData
from audit.settings import Settings


@dataclass(frozen=True)
class PathEvidence:
    """(areas, changes) for `steps` and `level`; `log_ratio` is the one that ranks, `by_onset` all of them."""

    changes: Changes
    noise: Noise
    level: Any
    steps: Any
    log_ratio: Any
    by_onset: Mapping[str, Any]
    rate: Rate


def path_evidence(
    data: WindowData,
    settings: Settings,
    *,
    average: float | None = None,
    degrees: float | None = None,
    covariates: bool | None = None,
    independent: bool = False,
    money_gbp: Any = None,
) -> PathEvidence:
    """The evidence of one window. The keywords override settings, for variants and ablations; `money_gbp` is another
    (areas) rise of NHS money over the window.
    """
    import numpy as np

    changes = yearly_changes(data, settings, covariates=covariates)
    found = noise(changes, data.predictors["size"], independent=independent)
    level = money_level(data, data.transfer.gbp if money_gbp is None else money_gbp)
    known = changes.known & np.isfinite(level).all(axis=1) & np.isfinite(found.size)
    y = np.where(known[:, None], changes.y, np.nan)
    steps = {
        onset: np.where(known[:, None], money_steps(with_onset(level, data.base, onset), changes.spans), np.nan)
        for onset in ONSETS
    }
    given = {
        "average": settings.number("evidence.average") if average is None else average,
        "degrees": settings.number("evidence.degrees") if degrees is None else degrees,
    }
    by_onset = {
        onset: log_evidence_ratio(y, step, found.precision, changes.count, **given) for onset, step in steps.items()
    }
    rate = replacement_rate(y, steps[AT_ONCE], found.precision, level=settings.number("model.level"))
    return PathEvidence(changes, found, level, steps[AT_ONCE], by_onset[AT_ONCE], by_onset, rate)
