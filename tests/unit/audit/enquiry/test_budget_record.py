"""Budget beside outturn: a council's own record, with that of all councils where its own is short."""

from __future__ import annotations

import math

import pytest

from audit.enquiry.budgets import PRIOR_YEARS, own_shocks


def record(area: str, *over: float) -> list[dict]:
    return [
        {
            "area_code": area,
            "financial_year": f"20{13 + place}-{14 + place}",
            "over_share": share,
            "middle_over_share": 0.0,
        }
        for place, share in enumerate(over)
    ]


def test_an_area_that_keeps_to_its_budgets_has_a_smaller_shock_than_one_that_does_not():
    made = own_shocks([*record("A", *[0.01] * 8), *record("B", *[0.15, -0.15] * 4)], among_all=0.07)
    assert made["A"].share < 0.07 < made["B"].share
    assert made["A"].years == made["B"].years == 8


def test_one_year_tells_little_and_the_middle_area_is_taken_off():
    (made,) = own_shocks(record("A", 0.2), among_all=0.07).values()
    expected = math.sqrt((math.log1p(0.2) ** 2 + PRIOR_YEARS * 0.07**2) / (1 + PRIOR_YEARS))
    assert made.share == pytest.approx(expected)
    rows = [{**row, "middle_over_share": row["over_share"]} for row in record("A", 0.2, 0.1, 0.05)]
    (calm,) = own_shocks(rows, among_all=0.07).values()
    assert calm.share == pytest.approx(0.07 * math.sqrt(PRIOR_YEARS / (3 + PRIOR_YEARS)))
