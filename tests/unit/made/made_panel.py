"""A made panel for tests of the method: sixty councils, 2008-09 to 2019-20, pounds, seeded; no table is read.

Own spend is a random walk, NHS money comes at its known dates at about five per cent of own spend (W1) and seven (W2).
A test changes what it is about: own spend as a share of itself, or any series.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from audit.panel.member_sums import places
from audit.panel.panel import GROUPS, Panel
from audit.panel.window_data import WindowData, build, window_list
from audit.settings import CONTROLS, Settings, load_settings

YEARS = tuple(f"{year}-{(year + 1) % 100:02d}" for year in range(2008, 2020))
MILLION = 1e6
NATIONAL = dict(zip(YEARS[3:7], (300.0, 300.0, 400.0, 500.0), strict=True)) | dict.fromkeys(YEARS[7:], 900.0)
OWN = ("own", "own_without_ld", "own_less_grants", "rs_adult", "ro3_own")


def at(*years: str) -> list[int]:
    """Positions of years."""
    return [YEARS.index(year) for year in years]


def made_panel(areas: int = 60, *, seed: int = 7, noise: float = 0.05) -> Panel:
    """Sixty councils of four classes in which nothing happens but noise, a cut and the arrival of NHS money."""
    random = np.random.default_rng(seed)
    shape, codes = (areas, len(YEARS)), tuple(f"E06{number:06d}" for number in range(areas))
    size = random.uniform(0.6, 2.4, areas)[:, None]
    walk = np.cumsum(random.normal(-0.01, noise, shape), axis=1)
    own = 100.0 * MILLION * size * np.exp(walk - walk[:, :1])
    due = size * np.random.default_rng(seed + 1).uniform(0.8, 1.2, size.shape)
    share = due / due.sum()
    national = np.tile([NATIONAL.get(year, 0.0) * MILLION * areas / 60.0 for year in YEARS], (areas, 1))
    cut = np.cumsum(random.normal(-0.02, 0.01, shape), axis=1)
    money: dict[str, Any] = {name: own.copy() for name in OWN}
    money |= {
        "entitlement": national * share,
        "entitlement_national": national,
        "entitlement_share": np.repeat(share, shape[1], axis=1),
        "entitlement_error_share": np.full(shape, 0.05),
        "funding": 120.0 * MILLION * size * np.exp(cut),
        "council_tax": 90.0 * MILLION * size * np.exp(random.normal(0.0, 0.01, shape)),
        "reserves": 30.0 * MILLION * size * np.exp(np.cumsum(random.normal(0.0, 0.03, shape), axis=1)),
        "deprivation": np.repeat(random.uniform(10.0, 40.0, (areas, 1)), shape[1], axis=1),
        "deflator": np.linspace(1.0, 1.2, shape[1])[None, :],
    }
    for name in (*CONTROLS, "childrens"):
        moves = np.cumsum(random.normal(-0.02, 0.05, shape), axis=1)
        money[name] = 15.0 * MILLION * size * np.exp(moves)
    money["comparable"] = sum(money[name] for name in CONTROLS)
    people = {"population_18_plus": 3e5, "population_65_plus": 6e4, "population_85_plus": 8e3}
    money |= {name: np.repeat(number * size, shape[1], axis=1) for name, number in people.items()}
    money |= {name: np.full(shape, np.nan) for name in ("allocated", "bcf_income", "nhs_income")}
    money["other_income_without_ld"] = 0.05 * own + money["entitlement"]
    money["gross_without_ld"] = own + money["other_income_without_ld"]
    parts = np.full((*shape, len(GROUPS)), 1.0 / len(GROUPS))
    blocks = {
        name: parts * money[f"{name}_without_ld"][:, :, None] for name in ("own", "other_income", "gross")
    }  # fmt: skip
    members = {(code, year): (code,) for code in codes for year in YEARS}
    kinds = ("county", "london", "metropolitan", "unitary")
    return Panel(
        areas=codes, names=tuple(f"Example Area {number}" for number in range(areas)),
        classes=tuple(kinds[number % 4] for number in range(areas)), regions=("North",) * areas,
        joined=(False,) * areas, years=YEARS, money=money, blocks=blocks, members=members,
        places=places(codes, YEARS, members),
    )  # fmt: skip


def spend_less(panel: Panel, area: int, share: Mapping[str, float]) -> Panel:
    """`area` spends less of its own by a share of itself in each year named; the panel given is changed."""
    for name in OWN:
        for year, part in share.items():
            panel.money[name][area, YEARS.index(year)] *= 1.0 - part
    return panel


def replace_money(panel: Panel, area: int, *, rate: float = 1.0, name: str = "W1") -> Panel:
    """`area` lowers its own spend by `rate` of every pound of NHS money above the base rate of a window, for good.

    The panel given is changed.
    """
    base = {"W1": YEARS[1:3], "W2": YEARS[5:7]}[name]
    paid = panel.money["entitlement"][area] - panel.money["entitlement"][area, at(*base)].mean()
    lost = rate * paid / panel.money["own"][area]
    return spend_less(panel, area, {year: float(lost[at(year)[0]]) for year in YEARS if year > base[-1]})


def window(panel: Panel, name: str = "W1", service: str = "", settings: Settings | None = None) -> WindowData:
    """One window of the panel."""
    found = settings or load_settings()
    with np.errstate(all="ignore"):
        return build(panel, next(item for item in found.windows if item.name == name), service, found)


def all_windows(panel: Panel, settings: Settings | None = None) -> list[WindowData]:
    """Every window of adult care and of pretend care."""
    found = settings or load_settings()
    with np.errstate(all="ignore"):
        return [build(panel, item, service, found) for item, service in window_list(found)]


def few_trees() -> Settings:
    """The defaults with a small forest, for tests that are about something else."""
    return load_settings(also="forest.repeats = 2; forest.trees = 20")
