"""The lines of the returns that both generators plant in, and how an amount moves along them with every sum kept.

In: a `Cube` and whole thousands of pounds. Out: the same cube, changed in place. Frozen with `plant`. Refuses nothing.
"""

from __future__ import annotations

from typing import Any

from audit.panel.returns_cube import Cube

YEARS = ("2011-12", "2012-13", "2013-14")
BEFORE = ("2008-09", "2009-10", "2010-11")
NATIONAL = (648_000.0, 622_000.0, 859_000.0)  # section 256, thousands of pounds
FED = {"older_people": 0.8, "physical_disability": 0.1, "mental_health": 0.1}  # where NHS money is booked
GROUPS = (
    "older_people", "physical_disability", "learning_disability", "mental_health", "other_adult", "asylum_seekers",
    "strategy",
)  # fmt: skip
SERVICES = ("highways_transport_nce", "cultural_nce", "environmental_nce", "planning_nce", "housing_nce")
LOOK_ALIKES = ("demand_fell", "gross_booking", "base_spike", "recharge", "learning_disability", "price_fell")
ERRORS = ("thousand_slip", "charges_for_income", "blank_group")


def components(cube: Cube, group: str, measure: str) -> Any:
    """(codes, years) view of one RO3 line."""
    return cube.line(f"ro3.{group}.{measure}")


def care_scale(cube: Cube) -> Any:
    """(codes, years) gross spending on adult care outside learning disability."""
    import numpy as np

    kept = [components(cube, group, "total_expenditure") for group in GROUPS if group != "learning_disability"]
    return np.nansum(np.stack(kept), axis=0)


def add_to(cube: Cube, line: str, rows: Any, years: list[int], amount: Any) -> None:
    """Add (rows, years) thousands to a line, whole thousands, leaving missing cells missing."""
    import numpy as np

    values = cube.values[:, :, cube.lines.index(line)]
    values[np.ix_(rows, years)] += amount


def move(cube: Cube, group: str, measure: str, rows: Any, years: list[int], amount: Any) -> Any:
    """Add to a component of a group and to everything it is part of. Returns the change in net spending."""
    import numpy as np

    amount = np.round(amount)
    spent = measure in ("employees", "running_expenses")
    upper = "total_expenditure" if spent else "total_income"
    net = amount if spent else -amount
    for name in (group, "total_adult"):
        for line, value in (
            (measure, amount),
            (upper, amount),
            ("net_current_expenditure", net),
            ("net_total_cost", net),
        ):
            add_to(cube, f"ro3.{name}.{line}", rows, years, value)
    return net


def follow(cube: Cube, rows: Any, years: list[int], net: Any, into: str) -> None:
    """Carry a change in adult care's net spending into RS, the other side going `into` the place named."""
    import numpy as np

    net = np.round(net)
    adult, both = cube.line("rs.adult_social_care_nce"), cube.line("rs.social_care_nce")
    at = np.ix_(rows, years)
    old = np.isnan(adult[at])
    adult[at] += net
    both[at] += np.where(old, net, 0.0)
    if into == "central":
        add_to(cube, "rs.central_services_nce", rows, years, -net)
    elif into == "other_services":
        parts = np.stack([np.clip(np.nan_to_num(cube.line(f"rs.{name}")[at]), 0.0, None) for name in SERVICES])
        shares = parts / np.maximum(parts.sum(axis=0), 1.0)
        moved = np.round(-net * shares)
        moved[0] += -net - moved.sum(axis=0)
        for name, part in zip(SERVICES, moved, strict=True):
            add_to(cube, f"rs.{name}", rows, years, part)
    else:
        for line in ("total_service_expenditure", "net_current_expenditure", "revenue_expenditure"):
            add_to(cube, f"rs.{line}", rows, years, net)
        if into == "reserves":
            add_to(cube, "rs.appropriations_earmarked", rows, years, -net)
            risen = np.cumsum(-net, axis=1)
            add_to(cube, "rs.earmarked_reserves_closing", rows, years, risen)
            add_to(cube, "rs.earmarked_reserves_opening", rows, years, risen + net)
        else:
            add_to(cube, "rs.net_revenue_expenditure", rows, years, net)
            add_to(cube, "rs.council_tax_requirement", rows, years, net)
