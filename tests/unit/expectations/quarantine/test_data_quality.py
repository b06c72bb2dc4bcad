"""The data-quality grade of an area and year: what the checks marked, weighed once each."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from expectations.quarantine.data_quality import quality_lines
from expectations.records.checks import FAILED, PASSED, Check, Finding, Outcome
from expectations.records.settings import QualitySettings, load_quality
from expectations.records.table_frames import Frames
from expectations.suite.suite import load_suites
from pipelines.errors import DefinitionError

SETTINGS = QualitySettings(1.0, 3.0, 1.0, 3.0, 3.0, ("rs",), {"LIGHT": 0.25, "HEAVY": 3.0})
AREA, YEAR = "E06000001", "2014-15"


def outcome(code: str, *areas: str, action: str = "mark", result: str = FAILED) -> Outcome:
    check = Check("rs", code, "sum_between", {}, "warning", action, "Because it is a test.")
    found = tuple(Finding(f"r{number}", area_code=area, financial_year=YEAR) for number, area in enumerate(areas))
    return Outcome(check, result, 1, findings=found)


def grades(*outcomes: Outcome, frames: Frames | None = None) -> dict[str, tuple[str, str, int]]:
    lines = quality_lines(outcomes, frames or Frames(), SETTINGS)
    return {line["area_code"]: (line["grade"], line["reasons"], line["marks"]) for line in lines}


def test_a_check_counts_once_per_area_and_year_however_many_rows_it_marked() -> None:
    assert grades(outcome("PLAIN", AREA, AREA, AREA)) == {AREA: ("fair", "PLAIN", 1)}


def test_reserves_that_do_not_roll_forward_alone_leave_the_grade_good() -> None:
    assert grades(outcome("LIGHT", AREA)) == {AREA: ("good", "LIGHT", 1)}


def test_weights_add_up_and_the_heaviest_reason_comes_first() -> None:
    assert grades(outcome("LIGHT", AREA), outcome("HEAVY", AREA)) == {AREA: ("poor", "HEAVY, LIGHT", 2)}


def test_a_row_set_aside_makes_the_area_poor() -> None:
    assert grades(outcome("SLIP", AREA, action="quarantine"))[AREA][0] == "poor"


def test_reports_and_passed_checks_do_not_count() -> None:
    assert grades(outcome("NOTE", AREA, action="report"), outcome("HEAVY", AREA, result=PASSED)) == {}


def test_an_area_without_a_return_is_poor_and_one_with_a_clean_return_is_good() -> None:
    held = {
        "area": pa.table({"area_code": ["A", "B"]}),
        "rs": pa.table({"record_id": ["r"], "area_code": ["A"], "financial_year": [YEAR]}),
    }
    assert grades(frames=Frames(held=held)) == {"A": ("good", "", 0), "B": ("poor", "no return in rs", 1)}


def test_the_weights_in_the_repository_belong_to_declared_checks() -> None:
    settings = load_quality([check.code for checks in load_suites().values() for check in checks])
    assert settings.weights["RS-EARMARKED-ROLL"] < settings.fair_from
    assert settings.weights["PSS-RS-NET"] >= settings.poor_from
    assert settings.quarantine >= settings.poor_from


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "fair_from = 1.0",
            "fair_form = 1.0",
            r"unknown setting 'limits\.fair_form'.*Expected perhaps limits\.fair_from",
        ),
        ("fair_from = 1.0 ", "# ", r"'limits\.fair_from' is missing"),
        ("fair_from = 1.0", "fair_from = 9.0", "lies above"),
        ("[coverage]", "[covering]", r"unknown setting 'covering\.tables'"),
        ("PSS-RS-NET = 3.0", "PSS-RS-NET = 'heavy'", r"'weights\.PSS-RS-NET' is 'heavy'"),
        ("PSS-RS-NET = 3.0", "PSS-RS-NETT = 3.0", "'PSS-RS-NETT', which no suite declares"),
        ("[limits]", "[limits", "cannot be read"),
    ],
)
def test_a_wrong_setting_is_refused_with_the_file(tmp_path: Path, old: str, new: str, said: str) -> None:
    import expectations.records.settings as module

    text = module.DEFAULTS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "settings.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    codes = [check.code for checks in load_suites().values() for check in checks]
    with pytest.raises(DefinitionError, match=said) as caught:
        load_quality(codes, path)
    assert "settings.toml" in str(caught.value)
