"""The result: headline sentence, list and band in words, and the measures behind them, one column per window.

In: rows of table `flag` for one area, and how many variants the list was made again in. Out: `Headline` records and a
table. On a list, on none and not assessed can never be mistaken for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipelines.declarations.table_words import NOT_ASSESSED, RESULTS, SETTLED
from reports.england.areas_table import kept_words, result_of
from reports.words.enquiry_words import in_100
from reports.words.frame import AVERAGE_COUNCIL, RESULT_STYLES, window_words
from reports.words.narrative import (
    MISSING,
    band_words,
    chance,
    decimal,
    evidence,
    interval,
    is_missing,
    less_or_more,
    missing_headline,
    outcome,
    percent,
    sentence,
    thousand,
)
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Headline

Found = Sequence[Row | None]
NONE = "not on it"


def headline(area: Row, window: str, flag: Row | None, *, after: str = "") -> Headline:
    """One window's headline sentence with its list and band; `after` follows the reason."""
    result = result_of(flag)
    text = sentence(flag["headline"]) if flag else ""
    years = str(flag["years"] or "") if flag else ""
    reason = f"{sentence(flag['reason'])} {after}".strip() if flag else ""
    band = f". {band_words(flag['band'])}" if flag and flag["band"] and result != NOT_ASSESSED else ""
    if result == SETTLED:
        path = f"the path alone {flag['band']}" if flag and flag["band"] else f"the figures were {NOT_ASSESSED}"
        band = f" by the conclusion above; {path}"
    return Headline(
        window=window_words(window), outcome=f"{outcome(result)}{band}", style=RESULT_STYLES[result],
        text=text or missing_headline(str(area["area_name"]), years), reason=reason,
    )  # fmt: skip


def in_result_order(heads: Sequence[Headline]) -> tuple[Headline, ...]:
    """Flagged windows first, windows of one result in their own order."""
    order = [RESULT_STYLES[result] for result in RESULTS]
    return tuple(sorted(heads, key=lambda head: order.index(head.style)))


def _transfer(flag: Row) -> str:
    if is_missing(flag["transfer_gbp"]):
        return MISSING
    error = flag["transfer_error_share"]
    doubt = "" if is_missing(error) or not error else f"; may be {percent(error)} off for public health alone"
    return f"{thousand(flag['transfer_gbp'])} ({flag['transfer_basis'] or 'basis not stated'}{doubt})"


def _less(flag: Row, name: str) -> str:
    """An amount in £ thousand with its direction in a word, and its interval with directions."""
    value, lower, upper = (flag[column] for column in (f"{name}_gbp", f"{name}_lower_gbp", f"{name}_upper_gbp"))
    if value is None or is_missing(value):
        return MISSING
    return f"{thousand(abs(value))} {'less' if value >= 0 else 'more'} ({less_or_more(lower, upper, thousand)})"


def _rate(flag: Row) -> str:
    if is_missing(flag["replacement_rate"]):
        return MISSING
    between = interval(flag["replacement_lower"], flag["replacement_upper"])
    return f"{decimal(flag['replacement_rate'])} ({between})"


def _onset(flag: Row) -> str:
    """The onset that fits best, only where anything points towards replacement."""
    ratio = flag["evidence_ratio"]
    if is_missing(ratio):
        return MISSING
    return str(flag["onset"] or MISSING) if ratio > 1 else "not told where the ratio is 1 or less"


def _effort(flag: Row) -> str:
    """Maintenance of effort, in which money received is called what it is: income as a return books it."""
    return sentence(flag["maintenance_of_effort"]).replace("NHS money received", "NHS income booked")


def _place(flag: Row, name: str) -> str:
    return NONE if is_missing(flag[name]) else f"{int(flag[name])}"


def _own(flag: Row | None, prior: float | None) -> str:
    """The chance at the run's own prior, with that prior; the 10 in 100 above where it has no other."""
    if prior is None:
        return "as at 10 in 100"
    return f"{chance(flag['posterior_own'] if flag else None)}, if {in_100(prior)} did"


def _review(flag: Row, variants: int) -> str:
    place = _place(flag, "review_place")
    if place == NONE or is_missing(flag["kept_share"]) or not variants:
        return place
    return f"{place}; stays on it in {kept_words(flag, variants)} variants"


LINES: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("Chance, if 5 councils in 100 replaced", lambda flag: chance(flag["posterior_05"])),
    ("Chance, if 10 in 100 did", lambda flag: chance(flag["posterior_10"])),
    ("Chance, if 30 in 100 did", lambda flag: chance(flag["posterior_30"])),
    ("Replacement rate (90% interval)", _rate),
    ("That rate × NHS money allocated (90% interval)", lambda flag: _less(flag, "replaced")),
    ("Onset that fits best", _onset),
    ("NHS money allocated: rise over the window", _transfer),
    ("NHS income booked: rise over the window", lambda flag: thousand(flag["booked_gbp"])),
    ("Gap over the window (90% interval)", lambda flag: _less(flag, "gap")),
    ("Maintenance of effort (arithmetic)", lambda flag: _effort(flag) or MISSING),
    ("Data quality (a mark: it changes no list)", lambda flag: str(flag["data_quality"] or MISSING)),
)
NOTE = (
    "Evidence ratio: how many times likelier the path of yearly changes is if the council replaced its own money pound "
    "for pound than if it did as the average council did. Chance: of replacement. Rate: pounds of own money less per "
    "pound of NHS money than the average council, read from the path; add {:g}, what the average council is taken to "
    "have replaced, to count from nought. The gap is another measure: it adds up how far each year's own-funded spend "
    "lay from expected, for whatever reason, so the two amounts differ."
)


def result_table(
    windows: Sequence[str],
    flags: Found,
    variants: Mapping[str, int] | None = None,
    *,
    average: float = AVERAGE_COUNCIL,
    priors: Mapping[str, float | None] | None = None,
) -> DataTable:
    """One column per window, one row per measure; `flags` are in the windows' order, `variants` are their numbers.

    `priors` are the run's own, by window, where they are others than those that every page prints.
    """
    held = variants or {}

    def row(label: str, said: Callable[[Row], str]) -> tuple[str, list[str]]:
        return label, [said(flag) if flag and result_of(flag) != NOT_ASSESSED else MISSING for flag in flags]

    reviews = [
        _review(flag, held.get(window, 0)) if flag and result_of(flag) != NOT_ASSESSED else MISSING
        for window, flag in zip(windows, flags, strict=True)
    ]
    rows = [
        ("Result", [outcome(result_of(flag)) for flag in flags]),
        row("What the figures say", lambda flag: band_words(flag["band"])),
        row("Evidence ratio", lambda flag: evidence(flag["evidence_ratio"])),
        ("Place on the review list", reviews),
        row("Place on the unusual-pattern list", lambda flag: _place(flag, "unusual_place")),
        *((label, [said(flag) if flag else MISSING for flag in flags]) for label, said in LINES),
    ]
    own = [(priors or {}).get(window) for window in windows]
    if any(prior is not None for prior in own):
        rows.insert(8, ("Chance, at this run's own prior", [_own(*pair) for pair in zip(flags, own, strict=True)]))
    return DataTable(
        id="result-table",
        caption="Result by window (money in £ thousand, cash)",
        columns=(Column("Measure"), *(Column(window_words(window)) for window in windows)),
        rows=tuple((Cell(label), *(Cell(value) for value in values)) for label, values in rows),
        note=NOTE.format(average),
    )
