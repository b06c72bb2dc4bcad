"""`ringfence diff`: lists and bands that moved between two runs of one version of the method."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_published import as_published

from audit.commands.diff_runs import changed_flags, explain
from audit.settings import load_settings
from pipelines.declarations.parquet import write_table
from pipelines.errors import InputError

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


BEFORE: dict[tuple[str, str], tuple[str, str | None]] = {
    ("E06000001", "W1"): ("on no list", NEITHER),
    ("E06000001", "W2"): ("on no list", NEITHER),
    ("E06000002", "W1"): ("not assessed", None),
    ("E06000002", "W2"): ("review list", TOWARDS),
}


def test_a_result_moves_with_its_list_or_its_band_and_names_the_figures_behind_it(tmp_path: Path) -> None:
    after = {**BEFORE, ("E06000001", "W1"): ("review list", TOWARDS), ("E06000001", "W2"): ("on no list", TOWARDS)}
    one, two = made_run(tmp_path / "a", BEFORE), made_run(tmp_path / "b", after, value=2.0)
    moved = changed_flags(one, two)
    assert moved[["area_code", "window"]].to_numpy().tolist() == [["E06000001", "W1"], ["E06000001", "W2"]]
    assert moved["figures_changed"].tolist() == [1, 0] and moved["changed_in"].tolist() == ["ro3 2012-13", ""]
    lines = explain(one, two)
    assert (
        f"W1 Anytown (E06000001): on no list, {NEITHER} -> review list, {TOWARDS}; 1 of its figures changed "
        "(ro3 2012-13)" in lines
    )
    assert lines[-1] == "2 results changed"


def test_an_area_that_is_no_longer_assessed_is_said_to_have_no_band(tmp_path: Path) -> None:
    after = {**BEFORE, ("E06000002", "W2"): ("not assessed", None)}
    lines = explain(made_run(tmp_path / "a", BEFORE), made_run(tmp_path / "b", after))
    assert f"W2 Someplace (E06000002): review list, {TOWARDS} -> not assessed; none of its figures changed" in lines


def test_an_area_of_one_run_alone_has_no_result_in_the_other(tmp_path: Path) -> None:
    fewer = {key: value for key, value in BEFORE.items() if key != ("E06000002", "W2")}
    lines = explain(made_run(tmp_path / "a", fewer), made_run(tmp_path / "b", BEFORE))
    assert f"W2 Someplace (E06000002): no result -> review list, {TOWARDS}; none of its figures changed" in lines


def test_the_same_results_are_no_change_whatever_the_ratio_behind_them(tmp_path: Path) -> None:
    lines = explain(made_run(tmp_path / "a", BEFORE), made_run(tmp_path / "b", BEFORE))
    assert lines[-1] == "0 results changed"


@pytest.mark.parametrize("first", [True, False])
def test_a_run_of_another_version_of_the_method_is_not_compared(tmp_path: Path, *, first: bool) -> None:
    old, new = made_run(tmp_path / "a", BEFORE, version="1"), made_run(tmp_path / "b", BEFORE)
    with pytest.raises(InputError, match="/a/.*: the run was made by version 1 of the method"):
        explain(*((old, new) if first else (new, old)))
