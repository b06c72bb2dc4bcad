"""The oracle: how well anyone could do who knew the planted signal of each council and the noise of the generator.

In: recorded signals by authority, clean and injured. Out: a log likelihood ratio per authority and case. It sees what
no auditor can (the amount and route that would have been planted in each council), so it is the limit to approach.
Source: Neyman and Pearson 1933. The noise's shape is estimated along the signal's direction from the clean twins.
"""

from __future__ import annotations

from typing import Any

CLIP = 4.0


def _array(rows: list[list[Any]]) -> Any:
    import numpy as np

    return np.array([[np.nan if value is None else value for value in row] for row in rows], dtype=float)


def oracle_scores(cases: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """(scores, truths) by case. A council that was left alone is scored with the middle injured council's signal."""
    import numpy as np
    from scipy.stats import gaussian_kde

    clean, made, truths = [], [], []
    for case in cases:
        record = case["oracle"]
        kind = np.array(record["kind"])
        before, after = _array(record["clean"]), _array(record["made"])
        for name in sorted(set(record["kind"])):
            mine = kind == name
            middle = np.nanmedian(before[mine], axis=0)
            before[mine] -= middle
            after[mine] -= middle
        clean.append(before)
        made.append(after)
        truths.append(np.array(record["injured"]))
    spread = 1.4826 * np.nanmedian(np.abs(np.concatenate(clean)), axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    clean = [np.clip(rows / spread, -CLIP, CLIP) for rows in clean]
    made = [np.clip(rows / spread, -CLIP, CLIP) for rows in made]
    shifts = np.concatenate([(new - old)[truth] for old, new, truth in zip(clean, made, truths, strict=True)])
    shift = np.nanmedian(shifts, axis=0)
    pooled = np.concatenate(clean)
    pooled = pooled[np.isfinite(pooled).all(axis=1)]
    inverse = np.linalg.inv(np.cov(pooled.T) + 1e-3 * np.eye(pooled.shape[1]))
    scores: list[Any] = []
    for old, new, truth in zip(clean, made, truths, strict=True):
        mine = np.where(truth[:, None], new - old, shift)
        direction = mine @ inverse
        size = np.sqrt(np.maximum((direction * mine).sum(axis=1), 1e-9))
        seen = (direction * np.nan_to_num(new)).sum(axis=1) / size
        main = shift @ inverse / max(float(np.sqrt(shift @ inverse @ shift)), 1e-9)
        noise = gaussian_kde(pooled @ main)
        ratio = np.log(np.maximum(noise(seen - size), 1e-9)) - np.log(np.maximum(noise(seen), 1e-9))
        scores.append(np.where(np.isfinite(new).all(axis=1), ratio, np.nan))
    return scores, truths
