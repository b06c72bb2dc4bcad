"""Supplied allocations that decide nothing, or lie far from what is worked out, are told."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audit.panel.allocation_use import allocation_use
from audit.settings import load_settings
from pipelines.supplied.transfer_table import read_transfers

YEARS = tuple(f"{year}-{(year + 1) % 100:02d}" for year in range(2008, 2021))
CASES = Path(__file__).resolve().parents[5] / "shared" / "cases" / "20-transfers"


def panel(**given: float) -> Any:
    """One area with 5 million pounds worked out from 2011-12 on, and amounts supplied by year (`y2011=...`)."""
    due = np.array([[5e6 if year >= "2011-12" else 0.0 for year in YEARS]])
    allocated = np.full((1, len(YEARS)), np.nan)
    for name, value in given.items():
        allocated[0, YEARS.index(next(year for year in YEARS if year.startswith(name[1:])))] = value
    return SimpleNamespace(
        areas=("A1",), years=YEARS, money={"allocated": allocated, "entitlement": due},
        at=lambda years: [YEARS.index(year) for year in years],
    )  # fmt: skip


def told(**given: float) -> dict[str, str]:
    return {row["window"]: row["why_not"] for row in allocation_use(panel(**given), load_settings())}


def test_amounts_for_every_year_of_a_window_decide_and_nothing_is_said() -> None:
    assert told(y2011=4e6, y2012=4e6, y2013=5e6) == {"W1": "", "W2": ""}


def test_a_year_missing_is_named_as_the_reason_why_the_others_decide_nothing() -> None:
    assert "decide nothing: none is supplied for 2012-13" in told(y2011=4e6, y2013=5e6)["W1"]


def test_amounts_a_thousand_times_off_are_named_with_both_sums() -> None:
    said = told(y2011=4e3, y2012=4e3, y2013=5e3)["W1"]
    assert "13,000 pounds" in said and "1,154 times less" in said and "15,000,000" in said
    assert "times more" in told(y2011=4e9, y2012=4e9, y2013=5e9)["W1"]


def test_a_year_in_no_window_is_named() -> None:
    assert told(y2020=1e6)[""] == "The years 2020-21 lie in no window, so their amounts decide nothing."


@pytest.mark.parametrize("year", ["2031-32", "2024-25", "2004-05"])
def test_a_year_beyond_the_figures_is_refused_with_its_place(tmp_path: Path, year: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"code,financial_year,kind,amount_gbp,basis,source\nE06000054,{year},section 256,5,allocated,x\n")
    (problem,) = read_transfers(path)[1]
    assert "row 2, column financial_year" in str(problem) and "a year of the figures, 2007-08 to 2022-23" in str(
        problem
    )


@pytest.mark.parametrize(
    ("name", "problems"),
    [("a-duplicate", 1), ("b-same-area-twice-under-two-codes", 1), ("c-thousands", 0), ("d-negative-comma-pound", 3),
     ("e-missing-year", 0), ("f-abolished", 3), ("g-semicolon-cp1252", -1), ("h-year-forms", 3), ("i-late-year", 1),
     ("j-ecode-lower-space", 0), ("k-wiltshire-pence", 0)],
)  # fmt: skip
def test_the_cases_of_supplied_tables_are_read_or_refused_by_row_and_column(name: str, problems: int) -> None:
    from pipelines.errors import InputError

    if not CASES.is_dir():
        pytest.skip("the cases are not beside the repository (../shared/cases)")
    if problems < 0:
        with pytest.raises(InputError, match="semicolons"):
            read_transfers(CASES / f"{name}.csv")
    else:
        assert len(read_transfers(CASES / f"{name}.csv")[1]) == problems
