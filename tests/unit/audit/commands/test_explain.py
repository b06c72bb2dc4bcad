"""`ringfence explain AREA`: list, band, path, features and what to rule out, from what the run wrote."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from unittest.mock import patch

import pytest
from made_panel import few_trees
from made_published import as_published
from made_returns import area_code, write_made_returns

from audit.api.find_area import find_area
from audit.commands.asking import explain
from audit.run.audit_stage import assess
from pipelines.declarations.method_version import METHOD_VERSION
from pipelines.declarations.parquet import read_table, write_table
from pipelines.errors import InputError


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "made"
    (folder / "tables").mkdir(parents=True)
    tables = write_made_returns(folder / "tables", replaced=5)
    rs = read_table(tables, "rs")
    gap = (rs["area_code"] == area_code(9)) & (rs["financial_year"] == "2017-18")
    base = (rs["area_code"] == area_code(8)) & (rs["financial_year"] == "2014-15")
    write_table("rs", rs[~(gap | base)], tables)
    with patch("audit.panel.build_panel.absent_returns", return_value=frozenset()):  # as if the gap were declared
        assess(tables, few_trees())
    return as_published(folder, method_version=METHOD_VERSION)


def told(run: Path, number: int) -> list[str]:
    return said(run, area_code(number)).splitlines()


def said(run: Path, wanted: str) -> str:
    return "\n".join(explain(run, wanted).lines)


def test_list_reason_and_headline_come_first_and_then_the_path_year_by_year(run: Path) -> None:
    lines = told(run, 5)
    flag = read_table(run / "tables", "flag").set_index(["area_code", "window"]).loc[(area_code(5), "W1")]
    assert lines[0] == f"Example Area 5 ({area_code(5)}), run {run.name}"
    assert lines[2] == f"W1: {flag['list']}. {flag['reason']}" and flag["band"] in lines[2]
    assert lines[3] == f"  {flag['headline']}"
    years = [line.strip()[:7] for line in lines if "own spend" in line and "NHS money" in line and "expected" in line]
    years = [year for year in years if year[:2] == "20"]
    assert years == ["2010-11", "2011-12", "2012-13", "2013-14", *(f"20{at}-{at + 1}" for at in range(14, 20))]
    path = read_table(run / "tables", "yearly_change").set_index(["area_code", "window", "financial_year"])
    step = path.loc[(area_code(5), "W1", "2011-12")]
    assert (
        f"  2011-12: own spend {step['actual_percent']:+.1f}%, expected {step['expected_percent']:+.1f}% (give or take "
        f"{step['noise_percent']:.1f}), NHS money {step['step_percent']:+.1f}%"
    ) in lines


def test_features_come_with_the_largest_contribution_first_and_then_what_to_rule_out(run: Path) -> None:
    lines = told(run, 5)
    given = [float(line.rpartition("contribution ")[2]) for line in lines if "contribution " in line]
    assert len(given) == 8
    assert all(half == sorted(half, reverse=True) for half in (given[:4], given[4:]))
    assert sum(line.startswith("  to rule out - ") for line in lines) == 14
    assert "figures, each with its cell" in lines[-1]


def test_a_bridged_year_has_no_line_and_an_area_not_assessed_only_its_reason(run: Path) -> None:
    bridged = told(run, 9)
    assert not any(line.startswith("  2017-18:") for line in bridged)
    assert any(line.startswith("  2018-19:") for line in bridged)
    unassessed = told(run, 8)
    second = next(at for at, line in enumerate(unassessed) if line.startswith("W2: "))
    assert unassessed[second].startswith("W2: not assessed. No figure for adult social care less social-care grants in")
    assert not any(line.startswith("  20") for line in unassessed[second:])


def test_an_area_is_found_by_code_name_or_part_of_a_name_and_several_are_offered(run: Path) -> None:
    tables = run / "tables"
    for wanted in (area_code(12), "example area 12"):
        assert find_area(tables, wanted) == (area_code(12), "Example Area 12")
    assert find_area(tables, "Example Area 1") == (area_code(1), "Example Area 1")
    with pytest.raises(InputError, match=r"several areas: Example Area 0 \(\w+\), Example Area 1"):
        find_area(tables, "example")
    with pytest.raises(InputError, match="'Nowhere' is no area"):
        find_area(tables, "Nowhere")


def test_a_run_of_another_version_of_the_method_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"method_version": "1"}), encoding="utf-8")
    with pytest.raises(InputError, match="made by version 1 of the method.*make the run again"):
        explain(tmp_path, "Anytown")


MADE_RUN = runpy.run_path(str(Path(__file__).resolve().parents[3] / "golden" / "made_run.py"))


def test_a_conclusion_comes_before_all_and_papers_before_what_the_returns_say(tmp_path: Path) -> None:
    made = as_published(MADE_RUN["write_made_run"](tmp_path / "made"))
    text = said(made, "Example Area 9")
    concluded = "W1: settled. An auditor's conclusion of 20 May 2026 (Example audit office): not replaced."
    assert text.index(concluded) < text.index("\nW1: settled. The path of its own spending")
    text = said(made, "Example Area 2")
    papers, returns = (
        text.index("W1, papers: For 2011-12 and 2012-13 the papers plan"),
        text.index("\nW1: review list."),
    )
    assert papers < returns
    assert "Papers were asked for on 1 May 2026. An answer came back and is used." in text
    assert "3%, if 10 councils in 100 replaced their own money" in text and "The two are not multiplied." in text
    assert "remark - E09000001/request.xlsx Plan C15: a note in the cell is not read." in text
    assert "apers" not in said(made, "E09000004").partition("\nW1:")[0]
