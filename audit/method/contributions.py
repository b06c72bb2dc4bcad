"""Why a row scores as it does: replace one feature by the peers' middle value and read the change in score and rank.

In: forests, a window's scaled rows and their scores. Out: per feature the fall in score and the rank the area would
have, and TreeSHAP values as a cross-check. Refuses nothing. A scaled feature is measured from the peers' middle
value, so "in line with peers" is 0. Source of TreeSHAP: Lundberg and others 2020, in path-length units, on forests
without feature sampling.
"""

from __future__ import annotations

from typing import Any

from audit.method.forest import Forest, Forests, held_out, score_matrix


def in_line(forests: Forests, rows: Any, councils: Any, scores: Any) -> tuple[Any, Any]:
    """(rows, features) fall in score and rank if the feature were in line with peers, all other areas unchanged."""
    import numpy as np

    fall = np.zeros(rows.shape)
    place = np.tile((scores[None, :] > scores[:, None]).sum(axis=1)[:, None] + 1.0, (1, rows.shape[1]))
    above, feature = np.nonzero(rows > 0)
    if not len(above):
        return fall, place
    changed = rows[above].copy()
    changed[np.arange(len(above)), feature] = 0.0
    made = held_out(forests, score_matrix(forests, changed), councils[above])
    fall[above, feature] = scores[above] - made
    others = (scores[None, :] > made[:, None]).sum(axis=1) - (scores[above] > made)
    place[above, feature] = others + 1.0
    return fall, place


def tree_shap(forests: Forests, rows: Any, trees: int) -> Any:
    """(rows, features) TreeSHAP of the first two forests, signed so that plus is more unusual.

    NaN when shap is not installed.
    """
    import numpy as np

    try:
        import shap
    except ImportError:
        return np.full(rows.shape, np.nan)
    values = []
    for model in forests.models[:2]:
        values.append(-np.asarray(shap.TreeExplainer(_as_isolation_forest(model, trees, rows)).shap_values(rows)))
    return np.mean(values, axis=0)


def _as_isolation_forest(forest: Forest, trees: int, rows: Any) -> Any:
    """The first trees of a forest in the class that shap knows."""
    import numpy as np
    from sklearn.ensemble import IsolationForest

    kept = list(forest.trees[:trees])
    made: Any = IsolationForest(n_estimators=len(kept), random_state=0).fit(rows)
    made.estimators_, made.estimators_features_ = kept, [np.arange(rows.shape[1])] * len(kept)
    return made
