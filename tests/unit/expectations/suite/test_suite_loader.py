"""The suites: strict, with file and line in every refusal, and without Great Expectations or pandas."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from expectations.suite.suite import load_suites
from pipelines.declarations.catalogue import Column, Table
from pipelines.errors import DefinitionError

TABLES = {
    "made": Table(
        "made",
        "Made",
        "Made",
        "core",
        ("financial_year", "authority_code"),
        tuple(
            Column(name, kind, name)
            for name, kind in (
                ("record_id", "string"),
                ("financial_year", "string"),
                ("authority_code", "string"),
                ("a", "float"),
                ("b", "float"),
            )
        ),
    )
}
GOOD = {
    "code": "MADE-RANGE",
    "type": "expect_column_values_to_be_between",
    "kwargs": "{column: a, min_value: 0}",
    "severity": "warning",
    "on_failure": "mark",
    "because": "A figure below nothing is an error.",
    "reference": "none",
    "added_by": "ringfence team",
    "review_by": "2027-03",
}


def entry(**changes: str) -> str:
    keys = {key: value for key, value in {**GOOD, **changes}.items() if value != "-"}
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in keys.items()) + "\n"


def load(tmp_path: Path, text: str, name: str = "made.yaml") -> object:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load_suites(tmp_path, TABLES)


def refusal(tmp_path: Path, text: str, name: str = "made.yaml") -> str:
    with pytest.raises(DefinitionError) as caught:
        load(tmp_path, text, name)
    assert caught.value.exit_code == 10
    return str(caught.value)


def test_a_good_entry_becomes_a_check_with_its_line(tmp_path: Path) -> None:
    loaded = load(tmp_path, "# a comment\n\n" + entry())
    (check,) = loaded["made"]  # type: ignore[index]
    assert (check.code, check.line, check.file, check.origin) == ("MADE-RANGE", 3, f"{tmp_path.name}/made.yaml", "gx")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kwarg": "1"}, "unknown key 'kwarg'"),
        ({"type": "expect_column_values_to_be_betwen"}, "perhaps expect_column_values_to_be_between"),
        ({"type": "no_such_thing_at_all"}, "unknown type"),
        ({"kwargs": "{column: c, min_value: 0}"}, "names column 'c'"),
        ({"kwargs": "{column: a, minimum: 0}"}, "unknown argument 'minimum'"),
        ({"kwargs": "{column: a, min_value: 'none'}"}, "should be a number"),
        ({"kwargs": "{column: a, min_value: 1e-6}"}, "should be a number"),
        ({"kwargs": "{column: a, min_value: yes}"}, "should be a number"),
        ({"kwargs": "{min_value: 0}"}, "argument 'column'"),
        ({"kwargs": "{column: a}"}, "checks nothing without a bound"),
        ({"kwargs": "[a]"}, "not a mapping"),
        ({"kwargs": "{column: a, min_value: 0, mostly: 95}"}, "from 0 to 1"),
        ({"kwargs": "{column: a, min_value: 0, row_condition: 'a > 1'}"}, "unknown argument 'row_condition'"),
        ({"kwargs": "{column: a, min_value: 1,000}"}, "'000' for type .* Write a number without commas"),
        ({"kwargs": "{column: a, min_value: 10, max_value: 1}"}, "min_value 10 lies above max_value 1"),
        ({"kwargs": "{column: record_id, min_value: 1}"}, "names column 'record_id', which holds text"),
        ({"type": "sum_between", "kwargs": "{column: record_id, min_value: 1}"}, "which holds text"),
        ({"because": "-"}, "key 'because' is missing"),
        ({"because": "wrong"}, "says too little"),
        ({"because": ""}, "key 'because' is not text"),
        ({"severity": "fatal"}, "unknown severity"),
        ({"severity": "critical"}, "does not go with on_failure"),
        ({"review_by": "soon"}, "not a date"),
        ({"code": "range"}, "not well formed"),
        ({"code": "STR-MADE-KEY"}, "kept for checks that are derived"),
        ({"type": "expect_column_sum_to_be_between"}, "names no rows"),
        ({"type": "expect_column_values_to_match_regex", "kwargs": "{column: a, regex: '('}"}, "not a pattern"),
        ({"type": "columns_add_up", "kwargs": "{total: a, plus: [], tolerance: 1}"}, "a list of columns"),
        ({"type": "values_known", "kwargs": "{column: a, other_table: none, other_column: b}"}, "not declared"),
        ({"type": "values_known", "kwargs": "{column: a, other_table: made, other_column: z}"}, "names column 'z'"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_and_line(tmp_path: Path, changes: dict[str, str], said: str) -> None:
    message = refusal(tmp_path, "\n" + entry(**changes))
    assert said in message or re.search(said, message)
    assert message.startswith(f"{tmp_path.name}/made.yaml, line ")


def test_the_line_named_is_that_of_the_wrong_key(tmp_path: Path) -> None:
    assert "line 5" in refusal(tmp_path, entry(severity="warning", on_failure="stop"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the suite is empty"),
        ("[]\n", "the suite is empty"),
        ("# nothing yet\n", "the suite is empty"),
        ("checks: 3\n", "not a list"),
        ("- code: [\n", "not valid YAML"),
        ("- code: A-B\n   type: x\n", "not valid YAML"),
        ("- code: A-B\n  code: A-C\n", "given twice"),
        ("- &x {code: A-B}\n- *x\n", "alias"),
        ("- just text\n", "not a mapping"),
    ],
)
def test_a_file_that_is_no_suite_is_refused(tmp_path: Path, text: str, said: str) -> None:
    message = refusal(tmp_path, text)
    assert said in message
    assert f"{tmp_path.name}/made.yaml" in message


def test_a_suite_must_be_named_after_a_table(tmp_path: Path) -> None:
    assert "'other' is not a declared table" in refusal(tmp_path, entry(), "other.yaml")


def test_a_code_is_used_once(tmp_path: Path) -> None:
    assert "stands in line 1 too" in refusal(tmp_path, entry() + entry())


def test_a_code_in_two_suites_names_both_places_and_blames_neither(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(entry(), encoding="utf-8")
    (tmp_path / "made.yaml").write_text("\n" + entry(), encoding="utf-8")
    here = tmp_path.name
    with pytest.raises(DefinitionError) as caught:
        load_suites(tmp_path, {**TABLES, "other": TABLES["made"]})
    said = f"code 'MADE-RANGE' stands in {here}/made.yaml, line 2, and in {here}/other.yaml, line 1."
    assert str(caught.value).startswith(said.replace(", and in", " and in"))
    assert "the newer of the two" in str(caught.value)


def test_a_suite_saved_with_a_byte_order_mark_is_read_and_one_in_another_encoding_is_refused_with_its_line(
    tmp_path: Path,
) -> None:
    assert load(tmp_path, "\ufeff" + entry())
    (tmp_path / "made.yaml").write_text("\n" + entry(because="Five £ or more, please."), encoding="cp1252")
    with pytest.raises(DefinitionError, match=r"made\.yaml, line 7: .*found the byte 0xa3. Expected UTF-8"):
        load_suites(tmp_path, TABLES)


def test_a_folder_without_suites_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no suite found"):
        load_suites(tmp_path, TABLES)


def test_the_suites_of_the_repository_load() -> None:
    assert sum(len(checks) for checks in load_suites().values()) > 100


def test_loading_suites_imports_nothing_heavy(repository: Path) -> None:
    code = "import sys; from expectations.suite.suite import load_suites; load_suites(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True)
    assert not {"pandas", "pyarrow", "great_expectations"} & set(run.stdout.split())
