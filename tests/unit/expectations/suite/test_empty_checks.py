"""A check that cannot fail, or that selects nothing, is an error of the suite, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.suite.suite import load_suites
from pipelines.errors import DefinitionError

ENTRY = """# a comment
- code: RO3-MADE
  type: {type}
  kwargs:
    {kwargs}
  severity: info
  on_failure: report
  because: Because it is a test.
  reference: none
  added_by: tests
  review_by: '2028-03'
"""
BETWEEN = "expect_column_values_to_be_between"
COLUMN = "column: total_expenditure_gbp_thousand"


@pytest.mark.parametrize(
    ("kind", "kwargs", "said"),
    [
        (BETWEEN, f"{{{COLUMN}, min_value: 0, mostly: 0}}", "'mostly' is 0: the check passes whatever happens"),
        (BETWEEN, f"{{{COLUMN}, min_value: -.inf}}", "'min_value' is -inf: the check could never fail"),
        ("areas_covered", "{min_share: 0}", "'min_share' is 0: the check passes whatever happens"),
        ("year_is_not_a_copy", f"{{{COLUMN}, max_share: 1}}", "'max_share' is 1: the check passes"),
        ("sum_as_published", f"{{{COLUMN}, tolerance_share: 1.0}}", "'tolerance_share' is 1.0: the check passes"),
        ("expect_table_row_count_to_be_between", "{min_value: 0}", "'min_value' is 0: nothing can lie below it"),
        ("expect_column_values_to_match_regex", "{column: authority_code, regex: '.*'}", "matches every text"),
        ("sum_between", f"{{{COLUMN}, min_value: 0, where: {{client_group: older}}}}",
         "'where' names 'older', which is none of the values declared for 'client_group': it selects nothing"),
        ("sum_between", f"{{{COLUMN}, min_value: 0, where: {{client_group: [older_people, nobody]}}}}",
         "names 'nobody'"),
        ("sum_between", f"{{{COLUMN}, min_value: 0, where: {{client_group: []}}}}",
         "gives no value for 'client_group'"),
        ("sum_between", f"{{{COLUMN}, min_value: 0, only_years: [2012-13], except_years: [2012-13]}}",
         "'only_years' names no year that except_years does not take out"),
        ("rows_add_to_total", "{dimension: client_group, total_row: everyone, part_rows: [older_people], "
         "columns: [total_expenditure_gbp_thousand], tolerance: 1}", "'total_row' names 'everyone'"),
    ],
)  # fmt: skip
def test_it_is_refused_with_its_line(tmp_path: Path, kind: str, kwargs: str, said: str) -> None:
    text = ENTRY.replace("kwargs:\n    {kwargs}", f"kwargs: {kwargs}").replace("{type}", kind)
    (tmp_path / "ro3.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as error:
        load_suites(tmp_path)
    assert said in str(error.value)
    assert "ro3.yaml, line 4" in str(error.value)


def test_the_projects_own_suites_hold_no_such_check() -> None:
    assert load_suites()
