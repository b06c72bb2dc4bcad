"""The method, put together: from the panel to expected spend, displacement, features, forest and p-values.

In: a folder of checked tables, or windows already built from it. Out: an `Assessment`; nothing is written. Refuses
nothing: an area or window whose returns are missing stays missing.
"""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Any

from audit.method import forest, look_alikes, scaling
from audit.method.assessment import Assessment, Scores
from audit.method.contributions import in_line
from audit.method.displacement import Displacement, displacement, least_spread, null_spread
from audit.method.error_control import benjamini_hochberg, cauchy_combination, conformal_p_values
from audit.method.expected_spend import expected_spend
from audit.panel import window_data
from audit.panel.build_panel import build_panel
from audit.panel.panel import Panel
from audit.panel.transfers import best_basis
from audit.panel.window_data import WindowData
from audit.settings import Settings

_LAST: dict[str, dict[str, Scores]] = {}


def _score(windows: list[WindowData], scaled: dict[str, scaling.Scaled], settings: Settings) -> dict[str, Scores]:
    """As `_scored`. The last scores are kept: where checks set rows aside, a run assesses again on what they left, and
    figures that no feature rests on leave every score as it was.
    """
    digest = hashlib.sha256(repr(settings).encode())
    for data in windows:
        digest.update(data.name.encode() + data.usable.tobytes() + scaled[data.name].scaled.tobytes())
    key = digest.hexdigest()
    if key not in _LAST:
        _LAST.clear()
        _LAST[key] = _scored(windows, scaled, settings)
    return _LAST[key]


def _scored(windows: list[WindowData], scaled: dict[str, scaling.Scaled], settings: Settings) -> dict[str, Scores]:
    """Forest scores of every window; contributions for the real ones."""
    import numpy as np

    usable = {data.name: np.flatnonzero(data.usable) for data in windows}
    placebo = [data.name for data in windows if not data.real and len(usable[data.name])]
    areas = len(windows[0].usable)
    names = [*placebo, *(data.name for data in windows if data.real and len(usable[data.name]))]
    if not placebo or sum(len(usable[name]) for name in placebo) < 100:
        return {}
    rows = np.concatenate([scaled[name].scaled[usable[name]] for name in names])
    councils = np.concatenate([usable[name] for name in names])
    taught = sum(len(usable[name]) for name in placebo)
    order = np.lexsort((np.arange(taught), councils[:taught]))
    grown = forest.fit(rows[:taught][order], councils[:taught][order], areas, settings)
    matrix = forest.score_matrix(grown, rows)
    scores = forest.held_out(grown, matrix, councils)
    made: dict[str, Scores] = {}
    start = 0
    for name in names:
        stop, mine = start + len(usable[name]), usable[name]
        part, own = scores[start:stop], rows[start:stop]
        real = name not in placebo
        fall, place = (
            in_line(grown, own, mine, part) if real else (np.full(own.shape, np.nan), np.full(own.shape, np.nan))
        )
        made[name] = Scores(
            score=_spread_out(part, mine, areas),
            rank=_spread_out(forest.ranks(part).astype(float), mine, areas),
            stability=_spread_out(
                forest.stability(matrix[:, start:stop], settings.count("forest.review_top")), mine, areas
            ),
            p_value=_spread_out(conformal_p_values(part, scores[:taught]), mine, areas),
            baseline=_spread_out(own.sum(axis=1), mine, areas),
            contribution=_spread_out(fall, mine, areas),
            rank_in_line=_spread_out(place, mine, areas),
            each=_spread_out(matrix[:, start:stop].T, mine, areas),
        )
        start = stop
    return made


def _spread_out(values: Any, at: Any, size: int) -> Any:
    import numpy as np

    made = np.full((size, *values.shape[1:]), np.nan)
    made[at] = values
    return made


def _p_values(
    windows: list[WindowData], displaced: dict[str, Displacement], scores: dict[str, Scores]
) -> dict[str, dict[str, Any]]:
    """Displacement, forest, strict (the larger), combined and their q-values, by window."""
    import numpy as np

    placebo = [displaced[data.name].standardised_gap for data in windows if not data.real]
    calibration = np.concatenate(placebo) if placebo else np.array([])
    made: dict[str, dict[str, Any]] = {}
    for data in windows:
        gap = conformal_p_values(displaced[data.name].standardised_gap, calibration)
        seen = scores[data.name].p_value if data.name in scores else np.full(len(gap), np.nan)
        strict = np.maximum(gap, seen)
        combined = cauchy_combination(gap, seen)
        made[data.name] = {
            "displacement": gap,
            "forest": seen,
            "combined": combined,
            "forest_q": benjamini_hochberg(seen),
            "strict_q": benjamini_hochberg(strict),
            "combined_q": benjamini_hochberg(combined),
        }
    return made


def work_out(tables_folder: Path, settings: Settings) -> Assessment:
    """Panel, expected spend, displacement, features, forest and p-values for all windows, real and placebo."""
    import numpy as np

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all-missing years are expected and stay missing
        panel = build_panel(tables_folder, settings)
        windows = [
            window_data.build(panel, window, service, settings) for window, service in window_data.window_list(settings)
        ]
    return work_out_windows(panel, windows, tables_folder, settings)


def work_out_windows(panel: Panel, windows: list[WindowData], tables_folder: Path, settings: Settings) -> Assessment:
    """The same for windows already built."""
    import numpy as np

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        spends = {data.name: expected_spend(data, settings) for data in windows}
        middles = {name: spend.spread for name, spend in spends.items()}
        levels = {name: spend.level_spread for name, spend in spends.items()}
        displaced = {
            data.name: displacement(
                data,
                spends[data.name],
                spread=null_spread(data.name, middles, settings),
                level_spread=null_spread(data.name, levels, settings),
                least_spread=least_spread(data.name, levels, settings),
                best=best_basis(panel, data.years),
                settings=settings,
            )
            for data in windows
        }
        scaled = scaling.scale_features(windows, spends, settings)
        centile = scaling.placebo_centile(windows, scaled, settings.number("grades.centile"))
        scores = _score(windows, scaled, settings)
        tests = {
            data.name: look_alikes.look_alikes(panel, data, tables_folder, settings) for data in windows if data.real
        }
        p_values = _p_values(windows, displaced, scores)
    return Assessment(panel, windows, spends, displaced, scaled, centile, scores, tests, p_values)
