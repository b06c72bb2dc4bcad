"""What papers can show: planted papers read as a run would read them, and how often that is right.

In: a folder of loaded tables and a number of draws. Out: rows of `evaluation_papers`, one for each window, kind of
papers, years covered and way to read them. Refuses nothing. Errors are normal, the reading is Student, as a run's is.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from audit.enquiry.planned import Planned, half_width, planned
from audit.evaluation.enquiry.plant_papers import (
    BIASED_WHERE,
    COMMON,
    ONE_YEAR,
    OWN,
    Lots,
    Papers,
    Told,
    kinds,
    lots,
    planted_rate,
    told,
    written,
)  # fmt: skip
from audit.evaluation.placebo import ONE_IN_TEN
from audit.evaluation.rankings import REVIEW, share
from audit.method.evidence_ratio import posterior
from audit.settings import Settings

DRAWS = 40
"""Draws of a round: the full form has ten rounds."""
FALSE_SHARE = 0.10
SURE, CLEARED = 0.90, 0.02
"""Posterior from which an area's papers would be taken for replacement, and up to which for none."""
EITHER = "either"


def run_papers(tables: Path, draws: int) -> list[dict[str, Any]]:
    """All rows of both windows."""
    import numpy as np

    from audit.evaluation.ground import ground
    from audit.panel.window_data import build

    made, rows = ground(tables), list[dict[str, Any]]()
    seed = made.settings.count("model.seed")
    with np.errstate(all="ignore"):
        windows = [item for item in made.settings.windows if not item.is_placebo]
        areas = {item.name: told(made.panel, build(made.panel, item, "", made.settings)) for item in windows}
    for window, held in areas.items():
        drawn = lots(*held.own.shape, draws=draws, seed=seed)
        for papers in kinds(window, made.settings.number("enquiry.papers_error")):
            rows += [{"window": window} | row for row in papers_rows(held, papers, drawn, made.settings)]
    return rows


def papers_rows(areas: Told, papers: Papers, drawn: Lots, settings: Settings) -> list[dict[str, Any]]:
    """One row for each way to read a kind of papers; papers of one year can be read in one way only."""
    two = planned(*written(areas, papers, drawn, planted_rate(drawn)))
    own_rates = planned(*written(areas, papers, drawn, drawn.rate))
    level = settings.number("model.level")
    about = {
        "papers": papers.kind, "errors": papers.errors, "error": papers.error, "setting": papers.setting,
        "years": papers.years, "draws": len(drawn.replaced),
    }  # fmt: skip
    rows: list[dict[str, Any]] = []
    for reading in (EITHER,) if papers.errors == ONE_YEAR else (OWN, COMMON):
        half = half_width(1.0, level) * _error(two, reading)
        ratio = two.log_ratio_independent if reading == OWN else two.log_ratio
        held = abs(two.rate - planted_rate(drawn)) <= half
        continuous = abs(own_rates.rate - drawn.rate) <= half
        rows.append(
            about
            | {"reading": reading}
            | found(ratio, drawn.replaced)
            | {
                # Whose papers are biased hangs on who replaced its own money: with rates in between nobody did.
                "coverage": math.nan if papers.kind == BIASED_WHERE else float(continuous.mean()),
                "coverage_replaced": float(held[drawn.replaced].mean()),
                "coverage_others": float(held[~drawn.replaced].mean()),
                "smallest_rate": _middle(half),
            }
        )
    return rows


def _error(read: Planned, reading: str) -> Any:
    return read.error_independent if reading == OWN else read.error


def _middle(values: Any) -> float:
    import numpy as np

    return float(np.median(values))


def found(log_ratio: Any, truth: Any) -> dict[str, float]:
    """What a reader finds, from (draws, areas) log evidence ratios and who it was planted in."""
    chance = posterior(log_ratio, ONE_IN_TEN)
    return {
        "power": power(log_ratio, truth),
        **taken(chance, truth),
        **first_places(log_ratio, chance, truth),
        **at_an_end(chance, truth),
    }


def power(log_ratio: Any, truth: Any) -> float:
    """Share found of those planted, above the lowest cut on all draws together that at most a tenth pass wrongly."""
    import numpy as np

    hits = truth.ravel()[np.argsort(-log_ratio.ravel(), kind="stable")]
    wrong = np.cumsum(~hits) / np.arange(1, len(hits) + 1)
    below = np.flatnonzero(wrong <= FALSE_SHARE)
    return share(float(hits[: below[-1] + 1].sum()) if len(below) else 0.0, float(hits.sum()))


def taken(chance: Any, truth: Any) -> dict[str, float]:
    """The longest list of each draw whose mean posterior is high: share found of those planted, share wrong of it."""
    import numpy as np

    order = np.argsort(-chance, axis=1, kind="stable")
    sorted_chance, hits = (np.take_along_axis(values, order, axis=1) for values in (chance, truth))
    listed = np.cumsum(sorted_chance, axis=1) / np.arange(1, chance.shape[1] + 1) >= SURE
    right = float((hits & listed).sum())
    return {"list_found": share(right, float(truth.sum())), "list_wrong": 1.0 - share(right, float(listed.sum()))}


def first_places(log_ratio: Any, chance: Any, truth: Any) -> dict[str, float]:
    """The review list that the papers alone would make: its precision, expected and actual number in a list."""
    import numpy as np

    order = np.argsort(-log_ratio, axis=1, kind="stable")[:, :REVIEW]
    listed = np.take_along_axis(log_ratio, order, axis=1) > 0
    expected = float(np.take_along_axis(chance, order, axis=1)[listed].sum())
    actual = float(np.take_along_axis(truth, order, axis=1)[listed].sum())
    lists = len(truth)
    return {"precision": share(actual, float(listed.sum())), "expected": expected / lists, "actual": actual / lists}


def at_an_end(chance: Any, truth: Any) -> dict[str, float]:
    """False settlement: share of areas whose posterior is at an end, and what would be wrong if that were taken for
    a conclusion, at both ends and at each.
    """
    high, low = chance >= SURE, chance <= CLEARED
    return {
        "sure": float((high | low).mean()),
        "sure_wrong": share(float((high & ~truth).sum() + (low & truth).sum()), float((high | low).sum())),
        "high_wrong": share(float((high & ~truth).sum()), float(high.sum())),
        "low_wrong": share(float((low & truth).sum()), float(low.sum())),
    }
