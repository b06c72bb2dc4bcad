"""Planted papers: what councils would write down whose planned displacement is known, and how wrong they write it.

In: the areas of a window with their own spend and steps of NHS money, lots drawn once, and a kind of papers. Out:
pounds planned without the transfer and with it, ready to be read. Refuses nothing. All kinds share the same lots, so
that they differ by what they are and not by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from audit.enquiry.planned import AFTERWARDS
from audit.evaluation.plans import CENTRE
from audit.method.money_steps import money_level
from audit.panel.panel import Panel
from audit.panel.transfers import best_basis
from audit.panel.window_data import WindowData
from pipelines.declarations.table_words import BETTER_CARE_FUND, SECTION_256

UNBIASED, BIASED, BIASED_WHERE = "unbiased", "biased", "biased where replaced"
WRITTEN_AFTERWARDS, WHOLE = "written afterwards", "unbiased, whole transfer"
ONE_YEAR, OWN, COMMON = "one year", "each year its own", "one through all years"
ERRORS = (0.01, 0.02, 0.04, 0.08)
BIAS = 0.03
"""Share of own spend a year by which biased papers tell too little displacement."""
YEARS = {SECTION_256: (1, 2, 3), BETTER_CARE_FUND: (1, 2, 3, 5)}
"""How many years of the window, from its first, the papers cover; all of them last."""


@dataclass(frozen=True)
class Told:
    """Of the areas that can be judged: (areas, years) own spend, rise of NHS money above the base, and all of it, cash
    pounds.
    """

    own: Any
    money: Any
    whole: Any


@dataclass(frozen=True)
class Lots:
    """(draws, areas): whether own money was replaced, a rate of its own; (…, years) and (…, 1) standard errors."""

    replaced: Any
    rate: Any
    each: Any
    common: Any


@dataclass(frozen=True)
class Papers:
    """A kind of papers: their bias, how their errors go together, how large they are, how large a run takes them to
    be, and how many years they cover.
    """

    kind: str
    errors: str
    error: float
    setting: float
    years: int


def told(panel: Panel, data: WindowData) -> Told:
    """The areas of a window as papers would tell of them."""
    import numpy as np

    level = money_level(data, data.transfer.gbp) * data.prices[None, :]
    money = (level * np.nanmean(data.own_real[:, : data.base], axis=1)[:, None])[:, data.base :]
    own, whole = data.own[:, data.base :], best_basis(panel, data.years).gbp[:, data.base :]
    known = data.usable & np.isfinite(own + money + whole).all(axis=1)
    return Told(own[known], money[known], whole[known])


def lots(areas: int, years: int, *, draws: int, seed: int) -> Lots:
    """What chance decides, once for all kinds: one council in ten replaced its own money, the same number each draw."""
    import numpy as np

    random = np.random.default_rng(seed)
    order = np.argsort(random.random((draws, areas)), axis=1)
    return Lots(
        replaced=order < round(CENTRE.prevalence * areas),
        rate=random.random((draws, areas)),
        each=random.standard_normal((draws, areas, years)),
        common=random.standard_normal((draws, areas, 1)),
    )


def kinds(window: str, setting: float) -> Iterator[Papers]:
    """All kinds of papers of a window: read with the setting of a run first, then with their true error."""
    several = YEARS[window]

    def of(kind: str, error: float, read: float, years: tuple[int, ...]) -> Iterator[Papers]:
        for count in years:
            for errors in (OWN, COMMON) if count > 1 else (ONE_YEAR,):
                yield Papers(kind, errors, error, read, count)

    for error in ERRORS:
        yield from of(UNBIASED, error, setting, several)
    if window == BETTER_CARE_FUND:  # in the section 256 window there was no such money before
        yield from of(WHOLE, setting, setting, (1, several[-1]))
    for kind in (BIASED, BIASED_WHERE):
        yield from of(kind, setting, setting, (1, several[-1]))
    yield from of(WRITTEN_AFTERWARDS, AFTERWARDS * setting, AFTERWARDS * setting, (1, several[-1]))
    for error in ERRORS:
        if error != setting:
            yield from of(UNBIASED, error, error, several[-1:])


def planted_rate(drawn: Lots) -> Any:
    """(draws, areas) planned displacement: 1 where own money was replaced, the background elsewhere."""
    import numpy as np

    return np.where(drawn.replaced, CENTRE.size, CENTRE.background)


def written(areas: Told, papers: Papers, drawn: Lots, rate: Any) -> tuple[Any, Any, Any, Any]:
    """(without, with, transfer, error as a run takes it), each (draws, areas, years), pounds.

    The true error is a share of own spend; a run knows what is told alone, and takes it as a share of that.
    """
    import numpy as np

    money = areas.whole if papers.kind == WHOLE else areas.money
    own, money = areas.own[:, : papers.years], money[:, : papers.years]
    off = papers.error * (drawn.common if papers.errors == COMMON else drawn.each[:, :, : papers.years])
    if papers.kind == BIASED:
        off = off - BIAS
    elif papers.kind == BIASED_WHERE:
        off = off - BIAS * drawn.replaced[:, :, None]
    apart = rate[:, :, None] * money + off * own
    without = own + apart
    return without, np.broadcast_to(own, apart.shape), np.broadcast_to(money, apart.shape), papers.setting * without
