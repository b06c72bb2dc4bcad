"""The method, put together: from the panel to the evidence of every window, the two lists and the look-alikes.

In: a folder of checked tables, or windows already built from it. Out: an `Assessment`; nothing is written. Refuses
nothing: an area or window whose returns are missing stays missing.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from audit.method import return_error
from audit.method.assessment import Assessment, Variant, WindowFound
from audit.method.expected_path import expected_path
from audit.method.lists import review_places, unusual_places
from audit.method.look_alikes.all_tests import all_tests
from audit.method.path_evidence import path_evidence
from audit.method.unusual.unusual import unusual
from audit.method.variants import variants
from audit.panel import window_data
from audit.panel.build_panel import build_panel
from audit.panel.panel import Panel
from audit.panel.window_data import WindowData
from audit.settings import Settings


def without_return_errors(panel: Panel, data: WindowData, settings: Settings) -> WindowData:
    """The window with areas not usable whose return contradicts itself or another return."""
    import numpy as np

    wrong = return_error.reasons(panel, data, settings)
    reasons = tuple(mine or theirs for mine, theirs in zip(data.reasons, wrong, strict=True))
    return replace(data, reasons=reasons, usable=np.array([not reason for reason in reasons]))


def work_out(
    tables_folder: Path, settings: Settings, *, settled: Mapping[str, Collection[str]] | None = None
) -> Assessment:
    """Everything, from a run's checked tables. `settled`: areas on which an auditor has concluded, by window."""
    import numpy as np

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all-missing years are expected and stay missing
        panel = build_panel(tables_folder, settings)
        windows = [
            window_data.build(panel, window, service, settings) for window, service in window_data.window_list(settings)
        ]
    return work_out_windows(panel, windows, settings, settled=settled or {})


def work_out_windows(
    panel: Panel,
    windows: Sequence[WindowData],
    settings: Settings,
    *,
    settled: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Assessment:
    """The same for windows already built; those of one name's pretend care may be shared between calls."""
    import numpy as np

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        care = {data.name: data for data in windows if not data.service}
        found = {
            name: _found(
                panel, without_return_errors(panel, data, settings), windows, settings, settled=settled.get(name, ())
            )
            for name, data in care.items()
            if data.real
        }
    return Assessment(panel, care, found)


def _found(
    panel: Panel, data: WindowData, windows: Sequence[WindowData], settings: Settings, *, settled: Collection[str]
) -> WindowFound:
    import numpy as np

    done = np.array([code in settled for code in panel.areas], dtype=bool)
    path = path_evidence(data, settings)
    pretend = [item for item in windows if item.service and item.window == data.window]
    taught = [(item, path_evidence(_as_care(item, data), settings).log_ratio) for item in pretend]
    seen = unusual(data, path.log_ratio, taught, settings)
    places = settings.count("lists.review")
    return WindowFound(
        data=data,
        path=path,
        expected=expected_path(data, path.changes, path.noise.size, level=settings.number("model.level")),
        unusual=seen,
        settled=done,
        review=review_places(np.where(done, np.nan, path.log_ratio), places),
        unusual_list=unusual_places(np.where(done, np.nan, seen.score), settings.count("lists.unusual")),
        variants={
            name: Variant(ratio, review_places(np.where(done, np.nan, ratio), places))
            for name, ratio in variants(data, settings).items()
        },
        look_alikes=all_tests(panel, data, settings),
    )


def _as_care(pretend: WindowData, care: WindowData) -> WindowData:
    """Pretend care with care's own steps of NHS money: the same shares of base own spend, not the same pounds."""
    import numpy as np

    own, cares = (np.nanmean(item.own_real[:, : item.base], axis=1) for item in (pretend, care))
    return replace(pretend, transfer=replace(pretend.transfer, gbp=care.transfer.gbp * own / cares))
