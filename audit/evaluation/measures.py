"""What posteriors, intervals, bands and look-alike tests said where the truth was planted.

In: recorded cases. Out: rows of evaluation_posterior, evaluation_interval, evaluation_band, evaluation_size and
evaluation_look_alike. Refuses nothing: a share of nothing is NaN.
"""

from __future__ import annotations

import math
from typing import Any

from audit.evaluation.rankings import REVIEW, first_rows, numbers, share
from audit.method.evidence_ratio import posterior
from pipelines.declarations.table_words import BAND_WORDS, band

BINS = (0.0, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 1.0)
FIRST = f"first {REVIEW}"
THIRDS = ("smallest third", "middle third", "largest third")
Cases = list[dict[str, Any]]


def posterior_rows(cases: Cases, prior: float) -> list[dict[str, Any]]:
    """Expected against actual, in the first places of the list and in bins of the posterior, pooled over cases."""
    import numpy as np

    parts: dict[str, list[tuple[int, float, float]]] = {}
    for case in cases:
        truth, ratio = np.array(case["injured"]), numbers(case, "log_ratio")
        chance = posterior(ratio, prior)
        known = np.isfinite(chance)
        masks = {FIRST: np.isin(np.arange(len(truth)), first_rows(np.where(ratio > 0, ratio, np.nan), REVIEW))}
        masks |= {
            f"posterior {low:.2f} to {high:.2f}": known & (chance >= low) & (chance < high)
            for low, high in zip(BINS, BINS[1:], strict=False)
        }
        for name, mask in masks.items():
            counted = int(mask.sum()), float(np.nansum(chance[mask])), float(truth[mask].sum())
            parts.setdefault(name, []).append(counted)
    rows: list[dict[str, Any]] = []
    for name, counts in parts.items():
        areas, expected, actual = (sum(column) for column in zip(*counts, strict=True))
        apart = np.array([one[2] - one[1] for one in counts])
        error = float(apart.std(ddof=1) * len(apart) ** 0.5) if len(apart) > 1 else math.nan
        row = {"part": name, "areas": areas, "expected": expected, "actual": actual, "standard_error": error}
        rows.append(row | {"ratio": share(actual, expected)})
    return rows


def interval_rows(cases: Cases, *, continuous: bool) -> list[dict[str, Any]]:
    """Coverage and width for the injured and the others apart; for all together where rates are continuous.

    The planted rate is taken relative to the average council, as the estimate is.
    """
    import numpy as np

    groups: dict[str, list[tuple[Any, Any, Any]]] = {}
    for case in cases:
        rate, estimate, lower, upper = (numbers(case, name) for name in ("rate", "estimate", "lower", "upper"))
        relative = rate - np.nanmedian(rate[np.isfinite(estimate)])
        usable = np.isfinite(relative) & np.isfinite(lower)
        truth = np.array(case["injured"])
        masks = {"continuous rates": usable} if continuous else {"injured": usable & truth, "others": usable & ~truth}
        for name, mask in masks.items():
            held = (lower <= relative) & (relative <= upper)
            parts = held[mask], (upper - lower)[mask], np.abs(estimate - relative)[mask]
            groups.setdefault(name, []).append(parts)
    rows: list[dict[str, Any]] = []
    for name, counted in groups.items():
        held, width, off = (np.concatenate(column) for column in zip(*counted, strict=True))
        if len(held):
            rows.append(
                {
                    "group": name,
                    "areas": len(held),
                    "coverage": float(held.mean()),
                    "width": float(np.median(width)),
                    "error": float(np.median(off)),
                }
            )
    return rows


def band_rows(cases: Cases) -> list[dict[str, Any]]:
    """Share truly injured in each band, with its 90% interval (Wilson 1927)."""
    import numpy as np

    counts: dict[str, tuple[int, int]] = {words: (0, 0) for words in BAND_WORDS}
    for case in cases:
        truth, ratio = np.array(case["injured"]), np.exp(numbers(case, "log_ratio"))
        for hit, value in zip(truth.tolist(), ratio.tolist(), strict=True):
            if words := band(value):
                areas, injured = counts[words]
                counts[words] = areas + 1, injured + int(hit)
    rows: list[dict[str, Any]] = []
    for words, (areas, injured) in counts.items():
        lower, upper = wilson(injured, areas)
        row = {"band": words, "areas": areas, "injured": injured, "share_injured": share(injured, areas)}
        rows.append(row | {"lower": lower, "upper": upper})
    return rows


def wilson(hits: int, of: int, z: float = 1.6449) -> tuple[float, float]:
    """90% interval of a share; (NaN, NaN) of nothing. Source: Wilson 1927."""
    if not of:
        return math.nan, math.nan
    middle = (hits + z * z / 2.0) / (of + z * z)
    half = z / (of + z * z) * math.sqrt(hits * (of - hits) / of + z * z / 4.0)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def thirds(adults: Any) -> list[tuple[str, Any]]:
    """(name, mask) of the thirds of areas by adults; unknown sizes are in none."""
    import numpy as np

    low, high = np.nanquantile(adults, [1 / 3, 2 / 3])
    return list(zip(THIRDS, (adults <= low, (adults > low) & (adults <= high), adults > high), strict=True))


def size_rows(cases: Cases) -> list[dict[str, Any]]:
    """What the review list finds among areas of each third by adults, and what share of its places there are right."""
    import numpy as np

    counts = {name: [0.0, 0.0, 0.0] for name in THIRDS}
    for case in cases:
        truth, ratio = np.array(case["injured"]), numbers(case, "log_ratio")
        listed = np.isin(np.arange(len(truth)), first_rows(np.where(ratio > 0, ratio, np.nan), REVIEW))
        for name, mask in thirds(numbers(case, "adults")):
            for place, value in enumerate((mask & truth, mask & truth & listed, mask & listed)):
                counts[name][place] += float(value.sum())
    return [
        {"size": name, "injured": int(injured), "found": share(both, injured), "precision": share(both, listed)}
        for name, (injured, both, listed) in counts.items()
    ]


def look_alike_rows(cases: Cases, planted: dict[str, str]) -> list[dict[str, Any]]:
    """How much likelier each test fires where its change was planted than where nothing was. `planted` by test."""
    rows: list[dict[str, Any]] = []
    for test, kind in planted.items():
        seen = {True: [0, 0], False: [0, 0]}
        for case in cases:
            columns = case["fires"].get(test, []), case["look_alike"], case["injured"], case["error"]
            for fires, look_alike, injured, error in zip(*columns, strict=False):
                if fires is None or injured or error or look_alike not in ("", kind):
                    continue
                there = look_alike == kind
                seen[there][0] += 1
                seen[there][1] += bool(fires)
        if seen[True][0]:
            with_it, without = (share(seen[there][1], seen[there][0]) for there in (True, False))
            rows.append(
                {
                    "test": test,
                    "planted": kind,
                    "areas_planted": seen[True][0],
                    "fires_planted": with_it,
                    "areas_clean": seen[False][0],
                    "fires_clean": without,
                    "likelihood_ratio": share(with_it, without),
                }
            )
    return rows
