"""One case of the evaluation: plant, run the method as it is, and write down what it said beside the truth.

In: a folder of loaded tables and a `Scenario`. Out: columns by area (what was planted, what was found) and what the
best we know looks at by authority. Refuses nothing.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any

from audit.evaluation.ground import Ground, ground, planted, signal_of_all
from audit.evaluation.plans import BLOCKS, Scenario, is_route
from audit.evaluation.signals import fund_signals, signals
from audit.generators import plant, plant_fund
from audit.generators.plant import Truth
from audit.panel.returns_cube import Cube, write_tables
from pipelines.declarations.table_words import SECTION_256

UNTOUCHED = ("ro3", "rs", "ledger", "evidence")


def panel_of(tables: Path, made: Ground, cube: Cube) -> Any:
    """The panel of a changed cube, by the code of a run."""
    import numpy as np

    from audit.panel.build_panel import build_panel

    with tempfile.TemporaryDirectory() as scratch, np.errstate(all="ignore"):
        folder = Path(scratch)
        for path in tables.glob("*.parquet"):
            if path.stem not in UNTOUCHED:
                (folder / path.name).symlink_to(path.absolute())
        write_tables(made.cube, cube, tables, folder)
        return build_panel(folder, made.settings)


def window_found(panel: Any, window: str, settings: Any) -> Any:
    """What the method finds for one window of a panel."""
    import numpy as np

    from audit.method.work_out import work_out_windows
    from audit.panel.window_data import build, window_list

    with np.errstate(all="ignore"):
        windows = [
            build(panel, item, service, settings) for item, service in window_list(settings) if item.name == window
        ]
        return work_out_windows(panel, windows, settings).found[window]


def _by_area(panel: Any, cube: Cube, truth: Truth, first_year: str) -> dict[str, list[Any]]:
    import numpy as np

    made: dict[str, list[Any]] = {"injured": [], "rate": [], "look_alike": [], "error": []}
    place = {code: at for at, code in enumerate(cube.codes)}
    rate = np.where(np.isfinite(truth.rate), truth.rate, 0.0)
    for area in panel.areas:
        mine = [place[code] for code in panel.members.get((area, first_year), ()) if code in place]
        money = truth.transfer[mine].sum(axis=1) if mine else np.zeros(0)
        known = len(mine) > 0 and money.sum() > 0
        made["injured"].append(bool(mine and truth.injured[mine].any()))
        made["rate"].append(float((rate[mine] * money).sum() / money.sum()) if known else None)
        made["look_alike"].append(next((truth.look_alike[at] for at in mine if truth.look_alike[at]), ""))
        made["error"].append(next((truth.error[at] for at in mine if truth.error[at]), ""))
    return made


def plain(values: Any) -> list[Any]:
    """A vector for a result file: six decimals, None for NaN."""
    return [None if value != value else round(float(value), 6) for value in values]


def _oracle(made: Ground, injured: Cube, clean: Cube, truth: Truth, scenario: Scenario) -> dict[str, Any]:
    """What the best we know is told: traces with and without the injury, and what it would do to each authority."""
    import numpy as np

    cubes = (clean, injured, *signal_of_all(made, scenario))
    first = scenario.window == SECTION_256
    before = made.cube.years.index((plant.BEFORE if first else plant_fund.BEFORE)[-1])
    scale = (plant.care_scale(made.cube) if first else made.cube.line(plant_fund.ADULT))[:, before]
    traces = [signals(cube) if first else fund_signals(cube, made.grants) for cube in cubes]
    return {
        "size": plain(np.log(np.where(scale > 0, scale, np.nan))),
        "deprivation": plain(made.deprivation),
        "kind": [plant_fund.class_of(code) for code in injured.codes],
        "injured": [bool(value) for value in truth.injured],
        "clean": [plain(values) for values in traces[0]],
        "made": [plain(values) for values in traces[1]],
        "shift": [plain(values) for values in traces[2] - traces[3]],
    }


def run_case(tables: Path, scenario: Scenario) -> dict[str, Any]:
    """Plant, assess and record one case. Vectors over the panel's areas, None where unknown."""
    import numpy as np

    warnings.simplefilter("ignore", RuntimeWarning)
    made, window = ground(tables), scenario.window
    with np.errstate(all="ignore"):
        injured, clean, truth = planted(made, scenario)
        panel = panel_of(tables, made, injured)
        found = window_found(panel, window, made.settings)
        first_year = (plant.YEARS if window == SECTION_256 else plant_fund.YEARS)[0]
        ranked = is_route(scenario.family) or scenario.family.ground != BLOCKS
        return {
            "scenario": scenario.name,
            "family": scenario.family.name,
            "areas": list(panel.areas),
            **_by_area(panel, injured, truth, first_year),
            "log_ratio": plain(found.path.log_ratio),
            "forest": plain(found.unusual.score),
            "estimate": plain(found.path.rate.rate),
            "lower": plain(found.path.rate.lower),
            "upper": plain(found.path.rate.upper),
            "adults": plain(panel.money["population_18_plus"][:, panel.years.index(first_year)]),
            "fires": _fires(found),
            **({name: plain(values) for name, values in _varied(found, made.settings).items()} if ranked else {}),
            **({"oracle": _oracle(made, injured, clean, truth, scenario)} if ranked and truth.injured.any() else {}),
        }


def _fires(found: Any) -> dict[str, list[bool | None]]:
    """Test to whether it fires, by area; None where it is not tested."""
    fires: dict[str, list[bool | None]] = {}
    for row in found.look_alikes:
        fires.setdefault(row.test, []).append(None if row.result == "not tested" else row.result == "positive")
    return fires


def _varied(found: Any, settings: Any) -> dict[str, Any]:
    """Scores of the ablations: each part of the statistic left out, and the forest's features without their forest."""
    import numpy as np

    from audit.method.money_steps import ONSETS
    from audit.method.path_evidence import path_evidence

    wide = found.data.window.expect == "covariates"
    weights = np.array([ONSETS[onset] for onset in found.path.by_onset])
    ratios = np.stack(list(found.path.by_onset.values()))
    return {
        "independent": path_evidence(found.data, settings, independent=True).log_ratio,
        "other_expectation": path_evidence(found.data, settings, covariates=not wide).log_ratio,
        "mixture": np.log((weights[:, None] * np.exp(ratios)).sum(axis=0)),
        "fall": -np.nan_to_num(found.path.changes.y).sum(axis=1),
        "features": np.where(np.isfinite(found.unusual.score), found.unusual.scaled.sum(axis=1), np.nan),
    }
