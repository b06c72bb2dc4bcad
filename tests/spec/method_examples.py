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
from evidence_examples import RULES as EVIDENCE_RULES
from evidence_examples import lines as path_lines
from transfer_examples import RULES

from audit.panel.panel import GROUPS, Panel
from audit.settings import CONTROLS, load_settings

PAGE = Path(__file__).parents[2] / "docs" / "method-by-example.md"
YEARS = tuple(f"{year}-{(year + 1) % 100:02d}" for year in range(2008, 2014))
AREAS = {
    "Plain": "nothing happens",
    "Recoded": "20 of learning-disability care more from 2011-12, without any fall in its income",
    "Reorganised": "another authority from 2012-13",
    "Pooled": "a pooled budget of 20 is booked gross in spending and income in 2012-13 alone",
    "Recharged": "income for mental health rises by 5 from 2011-12, and spending with it",
    "Spike": "own spending of 120 instead of 100 in both base years",
    "Rebooked": "own spending on older people falls by 15 in 2013-14 and housing's rises by 12",
    "Split": "own spending on older people falls by 12 in 2012-13 and that on services for children rises by 11",
    "Replaced": "own spending on older people falls by 5 in 2011-12, when 5 of NHS money arrive",
}
POSITIVE = {
    "Recoded": "learning_disability_transfer",
    "Reorganised": "reorganisation",
    "Pooled": "pooled_budget_booking",
    "Recharged": "continuing_care_recharge",
    "Spike": "one_off_base_year",
    "Rebooked": "housing_recode",
    "Split": "children_recode",
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

Areas in the first window. Each has own-funded spend of 100 without learning disability and differs from the first in
one thing. Every test is run on every area, and only the test named is positive. A positive test annotates: it changes
no ratio, no posterior, no place and no band.

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


def small_panel() -> Panel:
    """Nine areas, six years, no inflation, pounds in millions: own 100 without learning disability, 30 with it."""
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
    own[row["Split"], 4, older] -= 12.0
    own[row["Replaced"], 3:, older] -= 5.0
    blocks = {"own": own, "other_income": income, "charges": np.zeros(own.shape), "gross": own + income}
    blocks = {name: values * MILLION for name, values in blocks.items()}
    kept = [index for index, group in enumerate(GROUPS) if group != "learning_disability"]
    money = {f"{name}_without_ld": values[:, :, kept].sum(axis=2) for name, values in blocks.items()}
    money |= {f"ro3_{name}": values.sum(axis=2) for name, values in blocks.items()}
    money["rs_adult"] = money["ro3_own"].copy()
    flat = {"council_tax": 60.0, "funding": 150.0, "reserves": 20.0, "deprivation": 20.0, "childrens": 25.0}
    money |= {name: np.full(size, value * MILLION) for name, value in flat.items()}
    money |= {name: np.full(size, value) for name, value in (*PEOPLE.items(), ("allocated", np.nan))}
    money |= {name: np.full(size, 10.0 * MILLION) for name in CONTROLS}
    money["housing"][row["Rebooked"], 5] += 12.0 * MILLION
    money["childrens"][row["Split"], 4] += 11.0 * MILLION
    money["comparable"] = np.full(size, 50.0 * MILLION)
    money["deflator"], money["entitlement_error_share"] = np.ones((1, size[1])), np.zeros(size)
    money["entitlement"] = np.where(np.array(YEARS) >= "2011-12", 5.0 * MILLION, np.zeros(size))
    money["entitlement_national"] = size[0] * money["entitlement"]
    members = {(name, year): (f"A{row[name]}",) for name in names for year in YEARS}
    members |= {("Reorganised", year): ("A2", "A99") for year in YEARS[4:]}
    return Panel(
        areas=names, names=names, classes=("unitary",) * size[0], regions=("",) * size[0], joined=(False,) * size[0],
        years=YEARS, money=money, blocks=blocks, members=members, places=places(names, YEARS, members),
    )  # fmt: skip


def _w1(panel: Panel) -> Any:
    from audit.panel.window_data import build

    settings = load_settings()
    with np.errstate(all="ignore"):
        return build(panel, next(window for window in settings.windows if window.name == "W1"), "", settings)


def look_alike_results() -> dict[str, list[str]]:
    """Positive tests by area."""
    from audit.method.look_alikes.all_tests import all_tests

    panel, found = small_panel(), {name: [] for name in AREAS}
    with np.errstate(all="ignore"):
        for result in all_tests(panel, _w1(panel), load_settings()):
            if result.result == "positive":
                found[panel.areas[result.area]].append(result.test)
    return found


def _own_of(area: str, year: str) -> float:
    panel = small_panel()
    return float(panel.money["own_without_ld"][panel.areas.index(area), panel.years.index(year)] / MILLION)


def _quantity(area: str, name: str) -> float:
    panel = small_panel()
    return round(float(_w1(panel).quantity[name][panel.areas.index(area)]), 6)


def _rise(area: str) -> float:
    panel = small_panel()
    return float(_w1(panel).transfer.gbp[panel.areas.index(area)] / MILLION)


def _change(area: str) -> float:
    from audit.method.yearly_changes import bridged

    panel = small_panel()
    return round(100.0 * float(bridged(_w1(panel).own_real)[0][panel.areas.index(area), 1]), 6)


def _bridged(*own: float) -> str:
    from audit.method.yearly_changes import bridged

    change, spans = bridged(np.array([own]))
    return "; ".join(f"{100 * value:.2f} over {years}" for value, years in zip(change[0], spans[0], strict=True))


def _step_over_a_gap() -> str:
    from audit.method.yearly_changes import summed

    found = summed(np.array([[1.0, 2.0, 4.0]]), np.array([[1, 0, 2]]))
    return ", ".join(f"{value:g}" for value in found[0])


def _rebooked(*, back: bool = False) -> float:
    from audit.method.look_alikes.housing import measure

    panel = small_panel()
    if back:
        panel.money["own_without_ld"][0, 2:] += 10.0 * MILLION
        panel.money["housing"][0, 2:] -= 8.0 * MILLION
    found = measure(panel, _w1(panel))
    return round(float(found[0 if back else panel.areas.index("Rebooked")]), 6)


def _recharged() -> float:
    from audit.method.look_alikes.continuing_care import measure

    panel = small_panel()
    return float(measure(panel, _w1(panel))[panel.areas.index("Recharged")])


def _carried_forward(growth: float, prices: float) -> float:
    """Expected pounds of one area, one base year and one of a window: 100 before, `growth` expected."""
    from types import SimpleNamespace

    from audit.method.expected_path import expected_path

    data: Any = SimpleNamespace(base=1, own_real=np.array([[100.0, 90.0]]), prices=np.array([1.0, prices]))
    changes: Any = SimpleNamespace(
        spans=np.ones((1, 1), dtype=int), known=np.array([True]), expected=np.log(np.array([[growth]]))
    )
    return round(float(expected_path(data, changes, np.ones(1), level=0.9).expected[0, 0]), 6)


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
    Example("Every yearly change is judged, as a natural log",
            "Replaced: own spend 100 in 2010-11 and 95 in 2011-12; per cent", round(100.0 * float(np.log(0.95)), 6),
            "100 x ln(95 / 100)", lambda: _change("Replaced")),
    Example("A missing inner year is bridged: one change over two years",
            "own spend 100, 110, none, 121; per cent and years covered", "9.53 over 1; 0.00 over 0; 9.53 over 2",
            "ln(110 / 100), then ln(121 / 110) at the year that ends it",
            lambda: _bridged(100.0, 110.0, np.nan, 121.0)),
    Example("Steps of money are put together over the same gap", "steps 1, 2 and 4, the second year missing",
            "1, 0, 6", "2 + 4", _step_over_a_gap),
    Example("NHS money counts above the base rate, added up over the window",
            "5 in each of the three years, none in the base", 15.0, "3 x (5 - 0)", lambda: _rise("Plain")),
    Example("Expected spend carries the last base year forward", "own spend 100, a change of -5% to be expected", 95.0,
            "100 x 0.95", lambda: _carried_forward(0.95, 1.0)),
    Example("Expected spend is printed in cash", "the same, prices up by 2%", 96.9, "95 x 1.02",
            lambda: _carried_forward(0.95, 1.02)),
    Example("A share of comparable spending falls by percentage points",
            "Replaced: care 100 of 150 in the base, 95 of 145 in the window",
            round(100.0 * (100.0 / 150.0 - 95.0 / 145.0), 6), "100 x (100/150 - 95/145)",
            lambda: _quantity("Replaced", "share_fall_percent")),
    Example("Spending moved to housing counts the smaller of the fall and the rise",
            "Rebooked: own spend falls by 15 and housing's rises by 12 in one year; per cent of base own spend 100",
            12.0, "min(15, 12) / 100, less 0, the middle area's", _rebooked),
    Example("Spending moved out of housing between the base years counts too: it raises the base",
            "own spend rises by 10 and housing's falls by 8 from 2009-10 to 2010-11; per cent of the base's mean 105",
            round(100.0 * 8.0 / 105.0, 6), "min(10, 8) / 105", lambda: _rebooked(back=True)),
    Example("A recharge is the rise of the income it is booked in",
            "Recharged: income for mental health rises by 5; per cent of base own spend 100", 5.0, "5 / 100",
            _recharged),
    Example("Social-care grants are spending power less its components", "140 = 60 + 70 + 2 + grants", 8.0,
            "140 - 132", _grant),
    *(Example(*rule) for rule in (*RULES, *EVIDENCE_RULES)),
)  # fmt: skip


def page() -> str:
    """The documentation page."""
    from audit.method.look_alikes.all_tests import LABELS

    lines = [INTRODUCTION]
    lines += [f"| {item.rule} | {item.given} | {item.answer} | {item.by_hand} |" for item in EXAMPLES]
    lines += path_lines()
    lines.append(LOOK_ALIKES)
    for area, what in AREAS.items():
        lines.append(f"| {area} | {what} | {LABELS[POSITIVE[area]] if area in POSITIVE else 'none'} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
