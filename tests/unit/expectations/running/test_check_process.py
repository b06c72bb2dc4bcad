"""What the process of the checks says last is handed on whole, with the further problems that stand under it."""

from __future__ import annotations

import pytest

from expectations.running.check_process import last_message
from pipelines.errors import ALSO, DefinitionError, UserError, noted, refuse


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("", ""),
        ("a warning of a library\nsuites/rs.yaml, line 2: wrong.\n", "suites/rs.yaml, line 2: wrong."),
        (f"a warning\nfirst\n{ALSO}second\n{ALSO}third\n", f"first\n{ALSO}second\n{ALSO}third"),
    ],
)
def test_the_last_message_is_told_with_what_stands_under_it(error: str, message: str) -> None:
    assert last_message(error) == message


def test_problems_are_noted_one_after_the_other_and_raised_together_once_each() -> None:
    problems: list[UserError] = []
    for what in ("one", "two", "one"):
        with noted(problems):
            raise DefinitionError(what, do="Mend it.")
    with noted(problems), noted([]):
        raise ValueError if not problems else DefinitionError("kept apart")
    with pytest.raises(DefinitionError) as caught:
        refuse(problems)
    assert str(caught.value) == f"one. Mend it.\n{ALSO}two. Mend it."
    again: list[UserError] = []
    with noted(again):
        raise caught.value
    assert [problem.alone for problem in again] == ["one. Mend it.", "two. Mend it.", "one. Mend it."]
    refuse([])
