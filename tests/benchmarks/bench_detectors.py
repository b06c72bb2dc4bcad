"""What our forest finds and costs beside other detectors, on the same planted cases and the same features.

Every detector is fitted on the scaled features of pretend care (services without NHS money, same window) and scores the
areas of the planted window; the truth is what the frozen generators planted. PyOD's detectors run as they come. `make
bench` prints the time, and at the end precision in the first ten, the places of the unusual-pattern list; a ranking by
chance has the share of planted areas, about 0.10. Nothing here asserts who wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FAMILIES = ("route_own_cut", "route_reserves", "fund_route_own_cut", "fund_route_reserves")
PEERS = ("ECOD", "COPOD", "HBOS", "LOF", "KNN")
GROUP = "detectors: fit on pretend care, score one window"
PLACES = 10


@dataclass(frozen=True)
class Case:
    """Scaled features of pretend care and of one window's areas, whose council each row is, and what was planted."""

    pretend: Any
    councils: Any
    rows: Any
    mine: Any
    injured: Any
    areas: int


def measured(tables: Path, scenario: Any) -> Case:
    """One case: plant, build the panel again, and take the very rows the method teaches its forest on."""
    from audit.evaluation.case import panel_of, window_found
    from audit.evaluation.ground import ground, planted
    from audit.method.unusual import forest

    made = ground(tables)
    cube, _, truth = planted(made, scenario)
    panel = panel_of(tables, made, cube)
    taught: list[tuple[Any, Any]] = []
    fit = forest.fit
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "fit", lambda *given: taught.append(given[:2]) or fit(*given))
        found = window_found(panel, scenario.window, made.settings)
    hit = {code for code, injured in zip(cube.codes, truth.injured.tolist(), strict=True) if injured}
    members = [set(panel.members.get((area, found.data.window.years[0]), ())) for area in panel.areas]
    mine = np.flatnonzero(np.isfinite(found.unusual.score))
    return Case(
        pretend=taught[0][0],
        councils=taught[0][1],
        rows=found.unusual.scaled[mine],
        mine=mine,
        injured=np.array([bool(hit & codes) for codes in members])[mine],
        areas=len(panel.areas),
    )


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded figures as tables."""
    from audit.run.load_stage import load_tables
    from pipelines.load.load import EMBEDDED

    folder = tmp_path_factory.mktemp("detectors") / "tables"
    load_tables(EMBEDDED, folder, workers=2)
    return folder


@pytest.fixture(scope="module")
def cases(tables: Path) -> list[Case]:
    """The planted cases of `FAMILIES` in the quick evaluation, on the embedded figures."""
    from audit.evaluation.plans import scenarios

    return [measured(tables, item) for item in scenarios(rounds=1) if item.family.name in FAMILIES]


def our_forest(case: Case) -> Any:
    """As many seeds and trees as a run has; no council is scored by a forest that saw it."""
    from audit.method.unusual import forest
    from audit.settings import load_settings

    grown = forest.fit(case.pretend, case.councils, case.areas, load_settings())
    return forest.held_out(grown, forest.score_matrix(grown, case.rows), case.mine)


def baseline(case: Case) -> Any:
    """The five-line baseline: the sum of the clipped features."""
    return case.rows.sum(axis=1)


def scikit_learn(case: Case) -> Any:
    """scikit-learn's IsolationForest with a thousand trees."""
    from sklearn.ensemble import IsolationForest

    model: Any = IsolationForest(n_estimators=1000, max_samples=256, random_state=1).fit(case.pretend)
    return -model.score_samples(case.rows)


def isotree(case: Case) -> Any:
    """Isotree's isolation forest with a thousand trees, otherwise as it comes."""
    library = pytest.importorskip("isotree", reason="isotree is not installed: there is no wheel of it, only a source")
    return library.IsolationForest(ntrees=1000, nthreads=2, random_seed=1).fit(case.pretend).predict(case.rows)


def peer(name: str) -> Callable[[Case], Any]:
    """A detector of PyOD as it comes."""

    def score(case: Case) -> Any:
        module = pytest.importorskip(
            f"pyod.models.{name.lower()}", reason="PyOD is not installed: make bench installs it"
        )
        return getattr(module, name)().fit(case.pretend).decision_function(case.rows)

    return score


