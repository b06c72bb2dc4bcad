"""Innocent changes that the frozen generators do not plant: spending moved between adult care and housing.

In: a `Cube`, a window and a seeded source of randomness. Out: the cube and where it was planted. Refuses nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from audit.generators import plant, plant_fund
from audit.generators.lines import FED, add_to, move
from audit.panel.returns_cube import Cube
from pipelines.declarations.table_words import SECTION_256

HOUSING = "housing"
SHARE = 0.10


def plant_housing(cube: Cube, window: str, random: Any) -> tuple[Cube, tuple[str, ...]]:
    """Five to ten per cent of own spend moved to housing from a year of the window on, in one council in ten."""
    import numpy as np

    made = replace(cube, values=cube.values.copy())
    first = window == SECTION_256
    after = plant.YEARS if first else plant_fund.YEARS
    nets = [cube.line(f"ro3.{group}.net_current_expenditure") for group in FED]
    own = np.nansum(nets, axis=0) if first else cube.line(plant_fund.ADULT)
    base = own[:, cube.years.index((plant.BEFORE if first else plant_fund.BEFORE)[-1])]
    rows = np.flatnonzero(np.isfinite(base) & (base > 0))
    chosen = random.permutation(rows)[: int(round(SHARE * len(rows)))]
    names = [""] * len(cube.codes)
    for row in chosen.tolist():
        names[row] = HOUSING
        years = [cube.years.index(year) for year in after[int(random.integers(len(after))) :]]
        amount = np.full((1, len(years)), np.round(random.uniform(0.05, 0.10) * base[row]))
        one, net = np.array([row]), -amount
        if first:
            net = move(made, "older_people", "running_expenses", one, years, -amount)
        add_to(made, plant_fund.ADULT, one, years, net)
        add_to(made, "rs.housing_nce", one, years, -net)
    return made, tuple(names)
