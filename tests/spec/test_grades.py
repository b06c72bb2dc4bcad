"""The grades as a readable table: each row changes one thing and names the outcome."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from audit.flags.flags import grade, reason
from audit.settings import load_settings

sys.path.insert(0, str(Path(__file__).parent))
from grade_examples import GRADES, GradeExample


@pytest.mark.parametrize("example", GRADES, ids=lambda item: f"{item.what}: {item.outcome}")
def test_the_grade_follows_the_rules(example: GradeExample) -> None:
    assert grade(example.numbers, load_settings()) == example.outcome
    assert reason(example.outcome, example.numbers, ("Fewer people needed care",), load_settings()).endswith(".")


def test_every_threshold_of_a_grade_moves_some_example() -> None:
    from dataclasses import replace

    settings = load_settings()
    changed = {"grades.a_q": 0.01, "grades.a_displacement_lower": 0.9, "grades.a_stability": 0.99, "grades.b_q": 0.01,
               "grades.a_features_beyond": 9, "grades.b_stability": 0.95, "grades.c_p": 0.0001,
               "grades.material_gbp": 1e9, "grades.material_share_of_gross": 0.9}  # fmt: skip
    known = {name for name in settings.values if name.startswith("grades.")}
    assert known - set(changed) == {"grades.centile", "grades.power", "grades.power_level"}  # counts, not rules
    for name, value in changed.items():
        stricter = replace(settings, values={**settings.values, name: value})
        assert any(grade(item.numbers, stricter) != item.outcome for item in GRADES), name
