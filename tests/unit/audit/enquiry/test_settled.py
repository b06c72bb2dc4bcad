"""What conclusions do: they settle, and those on areas drawn move the prior and speak for England."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_enquiry import AREA, columns, figures, plan, write_run

from audit.enquiry.settled import settled
from audit.enquiry.summary_rows import summary_rows
from audit.settings import load_settings
from pipelines.declarations.parquet import write_table

CODES = [f"E0900000{number}" for number in range(1, 7)]


def concluded(folder: Path, outcomes: dict[str, str], drawn: dict[str, float]) -> Path:
    write_run(folder, [row for code in CODES for row in figures(code, plan(0.3))])
    rows = [{"area_code": code, "window": "W1", "outcome": said, "document": "Plan", "page": "3", "date": "2026-05-01",
             "office": "Internal audit"} for code, said in outcomes.items()]  # fmt: skip
    write_table("conclusion", columns(rows), folder)
    about = {"stratum": "against replacement", "nhs_money_gbp": 1e6}
    sample = [
        about | {"area_code": code, "probability": drawn.get(code, 0.5), "drawn": code in drawn} for code in CODES
    ]
    write_table("sample", columns(sample) if drawn else {}, folder)
    return folder


def row_of(folder: Path) -> dict[str, Any]:
    settings = load_settings()
    rows = summary_rows(folder, settings, settled(folder, settings))
    return next(row for row in rows if row["window"] == "W1")


def test_without_conclusions_the_prior_is_as_set_and_nothing_is_settled(tmp_path: Path) -> None:
    row = row_of(concluded(tmp_path, {}, {}))
    assert row["settled"] == 0 and row["prior_updated"] == row["prior_set"] == 0.10 and "share" not in row
    assert row["asked"] == row["answered"] == 0 or row["answered"] == 0


def test_conclusions_on_areas_that_were_not_drawn_settle_and_move_neither_prior_nor_england(tmp_path: Path) -> None:
    row = row_of(concluded(tmp_path, {CODES[0]: "replaced", CODES[1]: "replaced"}, {CODES[5]: 0.5}))
    assert row["settled"] == row["replaced"] == 2 and row["sampled_settled"] == 0
    assert row["prior_updated"] == 0.10 and "share" not in row


def test_a_beta_prior_of_one_and_nine_is_updated_by_what_the_drawn_stand_for(tmp_path: Path) -> None:
    drawn = {code: 0.5 for code in CODES}
    said = dict(zip(CODES, ["replaced", "partly", "not replaced", "cannot be determined"], strict=False))
    row = row_of(concluded(tmp_path, said, drawn))
    assert row["prior_updated"] == pytest.approx((1.0 + 1.5) / (10.0 + 3.0))
    assert row["share"] == pytest.approx(0.5) and row["sampled"] == 6 and row["sampled_settled"] == 4


def test_an_area_that_stands_for_more_weighs_more_and_the_number_of_conclusions_stays(tmp_path: Path) -> None:
    row = row_of(
        concluded(tmp_path, {CODES[0]: "replaced", CODES[1]: "not replaced"}, {CODES[0]: 0.25, CODES[1]: 0.75})
    )
    assert row["prior_updated"] == pytest.approx((1.0 + 2.0 * 0.75) / 12.0) and row["share"] == pytest.approx(0.75)


def test_areas_drawn_without_a_conclusion_bound_the_share_from_both_sides(tmp_path: Path) -> None:
    row = row_of(concluded(tmp_path, {CODES[0]: "replaced"}, {code: 0.5 for code in CODES[:4]}))
    assert (row["share_least"], row["share_most"]) == pytest.approx((0.25, 1.0))
    assert (row["money_least"], row["money_most"]) == pytest.approx((0.25, 1.0))


def test_the_prior_and_its_weight_are_settings(tmp_path: Path) -> None:
    folder = concluded(tmp_path, {AREA: "replaced"}, {AREA: 0.5})
    settings = load_settings(also="enquiry.prior = 0.5; enquiry.prior_weight = 1")
    assert settled(folder, settings)["W1"].prior == pytest.approx(1.5 / 2.0)
