"""The forest: one sign, fixed by row order and seed."""

from __future__ import annotations

import numpy as np
import pytest

from audit.method.unusual import forest
from audit.method.unusual.contributions import in_line
from audit.settings import load_settings
from pipelines.errors import DefinitionError


def grown() -> tuple[forest.Forests, np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    rows = np.clip(random.normal(size=(300, 4)), 0.0, 6.0)
    councils = np.repeat(np.arange(30), 10)
    return forest.fit(rows, councils, 30, load_settings()), rows, councils


def test_a_higher_score_is_more_unusual_and_its_driver_contributes_most() -> None:
    forests, rows, councils = grown()
    mine = np.vstack([rows[:20], [[0.2, 5.5, 0.1, 0.0]]])
    owners = np.append(councils[:20], 29)
    scores = forest.held_out(forests, forest.score_matrix(forests, mine), owners)
    assert scores[-1] == scores.max()
    fall, place = in_line(forests, mine, owners, scores)
    assert fall[-1].argmax() == 1
    assert place[-1, 1] > 1.0 and place[-1, 3] == 1.0


def test_a_council_is_never_scored_by_a_forest_that_saw_it() -> None:
    forests, rows, councils = grown()
    matrix = forest.score_matrix(forests, rows[:1])
    allowed = ~forests.taught[:, councils[0]]
    assert allowed.sum() == load_settings().count("forest.repeats")
    assert np.isclose(forest.held_out(forests, matrix, councils[:1])[0], matrix[allowed, 0].mean())


def test_missing_values_are_refused() -> None:
    with pytest.raises(DefinitionError, match="missing values"):
        forest.fit(np.array([[np.nan]]), np.array([0]), 1, load_settings())


def test_ranks_break_ties_by_row_and_leave_missing_unranked() -> None:
    assert forest.ranks(np.array([0.2, 0.9, 0.9, np.nan])).tolist() == [3, 1, 2, 0]
