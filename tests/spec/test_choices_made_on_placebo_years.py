"""What was chosen by looking at data was chosen on years without NHS money: the choice is made again here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audit.method.expected_spend import expected_spend, robust_spread
from audit.panel.build_panel import build_panel
from audit.panel.window_data import WindowData, build
from audit.settings import Settings, load_settings

CANDIDATES = (10.0, 50.0, 200.0, 800.0)


@pytest.fixture(scope="module")
def placebo_years(embedded_tables: Path) -> list[WindowData]:
    settings = load_settings()
    with np.errstate(all="ignore"):
        panel = build_panel(embedded_tables, settings)
        return [build(panel, window, "", settings) for window in settings.windows if window.is_placebo]


def error(placebo_years: list[WindowData], settings: Settings) -> float:
    """Geometric mean over placebo years of the robust spread of log(expected / actual) outside the sample."""
    with np.errstate(all="ignore"):
        spreads = [robust_spread(expected_spend(data, settings).gap_share) for data in placebo_years]
    return float(np.exp(np.mean(np.log(spreads))))


def test_the_shrinkage_of_expected_spend_is_the_candidate_with_the_least_error_in_placebo_years(placebo_years):
    settings = load_settings()
    errors = {
        ridge: error(placebo_years, replace(settings, values={**settings.values, "model.ridge": ridge}))
        for ridge in CANDIDATES
    }
    assert settings.number("model.ridge") == min(errors, key=lambda ridge: errors[ridge])


def test_in_placebo_years_the_model_beats_no_change_and_the_class_median(placebo_years):
    from audit.method.prediction_error import class_median

    errors = {"none": [], "class": []}
    for data in placebo_years:
        with np.errstate(all="ignore"):
            change = np.log(data.own_real[:, -1] / data.own_real[:, : data.base].mean(axis=1))
        change = np.where(data.usable, change, np.nan)
        flags = np.stack([data.predictors[name] for name in ("county", "london", "metropolitan")], axis=1)
        kinds = flags @ np.array([1, 2, 3])
        errors["none"].append(robust_spread(change))
        errors["class"].append(robust_spread(class_median(change, kinds) - change))
    mine = error(placebo_years, load_settings())
    assert all(mine < np.exp(np.mean(np.log(values))) for values in errors.values())
