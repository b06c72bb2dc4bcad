"""Settings are strict."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from audit.manifest import run_id, settings_changed, settings_record
from audit.settings import DEFAULTS, load_settings, own_settings, recorded_settings, use
from expectations.settings import load_quality
from pipelines.errors import DefinitionError
from pipelines.limits import limits


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


def test_every_limit_and_weight_of_the_three_rooms_is_a_setting() -> None:
    values = load_settings().values
    assert values["limits.file.seconds"] == 300
    assert values["quality.weights.RO3-SLIP"] == 3.0
    assert values["quality.limits.poor_from"] == 3.0
    assert values["quality.coverage.tables"] == ["rs"]
    assert values["grades.c_p"] == 0.05


def test_one_file_changes_thresholds_limits_and_weights_and_each_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[grades]\na_q = 0.05\n[limits.file]\nseconds = 5\n[quality.weights]\nRO3-SLIP = 1\n")
    changed = {"grades.a_q": 0.05, "limits.file.seconds": 5, "quality.weights.RO3-SLIP": 1}
    assert load_settings(path).changed_from(load_settings()) == changed


def test_what_the_environment_changes_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[limits.file]\nseconds = 5\nbytes = 7\n")
    monkeypatch.setenv("RINGFENCE_SET", "limits.file.seconds = 9; grades.c_p = 0.2")
    changed = {"limits.file.seconds": 9, "limits.file.bytes": 7, "grades.c_p": 0.2}
    assert own_settings(path).changed_from(load_settings()) == changed


@pytest.mark.parametrize(
    ("text", "reason"),
    [("[limits.file]\nsecond = 5\n", "unknown setting 'limits.file.second'"),
     ("[limits.file]\nseconds = 0\n", "whole number above nought"),
     ("[limits.file]\nseconds = 1.5\n", "whole number above nought"),
     ("[limits]\nseconds = 5\n", "outside a section"),
     ("limits = 5\n", "'limits' is no section"),
     ("[quality.limits]\nfair = 1\n", "unknown setting 'quality.limits.fair'"),
     ('[quality.weights]\nRO3-SLIP = "much"\n', "a number")],
)  # fmt: skip
def test_a_limit_or_weight_that_is_none_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=reason):
        load_settings(path)


def test_the_limits_and_weights_of_a_file_are_in_force_once_used(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[limits.file]\nseconds = 5\n[quality.weights]\nRO3-SLIP = 1\n[quality.limits]\npoor_from = 9\n")
    try:
        use(load_settings(path))
        assert limits().file_seconds == 5
        assert (load_quality().weights["RO3-SLIP"], load_quality().poor_from) == (1.0, 9.0)
        handed_on = [sys.executable, "-c", "from expectations.settings import load_quality as q; print(q().poor_from)"]
        assert subprocess.run(handed_on, capture_output=True, text=True, check=True).stdout == "9.0\n"
    finally:
        use(load_settings())
    assert (limits().file_seconds, load_quality().poor_from) == (300, 3.0)


def test_the_settings_of_a_manifest_are_the_settings_it_was_made_with(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[grades]\na_q = 0.05\n[limits.file]\nseconds = 5\n")
    settings = load_settings(path)
    record = json.loads(json.dumps(settings_record(settings)))
    assert recorded_settings(record) == settings


def test_a_manifest_names_the_table_of_allocations_and_not_where_it_stood() -> None:
    here, there = (load_settings(also=f'transfer.file = "{folder}/allocated.csv"') for folder in ("/here", "/there"))
    assert settings_record(here)["transfer.file"] == "allocated.csv"
    assert settings_changed(here) == {"transfer.file": "allocated.csv"}
    assert run_id([], settings_record(here)) == run_id([], settings_record(there))


def test_a_window_that_differs_is_recorded_key_by_key(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    both = DEFAULTS.read_text(encoding="utf-8").partition("[[window]]")[2].partition('[[window]]\nname = "placebo_2010')
    path.write_text("[[window]]" + both[0].replace('years = ["2011-12", ', "years = ["), encoding="utf-8")
    changed = settings_changed(load_settings(path))
    assert changed["window.W1.years"] == ("2012-13", "2013-14")
    assert set(changed.values()) == {("2012-13", "2013-14"), "left out"}
    assert {key.split(".")[1] for key in changed} == {"W1", "placebo_2010_11"}


def test_the_same_payments_of_another_body_are_another_run() -> None:
    given = [{"file_name": f"payments/council/{body}/april.csv", "sha256": "a" * 64} for body in ("bolton", "bury")]
    assert run_id(given[:1], {}) != run_id(given[1:], {})
