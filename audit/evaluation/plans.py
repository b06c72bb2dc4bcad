"""What is planted in an evaluation: families of plans for both windows, each with several seeds.

In: how many rounds. Out: `Scenario`s, each a family name, a window and a `Plan`. Refuses nothing. The same list every
time, and the cases of a short form are the first of a longer one: nothing is chosen after looking at results.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from audit.generators import plant, plant_fund
from audit.generators.plant import Plan
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256

CENTRE = Plan(0, size=1.0, background=0.3, prevalence=0.10)
SIZES = (0.25, 0.5, 0.75, 1.0, 1.25)
DRIVERS = {
    "own_cut": ("own_spend_gap",),
    "reserves": ("money_elsewhere",),
    "other_services": ("priority",),
    "booking": ("own_spend_gap", "within_council_swap"),
    "tax_freeze": ("council_tax_forgone",),
    "public_health": ("own_spend_gap",),
}
HELD_OUT = {SECTION_256: plant.HELD_OUT, BETTER_CARE_FUND: plant_fund.HELD_OUT}
QUIET = ("nothing", "background_only", "fund_nothing")
VARIED = ("centre", "fund_centre")  # families on which the costlier ablations are run
FULL_ROUNDS = 5
PERMUTATIONS = 4  # a round


@dataclass(frozen=True)
class Family:
    """A plan, the window it is planted in, and how many seeds a round gives it."""

    name: str
    window: str
    plan: Plan
    seeds: int


@dataclass(frozen=True)
class Scenario:
    """One case: `family` groups seeds."""

    family: str
    plan: Plan
    window: str = SECTION_256

    @property
    def name(self) -> str:
        """Name of its result file."""
        return f"{self.family}-{self.plan.seed:03d}"

    @property
    def first_round(self) -> bool:
        """True for the cases of the quick form."""
        return self.plan.seed % 1000 < families()[self.family].seeds

    @property
    def held_out(self) -> bool:
        """True for the routes that nothing was tuned on, two in each window."""
        return self.plan.route in HELD_OUT[self.window]


def families() -> dict[str, Family]:
    """All families by name: first those of the section 256 window, then those of the Better Care Fund."""
    nothing = replace(CENTRE, size=0.0, background=0.0)
    first: list[tuple[str, Plan, int]] = [("centre", CENTRE, 4), ("nothing", nothing, 2)]
    first += [("background_only", replace(CENTRE, size=0.3), 2)]
    sizes = [(f"size_{size:.2f}", replace(CENTRE, size=size, background=0.0), 2 if size >= 1 else 1) for size in SIZES]
    first += sizes
    first += [(f"prevalence_{share:.2f}", replace(CENTRE, prevalence=share), 1) for share in (0.05, 0.30, 0.50)]
    first += [
        (f"route_{route}", replace(CENTRE, route=route), 2)
        for route in ("reserves", "other_services", "booking", "tax_freeze")
    ]
    first += [(f"onset_{onset}", replace(CENTRE, onset=onset), 1) for onset in ("lead", "late")]
    first += [
        ("ramp", replace(CENTRE, ramp=True), 1),
        ("tied_to_cuts", replace(CENTRE, tied_to_cuts=1.0), 1),
        ("without_noise", replace(CENTRE, look_alikes=0.0, errors=0.0), 2),
        ("as_returned", replace(CENTRE, ground="as returned"), 2),
    ]
    second: list[tuple[str, Plan, int]] = [("centre", CENTRE, 4), ("nothing", nothing, 2), *sizes]
    second += [(f"prevalence_{share:.2f}", replace(CENTRE, prevalence=share), 1) for share in (0.30,)]
    second += [
        (f"route_{route}", replace(CENTRE, route=route), 1)
        for route in ("reserves", "other_services", "public_health", "tax_freeze")
    ]
    second += [
        ("onset_lead", replace(CENTRE, onset="lead"), 1),
        ("tied_to_cuts", replace(CENTRE, tied_to_cuts=1.0), 1),
        ("as_returned", replace(CENTRE, ground="as returned"), 2),
    ]
    made = [Family(name, SECTION_256, plan, seeds) for name, plan, seeds in first]
    made += [Family(f"fund_{name}", BETTER_CARE_FUND, plan, seeds) for name, plan, seeds in second]
    return {family.name: family for family in made}


def scenarios(*, rounds: int = 1) -> list[Scenario]:
    """All cases, a round at a time: every round gives each family its seeds; `FULL_ROUNDS` are the full form."""
    made: list[Scenario] = []
    for turn in range(rounds):
        for number, family in enumerate(families().values()):
            for seed in range(turn * family.seeds, (turn + 1) * family.seeds):
                plan = replace(family.plan, seed=1000 * (number + 1) + seed)
                made.append(Scenario(family.name, plan, family.window))
    return made
