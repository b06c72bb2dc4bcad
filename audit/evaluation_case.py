"""One case of the evaluation: plant, run the method as it is, and write down what it said beside the truth.

In: a folder of loaded tables, a `Scenario` and settings. Out: columns by area (what was planted, what was found) and
the oracle's ingredients by authority. The first window only: the generator replaces its years. Refuses nothing.
"""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from audit.evaluation_plans import DRIVERS, Scenario
from audit.injure import BEFORE, GROUPS, SERVICES, YEARS, Truth, injure
from audit.returns_cube import Cube, from_tables, write_tables
from audit.settings import CONTROLS, Settings, load_settings

WINDOW = "W1"


@cache
def _ground(tables: Path) -> tuple[Cube, Any, tuple[Any, ...]]:
    """The cube as returned, the panel, and the second window's pretend care, which planting does not touch."""
    from audit.build_panel import build_panel
    from audit.window_data import build

    settings = load_settings(None)
    panel = build_panel(tables, settings)
    later = [window for window in settings.windows if not window.is_placebo and window.name != WINDOW]
    kept = tuple(build(panel, window, service, settings) for window in later for service in CONTROLS)
    return from_tables(tables), panel, kept


def shares_of(cube: Cube, panel: Any) -> Any:
    """Allocation shares by authority: the area's entitlement, split by spending on care where areas are joined."""
    import numpy as np

    from audit.injure import care_scale

    base = np.nan_to_num(care_scale(cube)[:, cube.years.index(BEFORE[-1])])
    made = np.full(len(cube.codes), np.nan)
    at = panel.years.index(YEARS[0])
    for row, area in enumerate(panel.areas):
        mine = [cube.codes.index(code) for code in panel.members.get((area, YEARS[0]), ()) if code in cube.codes]
        total = panel.money["entitlement"][row, at]
        if mine and base[mine].sum() > 0:
            made[mine] = np.nan_to_num(total) * base[mine] / base[mine].sum()
    return made


def signals(cube: Cube) -> Any:
    """(codes, 7): logs of own spend in the three years, the year before and the other traces money could leave."""
    import numpy as np

    at = {year: cube.years.index(year) for year in (*BEFORE, *YEARS)}
    groups = [group for group in GROUPS if group != "learning_disability"]
    own = np.nansum([cube.line(f"ro3.{group}.net_current_expenditure") for group in groups], axis=0)
    base = own[:, [at[year] for year in BEFORE[1:]]].mean(axis=1)
    safe = np.where(own > 0, own, np.nan)
    others = np.nansum([cube.line(f"rs.{name}") for name in SERVICES], axis=0)
    reserves = cube.line("rs.earmarked_reserves_closing")
    tax = cube.line("rs.council_tax_requirement")
    last, first = at[YEARS[-1]], at[BEFORE[-1]]
    columns = [np.log(safe[:, at[year]] / base) for year in YEARS]
    columns.append(np.log(safe[:, at[BEFORE[2]]] / safe[:, at[BEFORE[1]]]))
    columns += [others[:, last] / others[:, first], (reserves[:, last] - reserves[:, first]) / base]
    columns.append(tax[:, last] / tax[:, first])
    return np.stack(columns, axis=1)


def _by_area(panel: Any, cube: Cube, truth: Truth, rate: Any) -> dict[str, list[Any]]:
    import numpy as np

    made: dict[str, list[Any]] = {"injured": [], "rate": [], "look_alike": [], "error": []}
    place = {code: at for at, code in enumerate(cube.codes)}
    for area in panel.areas:
        mine = [place[code] for code in panel.members.get((area, YEARS[0]), ()) if code in place]
        money = truth.transfer[mine].sum(axis=1) if mine else np.zeros(0)
        known = len(mine) > 0 and money.sum() > 0
        made["injured"].append(bool(mine and truth.injured[mine].any()))
        made["rate"].append(float((rate[mine] * money).sum() / money.sum()) if known else None)
        made["look_alike"].append(next((truth.look_alike[at] for at in mine if truth.look_alike[at]), ""))
        made["error"].append(next((truth.error[at] for at in mine if truth.error[at]), ""))
    return made


def _plain(values: Any) -> list[Any]:
    return [None if value != value else round(float(value), 6) for value in values]


