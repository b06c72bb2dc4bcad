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
    """The area page's first sentence, and a second where the gap is more than all the NHS money."""
    when = years_in_words(years)
    if gap != gap:
        return f"For {when} {area} could not be compared with an expected level of its own spending on {care}."
    spent = direction(gap, "less", "more")
    lead = f"Over {when} {area} spent {money(gap)} {spent} of its own money on {care}"
    lead += " than expected from comparable councils"
    if transfer != transfer:
        return f"{lead}; the NHS money it was passed is not known."
    lead = f"{lead}, while NHS money {direction(transfer, 'rose', 'fell')} by {money(transfer)} ({basis})."
    return lead + beyond_all_of_it(gap, transfer)


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


def beyond_all_of_it(gap: float, transfer: float) -> str:
    """Said where the gap is larger than the whole rise in NHS money; else empty."""
    if not gap > transfer > 0:
        return ""
    return f" {money(gap - transfer)} of this is more than all the NHS money, so displacement alone cannot explain it."


def p_values(gap: float, forest: float) -> str:
    """Both p-values by name."""
    told = (f"{value:.2f}" if value == value else "not known" for value in (gap, forest))
    return "p of the gap {}, p of the forest {}".format(*told)


def reason_flagged(
    *,
    grade: str,
    gap: float,
    lower: float,
    upper: float,
    q_value: float,
    p_gap: float,
    p_forest: float,
    beyond: int,
    features: int,
    stability: float,
) -> str:
    """Why an area got grade A, B or C."""
    both = p_values(p_gap, p_forest)
    of = {"A": "the larger p-value", "B": "the combined p-value"}.get(grade[:1])
    test = f"q of {of} {q_value:.2f} ({both})" if of else both
    lead = f"Own-funded spend was {shortfall(gap)} expectation over the window"
    lead += f" (90% interval: {span_in_words(lower, upper)}); {test}"
    lead += f"; {beyond} of {features} features lie beyond the placebo 90th centile"
    return f"{lead}; in the same place in {stability:.0%} of repeated fits." if stability == stability else f"{lead}."


def reason_unclear(
    *,
    lower: float,
    upper: float,
    transfer: float,
    detectable: float,
    p_gap: float,
    p_forest: float,
    rule: str,
    look_alikes: str,
    quality: str,
) -> str:
    """Why nothing can be said: the data, an explanation that fits, or an interval that holds the whole rise in money.

    `rule` is the grade whose rule is met, `look_alikes` the explanations that fit all the same.
    """
    if quality == "poor":
        return "The returns of this area contradict themselves or each other, so no comparison is relied on."
    if rule and look_alikes:
        return (
            f"The rule for {rule} is met, but an explanation other than displacement fits the figures: {look_alikes}."
        )
    span = span_in_words(lower, upper, down="less", up="more")
    lead = f"The 90% interval of the gap, {span} than expected,"
    seen = f"amounts below {money(detectable)} would probably not have been seen"
    if transfer != transfer:
        return f"{lead} cannot be set beside the NHS money, which is not known; {seen}."
    if transfer <= 0:
        return f"{lead} cannot be set beside a rise in NHS money: there was none; {seen}."
    if lower > transfer:
        both = p_values(p_gap, p_forest)
        return f"{lead} lies beyond the rise in NHS money ({money(transfer)}), but no rule for a flag is met: {both}."
    return (
        f"{lead} includes the whole rise in NHS money ({money(transfer)}), so that can be neither shown nor ruled out."
    )


def reason_nothing(*, gap: float, lower: float, upper: float, detectable: float, transfer: float) -> str:
    """Why nothing was found: even the upper end of the interval is below the rise in NHS money."""
    rose = f"the {money(transfer)} by which NHS money rose"
    seen = f"amounts below {money(detectable)} would probably not have been seen"
    if upper <= 0:
        span = span_in_words(lower, upper, down="less", up="more")
        return (
            f"More was spent than expected (90% interval: {span}), while NHS money rose by {money(transfer)}; {seen}."
        )
    most = f"t most {money(upper)} less was spent than expected (upper end of the 90% interval), below {rose}; {seen}."
    return f"More was spent than expected, by {money(gap)}; a{most}" if gap < 0 else f"A{most}"


def shortfall(pounds: float) -> str:
    """An amount by which spending fell short, with its direction: "£4.5 million below", or above where it did not."""
    return f"{money(pounds)} {direction(pounds, 'below', 'above')}"


def span_in_words(lower: float, upper: float, *, down: str = "below", up: str = "above") -> str:
    """An interval of shortfalls, each bound with its own direction; one word for both where they agree."""
    if (lower >= 0) == (upper >= 0):
        first, last = (lower, upper) if lower >= 0 else (upper, lower)
        return f"{money(first)} to {money(last)} {direction(lower, down, up)}"
    return f"{money(lower)} {direction(lower, down, up)} to {money(upper)} {direction(upper, down, up)}"
