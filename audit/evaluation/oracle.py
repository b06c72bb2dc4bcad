"""The oracle: how well anyone could do who knew the planted signal of each council and the noise of the generator.

In: recorded signals by authority, clean and injured, and what an injury would do to each. Out: a log likelihood ratio
per authority and case. It sees what no auditor can (the amount and route that would have been planted in each council),
so it is the limit to approach. Source: Neyman and Pearson 1933. The noise along the signal's direction is a Student
distribution fitted to the clean twins.
"""

from __future__ import annotations

from typing import Any

CLIP = 4.0


def _array(rows: list[list[Any]]) -> Any:
    import numpy as np

    return np.array([[np.nan if value is None else value for value in row] for row in rows], dtype=float)


def _student(values: Any) -> tuple[float, float, float]:
    """Degrees of freedom, middle and scale of a Student distribution with the same mean, variance and kurtosis.

    A smooth shape is wanted: one that followed each council would know that council's own noise.
    """
    import numpy as np
    from scipy.stats import kurtosis

    excess = float(kurtosis(values))
    degrees = float(np.clip(4.0 + 6.0 / max(excess, 1e-9), 2.5, 30.0))
    return degrees, float(np.mean(values)), float(np.std(values)) * float(np.sqrt((degrees - 2.0) / degrees))


def oracle_scores(cases: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """(scores, truths) by case. Every council is scored with the signal it would have had, injured or not."""
    import numpy as np
    from scipy.stats import t as student

    clean, made, shifts, truths = [], [], [], []
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
        shifts.append(_array(record["shift"]))
        truths.append(np.array(record["injured"]))
    spread = 1.4826 * np.nanmedian(np.abs(np.concatenate(clean)), axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    pooled = np.clip(np.concatenate(clean) / spread, -CLIP, CLIP)
    pooled = pooled[np.isfinite(pooled).all(axis=1)]
    inverse = np.linalg.inv(np.cov(pooled.T) + 1e-3 * np.eye(pooled.shape[1]))
    usual = np.nanmedian(np.concatenate(shifts) / spread, axis=0)
    main = usual @ inverse / max(float(np.sqrt(usual @ inverse @ usual)), 1e-9)
    degrees, middle, unit = _student(pooled @ main)
    scores: list[Any] = []
    for rows, shift in zip(made, shifts, strict=True):
        known = np.isfinite(rows).all(axis=1) & np.isfinite(shift).all(axis=1)
        new = np.where(known[:, None], np.clip(rows / spread, -CLIP, CLIP), 0.0)
        mine = np.where(known[:, None], shift / spread, usual)
        direction = mine @ inverse
        size = np.sqrt(np.maximum((direction * mine).sum(axis=1), 1e-9))
        seen = (direction * new).sum(axis=1) / size
        with_it, without = (student.logpdf(value, degrees, middle, unit) for value in (seen - size, seen))
        scores.append(np.where(known, with_it - without, np.nan))
    return scores, truths
