"""Settings are strict."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.settings import load_settings
from pipelines.errors import DefinitionError


def test_the_defaults_load_and_at_least_a_thousand_trees_are_grown() -> None:
    settings = load_settings()
    assert settings.count("forest.repeats") >= 10 and settings.count("forest.trees") >= 1000
    assert [window.name for window in settings.windows if not window.is_placebo] == ["W1", "W2"]


def test_an_unknown_setting_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[grades]\na_qq = 0.2\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"unknown setting 'grades\.a_qq'"):
        load_settings(path)


def test_a_setting_of_another_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[grades]\na_q = "low"\n', encoding="utf-8")
    with pytest.raises(DefinitionError, match="a number"):
        load_settings(path)


def test_a_changed_setting_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[grades]\na_q = 0.05\n", encoding="utf-8")
    assert load_settings(path).changed_from(load_settings()) == {"grades.a_q": 0.05}
