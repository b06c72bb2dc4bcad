"""The reference page of checks is true: it is current, covers every type, and its examples end as it says."""

from __future__ import annotations

import pytest

from expectations.authoring.examples import TABLES, Example, load_examples, run_example
from expectations.authoring.reference_page import PAGE, page
from expectations.records.checks import FAILED, PASSED
from expectations.suite.custom_checks import CUSTOM_TYPES
from expectations.suite.gx_types import GX_TYPES
from expectations.suite.suite import load_suites
from expectations.suite.yaml_entry import entry_text
from pipelines.declarations.catalogue import tables
from pipelines.errors import DefinitionError

EXAMPLES = load_examples()


def names(examples: tuple[Example, ...]) -> list[str]:
    return [item.type for item in examples]


def test_the_committed_page_is_what_the_declarations_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m expectations.authoring.reference_page"


def test_every_type_that_a_suite_may_name_has_an_example() -> None:
    assert sorted(names(EXAMPLES)) == sorted([*GX_TYPES, *CUSTOM_TYPES])


@pytest.mark.parametrize("example", EXAMPLES, ids=names(EXAMPLES))
def test_the_passing_example_passes(example: Example) -> None:
    outcome = run_example(example, example.passing)
    assert (outcome.outcome, outcome.findings) == (PASSED, ()), outcome.detail


@pytest.mark.parametrize("example", EXAMPLES, ids=names(EXAMPLES))
def test_the_failing_example_fails_on_the_rows_named(example: Example) -> None:
    outcome = run_example(example, example.failing)
    assert outcome.outcome == FAILED, outcome.detail
    assert {item.record_id for item in outcome.findings} == set(example.fails)


@pytest.mark.parametrize("example", EXAMPLES, ids=names(EXAMPLES))
def test_the_loader_accepts_the_arguments_of_the_example(example: Example, tmp_path) -> None:
    severity, action = ("warning", "mark") if example.fails else ("info", "report")
    entry = {
        "code": "EXAMPLE-ONE", "type": example.type, "kwargs": example.kwargs, "severity": severity,
        "on_failure": action, "because": "Because it is an example.", "reference": "none", "added_by": "data team",
        "review_by": "2028-03",
    }  # fmt: skip
    table = example.table if "column" in example.kwargs else "example"
    (tmp_path / f"{table}.yaml").write_text(entry_text(entry), encoding="utf-8")
    (check,) = load_suites(tmp_path, {**tables(), **TABLES})[table]
    assert check.kwargs == example.kwargs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- type: no_such_type\n", "examples.yaml, line 1: unknown type 'no_such_type'"),
        ("- type: sum_between\n  say: x\n", "examples.yaml, line 1: unknown key 'say'"),
        ("[]", "has no example"),
    ],
)
def test_wrong_examples_are_refused_with_file_and_line(tmp_path, text: str, said: str) -> None:
    path = tmp_path / "examples.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_examples(path)
    assert said in str(caught.value)
