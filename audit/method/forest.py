"""The isolation forest: how unusual an area's features are in the direction of backfill, compared with placebo windows.

In: scaled features (clipped at zero, rows sorted by council) of placebo rows and of the rows to score. Out: scores in
which higher is more unusual, averaged over forests that never saw the row's council. Refuses missing values: they must
have been settled before. Source: Liu, Ting and Zhou 2008. The trees are scikit-learn's random trees, grown as its own
IsolationForest grows them; it spends three quarters of its time on copying estimators, which 10,000 trees cannot bear.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from audit.settings import Settings
from pipelines.errors import DefinitionError

THREADS = 2
EULER = 0.5772156649015329


@dataclass(frozen=True)
class Forest:
    """One forest: its trees, for each the path length to every leaf, and the path length that scores a half."""

    trees: tuple[Any, ...]
    lengths: tuple[Any, ...]
    usual: float


@dataclass(frozen=True)
class Forests:
    """`models[i]` was fitted on councils where `taught[i]` is True; two per seed, one for each half of the councils."""

    models: tuple[Forest, ...]
    taught: Any


def usual_path(sizes: Any) -> Any:
    """Mean path length of an unsuccessful search in a binary tree of each size (equation 1 of the paper)."""
    import numpy as np

    safe = np.maximum(np.asarray(sizes, dtype=float), 2.0)
    long = 2.0 * (np.log(np.maximum(safe - 1.0, 1.0)) + EULER) - 2.0 * (safe - 1.0) / safe
    return np.where(np.asarray(sizes) > 2, long, np.where(np.asarray(sizes) == 2, 1.0, 0.0))


def grow(rows: Any, *, trees: int, max_samples: int, seed: int) -> Forest:
    """One forest on `rows` (float32): each tree on a sample without repeats, as deep as a balanced tree would be."""
    import numpy as np
    from sklearn.tree import ExtraTreeRegressor

    random = np.random.default_rng(seed)
    size = min(max_samples, len(rows))
    depth = max(math.ceil(math.log2(max(size, 2))), 1)
    made: list[Any] = []
    lengths: list[Any] = []
    nothing_to_learn = random.random(size)
    shared = np.random.RandomState(seed)  # one source for all trees: starting one for each costs as much as the tree
    for _ in range(trees):
        tree = ExtraTreeRegressor(max_features=1, max_depth=depth, random_state=shared)
        tree.fit(rows[random.permutation(len(rows))[:size]], nothing_to_learn, check_input=False)
        made.append(tree)
        lengths.append(tree.tree_.compute_node_depths() - 1.0 + usual_path(tree.tree_.n_node_samples))
    return Forest(tuple(made), tuple(lengths), float(usual_path(size)))


def score(forest: Forest, rows: Any) -> Any:
    """Scores of float32 rows, between 0 and 1, higher is more unusual."""
    import numpy as np

    total = np.zeros(len(rows))
    for tree, lengths in zip(forest.trees, forest.lengths, strict=True):
        total += lengths[tree.tree_.apply(rows)]
    return 2.0 ** (-total / (len(forest.trees) * forest.usual)) if forest.usual else np.full(len(rows), 0.5)


def fit(rows: Any, councils: Any, count: int, settings: Settings) -> Forests:
    """`forest.repeats` seeds of `forest.trees` trees: half of them on the placebo rows of each half of the councils."""
    import numpy as np
    from sklearn import config_context

    if not np.isfinite(rows).all():
        raise DefinitionError("the forest was given missing values", do="Settle them before it.")
    single = np.ascontiguousarray(rows, dtype=np.float32)
    random = np.random.default_rng(settings.count("model.seed"))
    taught: list[Any] = []
    for _ in range(settings.count("forest.repeats")):
        half = random.permutation(count) < count // 2
        taught += [half, ~half]
    trees, size = settings.count("forest.trees") // 2, settings.count("forest.max_samples")
    # Growing a tree is mostly Python: threads would only wait for each other. The rows were checked above.
    with config_context(assume_finite=True, skip_parameter_validation=True):
        models = [
            grow(single[half[councils]], trees=trees, max_samples=size, seed=settings.count("model.seed") + number)
            for number, half in enumerate(taught)
        ]
    return Forests(models=tuple(models), taught=np.stack(taught))


def score_matrix(forests: Forests, rows: Any) -> Any:
    """(forests, rows) scores, higher is more unusual. Forests are read in threads: reading a tree needs no Python."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    single = np.ascontiguousarray(rows, dtype=np.float32)
    with ThreadPoolExecutor(THREADS) as pool:
        return np.stack(list(pool.map(lambda forest: score(forest, single), forests.models)))


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
