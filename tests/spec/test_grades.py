"""The grades as a readable table: each row changes one thing and names the outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.flags import Numbers, grade, reason
from audit.settings import load_settings

STRONG = Numbers(
    unusable="",
    gap=9e6,
    gap_lower=4e6,
    gap_upper=14e6,
    transfer=10e6,
    gross=300e6,
    rate_lower=0.4,
    p_displacement=0.001,
    p_forest=0.001,
    q_strict=0.05,
    q_combined=0.05,
    stability=0.9,
    features_beyond=4,
    features=9,
    detectable=5e6,
    quality="good",
    look_alikes=(),
)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "A investigate"),
        ({"rate_lower": 0.2}, "B enquire"),
        ({"features_beyond": 2}, "B enquire"),
        ({"stability": 0.7}, "B enquire"),
        ({"quality": "fair"}, "B enquire"),
        ({"q_strict": 0.3}, "B enquire"),
        ({"q_strict": 0.3, "q_combined": 0.3}, "C watch"),
        ({"gap": 0.9e6, "gross": 20e6}, "C watch"),
        ({"stability": 0.5}, "C watch"),
        ({"look_alikes": ("demand_fell",)}, "cannot tell"),
        ({"quality": "poor"}, "cannot tell"),
        ({"q_strict": 0.9, "q_combined": 0.9, "p_displacement": 0.4, "p_forest": 0.4}, "cannot tell"),
        (
            {"q_strict": 0.9, "q_combined": 0.9, "p_displacement": 0.4, "p_forest": 0.4, "gap": 1e6, "gap_upper": 8e6},
            "nothing found",
        ),
        ({"unusable": "No figure for adult social care in 2011-12."}, "not assessed"),
        ({"gap": float("nan")}, "not assessed"),
    ],
)
def test_the_grade_follows_the_rules(change: dict[str, object], outcome: str) -> None:
    numbers = replace(STRONG, **change)  # type: ignore[arg-type]
    assert grade(numbers, load_settings()) == outcome
    assert reason(outcome, numbers, ("Fewer people needed care",), load_settings()).endswith(".")
