"""Years without anything to find: 2011-12 to 2013-14 redrawn from real changes before the transfer.

Frozen with `plant`. In: a `Cube` and a seeded source of randomness. Out: a cube whose three years follow from 2010-11
by changes of other councils, whole blocks at a time, every accounting identity kept. Refuses nothing: a council whose
2010-11 is missing keeps its years as returned.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from audit.generators.lines import BEFORE, GROUPS, SERVICES, YEARS, care_scale, follow, move
from audit.panel.returns_cube import Cube

FUNDING = (
    "council_tax_requirement", "revenue_support_grant", "business_rates", "earmarked_reserves_closing",
    "unallocated_reserves_closing",
)  # fmt: skip


def draw_blocks(cube: Cube, random: Any) -> Cube:
    """2011-12 to 2013-14 rebuilt from 2010-11 by changes of other councils' pre-transfer years, whole blocks at a time.

    A change is the donor's, line by line, as a share of its spending on care (RO3) or on all services (RS).
    """
    import numpy as np

    made = replace(cube, values=cube.values.copy())
    before, after = ([cube.years.index(year) for year in years] for years in (BEFORE, YEARS))
    ro3 = np.array([line.startswith("ro3.") for line in cube.lines])
    total = cube.line("rs.total_service_expenditure")
    scale = np.where(ro3[None, None, :], care_scale(cube)[:, :, None], total[:, :, None])
    kind = np.array([code[:3] for code in cube.codes])
    steps = np.stack(
        [(cube.values[:, b] - cube.values[:, a]) / scale[:, a] for a, b in zip(before, before[1:], strict=False)]
    )
    parts = [
        index for index, line in enumerate(cube.lines)
        if line.split(".")[-1] in ("employees", "running_expenses", "sales_fees_charges", "other_income")
        and line.split(".")[1] in GROUPS
    ]  # fmt: skip
    free = [cube.lines.index(f"rs.{name}") for name in (*SERVICES, *FUNDING)]
    known = np.isfinite(steps[:, :, parts]).sum(axis=2) > len(parts) // 2
    level = made.values[:, before[-1]].copy()
    for year in after:
        for row in range(len(cube.codes)):
            if not np.isfinite(level[row, parts]).any():
                continue
            donors = np.argwhere(known & (kind == kind[row])[None, :])
            if not len(donors):
                donors = np.argwhere(known)
            step, donor = donors[random.integers(len(donors))]
            for index in (*parts, *free):
                change = steps[step, donor, index] * scale[row, before[-1], index]
                if np.isfinite(change) and np.isfinite(level[row, index]):
                    new = level[row, index] + change
                    level[row, index] = max(new, 0.0) if index in parts and level[row, index] >= 0 else new
        _set_services(made, year, free, np.round(level[:, free]))
        _set_parts(made, year, parts, np.round(level[:, parts]))
        _roll_reserves(made, year)
    return made


def _set_services(cube: Cube, year: int, free: list[int], target: Any) -> None:
    """Set the drawn RS lines; totals follow the services."""
    import numpy as np

    values = cube.values[:, year, :]
    new = np.where(np.isfinite(target), target, values[:, free])
    services = [place for place, index in enumerate(free) if cube.lines[index].removeprefix("rs.") in SERVICES]
    change = np.nan_to_num(new - values[:, free])[:, services].sum(axis=1)
    for line in ("total_service_expenditure", "net_current_expenditure", "revenue_expenditure"):
        values[:, cube.lines.index(f"rs.{line}")] += change
    values[:, free] = new


def _roll_reserves(cube: Cube, year: int) -> None:
    """Opening balances are the last closing ones, and appropriations what lies between."""
    for kind in ("earmarked", "unallocated"):
        opening, closing = (cube.line(f"rs.{kind}_reserves_{when}") for when in ("opening", "closing"))
        opening[:, year] = closing[:, year - 1]
        cube.line(f"rs.appropriations_{kind}")[:, year] = closing[:, year] - opening[:, year]


def _set_parts(cube: Cube, year: int, parts: list[int], target: Any) -> None:
    import numpy as np

    rows, net = np.arange(len(cube.codes)), np.zeros((len(cube.codes), 1))
    for place, index in enumerate(parts):
        _, group, measure = cube.lines[index].split(".")
        change = np.nan_to_num(target[:, place] - cube.values[:, year, index])[:, None]
        net += move(cube, group, measure, rows, [year], change)
    follow(cube, rows, [year], net, "central")