DETECTORS: dict[str, Callable[[Case], Any]] = {
    "our forest": our_forest,
    "five-line baseline": baseline,
    "scikit-learn forest": scikit_learn,
    "isotree": isotree,
    **{f"PyOD {name}": peer(name) for name in PEERS},
}


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, list[float]]]:
    """Precision in the first ten of each detector by case; printed at the end."""
    found: dict[str, list[float]] = {}
    yield found
    print(f"\n\ndetector               precision at {PLACES}   standard error   cases")
    for name, values in sorted(found.items(), key=lambda item: -float(np.mean(item[1]))):
        error = float(np.std(values, ddof=1)) / len(values) ** 0.5
        print(f"{name:22s} {np.mean(values):15.3f} {error:16.3f} {len(values):7d}")


@pytest.mark.benchmark(group=GROUP)
class BenchDetectors:
    @pytest.mark.parametrize("name", DETECTORS)
    def test_detector(self, name: str, cases: list[Case], told: dict[str, list[float]], benchmark: Any) -> None:
        from audit.evaluation.rankings import precision

        score = DETECTORS[name]
        first = benchmark.pedantic(lambda: score(cases[0]), rounds=2, warmup_rounds=1)
        scores = [first, *(score(case) for case in cases[1:])]
        told[name] = [precision(one, case.injured, PLACES) for one, case in zip(scores, cases, strict=True)]
        benchmark.extra_info["precision"] = float(np.mean(told[name]))


@pytest.mark.benchmark(
    group="judge the embedded panel: paths, variants, look-alikes, forests of both windows (peer: as many trees grown)"
)
class BenchScoring:
    def test_all_windows_judged_and_explained(self, tables: Path, benchmark: Any) -> None:
        from audit.method.unusual import unusual
        from audit.method.work_out import work_out_windows
        from audit.panel.build_panel import build_panel
        from audit.panel.window_data import build, window_list
        from audit.settings import load_settings

        settings = load_settings()
        with np.errstate(all="ignore"):
            panel = build_panel(tables, settings)
            windows = [build(panel, window, service, settings) for window, service in window_list(settings)]

        def judge() -> Any:
            unusual._KEPT.clear()  # forests kept from the last round would make this one free
            return work_out_windows(panel, windows, settings)

        found = benchmark.pedantic(judge, rounds=2, warmup_rounds=1)
        assert set(found.found) == {"W1", "W2"}

    def test_peer_scikit_learn_grows_as_many_trees(self, benchmark: Any) -> None:
        from sklearn.ensemble import IsolationForest

        from audit.settings import load_settings

        rows, settings = np.clip(np.random.default_rng(1).normal(size=(740, 4)), 0.0, 6.0), load_settings()
        trees = settings.count("forest.trees") // 2

        def grow() -> None:
            for seed in range(4 * settings.count("forest.repeats")):  # two windows, two halves of the councils
                IsolationForest(n_estimators=trees, max_samples=256, random_state=seed).fit(rows[seed % 2 :: 2])

        benchmark.pedantic(grow, rounds=1)


@pytest.mark.benchmark(group="why 10 areas score as they do (peer: TreeSHAP of the same forests)")
class BenchContributions:
    """The falls in score that pages print, beside TreeSHAP (Lundberg and others 2020) of the first two forests."""

    def test_what_each_feature_gives_agrees_with_tree_shap(self, cases: list[Case], benchmark: Any) -> None:
        from scipy.stats import spearmanr

        from audit.method.unusual import forest
        from audit.method.unusual.contributions import in_line
        from audit.settings import load_settings

        shap = pytest.importorskip("shap", reason="shap is not installed: make bench installs it")
        case = cases[0]
        grown = forest.fit(case.pretend, case.councils, case.areas, load_settings())
        scores = forest.held_out(grown, forest.score_matrix(grown, case.rows), case.mine)
        listed = np.argsort(-scores, kind="stable")[:PLACES]
        falls, _ = in_line(grown, case.rows, case.mine, scores)

        def theirs() -> Any:
            return -np.mean(
                [shap.TreeExplainer(one).shap_values(case.rows[listed]) for one in grown.models[:2]], axis=0
            )

        values = benchmark.pedantic(theirs, rounds=1)
        agreement = float(spearmanr(falls[listed].ravel(), values.ravel()).statistic)
        benchmark.extra_info["rank_correlation"] = agreement
        print(f"\nrank correlation of falls in score and TreeSHAP values: {agreement:.2f}")
        assert agreement > 0.7
