"""One real planted case: the same every time, sharing only what is the same to the bit, by the method's formulas."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from audit.evaluation.case import run_case
from audit.evaluation.ground import TOUCHED, ground, planted, untouched
from audit.evaluation.plans import scenarios
from audit.evaluation.variants import gaps
from audit.method.expected_spend import expected_spend, folds_of
from audit.panel.build_panel import build_panel
from audit.panel.returns_cube import write_tables
from audit.panel.window_data import WindowData, build
from audit.run.load_stage import load_tables
from pipelines.load.load import EMBEDDED


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    load_tables(EMBEDDED, folder, workers=1)
    return folder


def equal(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray):
        return np.array_equal(one, np.asarray(other), equal_nan=one.dtype.kind == "f")
    return one == other


def same(one: WindowData, other: WindowData) -> bool:
    parts = all(
        equal(value, getattr(other, name)[key])
        for name in ("predictors", "yearly", "quantity")
        for key, value in getattr(one, name).items()
    )
    return parts and all(equal(getattr(one, name), getattr(other, name)) for name in ("own", "money", "usable"))


def test_a_case_done_again_gives_the_same_record(tables: Path) -> None:
    scenario = next(item for item in scenarios() if item.family == "fund_size_1.25")
    first, again = (json.dumps(run_case(tables, scenario)) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("window", ["W1", "W2"])
def test_windows_shared_between_cases_are_those_the_planting_leaves_as_they_were(
    tables: Path, tmp_path: Path, window: str
) -> None:
    made = ground(tables)
    scenario = next(item for item in scenarios() if item.window == window and item.plan.onset == "lead")
    injured, _, _ = planted(made, window, scenario.plan)
    for path in tables.glob("*.parquet"):
        (tmp_path / path.name).symlink_to(path)
    for form in ("ro3", "rs"):
        (tmp_path / f"{form}.parquet").unlink()
    write_tables(made.cube, injured, tables, tmp_path)
    panel, shared = build_panel(tmp_path, made.settings), untouched(tables, window)
    assert shared and all(
        same(kept, build(panel, item, service, made.settings)) for (item, service), kept in shared.items()
    )
    main = next(item for item in made.settings.windows if item.name == window)
    assert TOUCHED[window] & set(main.years)
    assert not same(build(made.panel, main, "", made.settings), build(panel, main, "", made.settings))


def test_an_expectation_taught_on_the_folds_of_the_method_is_that_of_the_method(tables: Path) -> None:
    made = ground(tables)
    data = build(made.panel, made.settings.windows[0], "", made.settings)
    fold = folds_of(len(data.usable), made.settings.count("model.folds"), made.settings.count("model.seed"))
    test = fold[None, :] == np.arange(fold.max() + 1)[:, None]
    share = np.where(test, gaps(data, ~test, test, made.settings), 0.0).sum(axis=0)
    wanted = expected_spend(data, made.settings).gap_share
    assert np.allclose(share[data.usable], wanted[data.usable], atol=1e-9)
