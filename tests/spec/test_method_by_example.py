"""The method as readable tables: every example of docs/method-by-example.md, run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from evidence_examples import PATHS, path_evidence_of
from evidence_examples import Path as MadePath
from method_examples import AREAS, EXAMPLES, PAGE, POSITIVE, Example, look_alike_results, page


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda item: item.rule)
def test_the_rule_gives_the_answer_worked_by_hand(example: Example) -> None:
    found = example.found()
    assert found == (pytest.approx(example.answer) if isinstance(example.answer, float) else example.answer)


@pytest.mark.parametrize("path", PATHS, ids=lambda item: item.what)
def test_a_path_has_the_ratio_worked_by_hand_and_the_onset_that_fits(path: MadePath) -> None:
    found = path_evidence_of(path.y)
    assert found["at once"] == pytest.approx(path.ratio, abs=0.0006)
    assert max(found, key=lambda onset: found[onset]) == path.onset


def test_each_look_alike_is_positive_for_its_own_area_and_no_other() -> None:
    assert look_alike_results() == {area: [POSITIVE[area]] if area in POSITIVE else [] for area in AREAS}


def test_every_look_alike_test_has_an_area_in_which_it_is_positive() -> None:
    from audit.method.look_alikes.all_tests import LABELS

    assert set(POSITIVE.values()) == set(LABELS)


def test_the_page_is_what_the_examples_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tests/spec/method_examples.py"
