"""The generator of the Better Care Fund years plants what it says, keeps every sum, and is the one that was frozen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from audit.generators.frozen import FUND_MODULES, generator_hash
from audit.generators.plant import Plan
from audit.generators.plant_fund import ADULT, BEFORE, HELD_OUT, ROUTES, YEARS, class_of, injure_fund
from audit.panel.returns_cube import Cube, from_extracts, write_extracts
from pipelines.errors import DefinitionError

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def cube() -> Cube:
    return from_extracts(ROOT / "data" / "returns")


@pytest.fixture(scope="module")
def due(cube: Cube) -> tuple[np.ndarray, np.ndarray]:
    """Shares by spending on adult care, and grants of a twentieth of it from 2017-18 on."""
    base = cube.line(ADULT)[:, cube.years.index(BEFORE[-1])]
    grants = np.outer(base, [np.nan, np.nan, 0.05, 0.05, 0.05])
    return base / np.nansum(base), grants


def adult(cube: Cube, years: tuple[str, ...] = YEARS) -> np.ndarray:
    return cube.line(ADULT)[:, [cube.years.index(year) for year in years]]


def broken(cube: Cube) -> int:
    """Cells that break a sum of the revenue summary, or a roll-forward of earmarked reserves within the five years."""
    services = [line for line in cube.lines if line.startswith("rs.") and line.endswith("_nce")]
    left = np.nansum([cube.line(line) for line in services], axis=0) - cube.line("rs.total_service_expenditure")
    years = [cube.years.index(year) for year in YEARS]
    opening, closing, moved = (
        cube.line(f"rs.{name}")[:, years]
        for name in ("earmarked_reserves_opening", "earmarked_reserves_closing", "appropriations_earmarked")
    )
    whole = np.asarray(np.isfinite(adult(cube)).all(axis=1))
    roll = (np.abs(closing - opening - moved) > 10) & whole[:, None]
    return int((np.abs(np.nan_to_num(left)) > 10).sum()) + int(roll.sum())


def test_the_second_generator_is_the_one_whose_hash_was_recorded() -> None:
    assert generator_hash(FUND_MODULES) in (ROOT / "docs" / "method-evaluation.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("route", ROUTES)
def test_every_sum_is_kept_on_every_route(cube: Cube, due: tuple[np.ndarray, np.ndarray], route: str) -> None:
    assert broken(injure_fund(cube, Plan(3, route=route, onset="lead", errors=0.0), *due)[0]) == 0


def test_care_falls_by_the_rate_times_the_rise_of_the_fund_and_only_where_it_was_planted(
    cube: Cube, due: tuple[np.ndarray, np.ndarray]
) -> None:
    plan = Plan(5, ground="as returned", size=0.5, errors=0.0, look_alikes=0.0)
    made, truth = injure_fund(cube, plan, *due)
    wanted = np.where(truth.injured[:, None], 0.5 * truth.transfer, 0.0)
    assert np.nanmax(np.abs(adult(cube) - adult(made) - wanted)) <= 1
    assert truth.injured.sum() == 15
    assert truth.transfer.sum(axis=0) == pytest.approx([1_090_500.0] * 5, abs=100)


def test_redrawn_years_vary_as_the_real_ones_do_and_grants_arrive_as_they_did(
    cube: Cube, due: tuple[np.ndarray, np.ndarray]
) -> None:
    kinds = np.array([class_of(code) for code in cube.codes])

    def spread(made: Cube) -> float:
        own = adult(made) - np.nan_to_num(due[1])
        change = np.log(own.mean(axis=1) / adult(made, BEFORE).mean(axis=1))
        for kind in set(kinds):
            change[kinds == kind] -= np.nanmedian(change[kinds == kind])
        return float(1.4826 * np.nanmedian(np.abs(change)))

    seeds = [spread(injure_fund(cube, Plan(seed, size=0.0, look_alikes=0.0, errors=0.0), *due)[0]) for seed in range(4)]
    assert 0.7 < float(np.mean(seeds)) / spread(cube) < 1.4


def test_a_class_is_read_from_the_code_of_an_authority() -> None:
    codes = ("E5011", "E4201", "E4710", "E2620", "E1121", "E0101")
    assert [class_of(code) for code in codes] == [
        "london", "metropolitan", "metropolitan", "county", "county", "unitary"
    ]  # fmt: skip


def test_the_same_layout_comes_out_and_other_years_are_the_same_bytes(
    cube: Cube, due: tuple[np.ndarray, np.ndarray], tmp_path: Path
) -> None:
    first, again, other = (injure_fund(cube, Plan(seed, errors=0.0), *due)[0] for seed in (9, 9, 8))
    assert np.array_equal(first.values, again.values, equal_nan=True)
    assert not np.array_equal(first.values, other.values, equal_nan=True)
    written = write_extracts(cube, first, ROOT / "data" / "returns", tmp_path / "out")
    assert np.allclose(first.values, from_extracts(tmp_path / "out").values, atol=1e-3, equal_nan=True)
    assert {path.stem for path in written} >= {f"rs_{year}" for year in YEARS}
    same = (tmp_path / "out" / "rs_2012-13.csv").read_bytes()
    assert same == (ROOT / "data" / "returns" / "rs_2012-13.csv").read_bytes()


def test_a_route_of_the_other_generator_is_refused(cube: Cube, due: tuple[np.ndarray, np.ndarray]) -> None:
    assert set(HELD_OUT) < set(ROUTES)
    with pytest.raises(DefinitionError, match="unknown route 'booking'"):
        injure_fund(cube, Plan(1, route="booking"), *due)
