"""Recorded cases of an evaluation as `run_case` and its siblings write them, with made-up figures: no method is run."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from audit.enquiry.strata import STRATA, Frame
from audit.evaluation.enquiry.papers import papers_rows
from audit.evaluation.enquiry.plant_papers import YEARS, Told, kinds, lots
from audit.evaluation.enquiry.sampling import sample_rows
from audit.evaluation.permuted import STATISTICS
from audit.evaluation.plans import BLOCKS, Scenario, is_route
from audit.evaluation.results.evaluate import Drawn, Work, jobs
from audit.evaluation.results.tables import PAPERS
from audit.settings import load_settings

AREAS = 60
SIGNALS = 7
PLACEBO = {"placebo_window": "placebo_x", "areas": 140, "above_3": 2, "above_10": 0, "below_third": 9, "largest": 3.5,
           "mean_ratio": 1.01, "expected_on_list": 3.2}  # fmt: skip


def made_case(name: str, work: Work) -> dict[str, Any]:
    """A result that depends on its name only; where anything was planted it scores higher by half a spread."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    if isinstance(work, Drawn):
        return {"rows": made_papers() if work.what == PAPERS else made_samples()}
    if not isinstance(work, Scenario):
        if work == "real":
            empty: dict[str, Any] = {"evaluation_outcome": [], "evaluation_agreement": []}
            return {"rows": {"evaluation_placebo": [PLACEBO], **empty}}
        return {"found": {window: dict.fromkeys(STATISTICS, float(random.random())) for window in ("W1", "W2")}}
    injured = np.arange(AREAS) < (0 if work.plan.size == work.plan.background else 8)
    score = random.normal(size=AREAS) + 0.5 * injured
    clean = random.normal(size=(AREAS, SIGNALS))
    rate = random.normal(size=AREAS)
    told = {
        "injured": injured.tolist(),
        "rate": np.where(injured, work.plan.size, work.plan.background).tolist(),
        "look_alike": [""] * AREAS,
        "error": [""] * AREAS,
        "log_ratio": score.tolist(),
        "forest": score.tolist(),
        "estimate": rate.tolist(),
        "lower": (rate - 2.0).tolist(),
        "upper": (rate + 2.0).tolist(),
        "adults": (1e5 + 1e3 * np.arange(AREAS)).tolist(),
        "fires": {"pooled_budget_booking": [place % 4 == 0 for place in range(AREAS)]},
    }
    if is_route(work.family) or work.family.ground != BLOCKS:
        told |= {part: score.tolist() for part in ("independent", "other_expectation", "mixture", "fall", "features")}
        if injured.any():
            told["oracle"] = made_oracle(clean, clean - np.where(injured, 1.0, 0.0)[:, None], injured)
    return told


def made_papers() -> list[dict[str, Any]]:
    """Papers of made-up areas that all have the same money, in three draws."""
    rows: list[dict[str, Any]] = []
    for window, years in YEARS.items():
        areas = Told(*(np.full((AREAS, years[-1]), value) for value in (100.0, 7.0, 14.0)))
        drawn = lots(AREAS, years[-1], draws=3, seed=1)
        for papers in kinds(window, 0.02):
            rows += [{"window": window} | row for row in papers_rows(areas, papers, drawn, load_settings(None))]
    return rows


def made_samples() -> list[dict[str, Any]]:
    """Samples of two sizes from made-up areas, three draws each."""
    codes = tuple(f"E{at:08d}" for at in range(AREAS))
    frame = Frame(codes, codes, np.arange(AREAS) % len(STRATA), np.linspace(1e6, 9e6, AREAS))
    return [row for size in (10, 20) for row in sample_rows(frame, size, draws=3, level=0.9, seed=1)]


def made_oracle(clean: Any, made: Any, injured: Any, shift: Any = -1.0) -> dict[str, Any]:
    """What the best we know is told, of as many authorities as there are rows."""
    count = len(clean)
    return {
        "kind": ["county", "london"] * (count // 2),
        "size": np.linspace(10.0, 13.0, count).tolist(),
        "deprivation": np.linspace(20.0, 1.0, count).tolist(),
        "injured": injured.tolist(),
        "clean": clean.tolist(),
        "made": made.tolist(),
        "shift": np.broadcast_to(shift, clean.shape).tolist(),
    }


def made_results(rounds: int = 1) -> dict[str, dict[str, Any]]:
    """Every result of a form, by name."""
    return {name: made_case(name, work) for name, work in jobs(rounds).items()}
