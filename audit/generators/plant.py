"""The generator: returns with known displacement planted in them, line by line, every accounting identity kept.

In: a `Cube` of returns and a `Plan`. Out: the injured cube and, per authority, the truth. Two grounds: "as returned"
plants in the years as they were; "blocks" first replaces 2011-12 to 2013-14 by changes drawn whole (all lines of one
council and year together) from the real years before the transfer, so that there is nothing else to find, and lets the
NHS money arrive. It changes lines of returns, never features. This file, `lines`, `blocks` and `plant_look_alikes`
are frozen: their hash stands in docs/method-evaluation.md and was recorded before anything was tuned. Refuses a plan it
does not know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from audit.generators.lines import BEFORE, FED, NATIONAL, YEARS, care_scale, components, follow, move
from audit.panel.returns_cube import Cube
from pipelines.errors import DefinitionError

ROUTES = ("own_cut", "reserves", "other_services", "booking", "tax_freeze")
HELD_OUT = ("booking", "tax_freeze")  # never used when anything is tuned
ONSETS = ("same", "lead", "late")


@dataclass(frozen=True)
class Plan:
    """What to plant. Shares are fractions; `size` and `background` are displacement rates (pounds per pound)."""

    seed: int
    ground: str = "blocks"
    size: float = 1.0
    background: float = 0.0
    prevalence: float = 0.10
    route: str = "own_cut"
    onset: str = "same"
    ramp: bool = False
    tied_to_cuts: float = 0.0  # how strongly injured councils are those whose funding fell
    look_alikes: float = 0.10  # share of the councils left alone
    errors: float = 0.03
    share_noise: float = 0.10  # spread of log allocations around the shares given

    def checked(self) -> Plan:
        """The plan itself. Raises DefinitionError for a ground, route or onset that is not known."""
        known = {"ground": ("blocks", "as returned"), "route": ROUTES, "onset": ONSETS}
        for name, values in known.items():
            if getattr(self, name) not in values:
                raise DefinitionError(f"unknown {name} '{getattr(self, name)}'", expected="one of " + ", ".join(values))
        return self


@dataclass(frozen=True)
class Truth:
    """Vectors over the cube's codes. `rate` is the planted displacement rate, `transfer` (codes, 3) thousand pounds."""

    injured: Any
    rate: Any
    transfer: Any
    look_alike: tuple[str, ...]
    error: tuple[str, ...]


def transfers(cube: Cube, plan: Plan, shares: Any, random: Any) -> Any:
    """(codes, 3) thousand pounds: the national amount by noisy shares; spending on care where none is given."""
    import numpy as np

    base = care_scale(cube)[:, cube.years.index(BEFORE[-1])]
    weight = np.where(np.isfinite(shares), shares, 0.0) if shares is not None else np.nan_to_num(base)
    weight = weight * np.exp(plan.share_noise * random.standard_normal(len(weight)))
    return np.round(weight[:, None] / weight.sum() * np.array(NATIONAL)[None, :])


def _chosen(cube: Cube, plan: Plan, eligible: Any, random: Any) -> Any:
    """Seeded choice of the injured: more likely where funding fell, if the plan ties them."""
    import numpy as np

    funding = (
        cube.line("rs.council_tax_requirement") - cube.line("rs.revenue_support_grant") - cube.line("rs.business_rates")
    )
    fall = -np.log(
        np.clip(funding[:, cube.years.index(YEARS[-1])] / funding[:, cube.years.index(BEFORE[-1])], 0.2, 5.0)
    )
    order = np.argsort(np.argsort(np.nan_to_num(fall, nan=float(np.nanmedian(fall)))))
    pull = plan.tied_to_cuts * (order / len(order) - 0.5) * 4.0
    draw = np.where(eligible, pull + random.gumbel(size=len(order)), -np.inf)
    made = np.zeros(len(order), dtype=bool)
    made[np.argsort(-draw)[: max(int(round(plan.prevalence * eligible.sum())), 1)]] = True
    return made


def injure(cube: Cube, plan: Plan, shares: Any = None) -> tuple[Cube, Truth]:
    """The injured returns and the truth. `shares` (codes) are allocations' shares, or None."""
    import numpy as np

    from audit.generators.blocks import draw_blocks
    from audit.generators.plant_look_alikes import plant_errors, plant_look_alikes

    plan.checked()
    random = [np.random.default_rng([plan.seed, part]) for part in range(6)]
    made = draw_blocks(cube, random[0]) if plan.ground == "blocks" else replace(cube, values=cube.values.copy())
    years = [cube.years.index(year) for year in YEARS]
    eligible = np.isfinite(components(cube, "older_people", "running_expenses")[:, years]).all(axis=1)
    money = transfers(made, plan, shares, random[1]) * eligible[:, None]
    injured = _chosen(made, plan, eligible, random[2])
    rows = np.flatnonzero(eligible)
    if plan.ground == "blocks":
        for group, share in FED.items():
            arrived = np.round(money[rows] * share)
            move(made, group, "other_income", rows, years, arrived)
            move(made, group, "running_expenses", rows, years, arrived)
    everyone = plan.background if plan.ground == "blocks" else 0.0
    extra = plan.size if plan.ground == "blocks" else plan.size - plan.background
    rate = np.where(eligible, everyone, np.nan)
    rate[injured] = extra
    if everyone:
        _cut(made, np.flatnonzero(eligible & ~injured), money * everyone, replace(plan, route="own_cut", onset="same"))
    _cut(made, np.flatnonzero(injured), money * extra, plan)
    alone = np.flatnonzero(eligible & ~injured)
    look_alike = plant_look_alikes(made, alone, plan.look_alikes, random[3])
    error = plant_errors(made, rows, plan.errors, random[4])
    return made, Truth(injured, rate, money, look_alike, error)


def _cut(cube: Cube, rows: Any, amount: Any, plan: Plan) -> None:
    """Lower own spending of the groups NHS money went to, by route and onset."""
    import numpy as np

    years = [cube.years.index(year) for year in YEARS]
    weight = {"same": (1.0, 1.0, 1.0), "lead": (1.0, 1.0, 1.0), "late": (0.0, 1.0, 1.0)}[plan.onset]
    ramp = (1 / 3, 2 / 3, 1.0) if plan.ramp else (1.0, 1.0, 1.0)
    cut = amount[rows] * np.array(weight) * np.array(ramp)
    if plan.onset == "lead":
        years, cut = [cube.years.index(BEFORE[-1]), *years], np.column_stack([0.5 * amount[rows][:, :1], cut])
    net = np.zeros(cut.shape)
    for group, share in FED.items():
        net += move(cube, group, "running_expenses", rows, years, -cut * share)
    if plan.route == "booking":
        net += move(cube, "learning_disability", "running_expenses", rows, years, -net)
    into = {"own_cut": "central", "booking": "central", "tax_freeze": "tax"}.get(plan.route, plan.route)
    follow(cube, rows, years, net, into)
