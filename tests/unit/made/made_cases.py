"""Recorded cases of an evaluation as `run_case` and its siblings write them, with made-up figures: no method is run."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from audit.evaluation.evaluate import Work, jobs
from audit.evaluation.permuted import STATISTICS
from audit.evaluation.plans import Scenario

AREAS = 60
GRADES = ("C watch", "cannot tell", "nothing found")
SIGNALS = 7


def made_case(name: str, work: Work) -> dict[str, Any]:
    """A result that depends on its name only; injured areas score higher by half a spread."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    if not isinstance(work, Scenario):
        if work == "real":
            placebo = {"placebo_window": "placebo_x", "rows": 140, "share_at_05": 0.04, "share_at_10": 0.09,
                       "picked_by_a": 0, "picked_by_b": 1}  # fmt: skip
            return {"rows": {"evaluation_placebo": [placebo], "evaluation_unseen": [], "evaluation_outcome": [],
                             "evaluation_agreement": [], "evaluation_calibration": []}}  # fmt: skip
        return {"found": {window: dict.fromkeys(STATISTICS, float(random.random())) for window in ("W1", "W2")}}
    injured = np.arange(AREAS) < (0 if work.plan.size == 0 else 8)
    score = random.normal(size=AREAS) + 0.5 * injured
    p_value = np.argsort(np.argsort(-score)) / AREAS + 0.5 / AREAS
    clean = random.normal(size=(AREAS, SIGNALS))
    moved = clean - np.where(injured, 1.0, 0.0)[:, None]
    rate = random.normal(size=AREAS)
    return {
        "injured": injured.tolist(),
        "grade": [GRADES[place % 3] for place in range(AREAS)],
        "rate": np.where(injured, work.plan.size, work.plan.background).tolist(),
        "displacement_rate": rate.tolist(),
        "displacement_lower": (rate - 2.0).tolist(),
        "displacement_upper": (rate + 2.0).tolist(),
        "transfer_gbp": [1e7] * AREAS,
        "minimum_detectable_gbp": [2e7] * AREAS,
        **{f"p_{test}": p_value.tolist() for test in ("displacement", "forest", "combined")},
        "q_combined": np.minimum(p_value * 5.0, 1.0).tolist(),
        "q_strict": np.minimum(p_value * 9.0, 1.0).tolist(),
        **{name: score.tolist() for name in ("forest", "baseline", "own_alone", "two_sided", "in_sample")},
        "adults": (1e5 + 1e3 * np.arange(AREAS)).tolist(),
        "driver_in_top_three": injured.tolist(),
        "half_samples": {"b_rule": None, "top_15": 0.5},
        "oracle": {
            "kind": ["county", "london"] * (AREAS // 2),
            "injured": injured.tolist(),
            "clean": clean.tolist(),
            "made": moved.tolist(),
            "shift": np.full((AREAS, SIGNALS), -1.0).tolist(),
        },
    }


def made_results(rounds: int = 1) -> dict[str, dict[str, Any]]:
    """Every result of a form, by name."""
    return {name: made_case(name, work) for name, work in jobs(rounds).items()}
