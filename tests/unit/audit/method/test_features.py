"""Feature declarations are strict and one-sided."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.method.features import features, load_feature
from pipelines.errors import DefinitionError

GOOD = """code = "made"
label = "Made"
formula = "minimum(money_rise_percent, 0 - own_change_percent)"
direction = "higher is more like displacement"
needs = ["money_rise_percent", "own_change_percent"]
unit = "percent"
why = "Because."
literature = "None"
"""


def test_there_are_at_least_six_features_and_all_point_the_same_way() -> None:
    assert len(features()) >= 6
    assert {feature.direction for feature in features()} == {"higher is more like displacement"}


def test_a_declared_feature_loads(tmp_path: Path) -> None:
    path = tmp_path / "made.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert load_feature(path).needs == ("money_rise_percent", "own_change_percent")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('why = "Because."', 'wy = "Because."', "unknown feature key 'wy'"),
        ("minimum(money_rise_percent", "minimum(__import__", "uses something unknown"),
        ("higher is more", "lower is more", "the direction must be"),
        ('code = "made"', 'code = "other"', "differs from the file's name"),
    ],
)
def test_a_wrong_declaration_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "made.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionError, match=message):
        load_feature(path)
