"""The method by example: small made cases whose right answer can be worked by hand, as data.

In: nothing. Out: `EXAMPLES` (one rule each), `small_panel` with one look-alike per area, and the page
docs/method-by-example.md made from them (`python tests/spec/method_examples.py` writes it). The tests run every one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from grade_examples import lines as grade_lines
from transfer_examples import RULES

from audit.panel.panel import GROUPS, Panel
from audit.settings import CONTROLS, load_settings

PAGE = Path(__file__).parents[2] / "docs" / "method-by-example.md"
YEARS = tuple(f"{year}-{(year + 1) % 100:02d}" for year in range(2008, 2014))
AREAS = {
    "Plain": "nothing happens",
    "Fewer in need": "adults weighted by need fall by 2% over the window",
    "Recoded": "20 of learning-disability care more from 2011-12, without any fall in its income",
    "Reorganised": "another authority from 2012-13",
    "Pooled": "a pooled budget of 20 is booked gross in spending and income in 2012-13 alone",
    "Recharged": "income for mental health rises by 5 from 2011-12, and spending with it",
    "Cheaper": "a week of residential care costs 400 instead of 500 from 2011-12",
    "Spike": "own spending of 120 instead of 100 in both base years",
    "Contradictory": "RS says 150, RO3 says 130",
    "Rebooked": "own spending on older people falls by 15 in 2013-14 and housing's rises by 12",
}
POSITIVE = {
    "Fewer in need": "demand_fell",
    "Recoded": "learning_disability_transfer",
    "Reorganised": "reorganisation",
    "Pooled": "pooled_budget_booking",
    "Recharged": "continuing_care_recharge",
    "Cheaper": "price_volume",
    "Spike": "one_off_base_year",
    "Contradictory": "return_error",
    "Rebooked": "housing_recode",
}
MILLION = 1e6
PEOPLE = {"population_18_plus": 300_000.0, "population_65_plus": 60_000.0, "population_85_plus": 8_000.0}
INTRODUCTION = """# The method by example

Small made cases whose answer can be worked by hand. Each row is a test; the page is made from the tests by
`python tests/spec/method_examples.py`. Amounts in £ million unless said otherwise.

## Rules

| rule | given | answer | by hand |
|---|---|---|---|"""
LOOK_ALIKES = """
## Look-alikes

Ten areas in the first window. Each has own-funded spend of 100 without learning disability and differs from the first
in one thing. Every test is run on every area, and only the test named is positive.

| area | what is different | positive test |
|---|---|---|"""
OWN = {"older_people": 60.0, "physical_disability": 20.0, "mental_health": 20.0, "learning_disability": 30.0}
INCOME = {"older_people": 6.0, "physical_disability": 2.0, "mental_health": 2.0, "learning_disability": 10.0}


@dataclass(frozen=True)
class Example:
    """One rule: what is given, the answer by hand, and the method's own function that must give it."""

    rule: str
    given: str
    answer: float | str
    by_hand: str
    found: Callable[[], float | str]


def unit_costs() -> dict[str, list[Any]]:
    """Columns of a small table `unit_costs`: 500 a week everywhere, 400 in Cheaper from 2011-12."""
    keys = [(area, code, year) for area, code in enumerate(AREAS) for year in YEARS[1:]]
    return {
        "record_id": [f"u/{year}/A{area}" for area, _, year in keys],
        "financial_year": [year for _, _, year in keys],
        "authority_code": [f"A{area}" for area, _, _ in keys],
        "area_code": [code for _, code, _ in keys],
        "service": ["residential_nursing_older_people"] * len(keys),
        "unit_cost_gbp_per_week": [
            400.0 if code == "Cheaper" and year >= "2011-12" else 500.0 for _, code, year in keys
        ],
    }


