"""The method as readable tables: every example of docs/method-by-example.md, run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pipelines.declarations.parquet import write_table

sys.path.insert(0, str(Path(__file__).parent))
from method_examples import AREAS, EXAMPLES, PAGE, POSITIVE, Example, look_alike_results, page, unit_costs


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda item: item.rule)
def test_the_rule_gives_the_answer_worked_by_hand(example: Example) -> None:
    found = example.found()
    assert found == (pytest.approx(example.answer) if isinstance(example.answer, float) else example.answer)


def test_each_look_alike_is_positive_for_its_own_area_and_no_other(tmp_path: Path) -> None:
    import pandas as pd

    write_table("unit_costs", pd.DataFrame(unit_costs()), tmp_path)
    found = look_alike_results(tmp_path)
    assert found == {area: [POSITIVE[area]] if area in POSITIVE else [] for area in AREAS}


def test_the_page_is_what_the_examples_give() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tests/spec/method_examples.py"
