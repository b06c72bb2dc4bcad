"""The traces money could leave in returns, by authority: what the best we know looks at.

In: a `Cube`, clean or injured, and a window. Out: (codes, signals). Refuses nothing: a missing figure gives NaN.
"""

from __future__ import annotations

from typing import Any

from audit.generators import plant, plant_fund
from audit.generators.lines import GROUPS, SERVICES
from audit.panel.returns_cube import Cube


def _changes(own: Any, at: list[int]) -> list[Any]:
    """Yearly log changes of own spend, one column a change."""
    import numpy as np

    logs = np.log(np.where(own > 0, own, np.nan)[:, at])
    return list(np.diff(logs, axis=1).T)


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
    """(codes, 8): the four yearly changes of own spend in the window of section 256, then the other traces.

    Among these is learning disability, where money might go. Central services, where the generator puts what is cut so
    that every sum is kept, are no trace to look for.
    """
    import numpy as np

    years = [cube.years.index(year) for year in (*plant.BEFORE[1:], *plant.YEARS)]
    groups = [group for group in GROUPS if group != "learning_disability"]
    own = np.nansum([cube.line(f"ro3.{group}.net_current_expenditure") for group in groups], axis=0)
    columns = _changes(own, years)
    net = cube.line("ro3.learning_disability.net_current_expenditure")
    safe = np.where(net > 0, net, np.nan)
    columns.append(np.log(safe[:, years[2:]].mean(axis=1) / safe[:, years[1]]))
    columns += _traces(cube, own, own[:, years[:2]].mean(axis=1), years[1], years[-1])
    return np.stack(columns, axis=1)


def fund_signals(cube: Cube, grants: Any) -> Any:
    """(codes, 10): the six changes of the Better Care Fund's window, social-care grants taken off, and the others."""
    import numpy as np

    years = [cube.years.index(year) for year in (*plant_fund.BEFORE, *plant_fund.YEARS)]
    own = cube.line(plant_fund.ADULT).copy()
    own[:, years[2:]] -= np.nan_to_num(grants)
    base = own[:, years[:2]].mean(axis=1)
    columns = _changes(own, years) + _traces(cube, own, base, years[1], years[-1])
    health = cube.line("rs.public_health_nce")
    columns.append((health[:, years[-1]] - health[:, years[1]]) / base)
    return np.stack(columns, axis=1)
