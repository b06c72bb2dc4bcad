"""One case of the evaluation: plant, run the method as it is, and write down what it said beside the truth.

In: a folder of loaded tables and a `Scenario`. Out: columns by area (what was planted, what was found) and the
oracle's ingredients by authority. Refuses nothing.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any

from audit.evaluation import variants
from audit.evaluation.ground import Ground, ground, planted, signal_of_all, touched, untouched, wanted_windows
from audit.evaluation.plans import DRIVERS, VARIED, Scenario
from audit.evaluation.signals import fund_signals, signals
from audit.generators import plant, plant_fund
from audit.generators.plant import Truth
from audit.panel.returns_cube import Cube, write_tables
from audit.settings import load_settings
from pipelines.declarations.table_words import SECTION_256

FLAG_COLUMNS = (
    "displacement_rate", "displacement_lower", "displacement_upper", "stability", "transfer_gbp",
    "minimum_detectable_gbp", "gross_gbp",
)  # fmt: skip


def assess_planted(tables: Path, made: Ground, cube: Cube, window: str) -> tuple[Any, list[dict[str, Any]]]:
    """(assessment, flag rows of the planted window) of an injured cube, by the code of a run."""
    import numpy as np

    from audit.flags.flag_rows import flag_row
    from audit.method.work_out import work_out_windows
    from audit.panel.build_panel import build_panel
    from audit.panel.window_data import build

    with tempfile.TemporaryDirectory() as scratch, np.errstate(all="ignore"):
        folder = Path(scratch)
        for path in tables.glob("*.parquet"):
            if path.stem not in ("ro3", "rs", "ledger", "evidence"):
                (folder / path.name).symlink_to(path.absolute())
        write_tables(made.cube, cube, tables, folder)
        panel = build_panel(folder, made.settings)
        kept = untouched(tables, window)
        windows = [
            build(panel, item, service, made.settings) if touched(item, window) else kept[(item, service)]
            for item, service in wanted_windows(made.settings, window)
        ]
        found = work_out_windows(panel, windows, folder, made.settings)
        data = next(item for item in windows if item.name == window)
        return found, [flag_row(found, data, area, made.settings) for area in range(len(panel.areas))]


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
    """What the oracle knows: figures with and without the injury, and what an injury would do to each authority."""
    cubes = (clean, injured, *signal_of_all(made, scenario.window, scenario.plan))
    first = scenario.window == SECTION_256
    traces = [signals(cube) if first else fund_signals(cube, made.grants) for cube in cubes]
    return {
        "kind": [plant_fund.class_of(code) for code in injured.codes],
        "injured": [bool(value) for value in truth.injured],
        "clean": [plain(values) for values in traces[0]],
        "made": [plain(values) for values in traces[1]],
        "shift": [plain(values) for values in traces[2] - traces[3]],
    }


def run_case(tables: Path, scenario: Scenario) -> dict[str, Any]:
    """Plant, assess and record one case. Vectors over the panel's areas, None where unknown."""
    import numpy as np

    from audit.method.features import features

    warnings.simplefilter("ignore", RuntimeWarning)
    warnings.filterwarnings("ignore", category=UserWarning, module="sklearn")
    made, window = ground(tables), scenario.window
    injured, clean, truth = planted(made, window, scenario.plan)
    found, flags = assess_planted(tables, made, injured, window)
    panel, scores, p_values = found.panel, found.scores[window], found.p_values[window]
    data = next(item for item in found.windows if item.name == window)
    order: Any = np.argsort(np.argsort(-np.nan_to_num(scores.contribution), axis=1, kind="stable"), axis=1)
    codes = [feature.code for feature in features()]
    drivers = [codes.index(name) for name in DRIVERS[scenario.plan.route] if name in codes]
    first_year = (plant.YEARS if window == SECTION_256 else plant_fund.YEARS)[0]
    with np.errstate(all="ignore"):
        varied = _varied(found, data, made, scenario) if scenario.family in VARIED else {}
        halves = variants.half_samples(found, data, made.settings)
    return {
        "scenario": scenario.name,
        "family": scenario.family,
        "areas": list(panel.areas),
        "grade": [flag["grade"] for flag in flags],
        **{name: plain([np.nan if flag[name] is None else flag[name] for flag in flags]) for name in FLAG_COLUMNS},
        **_by_area(panel, injured, truth, first_year),
        **{f"p_{name}": plain(p_values[name]) for name in ("displacement", "forest", "combined")},
        **{f"q_{name}": plain(p_values[f"{name}_q"]) for name in ("strict", "combined")},
        "forest": plain(scores.score),
        "baseline": plain(scores.baseline),
        "own_alone": plain(-data.quantity["own_change_percent"]),
        **varied,
        "adults": plain(panel.money["population_18_plus"][:, panel.years.index(first_year)]),
        "driver_in_top_three": [bool(value) for value in (order[:, drivers] < 3).any(axis=1).tolist()],
        "half_samples": halves,
        "oracle": _oracle(made, injured, clean, truth, scenario),
    }


def _varied(found: Any, data: Any, made: Ground, scenario: Scenario) -> dict[str, list[Any]]:
    """The costlier ablations; the forest with all the trees of a run only in the first round."""
    import numpy as np

    rows = {
        "two_sided": variants.two_sided(found, data, made.settings),
        "forest_on_itself": variants.forest_on_itself(found, data, made.settings),
        "in_sample": variants.in_sample(data, made.settings),
        "class_left_out": variants.class_left_out(data, np.array(found.panel.classes), made.settings),
    }
    if scenario.first_round:
        rows["more_trees"] = variants.more_trees(found, data, load_settings(None))
    return {name: plain(values) for name, values in rows.items()}
