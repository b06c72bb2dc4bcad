"""The traces money could leave in returns, by authority: what the oracle looks at.

In: a `Cube`, clean or injured, and a window. Out: (codes, signals). Refuses nothing: a missing figure gives NaN.
"""

from __future__ import annotations

from typing import Any

from audit.generators import plant, plant_fund
from audit.generators.lines import GROUPS, SERVICES
from audit.panel.returns_cube import Cube


def _traces(cube: Cube, own: Any, base: Any, first: int, last: int) -> list[Any]:
    """Other services, reserves and council tax at the end of the window against the year before it."""
    import numpy as np

    others = np.nansum([cube.line(f"rs.{name}") for name in SERVICES], axis=0)
    reserves = cube.line("rs.earmarked_reserves_closing")
    tax = cube.line("rs.council_tax_requirement")
    return [
        others[:, last] / others[:, first],
        (reserves[:, last] - reserves[:, first]) / base,
        tax[:, last] / tax[:, first],
    ]


def signals(cube: Cube) -> Any:
    """(codes, 9): logs of own spend in the three years of section 256, the year before, and the other traces.

    Among these are older people's care, where most of the money is booked, and learning disability, where it might go.
    Central services, where the generator puts what is cut so that every sum is kept, are no trace to look for.
    """
    import numpy as np

    at = {year: cube.years.index(year) for year in (*plant.BEFORE, *plant.YEARS)}
    groups = [group for group in GROUPS if group != "learning_disability"]
    own = np.nansum([cube.line(f"ro3.{group}.net_current_expenditure") for group in groups], axis=0)
    base = own[:, [at[year] for year in plant.BEFORE[1:]]].mean(axis=1)
    safe = np.where(own > 0, own, np.nan)
    columns = [np.log(safe[:, at[year]] / base) for year in plant.YEARS]
    columns.append(np.log(safe[:, at[plant.BEFORE[2]]] / safe[:, at[plant.BEFORE[1]]]))
    columns += [_change(cube, group, at) for group in ("older_people", "learning_disability")]
    columns += _traces(cube, own, base, at[plant.BEFORE[-1]], at[plant.YEARS[-1]])
    return np.stack(columns, axis=1)


def _change(cube: Cube, group: str, at: dict[str, int]) -> Any:
    """Log change of a client group's net spending, the window's mean against the year before it."""
    import numpy as np

    net = cube.line(f"ro3.{group}.net_current_expenditure")
    safe = np.where(net > 0, net, np.nan)
    return np.log(safe[:, [at[year] for year in plant.YEARS]].mean(axis=1) / safe[:, at[plant.BEFORE[-1]]])


def fund_signals(cube: Cube, grants: Any) -> Any:
    """(codes, 10): the same for the five years of the Better Care Fund, social-care grants taken off, public health."""
    import numpy as np

    at = {year: cube.years.index(year) for year in (*plant_fund.BEFORE, *plant_fund.YEARS)}
    own = cube.line(plant_fund.ADULT).copy()
    own[:, [at[year] for year in plant_fund.YEARS]] -= np.nan_to_num(grants)
    base = own[:, [at[year] for year in plant_fund.BEFORE]].mean(axis=1)
    safe = np.where(own > 0, own, np.nan)
    columns = [np.log(safe[:, at[year]] / base) for year in plant_fund.YEARS]
    columns.append(np.log(safe[:, at["2014-15"]] / safe[:, at["2013-14"]]))
    columns += _traces(cube, own, base, at["2014-15"], at["2019-20"])
    health = cube.line("rs.public_health_nce")
    columns.append((health[:, at["2019-20"]] - health[:, at["2014-15"]]) / base)
    return np.stack(columns, axis=1)
