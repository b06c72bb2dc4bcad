"""What every case of an evaluation starts from, made once in each process: the returns as one block, and the panel.

In: a folder of loaded tables. Out: a `Ground`. The windows a planting does not touch are built once and shared: they
are the same to the last bit. Refuses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from audit.generators import plant, plant_fund
from audit.generators.fund_shares import fund_shares
from audit.generators.plant import Plan, Truth
from audit.panel.returns_cube import Cube, from_tables
from audit.panel.window_data import WindowData, build, window_list
from audit.settings import Settings, Window, load_settings
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256

TREES = 20  # of each seed
TOUCHED = {SECTION_256: {plant.BEFORE[-1], *plant.YEARS}, BETTER_CARE_FUND: {plant_fund.BEFORE[-1], *plant_fund.YEARS}}


@dataclass(frozen=True)
class Ground:
    """The cube as returned, its panel, allocation shares by authority for each window, and later grants."""

    cube: Cube
    panel: Any
    shares: Any
    fund: Any
    grants: Any
    settings: Settings


@cache
def ground(tables: Path) -> Ground:
    """The ground of a folder of tables."""
    from audit.panel.build_panel import build_panel

    settings = evaluation_settings()
    cube, panel = from_tables(tables), build_panel(tables, settings)
    fund, grants = fund_shares(tables, cube.codes)
    return Ground(cube, panel, shares_of(cube, panel), fund, grants, settings)


def evaluation_settings() -> Settings:
    """The settings of a run with a tenth of the trees: the ranking hardly moves, which one ablation measures."""
    settings = load_settings(None)
    return replace(settings, values={**settings.values, "forest.trees": TREES})


@cache
def untouched(tables: Path, planted: str) -> dict[tuple[Window, str], WindowData]:
    """The windows none of whose years a planting in the window `planted` changes. Other real windows are left out."""
    made = ground(tables)
    return {
        (window, service): build(made.panel, window, service, made.settings)
        for window, service in wanted_windows(made.settings, planted)
        if not touched(window, planted)
    }


def wanted_windows(settings: Settings, planted: str) -> list[tuple[Window, str]]:
    """The planted window and every placebo: other real windows are scored by the same forest but change nothing."""
    return [
        (window, service)
        for window, service in window_list(settings)
        if service or window.is_placebo or window.name == planted
    ]


def touched(window: Window, planted: str) -> bool:
    """True when a year of the window, or the year before that it looks at, may have been changed."""
    return bool(TOUCHED[planted] & {*window.base, *window.years, *window.before})


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


def signal_of_all(made: Ground, window: str, plan: Plan) -> tuple[Cube, Cube]:
    """(everybody injured as planned, nobody) from the same draws, without look-alikes and errors."""
    everybody = replace(plan, prevalence=1.0, look_alikes=0.0, errors=0.0)
    injured, clean, _ = planted(made, window, everybody)
    return injured, clean


def planted(made: Ground, window: str, plan: Plan) -> tuple[Cube, Cube, Truth]:
    """(injured cube, the same without the injury, truth). The clean one has the background everybody has."""
    plain = replace(plan, size=plan.background)
    if window == SECTION_256:
        cube, truth = plant.injure(made.cube, plan, made.shares)
        return cube, plant.injure(made.cube, plain, made.shares)[0], truth
    cube, truth = plant_fund.injure_fund(made.cube, plan, made.fund, made.grants)
    return cube, plant_fund.injure_fund(made.cube, plain, made.fund, made.grants)[0], truth
