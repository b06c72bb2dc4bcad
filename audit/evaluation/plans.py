"""What is planted in an evaluation: families of plans for both windows and three grounds, each with several seeds.

In: how many rounds. Out: `Scenario`s, each a family name, a window and a `Plan`. Refuses nothing. The same list every
time, and the cases of a short form are the first of a longer one: nothing is chosen after looking at results.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from audit.generators import plant, plant_fund
from audit.generators.plant import Plan
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256

CENTRE = Plan(0, size=1.0, background=0.3, prevalence=0.10)
BLOCKS, RETURNED, REAL_PATHS = "blocks", "as returned", "real paths"
PREFIX = {SECTION_256: "", BETTER_CARE_FUND: "fund_"}
ROUTES = {SECTION_256: plant.ROUTES, BETTER_CARE_FUND: plant_fund.ROUTES}
HELD_OUT = {SECTION_256: plant.HELD_OUT, BETTER_CARE_FUND: plant_fund.HELD_OUT}
BY_TAX_OR_RESERVES = ("reserves", "tax_freeze")
RATES = "rates"
"""The family in which every council has a rate of its own, continuous, for the coverage of intervals."""
INNOCENT = "innocent_housing"
"""The family in which spending is moved between adult care and housing, which no generator plants."""
FULL_ROUNDS = 10
PERMUTATIONS = 2  # a round


@dataclass(frozen=True)
class Family:
    """A plan, the window and ground it is planted in, and how many seeds a round gives it."""

    name: str
    window: str
    ground: str
    plan: Plan
    seeds: int


@dataclass(frozen=True)
class Scenario:
    """One case of a family."""

    family: Family
    plan: Plan

    @property
    def window(self) -> str:
        """The window it is planted in."""
        return self.family.window

    @property
    def name(self) -> str:
        """Name of its result file."""
        return f"{self.family.name}-{self.plan.seed:05d}"


def held_out(family: Family) -> bool:
    """True for the routes that nothing was tuned on, two in each window."""
    return family.plan.route in HELD_OUT[family.window]


def is_route(family: Family) -> bool:
    """True for the families by which lists are measured: rate 1 against 0.3 in one council in ten, in time."""
    plain = replace(CENTRE, route=family.plan.route)
    return replace(family.plan, ground=plain.ground) == plain and family.ground == BLOCKS


def families() -> dict[str, Family]:
    """All families by name: first those of the section 256 window, then those of the Better Care Fund."""
    nothing = replace(CENTRE, size=0.0, background=0.0)
    returned = replace(CENTRE, ground="as returned")
    made: list[Family] = []
    for window, prefix in PREFIX.items():
        listed: list[tuple[str, str, Plan, int]] = [
            (f"route_{route}", BLOCKS, replace(CENTRE, route=route), 4) for route in ROUTES[window]
        ]
        listed += [
            ("nothing", BLOCKS, nothing, 1),
            ("prevalence_0.05", BLOCKS, replace(CENTRE, prevalence=0.05), 3),
            ("prevalence_0.30", BLOCKS, replace(CENTRE, prevalence=0.30), 1),
            ("onset_lead", BLOCKS, replace(CENTRE, onset="lead"), 1),
            ("onset_late", BLOCKS, replace(CENTRE, onset="late"), 1),
            ("onset_ramp", BLOCKS, replace(CENTRE, ramp=True), 1),
            ("tied_to_cuts", BLOCKS, replace(CENTRE, tied_to_cuts=1.0), 1),
            ("without_innocents", BLOCKS, replace(CENTRE, look_alikes=0.0, errors=0.0), 1),
            ("as_returned", RETURNED, returned, 1),
            ("real_paths", REAL_PATHS, returned, 4),
            ("real_nothing", REAL_PATHS, replace(nothing, ground="as returned"), 1),
            (INNOCENT, BLOCKS, replace(nothing, look_alikes=0.0, errors=0.0), 1),
            (f"real_{RATES}", REAL_PATHS, replace(returned, look_alikes=0.0, errors=0.0), 1),
        ]
        made += [Family(prefix + name, window, ground, plan, seeds) for name, ground, plan, seeds in listed]
    return {family.name: family for family in made}


def scenarios(*, rounds: int = 1) -> list[Scenario]:
    """All cases, a round at a time: every round gives each family its seeds; `FULL_ROUNDS` are the full form."""
    made: list[Scenario] = []
    for turn in range(rounds):
        for number, family in enumerate(families().values()):
            for seed in range(turn * family.seeds, (turn + 1) * family.seeds):
                made.append(Scenario(family, replace(family.plan, seed=1000 * (number + 1) + seed)))
    return made
