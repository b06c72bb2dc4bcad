"""What conclusions do: which areas are settled, what the prior becomes, and what a sample says of England.

In: tables `conclusion` and `sample` of a run. Out: a `Settled` by window. Only conclusions on areas drawn with a known
probability move the prior or speak for England; those on areas of a list settle that area and nothing else. Refuses
nothing: without conclusions the prior stays as set. Sources: Hajek 1971 for the weights; Beta and Bernoulli are
conjugate, so each conclusion counts as the areas it stands for, scaled to as many as were concluded on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.panel.member_sums import read_or_empty
from audit.settings import Settings
from pipelines.declarations.table_words import NOT_REPLACED, PARTLY, REPLACED

SHARES: Mapping[str, float] = {REPLACED: 1.0, PARTLY: 0.5, NOT_REPLACED: 0.0}
"""What a conclusion counts towards the share of areas that replaced; what cannot be determined counts towards none."""


@dataclass(frozen=True)
class Settled:
    """One window: conclusions by area, and the prior before and after those on areas drawn."""

    outcomes: Mapping[str, str]
    prior_set: float
    prior: float

    def mask(self, areas: tuple[str, ...]) -> Any:
        """(areas) True where an auditor has concluded."""
        import numpy as np

        return np.array([code in self.outcomes for code in areas], dtype=bool)


def settled(tables: Path, settings: Settings) -> dict[str, Settled]:
    """Conclusions and priors of every judged window."""
    rows, drawn = read_or_empty(tables, "conclusion"), probabilities(tables)
    made: dict[str, Settled] = {}
    for window in (one.name for one in settings.windows if not one.is_placebo):
        outcomes: dict[str, str] = {}
        if not rows.empty:
            mine = rows[rows["window"] == window]
            outcomes = dict(zip(mine["area_code"].astype(str), mine["outcome"].astype(str), strict=True))
        made[window] = Settled(outcomes, settings.number("enquiry.prior"), updated_prior(outcomes, drawn, settings))
    return made


def probabilities(tables: Path) -> dict[str, float]:
    """Area to its probability of being drawn, of the areas drawn for a sample; empty without a sample."""
    rows = read_or_empty(tables, "sample")
    if rows.empty:
        return {}
    rows = rows[rows["drawn"].eq(True)]
    return dict(zip(rows["area_code"].astype(str), rows["probability"].astype(float), strict=True))


def updated_prior(outcomes: Mapping[str, str], drawn: Mapping[str, float], settings: Settings) -> float:
    """Mean of the Beta prior after the conclusions on areas drawn; as set without any."""
    share, weight = settings.number("enquiry.prior"), settings.number("enquiry.prior_weight")
    told = [(1.0 / drawn[code], SHARES[said]) for code, said in outcomes.items() if code in drawn and said in SHARES]
    if not told:
        return share
    scale = len(told) / sum(load for load, _ in told)
    hits = sum(scale * load * value for load, value in told)
    return (share * weight + hits) / (weight + len(told))
