"""How small a difference from the average council the figures could have shown.

In: rows of table `flag`. Out: rates, counts and a table. The smallest amount of a result is half its 90% interval: a
council that departed from the average council by less lies within the interval whatever it did. A rate above 1 is more
than all the NHS money of the area and window.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from reports.words.frame import window_words
from reports.words.narrative import decimal, is_missing, whole
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable

ALL_THE_MONEY = 1.0
Rates = Mapping[str, Sequence[float]]


def smallest_rate(flag: Row) -> float | None:
    """The smallest departure that could have been told from the average council, pounds per pound of NHS money."""
    lower, upper = flag["replacement_lower"], flag["replacement_upper"]
    return None if is_missing(lower) or is_missing(upper) else (float(upper) - float(lower)) / 2.0


def smallest_rates(flags: Sequence[Row]) -> dict[str, list[float]]:
    """The rates of the results that have an interval, by window."""
    rates: dict[str, list[float]] = {}
    for flag in flags:
        rate = smallest_rate(flag)
        if rate is not None:
            rates.setdefault(str(flag["window"]), []).append(rate)
    return dict(sorted(rates.items()))


def beyond(rates: Sequence[float]) -> int:
    """In how many results the smallest amount is more than all the NHS money."""
    return sum(rate > ALL_THE_MONEY for rate in rates)


def smallest_table(rates: Rates) -> DataTable | None:
    """By window and together; None where no result has an interval."""
    if not rates:
        return None
    columns = {**{window_words(window): own for window, own in rates.items()}}
    if len(columns) > 1:
        columns["Together"] = [rate for own in rates.values() for rate in own]
    lines: tuple[tuple[str, Callable[[Sequence[float]], str]], ...] = (
        ("Results with an interval", lambda own: whole(len(own))),
        ("Smallest amount larger than all the NHS money", lambda own: whole(beyond(own))),
        ("Smallest amount per pound of NHS money, median", lambda own: decimal(median(own))),
        ("The least of any area", lambda own: decimal(min(own))),
    )
    return DataTable(
        id="smallest",
        caption="The smallest amount that could have been seen",
        columns=(Column("Results"), *(Column(name, numeric=True) for name in columns)),
        rows=tuple((Cell(label), *(Cell(said(own)) for own in columns.values())) for label, said in lines),
        note="Half the width of a result's 90% interval: a departure from the average council by less than this could "
        "not have been told from none. Above 1 is more than all the NHS money.",
    )
