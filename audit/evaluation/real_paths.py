"""The third ground: every council is given another council's whole path of the same window and class, so noise is real.

In: a `Cube`, a window and a seeded source of randomness. Out: the cube with paths exchanged. Every line of the donor
moves by one ratio, so every sum is kept. A council keeps its own first year, its own NHS money and its own grants.
Refuses nothing: a council without a donor keeps its years as returned.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from audit.generators import plant, plant_fund
from audit.generators.lines import FED, care_scale, follow, move
from audit.panel.returns_cube import Cube
from pipelines.declarations.table_words import SECTION_256

LARGEST_RATE = 1.2


def window_years(window: str) -> tuple[str, ...]:
    """Base and window years, in order."""
    if window == SECTION_256:
        return (*plant.BEFORE[1:], *plant.YEARS)
    return (*plant_fund.BEFORE, *plant_fund.YEARS)


def donors(cube: Cube, window: str, random: Any) -> Any:
    """(codes) whose path each council is given: another of its class at random, itself where there is none."""
    import numpy as np

    years = [cube.years.index(year) for year in window_years(window)]
    scale = _scale(cube, window)
    known = (np.isfinite(scale[:, years]) & (scale[:, years] > 0)).all(axis=1)
    kind = np.array([plant_fund.class_of(code) for code in cube.codes])
    made = np.arange(len(cube.codes))
    for name in sorted(set(kind.tolist())):
        mine = random.permutation(np.flatnonzero((kind == name) & known))
        made[mine] = np.roll(mine, 1)
    return made


def _scale(cube: Cube, window: str) -> Any:
    """(codes, years) spending on care by which a path is made to fit another council."""
    return care_scale(cube) if window == SECTION_256 else cube.line(plant_fund.ADULT)


def exchange_paths(cube: Cube, window: str, grants: Any, random: Any) -> Cube:
    """The cube with every council's years after the first replaced by its donor's changes since the first."""
    import numpy as np

    made, giver = replace(cube, values=cube.values.copy()), donors(cube, window, random)
    years = [cube.years.index(year) for year in window_years(window)]
    first, later = years[0], years[1:]
    scale = _scale(cube, window)[:, first]
    given = giver != np.arange(len(giver))
    ratio = np.divide(scale, scale[giver], out=np.ones(len(scale)), where=given)
    moved = cube.values[giver][:, later] - cube.values[giver][:, [first]]
    made.values[:, later] = cube.values[:, [first]] + ratio[:, None, None] * moved
    if window != SECTION_256:  # grants are taken off own spend again, so a council's own must be in it
        paid = np.nan_to_num(grants)
        after = [cube.years.index(year) for year in plant_fund.YEARS]
        change = paid - ratio[:, None] * paid[giver]
        for line in (plant_fund.ADULT, *plant_fund.TOTALS):
            made.line(line)[:, after] += change
    return made


def plant_rates(cube: Cube, window: str, money: Any, random: Any) -> tuple[Cube, Any]:
    """Every council lowers its own spend by a rate of its own, even between 0 and 1.2, times its NHS money (codes,
    window years; thousand pounds). Returns the cube and the rates.
    """
    import numpy as np

    made = replace(cube, values=cube.values.copy())
    rate = random.uniform(0.0, LARGEST_RATE, size=len(cube.codes))
    cut = np.round(rate[:, None] * np.nan_to_num(money))
    rows = np.arange(len(cube.codes))
    first = window == SECTION_256
    years = [cube.years.index(year) for year in (plant.YEARS if first else plant_fund.YEARS)]
    net: Any = -cut
    if first:
        net = sum(move(made, group, "running_expenses", rows, years, -cut * share) for group, share in FED.items())
        follow(made, rows, years, net, "central")
    else:
        made.line(plant_fund.ADULT)[:, years] += net
    return made, rate
