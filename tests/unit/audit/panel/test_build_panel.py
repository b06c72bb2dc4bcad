"""The panel from tables: funding with Area Based Grant and without council tax, and the rest in whole pounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_returns import AREAS, write_made_returns

from audit.panel.build_panel import build_panel
from audit.panel.panel import Panel
from audit.settings import load_settings
from pipelines.declarations.parquet import read_table, write_table


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_made_returns(tmp_path_factory.mktemp("made"))


def with_rs(tables: Path, folder: Path, **columns: Any) -> Panel:
    """The panel of the same tables with other columns of the return."""
    for path in tables.glob("*.parquet"):
        (folder / path.name).write_bytes(path.read_bytes())
    rs = read_table(tables, "rs")
    write_table("rs", rs.assign(**{f"{name}_gbp_thousand": made(rs) for name, made in columns.items()}), folder)
    return build_panel(folder, load_settings())


def test_funding_is_grants_and_rates_with_area_based_grant_turned_from_income_to_money(
    tables: Path, tmp_path: Path
) -> None:
    without = build_panel(tables, load_settings())
    found = with_rs(
        tables, tmp_path, area_based_grant=lambda rs: np.where(rs["financial_year"] == "2010-11", -30_000.0, np.nan)
    )
    rise = found.money["funding"] - without.money["funding"]
    place = found.years.index("2010-11")
    assert rise[:, place] == pytest.approx(np.full(AREAS, 30e6))
    assert (np.delete(rise, place, axis=1) == 0).all()
    assert (without.money["funding"] > 0).all()


def test_council_tax_is_no_part_of_funding(tables: Path, tmp_path: Path) -> None:
    without = build_panel(tables, load_settings())
    found = with_rs(tables, tmp_path, council_tax_requirement=lambda _: 1.0)
    assert (found.money["council_tax"] == 1000.0).all()
    assert np.array_equal(found.money["funding"], without.money["funding"])


def test_the_social_care_grants_are_taken_off_in_the_years_they_are_known(tables: Path) -> None:
    money, years = build_panel(tables, load_settings()).money, build_panel(tables, load_settings()).years
    off = money["own"] - money["own_less_grants"]
    known = [year for year in years if off[0, years.index(year)] > 0]
    assert known == ["2017-18", "2018-19", "2019-20"]


def test_an_area_has_the_region_of_the_reference_or_none(tables: Path) -> None:
    assert len(build_panel(tables, load_settings()).regions) == AREAS
