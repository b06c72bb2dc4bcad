"""Settings are strict."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from audit.run.manifest import run_id, settings_changed, settings_record
from audit.settings import (
    DEFAULTS,
    RANGES,
    load_settings,
    own_settings,
    recorded_settings,
    refuse_misspelt_variables,
    use,
)
from expectations.records.settings import load_quality
from pipelines.declarations.declared_files import read_toml
from pipelines.declarations.limits import limits
from pipelines.errors import DefinitionError, InputError


def test_the_defaults_load_and_at_least_five_hundred_trees_are_grown() -> None:
    settings = load_settings()
    assert settings.count("forest.repeats") * settings.count("forest.trees") >= 500
    assert [window.name for window in settings.windows if not window.is_placebo] == ["W1", "W2"]


def test_an_unknown_setting_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[lists]\nreviews = 20\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"unknown setting 'lists\.reviews'"):
        load_settings(path)


def test_a_setting_of_another_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[lists]\nreview = "low"\n', encoding="utf-8")
    with pytest.raises(DefinitionError, match="a number"):
        load_settings(path)


def test_a_changed_setting_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[lists]\nreview = 20\n", encoding="utf-8")
    assert load_settings(path).changed_from(load_settings()) == {"lists.review": 20}


def test_every_limit_and_weight_of_the_three_rooms_is_a_setting() -> None:
    values = load_settings().values
    assert values["limits.file.seconds"] == 30
    assert values["quality.weights.RO3-SLIP"] == 3.0
    assert values["quality.limits.poor_from"] == 3.0
    assert values["quality.coverage.tables"] == ["rs"]
    assert (values["lists.review"], values["lists.unusual"]) == (15, 10)


def test_one_file_changes_thresholds_limits_and_weights_and_each_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[lists]\nreview = 20\n[limits.file]\nseconds = 5\n[quality.weights]\nRO3-SLIP = 1\n")
    changed = {"lists.review": 20, "limits.file.seconds": 5, "quality.weights.RO3-SLIP": 1}
    assert load_settings(path).changed_from(load_settings()) == changed


def test_what_the_environment_changes_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[limits.file]\nseconds = 5\nbytes = 7\n")
    monkeypatch.setenv("RINGFENCE_SET", "limits.file.seconds = 9; lists.review = 20")
    changed = {"limits.file.seconds": 9, "limits.file.bytes": 7, "lists.review": 20}
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
        handed_on = [
            sys.executable,
            "-c",
            "from expectations.records.settings import load_quality as q; print(q().poor_from)",
        ]
        assert subprocess.run(handed_on, capture_output=True, text=True, check=True).stdout == "9.0\n"
    finally:
        use(load_settings())
    assert (limits().file_seconds, load_quality().poor_from) == (30, 3.0)


def test_the_settings_of_a_manifest_are_the_settings_it_was_made_with(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[lists]\nreview = 20\n[limits.file]\nseconds = 5\n")
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


@pytest.mark.parametrize(
    ("text", "reason"),
    [("[evidence]\naverage = 10\n", "'evidence.average' is 10. Expected a share from 0 to 1"),
     ("[evidence]\naverage = -1\n", "'evidence.average' is -1. Expected a share from 0 to 1"),
     ("[evidence]\naverage = nan\n", "'evidence.average' is nan. Expected a share"),
     ("[evidence]\ndegrees = 0\n", "'evidence.degrees' is 0. Expected a number above 0"),
     ("[lists]\nreview = 0\n", "'lists.review' is 0. Expected a whole number from 1"),
     ("[lists]\nunusual = 2.5\n", "'lists.unusual' is 2.5. Expected a whole number from 1"),
     ("[model]\nlevel = 1\n", "between 0 and 1"),
     ("[forest]\nrepeats = 0\n", "'forest.repeats' is 0. Expected a whole number from 1"),
     ("[forest]\ntrees = 10.5\n", "'forest.trees' is 10.5. Expected a whole number from 2"),
     ("[look_alike]\nchildren_percent = 101\n", "a percentage from 0 to 100"),
     ('[transfer.section_256]\n2011-12 = -1.0\n', "'transfer.section_256' is .* Expected an amount from 0"),
     ("[quality.weights]\nRO3-SLIP = -1\n", "'quality.weights.RO3-SLIP' is -1. Expected a weight from 0")],
)  # fmt: skip
def test_a_number_outside_its_range_is_refused_with_the_range(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=reason):
        load_settings(path)


def test_every_number_has_a_range_and_every_default_lies_in_it() -> None:
    ranges = {name for kind in read_toml(RANGES)["range"] for name in kind["settings"]}
    values = load_settings().values
    numbers = {name for name, value in values.items() if isinstance(value, int | float | dict)}
    free = {name for name in numbers if not {name, name.rpartition(".")[0]} & ranges}
    assert all(name.startswith("limits.") for name in free)
    for name in numbers:
        section, _, key = name.rpartition(".")
        if not name.startswith("limits.") and not isinstance(values[name], dict):
            load_settings(also=f"{section}.{key} = {values[name]}")
    assert ranges <= set(values) | {name.rpartition(".")[0] for name in values}


def test_a_settings_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[lists]\nreview = 20\n", encoding="utf-8-sig")
    assert load_settings(path).changed_from(load_settings()) == {"lists.review": 20}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [('expect = "class"', 'expect = "guess"', "window key 'expect' is 'guess'. Expected covariates or class"),
     ('expect = "class"\n', "", "window key 'expect' is missing"),
     ('expect = "class"', 'expects = "class"', "unknown window key 'expects'")],
)  # fmt: skip
def test_a_window_says_what_its_changes_are_expected_from(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "mine.toml"
    text = DEFAULTS.read_text("utf-8")
    path.write_text(text[text.index('[[window]]\nname = "W2"') :].replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=told):
        load_settings(path)


def test_a_settings_file_that_is_not_there_is_a_missing_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nix\.toml: the settings file is missing"):
        load_settings(tmp_path / "nix.toml")


@pytest.mark.parametrize(
    ("line", "names"),
    [("lists.review = 20, lists.unusual = 5", "RINGFENCE_SET, line 1: .*'lists.review = 20, lists.unusual = 5'"),
     ("lists.review = 20; lists.review = 25", "'lists.review = 25'"),
     ("lists.unusual = 5; lists.review = low", "line 2: .*'lists.review = low'"),
     ("lists.review 20", "'lists.review 20'")],
)  # fmt: skip
def test_a_line_of_the_environment_that_cannot_be_read_is_shown_with_the_form(line: str, names: str) -> None:
    with pytest.raises(DefinitionError, match=names + r".*section\.key = value.*;"):
        load_settings(also=line)


def test_a_setting_nearly_known_is_offered_and_not_all_of_them() -> None:
    with pytest.raises(DefinitionError, match=r"perhaps lists\.review\b") as refused:
        load_settings(also="lists.reviews = 20")
    assert "forest" not in str(refused.value)


def test_a_variable_nearly_named_as_ours_is_refused_and_others_are_left_alone() -> None:
    refuse_misspelt_variables(
        {
            "RINGFENCE_SETTINGS": "x",
            "RINGFENCE_HOME": "x",
            "RINGFENCE_PROGRAM": "x",
            "SETTING": "x",
            "RINGFENCE_DATA": "x",
        }
    )
    with pytest.raises(
        DefinitionError, match="RINGFENCE_SETTING is not one that is read. Expected perhaps RINGFENCE_S"
    ):
        refuse_misspelt_variables({"RINGFENCE_SETTING": "s.toml"})


def test_a_window_whose_years_are_no_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(DEFAULTS.read_text("utf-8").replace('["2008-09"]', '"2008-09"', 1)[-900:], encoding="utf-8")
    text = path.read_text("utf-8")
    path.write_text(text[text.index("[[window]]") :], encoding="utf-8")
    with pytest.raises(DefinitionError, match="window key 'base' is '2008-09'. Expected a list of financial years"):
        load_settings(path)
