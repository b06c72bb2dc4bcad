"""The frame a sample is drawn from: every area of a run, its stratum by what the figures say, its NHS money.

In: table `flag` of a run. Out: a `Frame`, sorted by code. An area stands in the stratum of the larger of its evidence
ratios, since one request covers all windows. Refuses a run without areas.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.declarations.parquet import read_table
from pipelines.errors import InputError, Place

TOWARDS, NEITHER, AGAINST = "towards replacement", "neither way or not assessed", "against replacement"
STRATA = (TOWARDS, NEITHER, AGAINST)
ABOVE, BELOW = 1.5, 2.0 / 3.0
"""Ends of the band that says nothing either way."""


@dataclass(frozen=True)
class Frame:
    """Vectors over areas: code, name, stratum (index into STRATA) and NHS money in pounds over the windows."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    stratum: Any
    money_gbp: Any


def stratum_of(ratio: float) -> int:
    """The stratum of an area by the larger of its evidence ratios; NaN where no window was assessed."""
    if ratio > ABOVE:
        return STRATA.index(TOWARDS)
    return STRATA.index(AGAINST if ratio <= BELOW else NEITHER)


def frame_of(tables: Path) -> Frame:
    """The frame of a run. Raises InputError when it holds no areas.

    An area whose money is not known counts with the least that is known, so that it can be drawn.
    """
    import numpy as np

    flags = read_table(tables, "flag", ["area_code", "area_name", "evidence_ratio", "transfer_gbp"])
    if not len(flags):
        raise InputError("the run holds no areas", place=Place(str(tables)), do="Make the run again.")
    by_area: Any = flags.groupby(["area_code", "area_name"], sort=True)
    ratio, money = by_area["evidence_ratio"].max(), by_area["transfer_gbp"].sum(min_count=1)
    known = np.asarray(money, dtype=float)
    known = np.where(known > 0, known, np.nan)
    least = float(np.nanmin(known)) if np.isfinite(known).any() else 1.0
    return Frame(
        codes=tuple(str(code) for code, _ in ratio.index),
        names=tuple(str(name) for _, name in ratio.index),
        stratum=np.array([stratum_of(float(value)) for value in ratio]),
        money_gbp=np.where(np.isfinite(known), known, least),
    )
