"""The result: verdict, chance and headline sentence, and the measures behind them, one column per window.

In: rows of table `flag` for one area, and how many variants the list was made again in. Out: `Headline` records and a
table. On a list, on none and not assessed can never be mistaken for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipelines.declarations.table_words import NOT_ASSESSED, RESULTS, SETTLED
from reports.england.areas_table import kept_words, result_of
from reports.words.chance_words import chance_in_words
from reports.words.enquiry_words import in_100
from reports.words.frame import AVERAGE_COUNCIL, RESULT_STYLES, spoken_name, window_words
from reports.words.narrative import (
    MISSING,
    band_words,
    chance,
    decimal,
    evidence,
    first_small,
    interval,
    is_missing,
    less_or_more,
    missing_headline,
    outcome,
    sentence,
    thousand,
)
from reports.words.read_run import Row
from reports.words.view_models import Cell, Column, DataTable, Headline

Found = Sequence[Row | None]
NONE = "not on it"


def verdict(flag: Row | None) -> str:
    """The verdict first, then the list: "Points towards replacement. Flagged: on the review list"."""
    result = result_of(flag)
    if flag is None or not flag["band"] or result == NOT_ASSESSED:
        after = f" by the conclusion above; the figures were {NOT_ASSESSED}" if result == SETTLED else ""
        return f"{outcome(result)}{after}"
    if result == SETTLED:
        return f"{outcome(result)} by the conclusion above; the path alone {flag['band']}"
    return f"{band_words(flag['band'])}. {outcome(result)}"


def chance_sentence(flag: Row | None) -> str:
    """The chance in words with the prior it rests on; empty where there is none."""
    if flag is None or result_of(flag) == NOT_ASSESSED or is_missing(flag["posterior_10"]):
        return ""
    said = chance_in_words(flag["posterior_10"])
    return f"Chance that it replaced its own money: {said}, if one council in ten did."


def headline(area: Row, window: str, flag: Row | None) -> Headline:
    """One window's verdict, chance and headline sentence; where nothing was assessed, the reason."""
    result = result_of(flag)
    text = sentence(flag["headline"]) if flag else ""
    years = str(flag["years"] or "") if flag else ""
    reason = sentence(flag["reason"]) if flag and result == NOT_ASSESSED else chance_sentence(flag)
    return Headline(
        window=window_words(window), outcome=verdict(flag), style=RESULT_STYLES[result],
        text=text or missing_headline(spoken_name(str(area["area_name"])), years), reason=reason,
    )  # fmt: skip


def reasons(windows: Sequence[str], flags: Found, members: Mapping[str, str]) -> tuple[str, ...]:
    """Why an area is on a list, for each window in which it is; the table says the rest.

    `members` says by window what being on the review list is worth.
    """
    return tuple(
        f"{window_words(window)}: {first_small(sentence(flag['reason']))}"
        + (f" {members[window]}" if flag["review_place"] and members.get(window) else "")
        for window, flag in zip(windows, flags, strict=True)
        if flag and (flag["review_place"] or flag["unusual_place"])
    )


def in_result_order(heads: Sequence[Headline]) -> tuple[Headline, ...]:
    """Flagged windows first, windows of one result in their own order."""
    order = [RESULT_STYLES[result] for result in RESULTS]
    return tuple(sorted(heads, key=lambda head: order.index(head.style)))


def _ratio(flag: Row) -> str:
    """The ratio as a figure and as the reason says it."""
    ratio = flag["evidence_ratio"]
    if is_missing(ratio):
        return MISSING
    less = "" if ratio >= 1.0 else f" ({1.0 / ratio:.3g} times less likely)" if ratio > 0.01 else ""
    return f"{evidence(ratio)}{less}"


def _chance(name: str) -> Callable[[Row], str]:
    def said(flag: Row) -> str:
        return chance(flag[name])

    return said


def _chance_and_words(flag: Row) -> str:
    words = chance_in_words(flag["posterior_10"])
    return words if words == MISSING else f"{chance(flag['posterior_10'])} ({words})"


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
    return str(flag["onset"] or MISSING) if ratio > 1 else "none: the ratio is 1 or less"


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


def _review(flag: Row, variants: int, right: str) -> str:
    """The place, in how many variants it stays, and how many names of the list would be right."""
    said = [_place(flag, "review_place")]
    if said[0] != NONE and variants and not is_missing(flag["kept_share"]):
        said.append(f"stays on it in {kept_words(flag, variants)} variants")
    if said[0] != NONE and right:
        said.append(f"{right} names would be right, if 10 in 100 did")
    return "; ".join(said)


LINES: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("Chance, if 5 councils in 100 replaced", _chance("posterior_05")),
    ("Chance, if 10 in 100 did", _chance_and_words),
    ("Chance, if 30 in 100 did", _chance("posterior_30")),
    ("Replacement rate (90% interval)", _rate),
    ("That rate × the rise in NHS money (90% interval)", lambda flag: _less(flag, "replaced")),
    ("Onset that fits best", _onset),
    ("NHS income booked: rise over the window", lambda flag: thousand(flag["booked_gbp"])),
    ("Maintenance of effort", lambda flag: _effort(flag) or MISSING),
)
NOTE = (
    "Evidence ratio: how many times likelier the path is under full replacement than under what the average council "
    "did. Rate: pounds of own money less per pound of NHS money than the average council; add {:g}, what the average "
    "is taken to have replaced, to count from nought. It reads the path; section 2 adds levels."
)


def result_table(
    windows: Sequence[str],
    flags: Found,
    variants: Mapping[str, int] | None = None,
    *,
    average: float = AVERAGE_COUNCIL,
    priors: Mapping[str, float | None] | None = None,
    right: Mapping[str, str] | None = None,
) -> DataTable:
    """One column per window, one row per measure; `flags` are in the windows' order, `variants` are their numbers.

    `priors` are the run's own, by window, where they are others than those that every page prints; `right` says how
    many names of the review list would be right.
    """
    held, right = variants or {}, right or {}

    def row(label: str, said: Callable[[Row], str]) -> tuple[str, list[str]]:
        return label, [said(flag) if flag and result_of(flag) != NOT_ASSESSED else MISSING for flag in flags]

    places = {
        "Place on the review list": [
            _review(flag, held.get(window, 0), right.get(window, "")) if flag else MISSING
            for window, flag in zip(windows, flags, strict=True)
        ],
        "Place on the unusual-pattern list": [_place(flag, "unusual_place") if flag else MISSING for flag in flags],
    }
    why_not = [sentence(flag["reason"]) if flag and result_of(flag) == NOT_ASSESSED else "" for flag in flags]
    rows = [
        ("What the figures say", [verdict(flag) for flag in flags]),
        *((("Why it was not assessed", why_not),) if any(why_not) else ()),
        row("Evidence ratio", _ratio),
        *((label, [said(flag) if flag else MISSING for flag in flags]) for label, said in LINES),
        *((label, said) for label, said in places.items() if not set(said) <= {NONE, MISSING}),
    ]
    own = [(priors or {}).get(window) for window in windows]
    if any(prior is not None for prior in own):
        rows.insert(
            5 + any(why_not),
            ("Chance, at this run's own prior", [_own(*pair) for pair in zip(flags, own, strict=True)]),
        )
    return DataTable(
        id="result-table",
        caption="Result by window (money in £ thousand, cash)",
        columns=(Column("Measure"), *(Column(window_words(window)) for window in windows)),
        rows=tuple((Cell(label), *(Cell(value) for value in values)) for label, values in rows),
        note=NOTE.format(average),
    )
