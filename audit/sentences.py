"""Headline and reason sentences: direction, size, years, comparator; no adjectives, no accusation.

In: numbers of one area and window. Out: text. Refuses nothing: a missing number is said to be missing. Money is said
as in "£3.1 million", from ten thousand pounds down to the thousand.
"""

from __future__ import annotations

WARNING = "A flag is a prompt for enquiry, not evidence of misuse."


def money(pounds: float) -> str:
    """Size of an amount in words, without its sign: £3.1 million, £420,000."""
    size = abs(pounds)
    if size >= 999_500:
        return f"£{size / 1e6:,.1f} million"
    return f"£{round(size, -3):,.0f}"


def years_in_words(years: tuple[str, ...]) -> str:
    """`2011-12 to 2013-14`, or the single year."""
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"


def direction(pounds: float, up: str, down: str) -> str:
    """The word for the sign of an amount."""
    return up if pounds >= 0 else down


def headline(*, area: str, years: tuple[str, ...], gap: float, transfer: float, basis: str, care: str) -> str:
    """The area page's first sentence."""
    when = years_in_words(years)
    if gap != gap:
        return f"For {when} {area} could not be compared with an expected level of its own spending on {care}."
    spent = direction(gap, "less", "more")
    lead = f"Over {when} {area} spent {money(gap)} {spent} of its own money on {care}"
    lead += " than expected from comparable councils"
    if transfer != transfer:
        return f"{lead}; the NHS money it was passed is not known."
    return f"{lead}, while NHS money {direction(transfer, 'rose', 'fell')} by {money(transfer)} ({basis})."


def maintenance_of_effort(*, own_change: float, nhs_change: float, nhs_source: str) -> str:
    """Plain arithmetic, yearly averages in cash against the base years; never an inference."""
    if own_change != own_change:
        return "Own-funded spend is not known for all the years."
    own = (
        f"Own-funded spend {direction(own_change, 'rose', 'fell')} by {money(own_change)} a year against the base years"
    )
    if nhs_change != nhs_change:
        return f"{own}; NHS money received is not known for both periods."
    moved = f"NHS money received {direction(nhs_change, 'rose', 'fell')} by {money(nhs_change)} a year ({nhs_source})"
    return f"{own} and {moved}."


def anticipation(*, year: str, gap: float, lower: float, upper: float, p_value: float) -> str:
    """What was spent in the year before the money, against what was expected of it."""
    if gap != gap:
        return f"For {year} own-funded spend could not be compared with an expected level."
    ends = ", ".join(f"{money(end)} {direction(end, 'less', 'more')}" for end in (lower, upper) if end == end)
    known = f" (90% interval: from {ends.replace(', ', ' to ')})" if ends else ""
    rare = f"; p = {p_value:.2f} against 2009-10" if p_value == p_value else ""
    return f"In {year} {money(gap)} {direction(gap, 'less', 'more')} was spent than expected{known}{rare}."


def reason_flagged(
    *, grade: str, gap: float, lower: float, upper: float, q_value: float, beyond: int, features: int, stability: float
) -> str:
    """Why an area got grade A, B or C."""
    known = f"{beyond} of {features} features lie beyond the placebo 90th centile"
    test = f"{'p' if grade.startswith('C') else 'q'} = {q_value:.2f}"
    lead = f"Own-funded spend was {shortfall(gap)} expectation over the window"
    lead += f" (90% interval: {span_in_words(lower, upper)}), {test}"
    return f"{lead}; {known}; stability {stability:.2f}."


def reason_unclear(*, gap: float, detectable: float, transfer: float, look_alike: str, quality: str) -> str:
    """Why nothing can be said."""
    if look_alike:
        return f"An explanation other than displacement fits the figures: {look_alike}."
    if quality == "poor":
        return "The returns of this area contradict themselves or each other, so no comparison is relied on."
    return (
        f"The figures vary too much: an amount below {money(detectable)} could not have been seen, "
        f"and the NHS money rose by {money(transfer)}."
        if transfer == transfer
        else f"The NHS money is not known, and an amount below {money(detectable)} could not have been seen."
    )


def reason_nothing(*, detectable: float, transfer: float) -> str:
    """Why nothing was found, and how much could have been missed."""
    return (
        f"Own-funded spend did not fall short of expectation by as much as the NHS money rose ({money(transfer)}); "
        f"the smallest amount that would probably have been seen is {money(detectable)}."
    )


def shortfall(pounds: float) -> str:
    """An amount by which spending fell short, with its direction: "£4.5 million below", or above where it did not."""
    return f"{money(pounds)} {direction(pounds, 'below', 'above')}"


def span_in_words(lower: float, upper: float) -> str:
    """An interval of shortfalls, each bound with its own direction; one word for both where they agree."""
    if (lower >= 0) == (upper >= 0):
        first, last = (lower, upper) if lower >= 0 else (upper, lower)
        return f"{money(first)} to {money(last)} {direction(lower, 'below', 'above')}"
    return f"{shortfall(lower)} to {shortfall(upper)}"
