"""The isolation forest: how unusual an area's features are in the direction of backfill, compared with placebo windows.

In: scaled features (clipped at zero, rows sorted by council) of placebo rows and of the rows to score. Out: scores in
which higher is more unusual, averaged over forests that never saw the row's council. Refuses missing values: they must
have been settled before. The forests are scikit-learn's `IsolationForest`, after Liu, Ting and Zhou 2008; its sign is
turned here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.settings import Settings
from pipelines.errors import DefinitionError


@dataclass(frozen=True)
class Forests:
    """`models[i]` was fitted on councils where `taught[i]` is True; two per seed, one for each half of the councils."""

    models: tuple[Any, ...]
    taught: Any


def grow(rows: Any, *, trees: int, max_samples: int, seed: int) -> Any:
    """One scikit-learn `IsolationForest` on `rows`, each of its trees on a sample without repeats."""
    from sklearn.ensemble import IsolationForest

    least: Any = min(max_samples, len(rows))
    return IsolationForest(n_estimators=trees, max_samples=least, random_state=seed).fit(rows)


def score(forest: Any, rows: Any) -> Any:
    """Scores of rows, between 0 and 1, higher is more unusual."""
    return -forest.score_samples(rows)


def fit(rows: Any, councils: Any, count: int, settings: Settings) -> Forests:
    """`forest.repeats` seeds of `forest.trees` trees: half of them on the placebo rows of each half of the councils."""
    import numpy as np
    from sklearn import config_context

    if not np.isfinite(rows).all():
        raise DefinitionError("the forest was given missing values", do="Settle them before it.")
    random = np.random.default_rng(settings.count("model.seed"))
    taught: list[Any] = []
    for _ in range(settings.count("forest.repeats")):
        half = random.permutation(count) < count // 2
        taught += [half, ~half]
    trees, size = settings.count("forest.trees") // 2, settings.count("forest.max_samples")
    # Growing a tree is mostly Python: threads would only wait for each other. The rows were checked above.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        models = [
            grow(rows[half[councils]], trees=trees, max_samples=size, seed=settings.count("model.seed") + number)
            for number, half in enumerate(taught)
        ]
    return Forests(models=tuple(models), taught=np.stack(taught))


def score_matrix(forests: Forests, rows: Any) -> Any:
    """(forests, rows) scores, higher is more unusual."""
    import numpy as np

    return np.stack([score(model, rows) for model in forests.models])


def held_out(forests: Forests, matrix: Any, councils: Any) -> Any:
    """Mean score of each row over the forests that were not fitted on its council."""
    allowed = ~forests.taught[:, councils]
    return (matrix * allowed).sum(axis=0) / allowed.sum(axis=0)


def ranks(scores: Any) -> Any:
    """1 for the largest; ties broken by row order; NaN scores come last and get no rank (0)."""
    import numpy as np

    order = np.argsort(-np.where(np.isfinite(scores), scores, -np.inf), kind="stable")
    made = np.empty(len(scores), dtype=int)
    made[order] = np.arange(1, len(scores) + 1)
    return np.where(np.isfinite(scores), made, 0)
