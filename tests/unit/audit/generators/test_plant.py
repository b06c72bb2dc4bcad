"""The generator plants what it says, keeps every accounting identity, and has not been touched since it was frozen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audit.generators.frozen import generator_hash
from audit.generators.lines import FED, GROUPS, YEARS
from audit.generators.plant import ONSETS, ROUTES, Plan, injure
from audit.panel.returns_cube import Cube, changes, from_extracts, write_extracts
from pipelines.errors import DefinitionError, InputError

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def cube() -> Cube:
    return from_extracts(ROOT / "data" / "returns")


def broken(cube: Cube) -> int:
    """Cells of the form RO3 and RS that break an identity by more than rounding."""
    found = 0
    nets: list[np.ndarray] = []
    for group in (*GROUPS, "total_adult"):
        names = ("employees", "running_expenses", "total_expenditure", "sales_fees_charges", "other_income")
        paid, running, gross, charges, other = (cube.line(f"ro3.{group}.{name}") for name in names)
        income, net = (cube.line(f"ro3.{group}.{name}") for name in ("total_income", "net_current_expenditure"))
        for left in (paid + running - gross, charges + other - income, gross - income - net):
            found += int((np.abs(np.nan_to_num(left)) > 5).sum())
        nets.append(net)
    left = np.nansum(nets[:-1], axis=0) - nets[-1]
    found += int((np.abs(np.nan_to_num(left)) > 10).sum())
    left = cube.line("rs.adult_social_care_nce") - nets[-1]
    found += int((np.abs(np.nan_to_num(left)) > 10).sum())
    services = [line for line in cube.lines if line.startswith("rs.") and line.endswith("_nce")]
    left = np.nansum([cube.line(line) for line in services], axis=0) - cube.line("rs.total_service_expenditure")
    return found + int((np.abs(np.nan_to_num(left)) > 10).sum())


def own(cube: Cube) -> np.ndarray:
    years = [cube.years.index(year) for year in YEARS]
    groups = [group for group in GROUPS if group != "learning_disability"]
    return np.nansum([cube.line(f"ro3.{group}.net_current_expenditure")[:, years] for group in groups], axis=0)


def test_the_generator_is_the_one_whose_hash_was_recorded() -> None:
    assert generator_hash() in (ROOT / "docs" / "method-evaluation.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("ground", ["as returned", "blocks"])
@pytest.mark.parametrize("route", ROUTES)
def test_every_accounting_identity_is_kept_on_every_route(cube: Cube, ground: str, route: str) -> None:
    assert broken(cube) == 0
    assert broken(injure(cube, Plan(3, ground=ground, route=route, onset="lead", errors=0.0))[0]) == 0


@pytest.mark.parametrize("onset", ONSETS)
def test_own_spending_falls_by_the_rate_times_the_transfer_and_only_there(cube: Cube, onset: str) -> None:
    made, truth = injure(cube, Plan(5, ground="as returned", onset=onset, size=0.5, errors=0.0, look_alikes=0.0))
    fell = own(cube) - own(made)
    weight = np.array([0.0 if onset == "late" else 1.0, 1.0, 1.0])
    wanted = np.where(truth.injured[:, None], 0.5 * truth.transfer * weight, 0.0)
    assert np.abs(fell - wanted).max() <= len(FED)
    assert truth.injured.sum() == 15


def test_without_displacement_money_arrives_and_own_spending_stays(cube: Cube) -> None:
    plan = Plan(7, size=0.0, look_alikes=0.0, errors=0.0)
    clean, full = (injure(cube, replace(plan, size=size))[0] for size in (0.0, 1.0))
    truth = injure(cube, plan)[1]
    assert np.abs(own(clean) - own(full) - np.where(truth.injured[:, None], truth.transfer, 0.0)).max() <= len(FED)


def test_the_same_seed_plants_the_same_and_another_does_not(cube: Cube) -> None:
    first, again, other = (injure(cube, Plan(seed))[0].values for seed in (1, 1, 2))
    assert np.array_equal(first, again, equal_nan=True) and not np.array_equal(first, other, equal_nan=True)


def test_a_folder_of_extracts_goes_in_and_the_same_layout_comes_out(cube: Cube, tmp_path: Path) -> None:
    made, _ = injure(cube, Plan(9, errors=0.0))
    written = write_extracts(cube, made, ROOT / "data" / "returns", tmp_path / "out")
    again = from_extracts(tmp_path / "out")
    assert not changes(made, again) and {path.stem for path in written} >= {"ro3_2011-12", "rs_2013-14"}
    same = (tmp_path / "out" / "ro3_2008-09.csv").read_bytes()
    assert same == (ROOT / "data" / "returns" / "ro3_2008-09.csv").read_bytes()
    with pytest.raises(InputError):
        write_extracts(cube, made, ROOT / "data" / "returns", tmp_path / "out")


def test_a_route_that_is_not_known_is_refused(cube: Cube) -> None:
    with pytest.raises(DefinitionError, match="unknown route"):
        injure(cube, Plan(1, route="magic"))
