"""What is planted in an evaluation: families of plans, each with several seeds.

In: quick or full. Out: `Scenario`s, each a family name, a `Plan` and what is asked of it. Refuses nothing. The same
list every time: nothing is chosen after looking at results.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from audit.injure import Plan

CENTRE = Plan(0, size=1.0, background=0.3, prevalence=0.10)
DRIVERS = {
    "own_cut": ("own_spend_gap",),
    "reserves": ("money_elsewhere",),
    "other_services": ("priority",),
    "booking": ("own_spend_gap", "within_council_swap"),
    "tax_freeze": ("council_tax_forgone",),
}


@dataclass(frozen=True)
class Scenario:
    """One case: `family` groups seeds; `held_out` marks the routes kept out of all tuning."""

    family: str
    plan: Plan

    @property
    def name(self) -> str:
        """Name of its result file."""
        return f"{self.family}-{self.plan.seed:03d}"

    @property
    def held_out(self) -> bool:
        """True for the two routes that nothing was tuned on."""
        return self.plan.route in ("booking", "tax_freeze")


def families() -> dict[str, tuple[Plan, int]]:
    """Family name to its plan and how many seeds the quick form gives it."""
    made: dict[str, tuple[Plan, int]] = {"centre": (CENTRE, 4)}
    made["nothing"] = (replace(CENTRE, size=0.0, background=0.0), 2)
    made["background_only"] = (replace(CENTRE, size=0.3), 2)
    for size, seeds in ((0.25, 1), (0.5, 1), (0.75, 1), (1.0, 2), (1.25, 2)):
        made[f"size_{size:.2f}"] = (replace(CENTRE, size=size, background=0.0), seeds)
    for prevalence in (0.05, 0.30, 0.50):
        made[f"prevalence_{prevalence:.2f}"] = (replace(CENTRE, prevalence=prevalence), 1)
    for route in ("reserves", "other_services", "booking", "tax_freeze"):
        made[f"route_{route}"] = (replace(CENTRE, route=route), 2)
    for onset in ("lead", "late"):
        made[f"onset_{onset}"] = (replace(CENTRE, onset=onset), 1)
    made["ramp"] = (replace(CENTRE, ramp=True), 1)
    made["tied_to_cuts"] = (replace(CENTRE, tied_to_cuts=1.0), 1)
    made["without_noise"] = (replace(CENTRE, look_alikes=0.0, errors=0.0), 2)
    made["as_returned"] = (replace(CENTRE, ground="as returned"), 2)
    return made


ROUNDS = 10


def scenarios(*, rounds: int = 1) -> list[Scenario]:
    """All cases, a round at a time: every round gives each family its seeds; `ROUNDS` rounds are the full form."""
    made: list[Scenario] = []
    for turn in range(rounds):
        for number, (family, (plan, seeds)) in enumerate(families().items()):
            for seed in range(turn * seeds, (turn + 1) * seeds):
                made.append(Scenario(family, replace(plan, seed=1000 * (number + 1) + seed)))
    return made
