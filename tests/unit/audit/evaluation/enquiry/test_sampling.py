"""Samples from planted truths: what is planted, what is asked of the estimate, the frame they are drawn from."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from audit.enquiry.strata import STRATA, Frame
from audit.evaluation.enquiry.papers import run_papers
from audit.evaluation.enquiry.sampling import (
    AREAS,
    BY_LOT,
    BY_MONEY,
    MONEY,
    SHARES,
    frame_of_panel,
    sample_rows,
    truth_of,
)
from audit.evaluation.ground import ground
from audit.run.load_stage import load_tables
from pipelines.declarations.catalogue import tables as declared
from pipelines.load.load import EMBEDDED


def made_frame(areas: int = 60) -> Frame:
    """Areas of very unequal money in all strata."""
    random = np.random.default_rng(1)
    codes = tuple(f"E{at:08d}" for at in range(areas))
    return Frame(codes, codes, np.arange(areas) % len(STRATA), np.exp(random.normal(17.0, 0.7, size=areas)))


def test_the_truth_holds_the_same_number_each_time_and_follows_money_where_it_should() -> None:
    money = np.concatenate([np.ones(50), np.full(50, 9.0)])
    random = np.random.default_rng(1)
    lot, tied = (np.stack([truth_of(money, 0.3, tie, random) for _ in range(200)]) for tie in (BY_LOT, BY_MONEY))
    assert set(lot.sum(axis=1)) == set(tied.sum(axis=1)) == {30.0}
    assert lot[:, 50:].mean() == pytest.approx(0.3, abs=0.02) and tied[:, 50:].mean() > 0.45


def test_a_sample_of_every_area_holds_the_truth_and_is_narrower_than_one_of_a_third() -> None:
    frame = made_frame()
    some, every = (sample_rows(frame, size, draws=5, level=0.9, seed=1) for size in (20, 60))
    assert all(row["coverage"] == 1.0 for row in every)
    assert all(row["half_width"] < other["half_width"] for row, other in zip(every, some, strict=True))


def test_every_size_has_a_row_for_each_truth_and_weight_with_all_columns_declared() -> None:
    rows = sample_rows(made_frame(), 20, draws=3, level=0.9, seed=1)
    assert {(row["share_planted"], row["truth"], row["weight"]) for row in rows} == {
        (share, tie, weight) for share in SHARES for tie in (BY_LOT, BY_MONEY) for weight in (AREAS, MONEY)
    }
    assert all(set(row) == set(declared()["evaluation_sample"].column_names) for row in rows)
    assert rows == sample_rows(made_frame(), 20, draws=3, level=0.9, seed=1)
    assert rows != sample_rows(made_frame(), 20, draws=3, level=0.9, seed=2)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    load_tables(EMBEDDED, folder, workers=1)
    return folder


def test_the_frame_holds_every_area_with_a_stratum_and_money(tables: Path) -> None:
    made = ground(tables)
    frame = frame_of_panel(made.panel, made.settings)
    assert len(frame.codes) == len(made.panel.areas) and set(frame.stratum.tolist()) == set(range(len(STRATA)))
    assert (frame.money_gbp > 0).all()


def test_papers_of_the_embedded_areas_are_the_same_every_time_and_tell_more_the_smaller_their_error(
    tables: Path,
) -> None:
    rows = run_papers(tables, 5)
    assert json.dumps(rows) == json.dumps(run_papers(tables, 5))
    for window in ("W1", "W2"):
        powers = [row["power"] for row in rows if row["window"] == window and row["papers"] == "unbiased"
                  and row["years"] == 1]  # fmt: skip
        assert len(powers) == 4 and powers == sorted(powers, reverse=True) and powers[0] > powers[-1] + 0.5
