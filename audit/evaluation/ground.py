"""What every case of an evaluation starts from, made once in each process: the returns as one block, and the panel.

In: a folder of loaded tables. Out: a `Ground`, and cubes with replacement planted in one of the three grounds. Refuses
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from audit.evaluation.innocents import plant_housing
from audit.evaluation.plans import INNOCENT, RATES, REAL_PATHS, Scenario
from audit.evaluation.real_paths import exchange_paths, plant_rates
from audit.generators import plant, plant_fund
from audit.generators.fund_shares import fund_shares
from audit.generators.plant import Truth
from audit.panel.returns_cube import Cube, from_tables
from audit.settings import Settings, load_settings
from pipelines.declarations.table_words import SECTION_256

TREES = 40  # of each seed, where a run grows 60: of the first ten 8 to 10 stay the same


@dataclass(frozen=True)
class Ground:
    """The cube as returned, its panel; by authority allocation shares for each window, later grants and deprivation."""

    cube: Cube
    panel: Any
    shares: Any
    fund: Any
    grants: Any
    deprivation: Any
    settings: Settings


@cache
def ground(tables: Path) -> Ground:
    """The ground of a folder of tables."""
    from audit.panel.build_panel import build_panel

    settings = load_settings(None)
    settings = replace(settings, values={**settings.values, "forest.trees": TREES})
    cube, panel = from_tables(tables), build_panel(tables, settings)
    fund, grants = fund_shares(tables, cube.codes)
    return Ground(cube, panel, shares_of(cube, panel), fund, grants, deprivation_of(cube, panel), settings)


def deprivation_of(cube: Cube, panel: Any) -> Any:
    """Deprivation by authority: that of its area; NaN where it is in none."""
    import numpy as np

    at = panel.years.index(plant.YEARS[0])
    values = panel.money["deprivation"][:, at].tolist()
    known = {
        code: value
        for area, value in zip(panel.areas, values, strict=True)
        for code in panel.members.get((area, plant.YEARS[0]), ())
    }
    return np.array([known.get(code, np.nan) for code in cube.codes])


def shares_of(cube: Cube, panel: Any) -> Any:
    """Allocation shares by authority: the area's entitlement, split by spending on care where areas are joined."""
    import numpy as np

    base = np.nan_to_num(plant.care_scale(cube)[:, cube.years.index(plant.BEFORE[-1])])
    made = np.full(len(cube.codes), np.nan)
    at = panel.years.index(plant.YEARS[0])
    for row, area in enumerate(panel.areas):
        mine = [cube.codes.index(code) for code in panel.members.get((area, plant.YEARS[0]), ()) if code in cube.codes]
        total = panel.money["entitlement"][row, at]
        if mine and base[mine].sum() > 0:
            made[mine] = np.nan_to_num(total) * base[mine] / base[mine].sum()
    return made


def _injured(made: Ground, cube: Cube, scenario: Scenario, **changed: Any) -> tuple[Cube, Truth]:
    plan = replace(scenario.plan, **changed)
    if scenario.window == SECTION_256:
        return plant.injure(cube, plan, made.shares)
    return plant_fund.injure_fund(cube, plan, made.fund, made.grants)


def start(made: Ground, scenario: Scenario) -> Cube:
    """The cube a case is planted in: with paths exchanged on the third ground, else as returned."""
    import numpy as np

    if scenario.family.ground != REAL_PATHS:
        return made.cube
    return exchange_paths(made.cube, scenario.window, made.grants, np.random.default_rng([scenario.plan.seed, 20]))


def planted(made: Ground, scenario: Scenario) -> tuple[Cube, Cube, Truth]:
    """(injured cube, the same without the injury, truth). The clean one has the background everybody has."""
    import numpy as np

    cube = start(made, scenario)
    if scenario.family.name.endswith(RATES):
        clean, truth = _injured(made, cube, scenario, size=0.0, background=0.0)
        injured, rate = plant_rates(clean, scenario.window, truth.transfer, np.random.default_rng(scenario.plan.seed))
        return injured, clean, replace(truth, rate=rate, injured=np.zeros(len(rate), dtype=bool))
    injured, truth = _injured(made, cube, scenario)
    if scenario.plan.size == scenario.plan.background:  # chosen, but nothing was done to them
        truth = replace(truth, injured=np.zeros(len(truth.injured), dtype=bool))
    if scenario.family.name.endswith(INNOCENT):
        moved, names = plant_housing(injured, scenario.window, np.random.default_rng(scenario.plan.seed))
        return moved, injured, replace(truth, look_alike=names, injured=np.zeros(len(names), dtype=bool))
    return injured, _injured(made, cube, scenario, size=scenario.plan.background)[0], truth


def signal_of_all(made: Ground, scenario: Scenario) -> tuple[Cube, Cube]:
    """(everybody injured as planned, nobody beyond the background), same draws, without innocents and errors."""
    cube, alone = start(made, scenario), {"prevalence": 1.0, "look_alikes": 0.0, "errors": 0.0}
    injured = _injured(made, cube, scenario, **alone)[0]
    return injured, _injured(made, cube, scenario, **alone, size=scenario.plan.background)[0]
