"""Whether the interval that a sample of areas gives for England holds the truth, where the truth was planted.

In: a folder of loaded tables and a number of draws. Out: rows of `evaluation_sample`, one for each size, share planted,
tie to money and weight. Refuses nothing. Areas, strata and money are those a run of these tables would draw from; every
draw plants a truth of its own, and everybody drawn is concluded upon.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.enquiry.estimate import estimate, planned_half_width
from audit.enquiry.sample import draw, inclusion
from audit.enquiry.strata import Frame, stratum_of
from audit.settings import Settings

DRAWS = 100
"""Draws of a round: the full form has ten rounds."""
SIZES = (10, 20, 30, 60)
SHARES = (0.10, 0.30)
BY_LOT, BY_MONEY = "by lot", "more often where there is more NHS money"
AREAS, MONEY = "areas", "NHS money"


def run_sampling(tables: Path, draws: int) -> list[dict[str, Any]]:
    """All rows."""
    from audit.evaluation.ground import ground

    made = ground(tables)
    frame = frame_of_panel(made.panel, made.settings)
    level, seed = made.settings.number("model.level"), made.settings.count("model.seed")
    return [row for size in SIZES for row in sample_rows(frame, size, draws=draws, level=level, seed=seed)]


def frame_of_panel(panel: Any, settings: Settings) -> Frame:
    """The frame that a run would give: strata by the larger evidence ratio, NHS money over both windows."""
    import numpy as np

    from audit.method.path_evidence import path_evidence
    from audit.panel.window_data import build

    with np.errstate(all="ignore"):
        windows = [build(panel, item, "", settings) for item in settings.windows if not item.is_placebo]
        ratios = np.stack([np.exp(path_evidence(data, settings).log_ratio) for data in windows])
    money = np.nansum([data.transfer.gbp for data in windows], axis=0)
    return Frame(
        codes=tuple(panel.areas),
        names=tuple(panel.areas),
        stratum=np.array([stratum_of(float(value)) for value in np.fmax.reduce(ratios)]),
        money_gbp=np.where(money > 0, money, money[money > 0].min()),
    )


def truth_of(money: Any, share: float, tie: str, random: Any) -> Any:
    """(areas) 1 where own money was replaced: the same number each time, by lot or in proportion to money."""
    import numpy as np

    weight = money / money.sum() if tie == BY_MONEY else None
    made = np.zeros(len(money))
    made[random.choice(len(money), size=round(share * len(money)), replace=False, p=weight)] = 1.0
    return made


def sample_rows(frame: Frame, size: int, *, draws: int, level: float, seed: int) -> list[dict[str, Any]]:
    """Coverage and half widths of one size, for every planted truth and both weights."""
    import numpy as np

    chance, money = inclusion(frame, size), frame.money_gbp
    weights = {AREAS: np.ones(len(money)), MONEY: money}
    truths = [(share, tie) for share in SHARES for tie in (BY_LOT, BY_MONEY)]
    counted: dict[tuple[float, str, str], list[tuple[bool, float]]] = {}
    for turn in range(draws):
        mine = draw(frame, size, seed + turn).drawn
        random = np.random.default_rng([seed, turn])
        for share, tie in truths:
            truth = truth_of(money, share, tie, random)
            for name, weight in weights.items():
                wanted = float((truth * weight).sum() / weight.sum())
                said = estimate(truth[mine], chance[mine], weight[mine], frame.stratum[mine], level=level)
                held = said.lower <= wanted <= said.upper
                counted.setdefault((share, tie, name), []).append((held, (said.upper - said.lower) / 2.0))
    return [
        {
            "size": size,
            "share_planted": share,
            "truth": tie,
            "weight": name,
            "draws": draws,
            "coverage": sum(held for held, _ in found) / draws,
            "half_width": sum(half for _, half in found) / draws,
            "planned_half_width": planned_half_width(chance, weights[name], share, level=level),
        }
        for (share, tie, name), found in counted.items()
    ]
