"""`ringfence diff`: lists and bands that moved between two runs of one version of the method."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_published import as_published

from audit.account.changed_words import lines_of
from audit.commands.diff_runs import compare
from audit.settings import load_settings
from pipelines.declarations.parquet import write_table
from pipelines.errors import InputError
from reports.site.changes import Changes
from reports.site.changes_page import changes_page

TOWARDS, NEITHER = "points towards replacement", "says nothing either way"


def made_run(
    folder: Path, flags: dict[tuple[str, str], tuple[str, str | None]], *, value: float = 1.0, version: str = "2"
) -> Path:
    """A run with flags by (area, window), one figure behind E06000001 in W1, and a manifest."""
    from audit.run.manifest import settings_record

    tables = folder / "made" / "tables"
    tables.mkdir(parents=True)
    rows: dict[str, list[Any]] = {
        "area_code": [area for area, _ in flags], "window": [window for _, window in flags],
        "list": [name for name, _ in flags.values()], "band": [band for _, band in flags.values()],
    }  # fmt: skip
    write_table("flag", rows, tables)
    write_table("area", {"area_code": ["E06000001", "E06000002"], "area_name": ["Anytown", "Someplace"]}, tables)
    figure = {"evidence_id": "x", "area_code": "E06000001", "window": "W1", "table": "ro3", "column": "c",
              "figure": "f", "financial_year": "2012-13", "record_id": "r", "value": value}  # fmt: skip
    write_table("evidence", {name: [one] for name, one in figure.items()}, tables)
    told = {"method_version": version, "settings": settings_record(load_settings())}
    return as_published(folder / "made", **told)


def said(one: Path, other: Path) -> list[str]:
    return lines_of(compare(one, other))


BEFORE: dict[tuple[str, str], tuple[str, str | None]] = {
    ("E06000001", "W1"): ("on no list", NEITHER),
    ("E06000001", "W2"): ("on no list", NEITHER),
    ("E06000002", "W1"): ("not assessed", None),
    ("E06000002", "W2"): ("review list", TOWARDS),
}


def test_a_result_moves_with_its_list_or_its_band_and_names_the_figures_behind_it(tmp_path: Path) -> None:
    after = {**BEFORE, ("E06000001", "W1"): ("review list", TOWARDS), ("E06000001", "W2"): ("on no list", TOWARDS)}
    one, two = made_run(tmp_path / "a", BEFORE), made_run(tmp_path / "b", after, value=2.0)
    moved = compare(one, two)
    assert [(change.area_code, change.window) for change in moved.changes] == [("E06000001", "W1"), ("E06000001", "W2")]
    assert [change.kind for change in moved.changes] == ["appeared", "moved"]
    lines = lines_of(moved)
    assert (
        f"W1 Anytown (E06000001): on no list, {NEITHER} -> review list, {TOWARDS}; 1 of its figures changed "
        "(ro3 2012-13)" in lines
    )
    assert lines[-1] == "2 results changed"


def test_an_area_that_is_no_longer_assessed_is_said_to_have_no_band(tmp_path: Path) -> None:
    after = {**BEFORE, ("E06000002", "W2"): ("not assessed", None)}
    lines = said(made_run(tmp_path / "a", BEFORE), made_run(tmp_path / "b", after))
    assert f"W2 Someplace (E06000002): review list, {TOWARDS} -> not assessed; none of its figures changed" in lines


def test_an_area_of_one_run_alone_has_no_result_in_the_other(tmp_path: Path) -> None:
    fewer = {key: value for key, value in BEFORE.items() if key != ("E06000002", "W2")}
    lines = said(made_run(tmp_path / "a", fewer), made_run(tmp_path / "b", BEFORE))
    assert f"W2 Someplace (E06000002): no result -> review list, {TOWARDS}; none of its figures changed" in lines


def test_the_same_results_are_no_change_whatever_the_ratio_behind_them(tmp_path: Path) -> None:
    lines = said(made_run(tmp_path / "a", BEFORE), made_run(tmp_path / "b", BEFORE))
    assert lines[-1] == "0 results changed"


@pytest.mark.parametrize("first", [True, False])
def test_a_run_of_another_version_of_the_method_is_not_compared(tmp_path: Path, *, first: bool) -> None:
    old, new = made_run(tmp_path / "a", BEFORE, version="1"), made_run(tmp_path / "b", BEFORE)
    with pytest.raises(InputError, match="/a/.*: the run was made by version 1 of the method"):
        compare(*((old, new) if first else (new, old)))


def with_numbers(folder: Path, numbers: dict[str, float], *, own: float) -> Path:
    """The same run with figures behind the result of E06000001 in W1, which is on the review list."""
    flags: dict[str, list[Any]] = {
        "area_code": ["E06000001"], "window": ["W1"], "list": ["review list"], "band": [TOWARDS],
        **{name: [value] for name, value in numbers.items()},
    }  # fmt: skip
    write_table("flag", flags, folder / "tables")
    spent: dict[str, list[Any]] = {
        "area_code": ["E06000001"] * 3, "window": ["W1"] * 3, "financial_year": ["2010-11", "2011-12", "2012-13"],
        "is_base": [True, False, False], "actual_gbp": [99e6, own, 1e6],
    }  # fmt: skip
    write_table("expected_spend", spent, folder / "tables")
    return as_published(folder)


def test_it_is_said_by_how_many_pounds_a_result_moved(tmp_path: Path) -> None:
    gone = {**BEFORE, ("E06000001", "W1"): ("on no list", NEITHER)}
    one = with_numbers(made_run(tmp_path / "a", BEFORE), {"gap_gbp": 5e6, "evidence_ratio": 4.0}, own=10e6)
    two = made_run(tmp_path / "b", gone, value=2.0)
    write_table(
        "flag",
        {"area_code": ["E06000001"], "window": ["W1"], "list": ["on no list"], "band": [NEITHER], "gap_gbp": [3e6],
         "evidence_ratio": [1.25], "transfer_gbp": [2e6]},
        two / "tables",
    )  # fmt: skip
    spent: dict[str, list[Any]] = {
        "area_code": ["E06000001"], "window": ["W1"], "financial_year": ["2011-12"], "is_base": [False],
        "actual_gbp": [13e6],
    }  # fmt: skip
    write_table("expected_spend", spent, two / "tables")
    found = compare(one, as_published(two))
    (change,) = found.changes
    assert (change.before.own_gbp, change.after.own_gbp, change.kind) == (11e6, 13e6, "left")
    assert (
        "(evidence ratio 4 -> 1.25, gap −£2.0 million, own-funded spend +£2.0 million); 1 of its figures changed"
        in next(line for line in lines_of(found) if line.startswith("W1 Anytown"))
    )
    page = changes_page(found, root="site/")
    row = page[page.index('<a href="site/areas/E06000001.html">Anytown</a>') :].partition("</tr>")[0]
    assert "<td>4</td><td>1.25</td><td>−2,000</td><td>[x]</td><td>+2,000</td>" in row


def test_another_ratio_alone_moves_nothing_and_is_counted(tmp_path: Path) -> None:
    one, two = (
        with_numbers(made_run(tmp_path / name, BEFORE), {"evidence_ratio": ratio}, own=1.0)
        for name, ratio in (("a", 4.0), ("b", 4.1))
    )
    found = compare(one, two)
    assert (found.changes, found.unmoved) == ((), 1)
    page = changes_page(found)
    assert "No list and no band changed." in page and "1 other result has another evidence ratio" in page


def test_checks_that_only_one_run_declares_are_a_cause(tmp_path: Path) -> None:
    def with_checks(folder: Path, code: str, *checks: tuple[str, str]) -> Path:
        run = made_run(folder, BEFORE)
        rows = {"table": ["rs"] * len(checks), "code": [check for check, _ in checks],
                "severity": [severity for _, severity in checks]}  # fmt: skip
        write_table("check_result", rows, run / "tables")
        return as_published(run, code=code)

    one = with_checks(tmp_path / "a", "c" * 64, ("RS-1", "warning"), ("RS-2", "warning"))
    two = with_checks(tmp_path / "b", "d" * 64, ("RS-1", "critical"), ("RS-3", "warning"))
    assert compare(one, two).causes == (
        "the code or reference data differs",
        "a suite of checks differs: rs RS-1 declared otherwise, rs RS-2 gone, rs RS-3 added",
    )


def test_who_publishes_a_run_is_said_to_move_nothing(tmp_path: Path) -> None:
    from audit.run.manifest import settings_record

    own = settings_record(load_settings(also='publisher.name = "An office"'))
    one, two = made_run(tmp_path / "a", BEFORE), as_published(made_run(tmp_path / "b", BEFORE), settings=own)
    after = {**BEFORE, ("E06000001", "W1"): ("review list", TOWARDS)}
    assert compare(one, two).causes == (
        "who publishes the run differs, which moves nothing: publisher.name None -> 'An office'",
    )
    other = as_published(made_run(tmp_path / "c", after), settings=own)
    assert compare(one, other).changes[0].why == "none of its figures changed"


def test_names_on_the_page_of_changes_are_escaped_and_nothing_is_linked_where_no_site_is(tmp_path: Path) -> None:
    after = {**BEFORE, ("E06000001", "W1"): ("review list", TOWARDS)}
    one, two = made_run(tmp_path / "a", BEFORE), made_run(tmp_path / "b", after)
    write_table("area", {"area_code": ["E06000001"], "area_name": ["<script>x</script>"]}, two / "tables")
    page = changes_page(compare(one, as_published(two)))
    assert "&lt;script&gt;" in page and "<script" not in page and "<a " not in page


def test_a_comparison_that_cannot_be_made_says_why_in_one_sentence() -> None:
    from reports.site.changes import RunTold

    page = changes_page(Changes(RunTold("a", "1", "x"), RunTold("b", "2", "y"), problem="it is <old>."), root="site/")
    assert "What changed cannot be said: it is &lt;old&gt;." in page and "No list and no band" not in page
    assert "Run a; ringfence 1; commit x" in page and 'href="site/index.html"' in page
