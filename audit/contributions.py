"""Why a row scores as it does: replace one feature by the peers' middle value and read the change in score and rank.

In: forests, a window's scaled rows and their scores. Out: per feature the fall in score and the rank the area would
have, and TreeSHAP values as a cross-check. Refuses nothing. A scaled feature is measured from the peers' middle
value, so "in line with peers" is 0. Source of TreeSHAP: Lundberg and others 2020, in path-length units, on forests
without feature sampling.
"""

from __future__ import annotations

from typing import Any

from audit.forest import Forests, held_out, score_matrix


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
        model = _first_trees(model, trees)
        values.append(-np.asarray(shap.TreeExplainer(model).shap_values(rows)))
    return np.mean(values, axis=0)


def _first_trees(model: Any, trees: int) -> Any:
    import copy

    small = copy.copy(model)
    small.estimators_ = model.estimators_[:trees]
    small.estimators_features_ = model.estimators_features_[:trees]
    small.n_estimators = len(small.estimators_)
    return small