def small_panel() -> Panel:
    """Ten areas, six years, no inflation, pounds in millions: own 100 without learning disability, 30 with it."""
    from audit.panel.member_sums import places

    names, size = tuple(AREAS), (len(AREAS), len(YEARS))
    row = {name: index for index, name in enumerate(names)}
    own, income = np.zeros((*size, len(GROUPS))), np.zeros((*size, len(GROUPS)))
    for group, value in OWN.items():
        own[:, :, GROUPS.index(group)] = value
        income[:, :, GROUPS.index(group)] = INCOME[group]
    older, mental = GROUPS.index("older_people"), GROUPS.index("mental_health")
    own[row["Recoded"], 3:, GROUPS.index("learning_disability")] += 20.0
    income[row["Pooled"], 4, older] += 20.0
    income[row["Recharged"], 3:, mental] += 5.0
    own[row["Spike"], 1:3, older] += 20.0
    own[row["Rebooked"], 5, older] -= 15.0
    blocks = {"own": own, "other_income": income, "charges": np.zeros(own.shape), "gross": own + income}
    blocks = {name: values * MILLION for name, values in blocks.items()}
    kept = [index for index, group in enumerate(GROUPS) if group != "learning_disability"]
    money = {f"{name}_without_ld": values[:, :, kept].sum(axis=2) for name, values in blocks.items()}
    money |= {f"ro3_{name}": values.sum(axis=2) for name, values in blocks.items()}
    money["rs_adult"] = money["ro3_own"].copy()
    money["rs_adult"][row["Contradictory"]] += 20.0 * MILLION
    flat = {
        "council_tax": 60.0,
        "funding": 150.0,
        "reserves": 20.0,
        "entitlement": 5.0,
        "entitlement_error_share": 0.0,
        "allocated": np.nan,
        "deprivation": 20.0,
    }
    money |= {name: np.full(size, value * MILLION) for name, value in flat.items()}
    money |= {name: np.full(size, 10.0 * MILLION) for name in CONTROLS}
    money["housing"][row["Rebooked"], 5] += 12.0 * MILLION
    money["comparable"] = np.full(size, 50.0 * MILLION)
    money["deflator"] = np.ones((1, size[1]))
    for name, value in {
        "population_18_plus": 300_000.0,
        "population_65_plus": 60_000.0,
        "population_85_plus": 8_000.0,
    }.items():
        money[name] = np.full(size, value) * np.linspace(1.0, 1.02, size[1])
        money[name][row["Fewer in need"]] = value * np.linspace(1.0, 0.96, size[1])
    members = {(name, year): (f"A{row[name]}",) for name in names for year in YEARS}
    members |= {("Reorganised", year): ("A3", "A99") for year in YEARS[4:]}
    return Panel(
        areas=names, names=names, classes=("unitary",) * size[0], joined=(False,) * size[0], years=YEARS, money=money,
        blocks=blocks, members=members, places=places(names, YEARS, members),
    )  # fmt: skip


def _w1(panel: Panel) -> Any:
    from audit.panel.window_data import build

    settings = load_settings()
    return build(panel, next(window for window in settings.windows if window.name == "W1"), "", settings)


def look_alike_results(folder: Path) -> dict[str, list[str]]:
    """Positive tests by area. `folder` holds table `unit_costs`."""
    from audit.method.look_alikes import look_alikes

    panel, found = small_panel(), {name: [] for name in AREAS}
    with np.errstate(all="ignore"):
        for result in look_alikes(panel, _w1(panel), folder, load_settings()):
            if result.result == "positive":
                found[panel.areas[result.area]].append(result.test)
    return found


def _own_of(area: str, year: str) -> float:
    panel = small_panel()
    return float(panel.money["own_without_ld"][panel.areas.index(area), panel.years.index(year)] / MILLION)


def _quantity(area: str, name: str) -> float:
    panel = small_panel()
    with np.errstate(all="ignore"):
        return float(_w1(panel).quantity[name][panel.areas.index(area)])


def _swap() -> float:
    panel = small_panel()
    older = GROUPS.index("older_people")
    panel.blocks["own"][0, 3:, older] -= 10.0 * MILLION
    panel.blocks["other_income"][0, 3:, older] += 4.0 * MILLION
    with np.errstate(all="ignore"):
        return float(_w1(panel).quantity["swap_percent"][0])


def _rebooked(*, back: bool = False) -> float:
    from audit.method.look_alike_measures import housing_recode

    panel = small_panel()
    if back:
        panel.money["own_without_ld"][0, 2] += 10.0 * MILLION
        panel.money["housing"][0, 2] -= 8.0 * MILLION
    found = housing_recode(panel, _w1(panel))
    return float(found[0 if back else panel.areas.index("Rebooked")])


def _p_value() -> float:
    from audit.method.error_control import conformal_p_values

    return float(conformal_p_values(np.array([8.5]), np.arange(1.0, 10.0))[0])


def _q_values() -> str:
    from audit.method.error_control import benjamini_hochberg

    return ", ".join(f"{value:.2f}" for value in benjamini_hochberg(np.array([0.01, 0.02, 0.03, 0.5])))


def _rows_needed() -> float:
    from audit.method.error_control import placebo_rows_needed

    return float(placebo_rows_needed(150, 1, 0.10))


def _material(gap: float, gross: float) -> str:
    from audit.flags.flags import is_material

    return "material" if is_material(gap * MILLION, gross * MILLION, load_settings()) else "not material"


def _detectable() -> float:
    from audit.flags.flag_rows import detectable_factor

    return round(detectable_factor(load_settings()) * 2.0, 2)


