"""The isolation forest: how unusual an area's features are in the direction of backfill, compared with placebo windows.

In: scaled features (clipped at zero, rows sorted by council) of placebo rows and of the rows to score. Out: scores in
which higher is more unusual (the sign is flipped here and nowhere else), averaged over forests that never saw the
row's council. Refuses missing values: they must have been settled before. Source: Liu, Ting and Zhou 2008.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from audit.settings import Settings
from pipelines.errors import DefinitionError


@dataclass(frozen=True)
class Forests:
    """`models[i]` was fitted on councils where `taught[i]` is True; two per split, one for each half."""

    models: tuple[Any, ...]
    taught: Any


def fit(rows: Any, councils: Any, count: int, settings: Settings) -> Forests:
    """Fit two forests per seeded split of `count` councils in halves, each on the placebo rows of one half."""
    import numpy as np
    from sklearn import config_context
    from sklearn.ensemble import IsolationForest

    if not np.isfinite(rows).all():
        raise DefinitionError("the forest was given missing values", do="Settle them before it.")
    random = np.random.default_rng(settings.count("model.seed"))
    taught: list[Any] = []
    for _ in range(settings.count("forest.repeats")):
        half = random.permutation(count) < count // 2
        taught += [half, ~half]

    def grow(number: int, half: Any) -> Any:
        mine = rows[half[councils]]
        size: Any = min(settings.count("forest.max_samples"), len(mine))
        forest = IsolationForest(
            n_estimators=settings.count("forest.trees"),
            max_samples=size,
            random_state=settings.count("model.seed") + number,
        )
        return forest.fit(mine)

    # Growing a tree is mostly Python: threads would only wait for each other. The rows were checked above.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        models = [grow(number, half) for number, half in enumerate(taught)]
    return Forests(models=tuple(models), taught=np.stack(taught))


def score_matrix(forests: Forests, rows: Any) -> Any:
    """(forests, rows) scores, higher is more unusual."""
    import numpy as np

    return np.stack([-model.score_samples(rows) for model in forests.models])


def held_out(forests: Forests, matrix: Any, councils: Any) -> Any:
    """Mean score of each row over the forests that were not fitted on its council."""
    allowed = ~forests.taught[:, councils]
    return (matrix * allowed).sum(axis=0) / allowed.sum(axis=0)


def stability(matrix: Any, top: int) -> Any:
    """Share of the half-sampled, reseeded forests in which each row is among the `top` (ties broken by row order)."""
    import numpy as np

    place = np.argsort(np.argsort(-matrix, axis=1, kind="stable"), axis=1, kind="stable")
    return (place < top).mean(axis=0)


def ranks(scores: Any) -> Any:
    """1 for the largest; ties broken by row order; NaN scores come last and get no rank (0)."""
    import numpy as np

    order = np.argsort(-np.where(np.isfinite(scores), scores, -np.inf), kind="stable")
    made = np.empty(len(scores), dtype=int)
    made[order] = np.arange(1, len(scores) + 1)
    return np.where(np.isfinite(scores), made, 0)
