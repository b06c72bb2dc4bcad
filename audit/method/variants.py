"""Variants of the evidence ratio: the choices nobody can prove, each made the other way, to see which names stay.

In: a `WindowData`. Out: log evidence ratios by the variant's name. Refuses nothing.
"""

from __future__ import annotations

from typing import Any

from audit.method.path_evidence import path_evidence
from audit.panel.window_data import WindowData
from audit.settings import Settings


def need_shared(data: WindowData) -> Any:
    """(areas) NHS money on another basis: the same total, shared by adults and the cost of their care."""
    import numpy as np

    known = data.usable & np.isfinite(data.transfer.gbp) & np.isfinite(data.need)
    need = np.where(known, data.need, 0.0)
    return np.where(known, data.transfer.gbp[known].sum() * need / max(float(need.sum()), 1e-9), np.nan)


def variants(data: WindowData, settings: Settings) -> dict[str, Any]:
    """(areas) log evidence ratio by variant."""
    average, degrees = settings.number("evidence.average"), settings.number("evidence.degrees")
    wide = data.window.expect == "covariates"
    made: dict[str, dict[str, Any]] = {
        f"the average council replaced {average - 0.1:.1f} a pound": {"average": average - 0.1},
        f"the average council replaced {average + 0.1:.1f} a pound": {"average": average + 0.1},
        "tails of three degrees of freedom": {"degrees": 3.0},
        f"tails of {2 * degrees:.0f} degrees of freedom": {"degrees": 2 * degrees},
        "expected from class alone" if wide else "expected from covariates": {"covariates": not wide},
        "NHS money shared by need": {"money_gbp": need_shared(data)},
    }
    return {name: path_evidence(data, settings, **changed).log_ratio for name, changed in made.items()}
