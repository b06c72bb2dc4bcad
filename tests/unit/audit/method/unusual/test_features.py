"""Feature declarations are strict and one-sided."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audit.method.unusual.features import Feature, evaluate, features, load_feature
from pipelines.errors import DefinitionError

GOOD = """code = "made"
label = "Made"
formula = "minimum(share_fall_percent, 0 - own_change_percent)"
direction = "higher is more like displacement"
needs = ["share_fall_percent", "own_change_percent"]
unit = "percent"
why = "Because."
literature = "None"
"""


def test_there_are_four_features_and_all_point_the_same_way() -> None:
    codes = [feature.code for feature in features()]
    assert codes == ["care_share", "council_tax_forgone", "path_statistic", "reserves_built"]
    assert {feature.direction for feature in features()} == {"higher is more like displacement"}


def test_a_formula_is_worked_out_and_missing_where_what_it_needs_is() -> None:
    quantity = {"up": np.array([3.0, 5.0, np.nan, 1.0]), "down": np.array([-1.0, -9.0, -1.0, -1.0])}
    made = Feature("x", "x", "minimum(up, 0 - 2 * down)", "x", ("up", "down"), "x", "x", "x")
    found = evaluate(made, quantity, np.array([True, True, True, False]))
    assert found[:2].tolist() == [2.0, 5.0] and np.isnan(found[2:]).all()


def test_a_quantity_that_no_window_has_is_refused_with_those_it_has() -> None:
    made = Feature("x", "x", "need_gap", "x", ("need_gap",), "x", "x", "x")
    with pytest.raises(DefinitionError, match="needs 'need_gap'.*one of down, up"):
        evaluate(made, {"up": np.zeros(1), "down": np.zeros(1)}, np.array([True]))


def test_a_declared_feature_loads(tmp_path: Path) -> None:
    path = tmp_path / "made.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_feature(path).needs == ("share_fall_percent", "own_change_percent")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('why = "Because."', 'wy = "Because."', "unknown feature key 'wy'"),
        ("minimum(share_fall_percent", "minimum(__import__", "uses something unknown"),
        ("higher is more", "lower is more", "the direction must be"),
        ('code = "made"', 'code = "other"', "differs from the file's name"),
    ],
)
def test_a_wrong_declaration_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "made.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionError, match=message):
        load_feature(path)
