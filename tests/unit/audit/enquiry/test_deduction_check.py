"""The deduction for public health against the published grant: described by area, with nothing guessed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from audit.enquiry.deduction_check import deduction_rows
from reports.area.cautions import deduction


def write(folder: Path, **tables: list[dict]) -> Path:
    for name, rows in tables.items():
        pd.DataFrame(rows).to_parquet(folder / f"{name}.parquet")
    return folder


def made(folder: Path, grants: dict[str, float], basis: str = "derived") -> list[dict]:
    spent = {"E1": 10_000.0, "E2": 20_000.0, "E3": 30_000.0}
    areas = {"E1": "A", "E2": "A", "E3": "B"}
    return list(deduction_rows(write(
        folder,
        rs=[{"authority_code": code, "financial_year": year, "public_health_nce_gbp_thousand": amount}
            for code, amount in spent.items() for year in ("2013-14", "2014-15", "2015-16")],
        sg=[{"authority_code": code, "financial_year": "2016-17", "public_health_grant_gbp_thousand": amount}
            for code, amount in grants.items()],
        area_authority=[{"authority_code": code, "area_code": area, "social_care": True, "first_year": "2008-09",
                         "last_year": None} for code, area in areas.items()],
        expected_spend=[{"area_code": area, "window": "W2", "financial_year": "2015-16", "reckoned_gbp": 5e7,
                         "reckoned_basis": basis} for area in ("A", "B")],
    )))  # fmt: skip


def test_the_grant_is_brought_to_the_total_of_the_deductions_and_set_against_it(tmp_path):
    a, b = made(tmp_path, {"E1": 20_000.0, "E2": 40_000.0, "E3": 60_000.0})
    assert a["deducted_gbp"] == a["granted_gbp"] == 3e7
    assert b["error_share"] == pytest.approx(0.0)
    a, b = made(tmp_path, {"E1": 10_000.0, "E2": 10_000.0, "E3": 40_000.0})
    assert (a["error_share"], b["error_share"]) == pytest.approx((0.2, -0.2))
    (said,) = deduction([a])
    assert said.startswith("The deduction for public health") and "£10.0 million above the grant" in said
    assert "20% of that money" in said
    assert deduction([{**a, "error_share": 0.05}]) == ()


def test_an_area_without_every_grant_or_with_allocations_of_its_own_is_left_out(tmp_path):
    (row,) = made(tmp_path, {"E1": 20_000.0, "E3": 60_000.0})
    assert row["area_code"] == "B"
    assert made(tmp_path, {"E1": 1.0, "E2": 1.0, "E3": 1.0}, basis="allocated") == []
