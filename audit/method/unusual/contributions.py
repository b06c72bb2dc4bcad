"""Why a row scores as it does: replace one feature by the peers' middle value and read the change in score and rank.

In: forests, a window's scaled rows and their scores. Out: per feature the fall in score and the rank the area would
have. Refuses nothing. A scaled feature is measured from the peers' middle value, so "in line with peers" is 0.
`make bench` sets these falls beside TreeSHAP values (Lundberg and others 2020), which need a library of 200 MB.
"""

from __future__ import annotations

from typing import Any

from audit.method.unusual.forest import Forests, held_out, score_matrix


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
