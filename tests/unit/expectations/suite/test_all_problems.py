"""What a suite's author is told: every problem at once, what an argument means, and why a type is not taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.gx.adapter import import_gx
from expectations.suite.argument_words import EVERY, meaning, words
from expectations.suite.custom_checks import CUSTOM_TYPES
from expectations.suite.gx_types import GX_TYPES
from expectations.suite.suite import load_suites
from expectations.suite.unknown_types import NOT_TAKEN, unknown_type
from pipelines.errors import ALSO, MOST_TOLD, DefinitionError

ARGUMENTS = {**GX_TYPES, **{kind: custom.arguments for kind, custom in CUSTOM_TYPES.items()}}
WRONG = """\
- code: ro3-lower
  type: expect_column_values_to_be_between
  kwargs: {column: employes_gbp_thousand, min_value: nought, most: 1}
  severity: warning
  on_failure: stop
  because: short
  reference: none
  added_by: data team
  review_by: soon
- code: RO3-TWICE
  type: jump_beyond_band
  kwargs: {column: employees_gbp_thousand, widths: many, at_least: 1}
  severity: warning
  on_failure: mark
  because: A figure below nothing is an error.
  reference: none
  added_by: data team
  review_by: 2027-03
"""


def told(folder: Path, text: str = WRONG, name: str = "ro3.yaml") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_suites(folder)
    return str(caught.value).splitlines()


def test_everything_that_is_wrong_in_a_file_is_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    lines = told(tmp_path)
    assert all(line.startswith(ALSO) for line in lines[1:])
    where = [line.removeprefix(ALSO).removeprefix(f"{tmp_path.name}/ro3.yaml, line ") for line in lines]
    assert [line[: line.index(":")] for line in where] == ["1", "3", "3", "3", "5", "6", "9", "12", "12"]
    for said in ("code 'ro3-lower' is not well formed", "severity warning does not go with on_failure 'stop'",
                 "'because' says too little", "review_by 'soon' is not a date", "unknown argument 'most'",
                 "'at_least_share' of type 'jump_beyond_band' is missing"):  # fmt: skip
        assert any(said in line for line in where), said


def test_a_wrong_column_lists_near_names_and_says_what_the_argument_is(tmp_path: Path) -> None:
    (line,) = [line for line in told(tmp_path) if "employes_gbp_thousand" in line]
    assert "which table 'ro3' does not declare. Expected perhaps employees_gbp_thousand" in line
    assert line.endswith("'column' is the column that is checked.")


def test_an_argument_that_is_missing_or_wrong_says_what_it_is(tmp_path: Path) -> None:
    lines = told(tmp_path)
    (wrong,) = [line for line in lines if "argument 'widths'" in line]
    assert "should be a number, not 'many'. 'widths' is how many robust standard deviations" in wrong
    (missing,) = [line for line in lines if "'at_least_share'" in line]
    assert "Expected a number from 0 to 1. Add it: 'at_least_share' is the smallest change" in missing


def test_problems_of_several_suites_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "rs.yaml").write_text("[]\n", encoding="utf-8")
    lines = told(tmp_path)
    assert lines[0].startswith(f"{tmp_path.name}/ro3.yaml, line 1")
    assert lines[-1].startswith(f"{ALSO}{tmp_path.name}/rs.yaml: the suite is empty. Expected a list of checks")


def test_a_thousand_problems_are_counted_and_not_all_printed(tmp_path: Path) -> None:
    lines = told(tmp_path, "".join(f"- code: X{number}\n" for number in range(1000)))
    assert len(lines) == MOST_TOLD + 2
    assert lines[-1] == f"{ALSO}{8000 + 1000 - 1 - MOST_TOLD} more"


def test_every_argument_of_every_type_is_described_and_no_words_are_left_over() -> None:
    for kind, arguments in ARGUMENTS.items():
        for name in arguments:
            assert len(meaning(kind, name)) > 15, f"{kind}: {name}"
    own = {(kind, name) for kind, said in words().items() if kind != EVERY for name in said}
    assert not [pair for pair in own if pair[1] not in ARGUMENTS.get(pair[0], {})]
    general = {name for kind, arguments in ARGUMENTS.items() for name in arguments if (kind, name) not in own}
    assert set(words()[EVERY]) == general


def test_every_type_of_the_library_is_taken_or_said_why_not() -> None:
    import_gx().get_context(mode="ephemeral")
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    assert set(list_registered_expectation_implementations()) == set(GX_TYPES) | set(NOT_TAKEN)
    for kind in NOT_TAKEN:
        what, instead = unknown_type(kind)
        named = [word.strip("`,;|") for word in instead.split() if "_" in word]
        assert f"'{kind}' is not taken: " in what
        assert all(word in ARGUMENTS or word.startswith("pipelines/") for word in named), instead


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("expect_column_to_exist", "Great Expectations' type 'expect_column_to_exist' is not taken: columns and their"),
        ("UnexpectedRowsExpectation", "is not taken: it asks a database, and the tables are Parquet files. Expected a"),
        ("ExpectColumnValuesToBeBetween", "is the name of a class. Expected expect_column_values_to_be_between"),
        ("expect_column_values_to_be_betwen", "unknown type 'expect_column_values_to_be_betwen'. Expected perhaps"),
    ],
)
def test_a_type_that_no_suite_may_name_says_why_and_what_to_write(tmp_path: Path, kind: str, said: str) -> None:
    text = WRONG[WRONG.index("- code: RO3-TWICE"):].replace("jump_beyond_band", kind)  # fmt: skip
    (line,) = told(tmp_path, text)
    assert line.startswith(f"{tmp_path.name}/ro3.yaml, line 2: ")
    assert said in line
