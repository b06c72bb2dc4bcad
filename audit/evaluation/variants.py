"""The method with one part taken away or done otherwise: what each part is worth.

In: an `Assessment` of a case, its windows and settings. Out: scores over areas, larger meaning more like backfill, and
how far the ranking overlaps when it is made from halves of the councils. Refuses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit.method.assessment import Assessment
from audit.method.expected_spend import huber_ridge_folds, robust_spread, size_factors, standardise
from audit.panel.window_data import WindowData
from audit.settings import Settings

REVIEW = 15
HALVES = 10


def gaps(data: WindowData, train: Any, test: Any, settings: Settings) -> Any:
    """(fits, areas) own spend below expectation, in spreads, each fit taught on `train` and applied to `test`.

    The expectation of `expected_spend`, with other councils left out than those of the area's fold.
    """
    import numpy as np

    rows, winsor = data.usable, settings.number("model.winsor")
    safe = np.where(rows[:, None], data.own_real, np.nan)
    base = safe[:, : data.base].mean(axis=1)
    prices = data.own / data.own_real
    expected = np.zeros((len(train), len(rows)))
    for at in range(data.base, len(data.years)):
        columns = [*data.predictors.values(), *(values[:, at] for values in data.yearly.values())]
        design, outcome = standardise(columns, rows, winsor), np.log(safe[:, at] / base)
        beta = huber_ridge_folds(
            design, outcome, train & (rows & np.isfinite(outcome)),
            ridge=settings.number("model.ridge"), huber=settings.number("model.huber"),
        )  # fmt: skip
        expected += base * np.exp(beta[:, :1] + beta[:, 1:] @ design.T) * prices[:, at]
    return np.where(test, np.log(expected / _spent(data)), np.nan)


def _spent(data: WindowData) -> Any:
    """Own spend over the window in cash, NaN where the area is not assessed."""
    import numpy as np

    return np.where(data.usable, data.own[:, data.base :].sum(axis=1), np.nan)


def in_sample(data: WindowData, settings: Settings) -> Any:
    """Gap from an expectation taught on the area's own figures too."""
    import numpy as np

    everyone = np.ones((1, len(data.usable)), dtype=bool)
    return _in_spreads(gaps(data, everyone, everyone, settings)[0], data)


def class_left_out(data: WindowData, classes: Any, settings: Settings) -> Any:
    """Gap from an expectation taught on the other classes of authority only."""
    import numpy as np

    test = np.stack([classes == name for name in sorted(set(classes.tolist()))])
    each = gaps(data, ~test, test, settings)
    return _in_spreads(np.where(test, each, 0.0).sum(axis=0), data)


def _in_spreads(share: Any, data: WindowData) -> Any:
    return share / (robust_spread(share) * size_factors(share, data.predictors["size"]))


def forest_on_itself(found: Assessment, data: WindowData, settings: Settings) -> Any:
    """Score of a forest fitted on the very rows it scores, not on placebo windows, and never held out."""
    import numpy as np

    from audit.method import forest

    mine = np.flatnonzero(data.usable)
    rows = found.scaled[data.name].scaled[mine]
    grown = forest.fit(rows, mine, len(data.usable), settings)
    made = np.full(len(data.usable), np.nan)
    made[mine] = forest.score_matrix(grown, rows).mean(axis=0)
    return made


def placebo_rows(found: Assessment, rows_of: Callable[[str], Any]) -> tuple[Any, Any]:
    """(rows, councils) of all placebo windows, as the forest is taught."""
    import numpy as np

    names = [item.name for item in found.windows if not item.real and item.usable.any()]
    usable = {item.name: np.flatnonzero(item.usable) for item in found.windows}
    rows = np.concatenate([rows_of(name)[usable[name]] for name in names])
    councils = np.concatenate([usable[name] for name in names])
    order = np.argsort(councils, kind="stable")
    return rows[order], councils[order]


def _held_out(found: Assessment, data: WindowData, rows_of: Callable[[str], Any], settings: Settings) -> Any:
    import numpy as np

    from audit.method import forest

    rows, councils = placebo_rows(found, rows_of)
    grown = forest.fit(rows, councils, len(data.usable), settings)
    mine = np.flatnonzero(data.usable)
    made = np.full(len(data.usable), np.nan)
    made[mine] = forest.held_out(grown, forest.score_matrix(grown, rows_of(data.name)[mine]), mine)
    return made


def more_trees(found: Assessment, data: WindowData, settings: Settings) -> Any:
    """Score of the forest with as many trees as `settings` say, for an assessment that used fewer."""
    return _held_out(found, data, lambda name: found.scaled[name].scaled, settings)


def two_sided(found: Assessment, data: WindowData, settings: Settings) -> Any:
    """Score of a forest that sees the features without their signs: the ablation of the one-sided rule."""
    import numpy as np

    def rows_of(name: str) -> Any:
        scaled = found.scaled[name]
        middle = np.where(np.isfinite(scaled.peer_middle), scaled.peer_middle, 0.0)
        difference = np.nan_to_num(scaled.values - middle)
        spread = np.nanmedian(np.abs(difference), axis=0) * 1.4826
        return np.clip(difference / np.where(spread > 0, spread, 1.0), -6.0, 6.0)

    return _held_out(found, data, rows_of, settings)


def half_samples(found: Assessment, data: WindowData, settings: Settings) -> dict[str, float | None]:
    """Mean overlap (Jaccard), over pairs of half samples, of the areas the B rule's q-value picks and of the top 15.

    In each sample the forest and the expectation are taught on a half of the councils; the placebo rows that turn
    statistics into p-values stay.
    """
    import numpy as np

    from audit.method.error_control import benjamini_hochberg, cauchy_combination, conformal_p_values

    placebo = [item.name for item in found.windows if not item.real]
    gap_rows = np.concatenate([found.displaced[name].standardised_gap for name in placebo])
    random, areas = np.random.default_rng(settings.count("model.seed")), len(data.usable)
    halves = [random.permutation(areas) < areas // 2 for _ in range(HALVES)]
    taught = np.stack([side for half in halves for side in (half, ~half)])
    share = gaps(data, taught, np.ones(taught.shape, dtype=bool), settings)
    moved, spend = found.displaced[data.name], found.spends[data.name]
    unit = spend.gap_share / moved.standardised_gap
    scores = {name: found.scores[name].each for name in (*placebo, data.name) if name in found.scores}
    picked: list[Any] = []
    top: list[Any] = []
    for number in range(len(taught)):
        gap = conformal_p_values(share[number] / unit, gap_rows)
        if data.name in scores:
            forest = number % scores[data.name].shape[1]
            seen = np.concatenate([scores[name][:, forest] for name in placebo if name in scores])
            both = cauchy_combination(gap, conformal_p_values(scores[data.name][:, forest], seen))
        else:
            both = gap
        picked.append(benjamini_hochberg(both) <= settings.number("grades.b_q"))
        order = np.argsort(np.where(np.isfinite(both), both, np.inf), kind="stable")
        top.append(np.isin(np.arange(areas), order[:REVIEW]))
    return {"b_rule": _overlap(picked), "top_15": _overlap(top)}


def _overlap(sets: list[Any]) -> float | None:
    """Mean Jaccard over pairs in which anybody was picked; None when nobody ever was."""
    import numpy as np

    pairs = [
        float((one & other).sum()) / float((one | other).sum())
        for place, one in enumerate(sets)
        for other in sets[:place]
        if (one | other).any()
    ]
    return float(np.mean(pairs)) if pairs else None
