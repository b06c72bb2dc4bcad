"""The best we know: how well one could rank who knew what an injury would do to each council, and the ground's noise.

In: recorded traces by authority, clean and injured, and what an injury would do to each. Out: a log likelihood ratio
per authority and case. It sees what no auditor can (amount and route, council by council) and the traces outside own
spend, so a shipped list should not beat it; where one does, it was not the best we know. Source: Neyman and Pearson
1933, with the multivariate Student density that the method uses.
"""

from __future__ import annotations

from typing import Any

from audit.method.comparable.huber_ridge import huber_ridge, robust_spread
from audit.method.evidence_ratio import DEGREES
from audit.method.noise import MIXED_IN, size_factors

CLIP = 4.0
RIDGE, HUBER = 1.0, 1.345
ORACLE = "best we know"


def _array(rows: list[list[Any]]) -> Any:
    import numpy as np

    return np.array([[np.nan if value is None else value for value in row] for row in rows], dtype=float)


def _usual(rows: Any, about: Any) -> Any:
    """(traces) to coefficients of what class, size and deprivation lead one to expect of each trace."""
    import numpy as np

    known = np.isfinite(about).all(axis=1)
    fits = []
    for column in rows.T:
        fine = known & np.isfinite(column)
        fits.append(huber_ridge(about[fine], column[fine], ridge=RIDGE, huber=HUBER))
    return np.stack(fits)


def _about(record: dict[str, Any]) -> Any:
    """(authorities, 5): class, size and deprivation, in spreads."""
    import numpy as np

    kind = np.array(record["kind"])
    size, deprivation = (_array([record[name]])[0] for name in ("size", "deprivation"))
    classes = [(kind == name).astype(float) for name in ("county", "london", "metropolitan")]
    spread = [(values - np.nanmedian(values)) / robust_spread(values) for values in (size, deprivation)]
    return np.stack([*classes, *spread], axis=1)


def oracle_scores(cases: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """(scores, truths) by case. Every council is scored with the signal it would have had, injured or not."""
    import numpy as np

    records = [case["oracle"] for case in cases]
    abouts = [_about(record) for record in records]
    clean, made, shifts = ([_array(record[name]) for record in records] for name in ("clean", "made", "shift"))
    usual = _usual(np.concatenate(clean), np.concatenate(abouts))
    clean, made = (
        [rows - (usual[:, 0] + np.nan_to_num(about) @ usual[:, 1:].T) for rows, about in zip(side, abouts, strict=True)]
        for side in (clean, made)
    )
    pooled, sizes = np.concatenate(clean), np.concatenate([_array([record["size"]])[0] for record in records])
    spread = np.array([robust_spread(column) for column in pooled.T])
    spread = np.where(spread > 0, spread, 1.0)
    factor = size_factors(pooled, spread, sizes)
    standard = np.clip(pooled / (factor[:, None] * spread), -CLIP, CLIP)
    standard = standard[np.isfinite(standard).all(axis=1)]
    inverse = np.linalg.inv((1.0 - MIXED_IN) * np.corrcoef(standard.T) + MIXED_IN * np.eye(len(spread)))
    scores: list[Any] = []
    ends: list[int] = np.cumsum([len(rows) for rows in made]).tolist()
    for rows, shift, end in zip(made, shifts, ends, strict=True):
        known = np.isfinite(rows).all(axis=1) & np.isfinite(shift).all(axis=1)
        unit = factor[end - len(rows) : end, None] * spread
        lengths = [np.einsum("ai,ij,aj->a", values / unit, inverse, values / unit) for values in (rows, rows - shift)]
        ratio = (DEGREES + len(spread)) / 2.0 * (np.log1p(lengths[0] / DEGREES) - np.log1p(lengths[1] / DEGREES))
        scores.append(np.where(known, ratio, np.nan))
    return scores, [np.array(record["injured"]) for record in records]
