"""Our clustered and wild-bootstrap errors beside statsmodels: the same numbers, and what they cost.

The national estimate uses errors of our own, because importing statsmodels takes longer than all of them. Here they are
checked against it: the clustered error to nine figures, and the wild cluster bootstrap against one written with
statsmodels' fits, draw by draw.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audit.method.national import regression

LEVEL, SEED = 0.90, 20111


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """150 councils in three years, one regressor, class controls; errors differ in size and are alike in a council."""
    random = np.random.default_rng(5)
    clusters = np.repeat(np.arange(150), 3)
    dose = np.repeat(random.normal(5.0, 2.0, 150), 3) + random.normal(size=450)
    shared = np.repeat(random.normal(size=150) * random.uniform(0.5, 2.0, 150), 3)
    controls = np.column_stack([np.ones(450), np.repeat(random.integers(2, size=150), 3)])
    return {
        "outcome": -0.3 * dose + shared + random.normal(size=450),
        "design": np.column_stack([dose, controls]),
        "clusters": clusters,
    }


@pytest.fixture(scope="module")
def statsmodels() -> Any:
    return pytest.importorskip("statsmodels.api", reason="statsmodels is not installed")


def theirs(statsmodels: Any, outcome: Any, made: dict[str, Any]) -> Any:
    return statsmodels.OLS(outcome, made["design"]).fit(cov_type="cluster", cov_kwds={"groups": made["clusters"]})


def wild_by_statsmodels(statsmodels: Any, made: dict[str, Any], draws: int) -> Any:
    """|t| of each draw: residuals with signs by cluster, refitted, errors clustered without small-sample factors."""
    left = statsmodels.OLS(made["outcome"], made["design"]).fit().resid
    signs = np.random.default_rng(SEED).choice([-1.0, 1.0], size=(regression.DRAWS, 150))[:draws]
    found: list[float] = []
    for drawn in signs:
        groups = {"groups": made["clusters"], "use_correction": False}
        fit = statsmodels.OLS(drawn[made["clusters"]] * left, made["design"]).fit(cov_type="cluster", cov_kwds=groups)
        found.append(abs(float(fit.tvalues[0])))
    return np.array(found)


@pytest.mark.benchmark(group="clustered error of one slope, 450 rows in 150 clusters")
class BenchClustered:
    def test_ours(self, made: dict[str, Any], statsmodels: Any, benchmark: Any) -> None:
        found, error, _, _ = benchmark(regression._fit, made["outcome"], made["design"], made["clusters"])
        reference = theirs(statsmodels, made["outcome"], made)
        assert found == pytest.approx(reference.params[0], rel=1e-9)
        assert error == pytest.approx(reference.bse[0], rel=1e-9)

    def test_peer_statsmodels(self, made: dict[str, Any], statsmodels: Any, benchmark: Any) -> None:
        benchmark(theirs, statsmodels, made["outcome"], made)


@pytest.mark.benchmark(group="wild cluster bootstrap, 399 draws")
class BenchWild:
    def test_ours(self, made: dict[str, Any], statsmodels: Any, benchmark: Any) -> None:
        _, _, left, reader = regression._fit(made["outcome"], made["design"], made["clusters"])

        def ours() -> float:
            return regression._wild(made["design"], left, reader, made["clusters"], level=LEVEL, seed=SEED)

        found = benchmark(ours)
        reference = np.quantile(wild_by_statsmodels(statsmodels, made, regression.DRAWS), LEVEL)
        assert found == pytest.approx(reference, rel=1e-9)

    def test_peer_statsmodels(self, made: dict[str, Any], statsmodels: Any, benchmark: Any) -> None:
        benchmark.pedantic(lambda: wild_by_statsmodels(statsmodels, made, regression.DRAWS), rounds=2)