def _class_median() -> float:
    from audit.method.prediction_error import class_median

    return float(class_median(np.array([-1.0, -2.0, -3.0, -4.0, -5.0, 50.0]), np.array(["a"] * 6))[-1])


def _grant() -> float:
    import pandas as pd

    from audit.panel.grants import difference

    key = {"authority_code": ["E1"], "financial_year": ["2017-18"]}
    parts = pd.DataFrame({**key, "sfa_gbp_million": [60.0], "ct_total_gbp_million": [70.0], "nhb_gbp_million": [2.0]})
    return difference(pd.DataFrame({**key, "spending_power_gbp_million": [140.0]}), parts)[("E1", "2017-18")] / MILLION


EXAMPLES = (
    Example("Own-funded spend is net current expenditure; NHS income is never taken off again",
            "Plain, 2012-13, learning disability left out: gross 110, charges 0, NHS and other income 10", 100.0,
            "110 - 0 - 10 = 100: the return has taken the income off already", lambda: _own_of("Plain", "2012-13")),
    Example("The first window is judged without learning disability",
            "Recoded, 2012-13: learning-disability spending is 20 higher than before", 100.0,
            "60 + 20 + 20 = 100, whatever learning disability does", lambda: _own_of("Recoded", "2012-13")),
    Example("A window is compared with the mean of its base years",
            "Spike: own spend 120 in 2009-10 and 2010-11, 100 in all three years of the window; per cent, as a log",
            round(100.0 * float(np.log(100.0 / 120.0)), 6), "100 x ln(100 / 120)",
            lambda: round(_quantity("Spike", "own_change_percent"), 6)),
    Example("A swap within the council counts at most the rise in receipts",
            "Older people lose 10 of own spend and gain 4 of receipts, others stay; per cent of base gross 110",
            round(100.0 * 4.0 / 110.0, 6), "lost beyond the average: 60 x 0.9 - 50 = 4; the rise is 4: 4 / 110",
            lambda: round(_swap(), 6)),
    Example("Spending moved to housing counts the smaller of the fall and the rise",
            "Rebooked: own spend falls by 15 and housing's rises by 12 in one year; per cent of base own spend 100",
            12.0, "min(15, 12) / 100, less 0, the middle area's", _rebooked),
    Example("Spending moved out of housing between the base years counts too: it raises the base",
            "own spend rises by 10 and housing's falls by 8 from 2009-10 to 2010-11; per cent of the base's mean 105",
            round(100.0 * 8.0 / 105.0, 6), "min(10, 8) / 105", lambda: round(_rebooked(back=True), 6)),
    Example("A p-value counts the placebo rows at least as large", "placebo rows 1, 2, ... 9; an area at 8.5", 0.2,
            "(1 + 1) / (1 + 9)", _p_value),
    Example("Benjamini-Hochberg", "p-values 0.01, 0.02, 0.03, 0.5", "0.04, 0.04, 0.04, 0.50",
            "0.03 x 4 / 3 = 0.04 carries the smaller ones; 0.5 x 4 / 4 stays", _q_values),
    Example("Too few placebo rows cannot give a small enough p-value", "150 areas, one to be rejected at 10%", 1499.0,
            "150 / (0.10 x 1) - 1", _rows_needed),
    Example("Materiality: the larger of £1 million and 1% of gross", "a gap of £2.0 million, gross £300 million",
            "not material", "1% of 300 is 3, and 2 is less", lambda: _material(2.0, 300.0)),
    Example("Materiality in a small council", "a gap of £1.2 million, gross £60 million", "material",
            "the threshold is 1, not 0.6, and 1.2 is more", lambda: _material(1.2, 60.0)),
    Example("The smallest amount that would have been seen", "a standard error of £2.0 million", 4.97,
            "(1.645 + 0.842) x 2.0: power 0.80 at a one-sided level of 0.05", _detectable),
    Example("The naive benchmark never uses the council itself", "changes of a class: -1, -2, -3, -4, -5 and 50", -3.0,
            "for the last council the middle of the other five", _class_median),
    Example("Social-care grants are spending power less its components", "140 = 60 + 70 + 2 + grants", 8.0,
            "140 - 132", _grant),
    *(Example(*rule) for rule in RULES),
)  # fmt: skip


def page() -> str:
    """The documentation page."""
    from audit.method.look_alikes import LABELS

    lines = [INTRODUCTION]
    lines += [f"| {item.rule} | {item.given} | {item.answer} | {item.by_hand} |" for item in EXAMPLES]
    lines.append(LOOK_ALIKES)
    for area, what in AREAS.items():
        lines.append(f"| {area} | {what} | {LABELS[POSITIVE[area]] if area in POSITIVE else 'none'} |")
    lines += [*grade_lines(), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
