"""The evidence by example, as data: paths of three yearly changes, posteriors, bands and lists, each worked by hand.

In: nothing. Out: `PATHS` (one row a path), `RULES` (one row a rule of the evidence) and their part of
docs/method-by-example.md. Noise is one and independent here, so a change is counted in spreads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

NAN = float("nan")
ONSET_NAMES = ("at once", "over three years", "a year late", "a year ahead")
MONEY = (0.0, 2.0, 0.0)
"""Steps of NHS money (`M`): one step, in the second of three changes, of two spreads of the noise."""


@dataclass(frozen=True)
class Path:
    """What a council did, its three unexplained changes in spreads, the ratio by hand and the onset that fits best."""

    what: str
    y: tuple[float, float, float]
    by_hand: str
    ratio: float
    onset: str


PATHS = (
    Path("own spend fell as the money came and stayed down", (0.0, -2.0, 0.0),
         "(1.8 / 1.072)^4: Q falls from 4 to 0.36", 7.949, "at once"),
    Path("the same fall, made good a year later", (0.0, -2.0, 2.0),
         "(2.6 / 1.872)^4: Q falls from 8 to 4.36", 3.721, "at once"),
    Path("a booking jump up and back", (2.0, -2.0, 0.0),
         "(2.6 / 1.872)^4: the jump counts against it as much as the fall that came back", 3.721, "at once"),
    Path("the same fall a year before the money", (-2.0, 0.0, 0.0),
         "(1.8 / 2.192)^4: Q rises from 4 to 5.96", 0.455, "a year ahead"),
    Path("the same fall a year after the money", (0.0, 0.0, -2.0),
         "(1.8 / 2.192)^4", 0.455, "a year late"),
    Path("nothing unusual", (0.0, 0.0, 0.0),
         "(1 / 1.392)^4: full replacement would have shown", 0.266, "over three years"),
    Path("own spend rose as the money came", (0.0, 2.0, 0.0),
         "(1.8 / 3.312)^4: Q rises from 4 to 11.56", 0.087, "a year late"),
    Path("a fall far beyond all the money", (0.0, -20.0, 0.0),
         "(81 / 70.192)^4: so large a fall is unlike either", 1.773, "at once"),
)  # fmt: skip


def path_evidence_of(y: tuple[float, ...], money: tuple[float, ...] = MONEY) -> dict[str, float]:
    """Evidence ratio by onset of one made path; the last two changes end in the window's two years."""
    from audit.method.evidence_ratio import log_evidence_ratio
    from audit.method.money_steps import with_onset

    level = np.concatenate([[0.0], np.cumsum(money)])[None, :]
    found: dict[str, float] = {}
    for onset in ONSET_NAMES:
        steps = np.diff(with_onset(level, 2, onset), axis=1)
        log_ratio = log_evidence_ratio(np.array([y]), steps, np.eye(len(y))[None], np.array([len(y)]))
        found[onset] = float(np.exp(log_ratio)[0])
    return found


def _posterior(prior: float, ratio: float) -> float:
    from audit.method.evidence_ratio import posterior

    return round(float(posterior(math.log(ratio), prior)), 4)


def _band(ratio: float) -> str:
    from pipelines.declarations.table_words import band

    return band(ratio)


def _rate() -> str:
    """Rate and error of an area with two changes: spreads 1 and 2, steps 1 and 2, changes -1 and -1."""
    from audit.method.replacement_rate import least_squares

    precision = np.linalg.inv(np.diag([1.0, 4.0]))[None]
    rate, error = least_squares(np.array([[-1.0, -1.0]]), np.array([[1.0, 2.0]]), precision)
    return f"{rate[0]:.3f}, {error[0]:.3f}"


def money_window(prices: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)) -> Any:
    """Two base years and three of a window, base own spend 100, national amounts 2, 2, 8, 8, 14."""
    return SimpleNamespace(
        base=2, national_money=np.array([2.0, 2.0, 8.0, 8.0, 14.0]), prices=np.array(prices),
        usable=np.array([True]), own_real=np.full((1, 5), 100.0),
    )  # fmt: skip


def money_of(onset: str, prices: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0)) -> tuple[str, str]:
    """`C` and `M` in per cent of an area whose money rose by 12 over the window."""
    from audit.method.money_steps import money_level, money_steps, with_onset

    level = with_onset(money_level(money_window(prices), np.array([12.0])), 2, onset)
    steps = money_steps(level, np.ones((1, 4), dtype=int))
    return tuple(", ".join(f"{100.0 * value:g}" for value in row[0].round(10)) for row in (level, steps))  # type: ignore[return-value]


def _review(*ratios: float, places: int) -> str:
    from audit.method.lists import review_places

    return ", ".join(map(str, review_places(np.log(np.array(ratios)), places).tolist()))


def _expected(prior: float) -> float:
    from audit.method.lists import expected_on_list

    ratios = np.log(np.array([9.0, 9.0, 3.0, 0.5]))
    return round(expected_on_list(ratios, np.array([True, True, True, False]), prior), 4)


