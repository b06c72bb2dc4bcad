"""The second generator: displacement of Better Care Fund money planted in the returns of 2015-16 to 2019-20.

In: a `Cube` of returns, each authority's share of the fund, its social-care grants, and a `Plan`. Out: the injured cube
and the truth. Only the revenue summary is held for these years, so only its lines are changed, every sum kept. Two
grounds: "as returned" plants in the years as they were; "blocks" first redraws the five years: each follows from the
year before by what the council's class did, plus what another council of the class did beyond its class in a run of
years before the fund. Frozen like the first generator: its hash stands in docs/method-evaluation.md. Refuses a plan it
does not know.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from audit.generators.lines import SERVICES, add_to, follow
from audit.generators.plant import ONSETS, Plan, Truth
from audit.panel.returns_cube import Cube
from pipelines.errors import DefinitionError

YEARS = ("2015-16", "2016-17", "2017-18", "2018-19", "2019-20")
BEFORE = ("2013-14", "2014-15")
DONOR_YEARS = ("2011-12", "2012-13", "2013-14", "2014-15")
NATIONAL = 1_090_500.0  # thousand pounds a year: the fund's 2,070m to councils less the mean of 859m and 1,100m before
ROUTES = ("own_cut", "reserves", "other_services", "public_health", "tax_freeze")
HELD_OUT = ("public_health", "tax_freeze")  # never used when anything is tuned
LOOK_ALIKES = ("demand_fell", "base_spike", "recoded")
ERRORS = ("thousand_slip", "blank")
ADULT = "rs.adult_social_care_nce"
DRAWN = (
    *(f"rs.{name}" for name in SERVICES), "rs.council_tax_requirement", "rs.revenue_support_grant",
    "rs.business_rates", "rs.earmarked_reserves_closing", "rs.unallocated_reserves_closing", ADULT,
)  # fmt: skip
TOTALS = ("rs.total_service_expenditure", "rs.net_current_expenditure", "rs.revenue_expenditure")


def class_of(code: str) -> str:
    """London borough, metropolitan district, county or unitary, from the numbering of the returns' codes."""
    if code[1:3] == "50":
        return "london"
    return "metropolitan" if "42" <= code[1:3] <= "47" else "county" if code[3:] in ("20", "21") else "unitary"


def checked(plan: Plan) -> Plan:
    """The plan itself. Raises DefinitionError for a ground, route or onset that is not known."""
    for name, values in (("ground", ("blocks", "as returned")), ("route", ROUTES), ("onset", ONSETS)):
        if getattr(plan, name) not in values:
            raise DefinitionError(f"unknown {name} '{getattr(plan, name)}'", expected="one of " + ", ".join(values))
    return plan


def _class_middle(values: Any, kind: Any, rows: Any) -> Any:
    """(codes, ...) median over the eligible authorities of each one's class."""
    import numpy as np

    made = np.zeros(values.shape)
    for name in sorted(set(kind)):
        mine = kind == name
        made[mine] = np.nanmedian(values[mine & rows] if (mine & rows).any() else values[rows], axis=0)
    return made