def run_case(tables: Path, scenario: Scenario) -> dict[str, Any]:
    """Plant, assess and record one case. Vectors over the panel's areas, None where unknown."""
    import numpy as np

    from audit.assess import work_out_windows
    from audit.build_panel import build_panel
    from audit.flag_rows import flag_row
    from audit.window_data import build, window_list

    settings: Settings = load_settings(None)
    warnings.simplefilter("ignore", RuntimeWarning)
    warnings.filterwarnings("ignore", category=UserWarning, module="sklearn")
    cube, real, kept = _ground(tables)
    shares = shares_of(cube, real)
    made, truth = injure(cube, scenario.plan, shares)
    plain = replace(scenario.plan, size=scenario.plan.background)
    clean = injure(cube, plain, shares)[0]
    with tempfile.TemporaryDirectory() as scratch, np.errstate(all="ignore"):
        folder = Path(scratch)
        for path in tables.glob("*.parquet"):
            if path.stem not in ("ro3", "rs", "ledger", "evidence"):
                (folder / path.name).symlink_to(path.absolute())
        write_tables(cube, made, tables, folder)
        panel = build_panel(folder, settings)
        early = [item for item in window_list(settings) if item[0].is_placebo or item[0].name == WINDOW]
        windows = [*(build(panel, window, service, settings) for window, service in early), *kept]
        found = work_out_windows(panel, windows, folder, settings, cross_check=False)
        data = next(item for item in windows if item.name == WINDOW)
        flags = [flag_row(found, data, area, settings) for area in range(len(panel.areas))]
    scores, p_values = found.scores[WINDOW], found.p_values[WINDOW]
    order: Any = np.argsort(np.argsort(-np.nan_to_num(scores.contribution), axis=1, kind="stable"), axis=1)
    from audit.features import features

    codes = [feature.code for feature in features()]
    drivers = [codes.index(name) for name in DRIVERS[scenario.plan.route]]
    row = {name: _plain([flag[name] if flag[name] is not None else np.nan for flag in flags]) for name in (
        "displacement_rate", "displacement_lower", "displacement_upper", "stability", "transfer_gbp",
        "minimum_detectable_gbp", "gross_gbp",
    )}  # fmt: skip
    rate = np.where(np.isfinite(truth.rate), truth.rate, 0.0)
    return {
        "scenario": scenario.name,
        "family": scenario.family,
        "areas": list(panel.areas),
        "grade": [flag["grade"] for flag in flags],
        **row,
        **_by_area(panel, cube, truth, rate),
        "p_displacement": _plain(p_values["displacement"]),
        "p_forest": _plain(p_values["forest"]),
        "p_combined": _plain(p_values["combined"]),
        "forest": _plain(scores.score),
        "baseline": _plain(scores.baseline),
        "own_alone": _plain(-data.quantity["own_change_percent"]),
        "two_sided": _plain(_two_sided(found, windows, settings)) if scenario.family == "centre" else [],
        "adults": _plain(panel.money["population_18_plus"][:, panel.years.index(YEARS[0])]),
        "driver_in_top_three": [bool(value) for value in (order[:, drivers] < 3).any(axis=1).tolist()],
        "half_samples": _jaccard(found, settings),
        "oracle": {
            "kind": [code[:3] for code in cube.codes],
            "injured": [bool(value) for value in truth.injured],
            "clean": [_plain(values) for values in signals(clean)],
            "made": [_plain(values) for values in signals(made)],
        },
    }


def _two_sided(found: Any, windows: list[Any], settings: Settings) -> Any:
    """Score of a forest that sees the features without their signs: the ablation of the one-sided rule."""
    import numpy as np

    from audit import forest

    def rows_of(name: str) -> Any:
        scaled = found.scaled[name]
        middle = np.where(np.isfinite(scaled.peer_middle), scaled.peer_middle, 0.0)
        difference = np.nan_to_num(scaled.values - middle)
        spread = np.nanmedian(np.abs(difference), axis=0) * 1.4826
        return np.clip(difference / np.where(spread > 0, spread, 1.0), -6.0, 6.0)

    usable = {data.name: np.flatnonzero(data.usable) for data in windows}
    placebo = [data.name for data in windows if not data.real and len(usable[data.name])]
    rows = np.concatenate([rows_of(name)[usable[name]] for name in placebo])
    councils = np.concatenate([usable[name] for name in placebo])
    grown = forest.fit(rows, councils, len(found.panel.areas), settings)
    mine = usable[WINDOW]
    made = np.full(len(found.panel.areas), np.nan)
    made[mine] = forest.held_out(grown, forest.score_matrix(grown, rows_of(WINDOW)[mine]), mine)
    return made


def _jaccard(found: Any, settings: Settings) -> float | None:
    """Mean overlap of the areas that the B rule's q-value picks, over pairs of half-sampled forests."""
    import numpy as np

    from audit.error_control import benjamini_hochberg, cauchy_combination, conformal_p_values

    calibration = [
        found.scores[data.name].each for data in found.windows if not data.real and data.name in found.scores
    ]
    own, gap = found.scores[WINDOW].each, found.p_values[WINDOW]["displacement"]
    picked: list[Any] = []
    for number in range(own.shape[1]):
        p_value = conformal_p_values(own[:, number], np.concatenate([each[:, number] for each in calibration]))
        picked.append(benjamini_hochberg(cauchy_combination(gap, p_value)) <= settings.number("grades.b_q"))
    pairs: list[float] = []
    for first in range(len(picked)):
        for second in range(first):
            union = int((picked[first] | picked[second]).sum())
            if union:
                pairs.append(float((picked[first] & picked[second]).sum()) / union)
    return float(np.mean(pairs)) if pairs else None