def _kept() -> float:
    from audit.method.lists import kept_share

    found = kept_share(
        np.array([1, 0]), {name: np.array([stays, 1]) for name, stays in zip("abcd", (2, 0, 1, 1), strict=True)}
    )
    return float(found[0])


RULES: tuple[tuple[str, str, float | str, str, Any], ...] = (
    ("NHS money is a rise above the base rate, laid over the years as the national amounts were",
     "12 above the base over three years, national amounts 2, 2, 8, 8, 14, base own spend 100; per cent: C",
     "0, 0, 3, 3, 6", "12 x 6 / 24 = 3, 12 x 12 / 24 = 6; nought in the base", lambda: money_of("at once")[0]),
    ("What full replacement takes from a yearly change is the step of the money", "the same: M", "0, 3, 0, 3",
     "differences of C", lambda: money_of("at once")[1]),
    ("Money is in constant prices", "the same, prices doubled in the last year: C", "0, 0, 3, 3, 3", "6 / 2",
     lambda: money_of("at once", (1.0, 1.0, 1.0, 1.0, 2.0))[0]),
    ("Felt over three years", "the same: C", "0, 0, 1, 2, 6", "a third of 3, two thirds of 3, all of 6",
     lambda: money_of("over three years")[0]),
    ("Felt a year late", "the same: C", "0, 0, 0, 3, 6", "nothing in the first year",
     lambda: money_of("a year late")[0]),
    ("Felt a year ahead", "the same: C", "0, 1.5, 3, 3, 6", "half of the first amount in the last base year",
     lambda: money_of("a year ahead")[0]),
    ("The replacement rate weighs each change by how much noise it has, and carries an error",
     "spreads 1 and 2; steps of money 1 and 2; unexplained changes -1 and -1", "0.750, 0.707",
     "(1 + 2/4) / (1 + 4/4) = 0.75, error 1 / root of 2", _rate),
    ("A posterior is prior odds times the evidence ratio", "one in ten, ratio 9", 0.5, "1/9 x 9 = 1 to 1",
     lambda: _posterior(0.10, 9.0)),
    ("A ratio of one leaves the prior as it is", "30 in 100, ratio 1", 0.3, "3/7 x 1",
     lambda: _posterior(0.30, 1.0)),
    ("The rarer it is, the more it takes", "5 in 100, ratio 19", 0.5, "1/19 x 19",
     lambda: _posterior(0.05, 19.0)),
    ("A ratio above 10", "10.1", "points strongly towards replacement", "above 10", lambda: _band(10.1)),
    ("A ratio of 10 is not above 10", "10", "points towards replacement", "above 3, to 10", lambda: _band(10.0)),
    ("A ratio of 3 is not above 3", "3", "leans towards replacement", "above 1.5, to 3", lambda: _band(3.0)),
    ("A ratio about one", "1", "says nothing either way", "above two thirds, to 1.5", lambda: _band(1.0)),
    ("A ratio of two thirds", "2/3", "leans against replacement", "above one third, to two thirds",
     lambda: _band(2.0 / 3.0)),
    ("A ratio of a third", "1/3", "points against replacement", "to one third", lambda: _band(1.0 / 3.0)),
    ("A ratio that is not known has no words", "none", "", "not assessed", lambda: _band(NAN)),
    ("The review list has the highest ratios above 1, ties by code",
     "ratios 2, 4, 1, 0.5, 4 and none in the order of codes; three places", "3, 1, 0, 0, 2, 0",
     "the first 4 stands before the second; 1 is not above 1",
     lambda: _review(2.0, 4.0, 1.0, 0.5, 4.0, NAN, places=3)),
    ("The review list has no more than its places", "ratios 2, 4, 3; two places", "0, 1, 2", "2 is the third",
     lambda: _review(2.0, 4.0, 3.0, places=2)),
    ("Nobody above 1, nobody on the list", "ratios 1, 0.9; fifteen places", "0, 0", "the list may be empty",
     lambda: _review(1.0, 0.9, places=15)),
    ("A list is worth the sum of its posteriors", "ratios 9, 9 and 3 on the list, one in ten", 1.25,
     "0.5 + 0.5 + 0.25", lambda: _expected(0.10)),
    ("How often a name stays", "on the list in three of four variants", 0.75, "3 / 4", _kept),
)  # fmt: skip

INTRODUCTION = f"""
## Paths

Three yearly changes of own spend, in spreads of the noise, less what was to be expected; the last two end in years of
the window. NHS money steps up once, in the second change, by two spreads: {", ".join(f"{value:g}" for value in MONEY)}.
With Q the sum of squares, the evidence ratio is ((1 + Q(y) / 5) / (1 + Q(y + 0.7 M) / 5)) ^ ((5 + 3) / 2).

| what the council did | unexplained changes | evidence ratio | by hand | in words | onset that fits best |
|---|---|---|---|---|---|"""


def lines() -> list[str]:
    """The part of the page."""
    return [
        INTRODUCTION,
        *(
            f"| {item.what} | {', '.join(f'{value:g}' for value in item.y)} | {item.ratio:.3f} | {item.by_hand} | "
            f"{_band(item.ratio)} | {item.onset} |"
            for item in PATHS
        ),
    ]
