"""Innocent look-alikes and errors of return, planted among the councils that were left alone. Frozen with `plant`.

In: a `Cube`, the rows to choose from, a share and a seeded source of randomness. Out: what was planted where, by
code. Each look-alike keeps the accounting identities; errors break them, as errors do.
"""

from __future__ import annotations

from typing import Any

from audit.generators.lines import BEFORE, ERRORS, FED, LOOK_ALIKES, YEARS, care_scale, components, follow, move
from audit.panel.returns_cube import Cube


def _own(cube: Cube, rows: Any) -> Any:
    """(rows, 1) own spending outside learning disability in the last year before the money."""
    import numpy as np

    year = cube.years.index(BEFORE[-1])
    net = np.nansum([components(cube, group, "net_current_expenditure")[:, year] for group in FED], axis=0)
    return np.where(net > 0, net, 0.5 * care_scale(cube)[:, year])[rows][:, None]


def plant_look_alikes(cube: Cube, rows: Any, share: float, random: Any) -> tuple[str, ...]:
    """Plant each kind in turn in a share of the rows; five to ten per cent of own spending. Returns names by code."""
    import numpy as np

    planted = [""] * len(cube.codes)
    chosen = random.permutation(rows)[: int(round(share * len(rows)))]
    after, last = [cube.years.index(year) for year in YEARS], [cube.years.index(BEFORE[-1])]
    for number, row in enumerate(chosen.tolist()):
        kind = LOOK_ALIKES[number % len(LOOK_ALIKES)]
        planted[row] = kind
        one = np.array([row])
        size = random.uniform(0.05, 0.10) * _own(cube, one)
        three = np.repeat(size, 3, axis=1)
        net: Any = 0.0
        years = after
        if kind in ("demand_fell", "price_fell"):
            net = move(cube, "older_people", "running_expenses", one, after, -three)
            if kind == "demand_fell":
                net = net + move(cube, "older_people", "sales_fees_charges", one, after, -0.15 * three)
        elif kind == "gross_booking":
            years = after[1:]
            net = move(cube, "older_people", "running_expenses", one, years, 2.0 * three[:, 1:])
            net = net + move(cube, "older_people", "other_income", one, years, 2.0 * three[:, 1:])
        elif kind == "base_spike":
            years = last
            net = move(cube, "older_people", "running_expenses", one, last, 2.0 * size)
        elif kind == "recharge":
            net = move(cube, "mental_health", "other_income", one, after, three)
        else:
            net = move(cube, "older_people", "running_expenses", one, after, -three)
            net = net + move(cube, "learning_disability", "running_expenses", one, after, three)
        follow(cube, one, years, net, "central")
    return tuple(planted)


def plant_errors(cube: Cube, rows: Any, share: float, random: Any) -> tuple[str, ...]:
    """Errors in a share of the returns, one year each: a slip by a thousand, receipts under charges, a blank group."""
    import numpy as np

    planted = [""] * len(cube.codes)
    for number, row in enumerate(random.permutation(rows)[: int(round(share * len(rows)))].tolist()):
        kind = ERRORS[number % len(ERRORS)]
        planted[row] = kind
        year = cube.years.index(YEARS[int(random.integers(len(YEARS)))])
        one = np.array([row])
        if kind == "charges_for_income":
            amount = np.nan_to_num(components(cube, "older_people", "other_income")[one][:, [year]])
            move(cube, "older_people", "other_income", one, [year], -amount)
            move(cube, "older_people", "sales_fees_charges", one, [year], amount)
            continue
        for line in cube.lines:
            if line.startswith("ro3.mental_health.") and kind == "blank_group":
                cube.line(line)[row, year] = np.nan
            elif line.startswith("ro3.older_people.") and kind == "thousand_slip":
                cube.line(line)[row, year] *= 1000.0
    return tuple(planted)