def draw_blocks(cube: Cube, rows: Any, grants: Any, random: Any) -> Cube:
    """The five years rebuilt from 2014-15: the class's real path plus other councils' deviations, runs of years whole.

    Changes are shares of spending on adult care, all lines of one donor together; grants arrive as they did.
    """
    import numpy as np

    made = replace(cube, values=cube.values.copy())
    lines = [cube.lines.index(line) for line in DRAWN]
    past, base = [cube.years.index(year) for year in DONOR_YEARS], cube.years.index(BEFORE[-1])
    after = [cube.years.index(year) for year in YEARS]
    kind = np.array([class_of(code) for code in cube.codes])
    scale = cube.line(ADULT)[:, base][:, None]
    seen = np.stack([cube.values[:, new][:, lines] - cube.values[:, old][:, lines] for old, new in
                     zip(past, past[1:], strict=False)], axis=1) / scale[:, :, None]  # fmt: skip
    odd = seen - _class_middle(seen, kind, rows)
    known = rows & np.isfinite(odd).all(axis=(1, 2))
    real = cube.values[:, after][:, :, lines].copy()
    real[:, :, -1] -= grants
    path = _class_middle((real - cube.values[:, [base]][:, :, lines]) / scale[:, :, None], kind, rows)
    runs = odd.shape[1]
    for row in np.flatnonzero(rows).tolist():
        donors = np.flatnonzero(known & (kind == kind[row]))
        donors = donors if len(donors) else np.flatnonzero(known)
        drawn = np.concatenate([odd[donors[random.integers(len(donors))]] for _ in range(len(after) // runs + 1)])
        moved = (path[row] + np.cumsum(drawn[: len(after)], axis=0)) * scale[row]
        level = cube.values[row, base, lines][None, :] + moved
        level[:, -1] = np.maximum(level[:, -1], 0.5 * scale[row]) + grants[row]
        _set(made, row, after, lines, np.round(level))
    return made


def _set(cube: Cube, row: int, years: list[int], lines: list[int], level: Any) -> None:
    """Set the drawn lines of one authority; totals follow the services, opening reserves the last closing ones."""
    import numpy as np

    own = cube.values[row]
    old = own[np.ix_(years, lines)]
    new = np.where(np.isfinite(level) & np.isfinite(old), level, old)
    services = [*range(len(SERVICES)), len(lines) - 1]
    change = np.nan_to_num(new - old)[:, services].sum(axis=1)
    for line in TOTALS:
        own[years, cube.lines.index(line)] += change
    own[np.ix_(years, lines)] = new
    for kind in ("earmarked", "unallocated"):
        opening, closing, moved = (
            cube.lines.index(f"rs.{name}")
            for name in (f"{kind}_reserves_opening", f"{kind}_reserves_closing", f"appropriations_{kind}")
        )
        for year in years:
            own[year, opening] = own[year - 1, closing]
            own[year, moved] = own[year, closing] - own[year, opening]


def _carry(cube: Cube, rows: Any, years: list[int], net: Any, into: str) -> None:
    """Change adult care and put the other side where the route says."""
    if into in ("public_health_nce", "childrens_social_care_nce"):
        add_to(cube, ADULT, rows, years, net)
        add_to(cube, f"rs.{into}", rows, years, -net)
    else:
        follow(cube, rows, years, net, into)


def _cut(cube: Cube, rows: Any, amount: Any, plan: Plan) -> None:
    """Lower spending on adult care by `amount` (codes, years), by route and onset."""
    import numpy as np

    years = [cube.years.index(year) for year in YEARS]
    late = plan.onset == "late"
    weight = np.array([0.0 if late else 1.0, *([1.0] * (len(years) - 1))])
    ramp = np.minimum(np.arange(1, len(years) + 1) / 3.0, 1.0) if plan.ramp else np.ones(len(years))
    cut = amount[rows] * weight * ramp
    if plan.onset == "lead":
        years, cut = [cube.years.index(BEFORE[-1]), *years], np.column_stack([0.5 * amount[rows][:, :1], cut])
    into = {"own_cut": "central", "tax_freeze": "tax", "public_health": "public_health_nce"}
    _carry(cube, rows, years, -np.round(cut), into.get(plan.route, plan.route))


def _chosen(cube: Cube, plan: Plan, eligible: Any, random: Any) -> Any:
    """Seeded choice of the injured: more likely where funding fell, if the plan ties them."""
    import numpy as np

    names = ("council_tax_requirement", "revenue_support_grant", "business_rates")
    tax, support, rates = (cube.line(f"rs.{name}") for name in names)
    first, last = cube.years.index(BEFORE[-1]), cube.years.index(YEARS[-1])
    funding = tax - support - rates
    fall = -np.log(np.clip(funding[:, last] / funding[:, first], 0.2, 5.0))
    order = np.argsort(np.argsort(np.nan_to_num(fall, nan=float(np.nanmedian(fall)))))
    pull = plan.tied_to_cuts * (order / len(order) - 0.5) * 4.0
    draw = np.where(eligible, pull + random.gumbel(size=len(order)), -np.inf)
    made = np.zeros(len(order), dtype=bool)
    made[np.argsort(-draw)[: max(int(round(plan.prevalence * eligible.sum())), 1)]] = True
    return made


def _plant_others(cube: Cube, alone: Any, everyone: Any, plan: Plan, random: Any) -> tuple[list[str], list[str]]:
    """Innocent look-alikes among those left alone, and errors of return anywhere. Names by code."""
    import numpy as np

    after, last = [cube.years.index(year) for year in YEARS], [cube.years.index(BEFORE[-1])]
    look_alike, error = [""] * len(cube.codes), [""] * len(cube.codes)
    for number, row in enumerate(random.permutation(alone)[: int(round(plan.look_alikes * len(alone)))].tolist()):
        look_alike[row] = kind = LOOK_ALIKES[number % len(LOOK_ALIKES)]
        size = np.round(random.uniform(0.05, 0.10) * cube.line(ADULT)[row, last[0]])
        years, net = (last, 1.5 * size) if kind == "base_spike" else (after, -size)
        into = "childrens_social_care_nce" if kind == "recoded" else "central"
        _carry(cube, np.array([row]), years, np.full((1, len(years)), np.round(net)), into)
    for number, row in enumerate(random.permutation(everyone)[: int(round(plan.errors * len(everyone)))].tolist()):
        error[row] = kind = ERRORS[number % len(ERRORS)]
        cube.line(ADULT)[row, after[int(random.integers(len(after)))]] *= 1000.0 if kind == ERRORS[0] else np.nan
    return look_alike, error


def injure_fund(cube: Cube, plan: Plan, shares: Any, grants: Any) -> tuple[Cube, Truth]:
    """The injured returns and the truth. `shares` (codes) of the fund, `grants` (codes, 5) thousand pounds.

    An authority without a share, or without adult care in a year from 2011-12 on, is left as it is.
    """
    import numpy as np

    checked(plan)
    random = [np.random.default_rng([plan.seed, part]) for part in range(10, 15)]
    wanted = [cube.years.index(year) for year in (*DONOR_YEARS, *YEARS)]
    adult = cube.line(ADULT)[:, wanted]
    eligible = (np.isfinite(adult) & (adult > 0)).all(axis=1) & np.isfinite(shares) & (shares > 0)
    grants = np.nan_to_num(grants)
    weight = np.where(eligible, shares, 0.0) * np.exp(plan.share_noise * random[0].standard_normal(len(shares)))
    money = np.round(weight / weight.sum() * NATIONAL)[:, None] * np.ones(len(YEARS))
    blocks = plan.ground == "blocks"
    made = draw_blocks(cube, eligible, grants, random[1]) if blocks else replace(cube, values=cube.values.copy())
    injured = _chosen(made, plan, eligible, random[2])
    everyone = plan.background if blocks else 0.0
    extra = plan.size if blocks else plan.size - plan.background
    rate = np.where(eligible, everyone, np.nan)
    rate[injured] = extra
    alone = np.flatnonzero(eligible & ~injured)
    if everyone:
        _cut(made, alone, money * everyone, replace(plan, route="own_cut", onset="same"))
    _cut(made, np.flatnonzero(injured), money * extra, plan)
    look_alike, error = _plant_others(made, alone, np.flatnonzero(eligible), plan, random[3])
    return made, Truth(injured, rate, money, tuple(look_alike), tuple(error))
